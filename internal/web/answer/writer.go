package answer

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/fault"
	"guildhall/internal/web/viewer"
)

// Writer gives one answer. It is an http.ResponseWriter too, for what is
// neither page nor data; http.NewResponseController works on it.
type Writer struct {
	rw      http.ResponseWriter
	mux     *Mux
	route   *route
	request *Request
	status  int
	begun   bool // something was sent, or will be without further ado
	things  []Thing
	seeking bool // net/http's mux is looking for a route
	refused int  // the status it answered by itself when it found none
}

// Header is the answer's header.
func (w *Writer) Header() http.Header { return w.rw.Header() }

// Status is the status that was sent, 200 when nothing said otherwise.
func (w *Writer) Status() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// Unwrap lets http.NewResponseController reach the connection.
func (w *Writer) Unwrap() http.ResponseWriter { return w.rw }

// WriteHeader sends the header. When no route matched, net/http's plain text is
// held back: unmatched shows a page instead.
func (w *Writer) WriteHeader(status int) {
	if w.seeking && status >= 400 {
		w.refused = status
		return
	}
	if w.status == 0 && status >= 200 {
		w.status, w.begun = status, true
	}
	w.rw.WriteHeader(status)
}

// Write sends bytes of the body.
func (w *Writer) Write(b []byte) (int, error) {
	if w.refused != 0 {
		return len(b), nil
	}
	w.begun = true
	return w.rw.Write(b)
}

// prepare finds out who reads and reads what was sent.
func (w *Writer) prepare() error {
	r := w.request
	if err := w.identify(); err != nil {
		return err
	}
	return r.parse(w.rw)
}

// identify fills in the viewer and puts it into the context, where pages find it.
func (w *Writer) identify() error {
	r := w.request
	k, personal := w.mux.look(r.Request)
	r.look = k
	v := viewer.Viewer{}
	var err error
	if personal {
		v, err = w.mux.Identify(r.Context(), r.Request)
	}
	if personal && err == nil && !v.SignedIn {
		w.dropSessions()
	}
	if !v.SignedIn { // what a reader likes stands in cookies, what a member likes in the profile
		v = viewer.Viewer{Lang: k.lang, Theme: k.theme}
	}
	v.Hall, v.Origin, v.Path = w.mux.Hall, w.mux.Origin, w.route.address(r.URL)
	r.Viewer = v
	r.Request = r.Request.WithContext(viewer.With(r.Context(), v))
	return err
}

// dropSessions takes away the cookies that sign nobody in (any more), so that
// their bearer is answered like every other reader again.
func (w *Writer) dropSessions() {
	for _, name := range w.mux.Sessions {
		if _, err := w.request.Cookie(name); err == nil {
			http.SetCookie(w.rw, &http.Cookie{
				Name: name, Path: "/", MaxAge: -1, HttpOnly: true, Secure: w.mux.TLS, SameSite: http.SameSiteLaxMode,
			})
		}
	}
}

// Show renders c and sends it with a status. A page shown this way is not kept.
func (w *Writer) Show(status int, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer release(b)
	if err := c.Render(w.request.Context(), b); err != nil {
		return err
	}
	w.send(status, typeHTML[0], b.Bytes())
	return nil
}

// Page shows what make returns, with status 200. For a reader who is not signed
// in the page is kept until one of the things is touched, and make is not even
// called while it is. All reading belongs inside make, for what was read before
// it was called may be out of date.
func (w *Writer) Page(things []Thing, make func(ctx context.Context) (templ.Component, error)) error {
	return w.Data(typeHTML[0], things, func(ctx context.Context, out io.Writer) error {
		c, err := make(ctx)
		if err != nil {
			return err
		}
		return c.Render(ctx, out)
	})
}

