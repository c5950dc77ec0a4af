package movein

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"sort"
	"strings"

	"guildhall/internal/fault"
)

const (
	maxEntries = 50_000  // files of an archive that are looked at
	ratioSlack = 1 << 20 // small things may grow more: a packed page of zeros is no bomb
)

var (
	errTooLarge = fault.New(fault.Invalid, "movein.too_large")
	errBomb     = fault.New(fault.Invalid, "movein.bomb")
)

// part is one XML file of the source.
type part struct {
	name string
	open func() (io.ReadCloser, error)
}

// unpack finds the XML inside r: r itself, what gzip holds, or every .xml of a
// zip in the order of their names. pictures is the zip, if it holds more.
// Nothing is written beside a nameless temporary file, which done removes.
func unpack(r io.Reader, l Limits) (parts []part, pictures fs.FS, done func(), err error) {
	done = func() {}
	in := bufio.NewReaderSize(r, 4096)
	magic, _ := in.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")), bytes.HasPrefix(magic, []byte("PK\x05\x06")):
		at, size, done, err := readerAt(r, in, l)
		if err != nil {
			return nil, nil, done, err
		}
		parts, pictures, err = zipParts(at, size, l)
		return parts, pictures, done, err
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		packed := &counter{r: in}
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, nil, done, fault.New(fault.Invalid, "movein.broken_archive").Because(err)
		}
		grown := &bounded{r: z, left: l.Bytes, packed: func() int64 { return packed.n }, ratio: l.Ratio}
		return []part{{"", func() (io.ReadCloser, error) { return io.NopCloser(grown), nil }}}, nil, done, nil
	}
	plain := &bounded{r: in, left: l.Bytes}
	return []part{{"", func() (io.ReadCloser, error) { return io.NopCloser(plain), nil }}}, nil, done, nil
}

// readerAt gives random access to r: r itself when it is a file, else a
// temporary copy of what in still holds.
func readerAt(r io.Reader, in *bufio.Reader, l Limits) (io.ReaderAt, int64, func(), error) {
	type file interface {
		io.ReaderAt
		io.Seeker
	}
	if f, ok := r.(file); ok {
		if size, err := f.Seek(0, io.SeekEnd); err == nil {
			return f, size, func() {}, nil
		}
	}
	tmp, err := os.CreateTemp("", "movein-*")
	if err != nil {
		return nil, 0, func() {}, err
	}
	_ = os.Remove(tmp.Name())
	done := func() { _ = tmp.Close() }
	n, err := io.Copy(tmp, &bounded{r: in, left: l.Bytes})
	return tmp, n, done, err
}

func zipParts(at io.ReaderAt, size int64, l Limits) ([]part, fs.FS, error) {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "movein.broken_archive").Because(err)
	}
	if len(z.File) > maxEntries {
		return nil, nil, errTooLarge
	}
	left := l.Bytes
	var parts []part
	for _, f := range z.File {
		if !strings.EqualFold(path.Ext(f.Name), ".xml") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		parts = append(parts, part{f.Name, func() (io.ReadCloser, error) {
			rc, err := f.Open()
			if err != nil {
				return nil, fault.New(fault.Invalid, "movein.broken_archive").Because(err)
			}
			return &bounded{r: rc, c: rc, total: &left, left: l.Bytes, ratio: l.Ratio,
				packed: func() int64 { return int64(f.CompressedSize64) }}, nil
		}})
	}
	if len(parts) == 0 {
		return nil, nil, fault.New(fault.Invalid, "movein.no_export_in_archive")
	}
	sort.Slice(parts, func(i, j int) bool { return parts[i].name < parts[j].name })
	return parts, boundedFS{z, l}, nil
}

// bounded reads no more than left bytes, nor more than ratio times what was
// packed. The sizes an archive claims are not believed.
type bounded struct {
	r      io.Reader
	c      io.Closer
	left   int64
	total  *int64 // shared by the files of one archive
	packed func() int64
	ratio  int64
	read   int64
}

// Read fails with a fault of kind Invalid when a bound is passed.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.read += int64(n)
	if b.total != nil {
		*b.total -= int64(n)
	}
	switch {
	case b.read > b.left, b.total != nil && *b.total < 0:
		return 0, errTooLarge
	case b.packed != nil && b.read > ratioSlack+b.packed()*b.ratio:
		return 0, errBomb
	}
	return n, err
}

// Close closes what is read.
func (b *bounded) Close() error {
	if b.c == nil {
		return nil
	}
	return b.c.Close()
}

type counter struct {
	r io.Reader
	n int64
}

// Read counts what passes.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// boundedFS opens the files of a zip under the same bounds.
type boundedFS struct {
	z *zip.Reader
	l Limits
}

// Open opens one file of the archive.
func (b boundedFS) Open(name string) (fs.File, error) {
	f, err := b.z.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	h, ok := info.Sys().(*zip.FileHeader)
	if !ok {
		return nil, errors.Join(fs.ErrInvalid, f.Close())
	}
	return boundedFile{f, &bounded{r: f, left: b.l.Bytes, ratio: b.l.Ratio,
		packed: func() int64 { return int64(h.CompressedSize64) }}}, nil
}

type boundedFile struct {
	fs.File
	b *bounded
}

// Read reads within the bounds.
func (f boundedFile) Read(p []byte) (int, error) { return f.b.Read(p) }
