package source

import (
	"embed"
	"io"
	"net/http"
	"strconv"
)

// The archive is made by make; a program built without it says so.
//
//go:embed all:archive
var embedded embed.FS

const name = "archive/guildhall.tar.gz"

// Size is the archive's size in bytes; 0 when the program was built without it.
func Size() int64 {
	f, err := embedded.Open(name)
	if err != nil {
		return 0
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// Handler sends the archive; 404 when there is none.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := embedded.Open(name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		defer f.Close()
		h := w.Header()
		h.Set("Content-Type", "application/gzip")
		h.Set("Content-Disposition", `attachment; filename="guildhall.tar.gz"`)
		h.Set("Content-Length", strconv.FormatInt(Size(), 10))
		if r.Method != http.MethodHead {
			_, _ = io.Copy(w, f) // a reader who has gone wants nothing more
		}
	})
}
