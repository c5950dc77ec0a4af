package letterbox

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/mask/letter"
	"guildhall/internal/web/quota"
)

const (
	bodiesAtOnce = 64
	bodyTime     = 20 * time.Second // for the whole of a letter
)

// How often one address may come: many can share one, behind Tor or a house's router.
var (
	paceOfLetters  = []quota.Limit{{Count: 120, Per: 10 * time.Minute}, {Count: 1000, Per: 24 * time.Hour}}
	paceOfRequests = []quota.Limit{{Count: 1200, Per: 10 * time.Minute}}
)

// Door answers for a box. Make it with NewDoor.
type Door struct {
	box      *Box
	mux      *http.ServeMux
	who      *quota.Addresses
	letters  *quota.Meter
	requests *quota.Meter
	seats    chan struct{} // one for each letter in memory
}

// NewDoor makes the door of a box. Who comes too often is counted by who.
func NewDoor(b *Box, who *quota.Addresses) *Door {
	d := &Door{
		box: b, mux: http.NewServeMux(), who: who, seats: make(chan struct{}, bodiesAtOnce),
		letters: quota.New(b.Now, paceOfLetters...), requests: quota.New(b.Now, paceOfRequests...),
	}
	d.mux.HandleFunc("PUT /letters/{id}", d.put)
	d.mux.HandleFunc("GET /letters/{id}", d.get)
	d.mux.HandleFunc("DELETE /letters/{id}", d.delete)
	d.mux.HandleFunc("OPTIONS /letters/{id}", func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Methods", "GET, PUT, DELETE")
		h.Set("Access-Control-Allow-Headers", "Content-Type")
		h.Set("Access-Control-Max-Age", "86400")
		w.WriteHeader(http.StatusNoContent)
	})
	d.mux.HandleFunc("GET /healthz", d.health)
	d.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, fault.New(fault.NotFound, "letterbox.nothing"))
	})
	return d
}

// health says to whoever watches over the box how it is.
func (d *Door) health(w http.ResponseWriter, _ *http.Request) {
	said := "well\n"
	if d.box.Full() {
		w.WriteHeader(http.StatusServiceUnavailable)
		said = "full\n"
	}
	_, _ = io.WriteString(w, said)
}

// identifying are the headers with which nobody is let in.
var identifying = []string{"Cookie", "Authorization", "Proxy-Authorization", "Referer"}

// ServeHTTP lets in whoever brings nothing along, from any page.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Connection", "close")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Date")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Date", d.box.Now().UTC().Format(http.TimeFormat))
	for _, name := range identifying {
		if _, there := r.Header[name]; there {
			refuse(w, r, fault.New(fault.Invalid, "letterbox.identified"))
			return
		}
	}
	if err := d.requests.Take(d.who.Key(r)); err != nil {
		refuse(w, r, err)
		return
	}
	d.mux.ServeHTTP(w, r)
}

// idOf reads the id of a request.
func idOf(r *http.Request) (string, error) {
	id := r.PathValue("id")
	if !isID(id) {
		return "", fault.New(fault.Invalid, "letterbox.id")
	}
	return id, nil
}

// put takes a letter in.
func (d *Door) put(w http.ResponseWriter, r *http.Request) {
	select {
	case d.seats <- struct{}{}:
		defer func() { <-d.seats }()
	case <-r.Context().Done():
		return
	}
	id, err := idOf(r)
	if err == nil {
		err = d.letters.Take(d.who.Key(r))
	}
	var sealed []byte
	if err == nil {
		sealed, err = read(w, r)
	}
	if err == nil {
		err = d.box.Put(id, sealed)
	}
	answer(w, r, err)
}

var errLength = fault.New(fault.Invalid, "letterbox.length")

// read takes a letter's body in, if it has the length of one.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	const most = letter.MaxSize
	if r.ContentLength > most {
		return nil, errLength
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime)) // a socket's clock is the machine's
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return nil, errLength
	case err != nil:
		return nil, fault.New(fault.Invalid, "letterbox.slow")
	case !letter.Fits(int64(len(b))):
		return nil, errLength
	}
	return b, nil
}

// get gives the answer to a letter, once there is one.
func (d *Door) get(w http.ResponseWriter, r *http.Request) {
	id, err := idOf(r)
	var b []byte
	if err == nil {
		b, err = d.box.Answer(id)
	}
	switch {
	case err != nil:
		refuse(w, r, err)
	case b == nil:
		w.WriteHeader(http.StatusAccepted)
	default:
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(b)))
		_, _ = w.Write(b) // whoever has gone asks again
	}
}

// delete takes a letter back.
func (d *Door) delete(w http.ResponseWriter, r *http.Request) {
	id, err := idOf(r)
	if err == nil {
		err = d.box.TakeBack(id)
	}
	answer(w, r, err)
}

// answer says that something was done, or why not.
func answer(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

var statuses = map[fault.Kind]int{
	fault.Invalid: http.StatusBadRequest, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict,
	fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable,
}

// refuse says why nothing was done.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	status := statuses[f.Kind]
	switch {
	case f.Key == errLength.Key:
		status = http.StatusRequestEntityTooLarge
	case status == 0:
		status = http.StatusInternalServerError
	}
	l := lang.Match(r.Header.Get("Accept-Language"))
	b, _ := json.Marshal(map[string]string{"error": f.Key, "message": l.Fault(err)})
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}
