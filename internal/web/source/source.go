package source

import (
	"embed"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// The archive is made by make; a program built without it says so. Inside the
// program it is packed by brotli, a sixth smaller; readers are given the gzip that
// everybody can open.
//
//go:embed all:archive
var embedded embed.FS

const name = "archive/guildhall.tar.br"

// Size is how many bytes a reader downloads; 0 when the program was built without
// its source. It is counted once.
var Size = sync.OnceValue(func() int64 {
	var n counter
	if err := write(&n); err != nil {
		return 0
	}
	return int64(n)
})

type counter int64

func (n *counter) Write(b []byte) (int, error) {
	*n += counter(len(b))
	return len(b), nil
}

// write packs the archive anew.
func write(to io.Writer) error {
	f, err := embedded.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	z := gzip.NewWriter(to)
	_, err = io.Copy(z, brotli.NewReader(f))
	return errors.Join(err, z.Close())
}

// Handler sends the archive; 404 when there is none.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f, err := embedded.Open(name); err != nil {
			http.NotFound(w, r)
			return
		} else {
			f.Close()
		}
		h := w.Header()
		h.Set("Content-Type", "application/gzip")
		h.Set("Content-Disposition", `attachment; filename="guildhall.tar.gz"`)
		if r.Method != http.MethodHead {
			_ = write(w) // a reader who has gone wants nothing more
		}
	})
}
