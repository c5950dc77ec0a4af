package answer

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/web/viewer"
)

// statuses are what a browser is told for each kind of failure.
var statuses = map[fault.Kind]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Forbidden:   http.StatusForbidden,
	fault.Conflict:    http.StatusConflict,
	fault.TooMany:     http.StatusTooManyRequests,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.SignIn:      http.StatusUnauthorized,
}

// Status is the HTTP status for err.
func Status(err error) int {
	f := fault.From(err)
	switch f.Key {
	case "fault.too_large":
		return http.StatusRequestEntityTooLarge
	case "fault.method":
		return http.StatusMethodNotAllowed
	}
	if s, ok := statuses[f.Kind]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// Failures that answer finds by itself.
var (
	crossOrigin = fault.New(fault.Forbidden, "fault.cross_origin")
	noSuchPage  = fault.New(fault.NotFound, "fault.not_found")
	wrongMethod = fault.New(fault.Invalid, "fault.method")
	ourBug      = fault.New(fault.Internal, "fault.internal")
)

// Again shows a form once more because of err: c is the form with what was
// typed and what is wrong, the status is err's. Nothing that was typed is lost,
// whatever the failure.
func (w *Writer) Again(err error, c templ.Component) error {
	w.report(err)
	return w.Show(Status(err), c)
}

// fail answers with the page of a failure, or sends a reader on to sign in.
func (w *Writer) fail(err error) {
	var other *elsewhere
	if errors.As(err, &other) && !w.begun {
		if err = w.Moved(other.to); err == nil {
			return
		}
	}
	w.report(err)
	w.trouble(fault.From(err))
}

// trouble answers with the page of f.
func (w *Writer) trouble(f *fault.Error) {
	if w.begun {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
	r := w.request
	if r.Viewer.Path == "" { // it failed before anyone knew who reads
		k, _ := w.mux.look(r.Request)
		r.Viewer = viewer.Viewer{Lang: k.lang, Theme: k.theme, Hall: w.mux.Hall, Path: "/"}
		r.Request = r.WithContext(viewer.With(r.Context(), r.Viewer))
	}
	if f.Kind == fault.NotFound && w.formerly() {
		return
	}
	if f.Kind == fault.SignIn && readOnly(r.Method) && w.route != nil {
		if err := w.Redirect("/sign-in?back=" + url.QueryEscape(r.Viewer.Path)); err == nil {
			return
		}
	}
	if f.Kind == fault.TooMany || f.Kind == fault.Unavailable {
		w.Header()["Retry-After"] = []string{strconv.Itoa(60 * waitMinutes(f))}
	}
	var b bytes.Buffer
	if err := troublePage(f, r.written()).Render(r.Context(), &b); err != nil {
		slog.Error("the page of a failure failed", "route", w.label(), "cause", fault.Cause(err))
		b.Reset()
		b.WriteString(http.StatusText(Status(f)))
	}
	w.send(Status(f), typeHTML[0], b.Bytes())
}

// written are the texts of a form that was sent and whose handler could not show it
// again, for instance because its sender is signed out by now: she takes them along from
// the page of the failure. Words without a space are names, codes and choices.
func (r *Request) written() (texts []string) {
	if readOnly(r.Method) {
		return nil
	}
	for _, field := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, s := range r.PostForm[field] {
			if strings.ContainsFunc(strings.TrimSpace(s), unicode.IsSpace) && len(texts) < mostWritten {
				texts = append(texts, s)
			}
		}
	}
	return texts
}

const mostWritten = 8

// formerly sends a reader who came by an address from before the hall on to
// where that is now, and tells whether it did.
func (w *Writer) formerly() bool {
	r := w.request
	if w.mux.Formerly == nil || !readOnly(r.Method) || !isText(r.URL.Path) {
		return false
	}
	to, err := w.mux.Formerly(r.Context(), r.URL.RequestURI())
	if err != nil {
		w.report(err)
		return false
	}
	return to != "" && w.Moved(to) == nil
}

// waitMinutes is how long f asks to wait, a minute when it does not say.
func waitMinutes(f *fault.Error) int {
	if f.Key == "fault.wait_minutes" && len(f.Args) == 1 {
		if n, ok := f.Args[0].(int); ok {
			return n
		}
	}
	return 1
}

// unmatched shows a page for what no route wanted, unless net/http has already
// sent the reader on to the address as it should be.
func (w *Writer) unmatched() {
	switch w.refused {
	case 0:
	case http.StatusMethodNotAllowed:
		w.refused = 0
		w.trouble(wrongMethod)
	default:
		w.refused = 0
		w.trouble(noSuchPage)
	}
}

func (w *Writer) label() string {
	if w.route == nil {
		return unmatched
	}
	return w.route.pattern
}

// report logs what is nobody's doing but ours. It names the route, the kind and
// the sort of cause; the cause's own words may hold what a person wrote, so they
// stay out.
func (w *Writer) report(err error) {
	f := fault.From(err)
	switch f.Kind {
	case fault.Internal:
		slog.Error("a page failed", "route", w.label(), "ops", f.Ops(), "cause", fault.Cause(f.Unwrap()))
	case fault.Unavailable:
		if w.request.Context().Err() == nil { // else the reader just went away
			slog.Warn("a page could not be had", "route", w.label(), "ops", f.Ops(), "cause", fault.Cause(f.Unwrap()))
		}
	}
}

// recover turns a panic into the page of our bug, and logs where it happened.
func (m *Mux) recover(w *Writer) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	m.metrics.panics.Inc()
	what := fmt.Sprintf("%T", v)
	if err, ok := v.(error); ok {
		what = fault.Cause(err)
	} else if s, ok := v.(string); ok && strings.HasPrefix(s, "answer: ") {
		what = s // our own words, made of patterns and parameter names
	}
	slog.Error("a page panicked", "route", w.label(), "cause", what, "place", place())
	w.trouble(ourBug)
}

// place lists the functions and lines that led to a panic, innermost first.
func place() string {
	pcs := make([]uintptr, 24)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)])
	var b strings.Builder
	for {
		f, more := frames.Next()
		line := f.Line
		if f, ours := strings.CutPrefix(f.Function, "guildhall/internal/"); ours {
			fmt.Fprintf(&b, "%s:%d ", f, line)
		}
		if !more {
			return strings.TrimSpace(b.String())
		}
	}
}

// troubleTitle is the heading of a failure's page.
func troubleTitle(l lang.Lang, f *fault.Error) string {
	return l.T("fault." + f.Kind.String() + "_title")
}
