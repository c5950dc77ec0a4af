package safe

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/mask"
	"guildhall/internal/mask/letter"
	"guildhall/internal/mask/wire"
	"guildhall/internal/web/quota"
)

// Config is what the door is given.
type Config struct {
	Masks *mask.Room
	// Pace limits the visits of one key; counted in memory.
	Pace *quota.Meter
	// Hall is the hall's own origin, the only one whose pages may come.
	Hall string
	// TLS tells browsers to come by https only.
	TLS bool
	// Keys gives the issuer keys of a space as JSON; nil when there are none yet.
	Keys func(ctx context.Context, space string) ([]byte, error)
	// ConsultationKeys gives the same of a consultation of masks.
	ConsultationKeys func(ctx context.Context, id string) ([]byte, error)
	// Letters opens what a letterbox brings; nil when this hall has none.
	Letters *letter.Key
	// Mail looks at a platform's mail and signs a blinded message for it; nil when this
	// hall knows no platform. Faults: with the plain reason, see package proof.
	Mail func(ctx context.Context, epoch int, blinded, mail []byte) (signature []byte, err error)
}

// Door answers at the safe origin. Make it with New.
type Door struct {
	Config
	mux   *http.ServeMux
	seats chan struct{} // one for each body in memory
	bags  *bags

	mu     sync.Mutex
	failed int
	cause  string
	looks  map[[sha256.Size]byte]struct{} // visits that do nothing and were signed as they should be, by their hashes
	done   doneLetters
}

const (
	bodiesAtOnce = 64
	bodyTime     = 20 * time.Second // for the whole of a body
	keysTogether = 64 << 10
	mostLooks    = 20_000
)

// New makes the door.
func New(c Config) *Door {
	d := &Door{Config: c, mux: http.NewServeMux(), seats: make(chan struct{}, bodiesAtOnce), bags: newBags(), looks: map[[sha256.Size]byte]struct{}{}}
	d.mux.HandleFunc("POST /m", d.visit)
	if c.Keys != nil {
		d.mux.HandleFunc("GET /keys", d.keys)
	}
	if c.Letters != nil {
		d.mux.HandleFunc("POST /letters", d.letters)
	}
	if c.Mail != nil {
		d.mux.HandleFunc("POST /mail", d.mail)
	}
	d.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		d.refuse(w, speaks(r), fault.New(fault.NotFound, "safe.nothing"))
	})
	return d
}

// Origin is the safe origin of a hall: its own with "safe." before the host.
func Origin(hall string) string {
	u, err := url.Parse(hall)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://safe." + u.Host
}

// identifying are the headers with which nobody is let in.
var identifying = []string{"Cookie", "Authorization", "Proxy-Authorization", "Referer"}

// ServeHTTP lets in whoever brings nothing along.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Connection", "close")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	if d.TLS {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	defer func() {
		if recover() != nil { // what it holds may be words
			d.refuse(w, speaks(r), fault.New(fault.Internal, "fault.internal"))
		}
	}()
	if origin, from := r.Header["Origin"]; from {
		if len(origin) != 1 || origin[0] != d.Hall {
			d.refuse(w, speaks(r), fault.New(fault.Forbidden, "safe.origin"))
			return
		}
		h.Set("Access-Control-Allow-Origin", d.Hall)
		h.Set("Access-Control-Expose-Headers", "Date") // clients compare clocks
	}
	for _, name := range identifying {
		if _, there := r.Header[name]; there {
			d.refuse(w, speaks(r), fault.New(fault.Invalid, "safe.identified"))
			return
		}
	}
	d.mux.ServeHTTP(w, r)
}

// speaks is the language of an answer before a visit has said its own.
func speaks(r *http.Request) lang.Lang { return lang.Match(r.Header.Get("Accept-Language")) }