// Data is Page for other kinds of text, such as feeds: write sends the bytes.
func (w *Writer) Data(contentType string, things []Thing, write func(ctx context.Context, out io.Writer) error) error {
	r := w.request
	address := ""
	if !r.Viewer.SignedIn {
		address = w.route.kept(r.URL)
	}
	b := buffers.Get().(*bytes.Buffer)
	defer release(b)
	if address == "" || !readOnly(r.Method) {
		if err := write(r.Context(), b); err != nil {
			return err
		}
		w.send(http.StatusOK, contentType, b.Bytes())
		return nil
	}
	k := pageKey{address, r.look, acceptedCoding(r.Header["Accept-Encoding"])}
	p, err := w.mux.Cache.page(r.Context(), k, func() (*page, error) {
		// Others may be waiting for this page: that this reader goes away must
		// not spoil it for them.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), makeTime)
		defer cancel()
		w.things = append(w.things[:0:0], things...)
		if err := write(ctx, b); err != nil {
			return nil, err
		}
		p := newPage(contentType, b.Bytes(), k.coding, w.things, w.route.counts)
		p.shared = w.route.shared
		return p, nil
	})
	if err != nil {
		return err
	}
	w.begun = true
	w.status = w.mux.give(w.rw, r.Request, p)
	return nil
}

// makeTime bounds the making of a page.
const makeTime = 20 * time.Second

// Shows adds to the things of the page that is being made: what is known only
// once it was read, such as the faces that speak in a discussion.
func (w *Writer) Shows(things ...Thing) { w.things = append(w.things, things...) }

// send writes a whole answer that is not kept by the hall.
func (w *Writer) send(status int, contentType string, plain []byte) {
	h := w.rw.Header()
	h["Cache-Control"] = keepNever
	h["Vary"] = varyAll
	h["Content-Type"] = []string{contentType}
	out := plain
	if c := acceptedCoding(w.request.Header["Accept-Encoding"]); c != identity && len(plain) >= tooSmall && worthPressing(contentType) {
		out = press(plain, c, quick)
		h["Content-Encoding"] = codingHeaders[c]
	}
	h["Content-Length"] = []string{strconv.Itoa(len(out))}
	w.WriteHeader(status)
	w.rw.Write(out)
}

// Redirect sends the browser on to a page of the hall, to be read with GET.
func (w *Writer) Redirect(to string) error {
	if !Local(to) {
		return fault.New(fault.Internal, "fault.internal")
	}
	h := w.rw.Header()
	h["Location"] = []string{to}
	h["Cache-Control"] = keepNever
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// Moved tells that a page lives at another address of the hall for good.
func (w *Writer) Moved(to string) error {
	if !Local(to) {
		return fault.New(fault.Internal, "fault.internal")
	}
	h := w.rw.Header()
	h["Location"] = []string{to}
	h["Cache-Control"] = keepAskEach
	w.WriteHeader(http.StatusMovedPermanently)
	return nil
}

// Elsewhere is returned instead of a page that lives at another address of the
// hall: the browser is sent there for good, as by Moved.
func Elsewhere(to string) error { return &elsewhere{to} }

type elsewhere struct{ to string }

// Error says that there is another address, not which.
func (*elsewhere) Error() string { return "answer: the page lives elsewhere" }

// Local tells whether to is an address inside the hall, safe to be sent on to:
// a path, and nothing a browser could take for another host.
func Local(to string) bool {
	u, err := url.Parse(to)
	return err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && u.Opaque == "" &&
		strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") &&
		!strings.ContainsFunc(to, func(c rune) bool { return c < ' ' || c == '\\' || c == 0x7f })
}

// Attachment begins a file to be saved, named by the hall, and returns where to
// write it. It may take as long as the reader needs.
func (w *Writer) Attachment(contentType, name string) io.Writer {
	h := w.rw.Header()
	h["Cache-Control"] = keepNever
	h["Content-Type"] = []string{contentType}
	h["Content-Disposition"] = []string{`attachment; filename="` + url.PathEscape(name) + `"`}
	conn := http.NewResponseController(w.rw)
	// A connection that cannot be told a deadline is one of a test.
	_, _ = conn.SetReadDeadline(time.Time{}), conn.SetWriteDeadline(time.Time{})
	w.WriteHeader(http.StatusOK)
	return w.rw
}

// buffers are lent to pages while they are rendered.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// release takes a buffer back, unless it grew so large that keeping it would
// waste memory.
func release(b *bytes.Buffer) {
	if b.Cap() <= 1<<20 {
		b.Reset()
		buffers.Put(b)
	}
}
