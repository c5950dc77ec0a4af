package answer

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/web/viewer"
)

// Request is what a browser asks, with its sender and with clean text.
type Request struct {
	*http.Request
	// Viewer is who reads; SignedIn is false for a reader without an account.
	Viewer viewer.Viewer

	route *route
	look  look
}

// formTime is how long the sender of a form may take to send it all.
const formTime = 20 * time.Second

// parse reads the body of a form within the route's limit and checks that all of
// it is text. Files stay in memory: a picture as it was sent, with all that its
// camera wrote into it, must not lie on a disk after a crash. Faults: Invalid,
// Unavailable when too many files are being sent at once, TooMany when another of
// the same member is, SignIn for a file from a reader.
func (r *Request) parse(rw http.ResponseWriter) error {
	if readOnly(r.Method) {
		return nil
	}
	// A connection that cannot be told a deadline is one of a test.
	conn := http.NewResponseController(rw)
	if r.route.limit > formLimit {
		if err := r.SignedIn(); err != nil {
			return err
		}
		release, err := r.route.mux.uploads.admit(r.Context(), r.Viewer.FaceID)
		if err != nil {
			return err
		}
		defer release()
		r.Body = newPaced(r.Body, conn)
	} else {
		_ = conn.SetReadDeadline(time.Now().Add(formTime))
	}
	r.Body = http.MaxBytesReader(rw, r.Body, r.route.limit)
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		err = r.ParseMultipartForm(r.route.limit)
	} else {
		err = r.ParseForm()
	}
	if err == nil {
		err = r.readRest()
	}
	if err != nil {
		return r.unreadable(err)
	}
	// All was read: a deadline that passes while the handler works would look to
	// net/http like the reader's going away.
	_ = conn.SetReadDeadline(time.Time{})
	// The time for the answer begins now: a file may have taken longer than that.
	_ = conn.SetWriteDeadline(time.Now().Add(writeTime))
	return r.cleanForm()
}

// readRest takes in what is no form, such as a script's JSON, while there is a
// deadline: a handler that read it from the line would wait for ever.
func (r *Request) readRest() error {
	b, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(b))
	return err
}

// cleanForm makes every field's text uniform, or refuses what is no text.
func (r *Request) cleanForm() error {
	for name, values := range r.PostForm {
		for i, v := range values {
			if !isText(v) {
				return fault.On(name, fault.Invalid, "fault.not_text")
			}
			values[i] = clean(v)
		}
	}
	return nil
}

// isText tells what a database can hold as text.
func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// unreadable says why a body could not be read.
func (r *Request) unreadable(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return tooLarge(r.route.limit)
	}
	return fault.New(fault.Invalid, "fault.not_text").Because(err)
}

// tooLarge tells the limit in the unit people know.
func tooLarge(limit int64) *fault.Error {
	size := strconv.FormatInt(limit>>10, 10) + " kB"
	if limit >= 1<<20 {
		size = strconv.FormatInt(limit>>20, 10) + " MB"
	}
	return fault.New(fault.Invalid, "fault.too_large", size)
}

// clean makes text from a browser uniform: lines end with a line feed, nothing
// blank around it, and nothing that is not text inside.
func clean(s string) string {
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	if !isText(s) {
		s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
	}
	return strings.TrimSpace(s)
}

// Text is the clean text of a field of the form that was sent; empty when there
// is none. Only what came in the body counts, never the address.
func (r *Request) Text(field string) string { return r.PostForm.Get(field) }

// Texts are the clean texts of a field that may come several times.
func (r *Request) Texts(field string) []string { return r.PostForm[field] }

// Checked tells whether a box was ticked.
func (r *Request) Checked(field string) bool { return r.PostForm.Get(field) != "" }

// Query is the clean text of a query parameter. The route must have declared it
// with Params; otherwise cached pages would differ by something their address
// does not hold, so Query panics.
func (r *Request) Query(name string) string {
	if !r.route.params[name] {
		panic("answer: " + r.route.pattern + " has not declared the parameter " + name)
	}
	return clean(r.URL.Query().Get(name))
}

// Page is the number of a page in a long list, counted from 1, by the parameter
// "page". Faults: NotFound for what is no such number.
func (r *Request) Page() (int, error) {
	s := r.Query("page")
	if s == "" {
		return 1, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 1_000_000 || strconv.Itoa(n) != s {
		return 0, fault.New(fault.NotFound, "fault.not_found")
	}
	return n, nil
}

// File opens the file sent in a field; nil without an error when none was
// chosen. Its name is not given: nothing may depend on it. The caller closes it.
// Faults: Invalid.
func (r *Request) File(field string) (io.ReadSeekCloser, error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[field]) == 0 {
		return nil, nil
	}
	f, err := r.MultipartForm.File[field][0].Open()
	if err != nil {
		return nil, fault.New(fault.Invalid, "fault.not_text").Because(err)
	}
	return f, nil
}

// AsField is the name of the hidden field in which a form says whose it is.
const AsField = "as"

// SignedIn returns the fault that sends readers to the sign-in page, and the one
// of a form that was shown to somebody else than is signed in now: nobody speaks
// under a name that the page did not show. Nil for everybody else. Faults:
// SignIn, Conflict.
func (r *Request) SignedIn() error {
	if !r.Viewer.SignedIn {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if as := r.Text(AsField); as != "" && as != r.Viewer.FaceID {
		return fault.New(fault.Conflict, "fault.other_face", r.Viewer.Name)
	}
	return nil
}