// visit answers one visit.
func (d *Door) visit(w http.ResponseWriter, r *http.Request) {
	select {
	case d.seats <- struct{}{}:
		defer func() { <-d.seats }()
	case <-r.Context().Done():
		return
	}
	body, err := read(w, r, wire.MaxBody, bodyTime)
	if err != nil {
		d.refuse(w, speaks(r), err)
		return
	}
	v, err := d.opened(body)
	if err != nil {
		d.refuse(w, speaks(r), err)
		return
	}
	l := lang.Match(v.Lang)
	if err := d.Pace.Take(v.Space + "/" + wire.MaskID(ed25519.PublicKey(v.Key))); err != nil {
		d.refuse(w, l, err)
		return
	}
	answer, err := d.answer(r.Context(), v)
	if err != nil {
		d.refuse(w, l, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(answer.Len()))
	_, _ = answer.WriteTo(w) // whoever has gone asks again
}

// opened reads a visit. Whoever looks in again on the same day sends the same bytes,
// and their signature, the dearest part of a look, is not checked twice.
func (d *Door) opened(body []byte) (*wire.Visit, error) {
	hash := sha256.Sum256(body)
	d.mu.Lock()
	_, before := d.looks[hash]
	d.mu.Unlock()
	if before {
		return wire.Reopen(body)
	}
	v, err := wire.Open(body)
	if err == nil && len(v.Acts) == 0 {
		d.mu.Lock()
		if len(d.looks) >= mostLooks {
			clear(d.looks)
		}
		d.looks[hash] = struct{}{}
		d.mu.Unlock()
	}
	return v, err
}

func (d *Door) answer(ctx context.Context, v *wire.Visit) (wire.Body, error) {
	out, err := d.Masks.Visit(ctx, v)
	if err != nil {
		return nil, err
	}
	var bundle []byte
	if out.Reads && !v.Parting {
		if bundle, err = d.Masks.Bundle(ctx, v.Space); err != nil {
			return nil, err
		}
	}
	return wire.WriteAnswer(out.Results, bundle)
}

// read takes a body in, if it comes whole, in time and is not too long.
func read(w http.ResponseWriter, r *http.Request, most int64, within time.Duration) ([]byte, error) {
	if r.ContentLength > most {
		return nil, fault.New(fault.Invalid, "pass.visit.long")
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(within)) // a socket's clock is the machine's
	var b []byte
	var err error
	if r.ContentLength >= 0 {
		b = make([]byte, r.ContentLength)
		_, err = io.ReadFull(r.Body, b)
	} else {
		b, err = io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	}
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, fault.New(fault.Invalid, "pass.visit.long")
	case err != nil:
		return nil, fault.New(fault.Invalid, "safe.slow")
	}
	return b, nil
}

// keys answers with the issuer keys of a space.
func (d *Door) keys(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	give, of := d.Keys, q.Get("space")
	if q.Has("consultation") && d.ConsultationKeys != nil {
		give, of = d.ConsultationKeys, q.Get("consultation")
	}
	b, err := give(r.Context(), of)
	if err == nil && len(b) > keysTogether {
		err = errors.New("safe: more keys than can be")
	}
	if err != nil {
		d.refuse(w, speaks(r), err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b)
}

var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound, fault.Forbidden: http.StatusForbidden,
	fault.Conflict: http.StatusConflict, fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
	fault.SignIn: http.StatusForbidden,
}

// refuse says why nothing was done, in one step of 4,096 bytes like an answer
// without a bundle.
func (d *Door) refuse(w http.ResponseWriter, l lang.Lang, err error) {
	status, b := d.refusal(l, err)
	b = append(b, strings.Repeat(" ", max(0, wire.Step-len(b)))...)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// refusal is a status and the words of an error. Failures of ours are counted.
func (d *Door) refusal(l lang.Lang, err error) (status int, said []byte) {
	f := fault.From(err)
	if status = statuses[f.Kind]; status == 0 {
		status = http.StatusInternalServerError
		d.mu.Lock()
		d.failed, d.cause = d.failed+1, fault.Cause(err)
		d.mu.Unlock()
	}
	said, _ = json.Marshal(map[string]string{"error": f.Key, "message": l.Fault(err)})
	return status, said
}

// Failures tells how many visits failed through our fault since the last time, and
// the kind of the last one: for a log line at the tick.
func (d *Door) Failures() (n int, cause string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, cause = d.failed, d.cause
	d.failed, d.cause = 0, ""
	return n, cause
}
