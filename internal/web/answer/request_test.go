package answer

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

func TestRequest_textIsClean(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("POST /a", func(w *Writer, r *Request) error { return w.Show(200, text(fmt.Sprintf("%q", r.Text("t")))) })
	tests := []struct{ in, want string }{
		{" a\r\nb\rc ", `"a\nb\nc"`},
		{"مرحبا", `"مرحبا"`},
		{"\u00a0x\u3000", `"x"`},
	}
	for _, tt := range tests {
		if rec := post(m, "/a", url.Values{"t": {tt.in}}); rec.Body.String() != templ.EscapeString(tt.want) {
			t.Errorf("%q: %s", tt.in, rec.Body)
		}
	}
	for _, bad := range []string{"\xff\xfe", "a\x00b"} {
		if rec := post(m, "/a", url.Values{"t": {bad}}); rec.Code != 422 {
			t.Errorf("%q: %d", bad, rec.Code)
		}
	}
	if rec := get(m, "/a?t=x"); rec.Code != 405 {
		t.Errorf("GET: %d", rec.Code)
	}
	if rec := post(m, "/a?t=fromaddress", nil); rec.Body.String() != "&#34;&#34;" {
		t.Errorf("a text came from the address: %s", rec.Body)
	}
}

func TestRequest_limits(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	size := func(w *Writer, r *Request) error {
		f, err := r.File("f")
		if err != nil {
			return err
		}
		if f == nil {
			return w.Show(200, text(fmt.Sprint(len(r.Text("t")))))
		}
		defer f.Close()
		n, err := io.Copy(io.Discard, f)
		if err != nil {
			return err
		}
		return w.Show(200, text(fmt.Sprint(n)))
	}
	m.Handle("POST /form", size)
	m.Handle("POST /upload", size, Upload())
	if rec := post(m, "/form", url.Values{"t": {strings.Repeat("x", 300<<10)}}); rec.Code != 413 || !strings.Contains(rec.Body.String(), "256 kB") {
		t.Errorf("a large form: %d %s", rec.Code, rec.Body)
	}
	if rec := post(m, "/form", url.Values{"t": {strings.Repeat("x", 200<<10)}}); rec.Code != 200 {
		t.Errorf("a form within the limit: %d", rec.Code)
	}
	file := func(target string, n int) *httptest.ResponseRecorder {
		var b bytes.Buffer
		mw := multipart.NewWriter(&b)
		part, _ := mw.CreateFormFile("f", "x.png")
		part.Write(make([]byte, n))
		mw.Close()
		r := httptest.NewRequest("POST", target, &b)
		r.Header.Set("Content-Type", mw.FormDataContentType())
		return send(m, r, "Cookie", "member=ana")
	}
	if rec := file("/upload", 11<<20); rec.Code != 200 || rec.Body.String() != fmt.Sprint(11<<20) {
		t.Errorf("an upload: %d %s", rec.Code, rec.Body)
	}
	if rec := file("/upload", 13<<20); rec.Code != 413 || !strings.Contains(rec.Body.String(), "12 MB") {
		t.Errorf("a large upload: %d", rec.Code)
	}
	if rec := file("/form", 1<<20); rec.Code != 413 {
		t.Errorf("a file where none is welcome: %d", rec.Code)
	}
	r := httptest.NewRequest("POST", "/upload", strings.NewReader("--x\r\ncut"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if rec := send(m, r, "Cookie", "member=ana"); rec.Code != 422 {
		t.Errorf("a cut upload: %d", rec.Code)
	}
	if rec := post(m, "/upload", nil); rec.Code != 401 {
		t.Errorf("a reader's file: %d", rec.Code)
	}
	if n := len(m.uploads.places); n != 0 {
		t.Errorf("%d uploads are still on their way", n)
	}
}

func TestRequest_page(t *testing.T) {
	t.Parallel()
	m := hall(nil)
	m.Handle("GET /a", func(w *Writer, r *Request) error {
		n, err := r.Page()
		if err != nil {
			return err
		}
		return w.Show(200, text(fmt.Sprint(n)))
	}, Params("page"))
	m.Handle("GET /b", func(w *Writer, r *Request) error { return w.Show(200, text(r.Query("page"))) })
	for q, want := range map[string]string{"": "1", "?page=2": "2", "?page=1000000": "1000000"} {
		if rec := get(m, "/a"+q); rec.Body.String() != want {
			t.Errorf("%s: %s", q, rec.Body)
		}
	}
	for _, q := range []string{"0", "-1", "x", "01", "1e3", "99999999999999999999"} {
		if rec := get(m, "/a?page="+q); rec.Code != 404 {
			t.Errorf("page %s: %d", q, rec.Code)
		}
	}
	if rec := get(m, "/b?page=1"); rec.Code != 500 {
		t.Errorf("an undeclared parameter was read: %d", rec.Code)
	}
}
