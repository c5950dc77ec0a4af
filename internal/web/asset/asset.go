package asset

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"io"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip" // packs a hundredth smaller than the standard library
)

//go:embed all:dist
var embedded embed.FS

// Prefix is the path under which Handler is mounted.
const Prefix = "/assets/"

// Mark is the hall's sign on a 48 by 48 grid, as an SVG path: a house whose
// floor ends in the tail of a speech bubble, its door open.
const Mark = "M 24 4 C 25 4 26 4.4 26.8 5.1 L 42 18.2 C 43.3 19.3 44 20.9 44 22.6 L 44 35 C 44 38.3 41.3 41 38 41 L 30 41 L 30 30 C 30 26.7 27.3 24 24 24 C 20.7 24 18 26.7 18 30 L 18 41 L 16 41 L 8.8 46.4 C 7.5 47.4 6 46.7 6 45 L 6 39.6 C 4.7 38.5 4 36.8 4 35 L 4 22.6 C 4 20.9 4.7 19.3 6 18.2 L 21.2 5.1 C 22 4.4 23 4 24 4 Z"

// file is one built file with its compressed copies, all in memory.
type file struct {
	name     string // with hash: app-AAAA.css
	kind     string // media type
	raw      []byte
	gz, br   []byte // nil where compression would not help
	sri      string
	hashName bool
}

// shelf is the set of built files, by served name and by logical name.
type shelf struct {
	served  map[string]*file
	logical map[string]*file
}

var load = sync.OnceValue(func() *shelf {
	sub, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic("asset: " + err.Error()) // the directory is part of the source
	}
	return shelve(sub)
})

// shelve reads every built file of dir. Of what is compressed only the Brotli is
// there, name.br: the program is smaller by the rest.
func shelve(dir fs.FS) *shelf {
	s := &shelf{served: map[string]*file{}, logical: map[string]*file{}}
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		panic("asset: " + err.Error())
	}
	for _, e := range entries {
		if e.IsDir() || e.Name() == ".keep" {
			continue
		}
		name, pressed := strings.CutSuffix(e.Name(), ".br")
		f := &file{name: name, kind: mediaType(name), raw: read(dir, e.Name())}
		if pressed {
			f.br = f.raw
			f.raw, f.gz = unpress(f.br)
		}
		logical, hashed := unhash(name)
		f.sri, f.hashName = integrity(f.raw), hashed
		s.served[name], s.logical[logical] = f, f
	}
	return s
}

// unpress gives the plain bytes and their gzip. What make has pressed can be unpressed:
// anything else is a broken program.
func unpress(br []byte) (raw, gz []byte) {
	raw, err := io.ReadAll(brotli.NewReader(bytes.NewReader(br)))
	if err != nil {
		panic("asset: " + err.Error())
	}
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // a level that there is
	_, _ = z.Write(raw)                                     // memory takes everything
	_ = z.Close()
	return raw, out.Bytes()
}

func read(dir fs.FS, name string) []byte {
	b, err := fs.ReadFile(dir, name)
	if err != nil {
		return nil
	}
	return b
}

// unhash takes "app-AB12CD34.css" apart into "app.css" and true; the word that
// marks a page's own module ("account.entry-AB12CD34.js") goes too.
func unhash(name string) (string, bool) {
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	i := strings.LastIndexByte(stem, '-')
	if i < 0 || len(stem)-i-1 != 8 || strings.ToUpper(stem[i:]) != stem[i:] {
		return name, false
	}
	return strings.TrimSuffix(stem[:i], ".entry") + ext, true
}

func integrity(raw []byte) string {
	sum := sha512.Sum384(raw)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

// Built tells whether `make assets` ran before this program was compiled.
func Built() bool { return load().logical["app.css"] != nil }

// URL is the lasting address of a built file by its plain name, such as
// "app.css". A name that was not built gives an address that answers 404.
func URL(name string) string {
	if f := load().logical[name]; f != nil {
		return Prefix + f.name
	}
	return Prefix + name
}

// SRI is the integrity attribute of a built file, empty when there is none of
// that name.
func SRI(name string) string {
	if f := load().logical[name]; f != nil {
		return f.sri
	}
	return ""
}

// Sums gives the SHA-256 of every file that is served, by its name below Prefix;
// sw.js is the one that is served at its own address. They stand in the public
// log, so that whoever gets another file can show it.
func Sums() map[string][sha256.Size]byte {
	sums := make(map[string][sha256.Size]byte, len(load().served))
	for name, f := range load().served {
		if w := worker(); w != nil && name == w.name {
			f = w
		}
		sums[name] = sha256.Sum256(f.raw)
	}
	return sums
}
