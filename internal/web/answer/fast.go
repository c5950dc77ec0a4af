package answer

import (
	"bytes"
	"hash/maphash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// fromCache answers a reader who is not signed in from the cache; false means
// that nothing was written. It allocates nothing of its own: what it writes was
// made when the page was kept.
func (m *Mux) fromCache(rw http.ResponseWriter, r *http.Request) bool {
	if !readOnly(r.Method) {
		return false
	}
	k, personal := m.look(r)
	if personal {
		return false
	}
	p := m.Cache.find(pageKey{r.RequestURI, k, acceptedCoding(r.Header["Accept-Encoding"])})
	if p == nil {
		return false
	}
	status := m.give(rw, r, p)
	m.metrics.cached.Inc()
	if status == http.StatusOK {
		p.counts.given.Inc()
	} else {
		p.counts.unchanged.Inc()
	}
	if m.TestOnlyVisit != nil {
		m.TestOnlyVisit(p.counts.pattern, status)
	}
	return true
}

// pressAgain is the how-manieth reader of a page makes it worth pressing hard.
const pressAgain = 2

// give writes p, or that the reader has it already, and returns the status.
func (m *Mux) give(rw http.ResponseWriter, r *http.Request, p *page) int {
	h := rw.Header()
	h["Cache-Control"] = keepAskEach
	h["Etag"] = p.etag
	h["Vary"] = varyAll
	if has(r.Header["If-None-Match"], p.etag[0]) {
		rw.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified
	}
	if p.asked.Load() < pressAgain && p.asked.Add(1) == pressAgain {
		m.Cache.pressHarder(p)
	}
	b := p.body.Load()
	setAll(h, m.headers)
	if p.shared {
		h["Cross-Origin-Resource-Policy"] = anySite
	}
	h["Content-Type"] = p.contentType
	h["Content-Length"] = b.length
	if b.coding != nil {
		h["Content-Encoding"] = b.coding
	}
	rw.Write(b.bytes)
	return http.StatusOK
}

// has tells whether one of the tags of If-None-Match is etag. Our tags are long
// numbers in quotes, so finding one inside the value is finding it in the list.
func has(header []string, etag string) bool {
	for _, h := range header {
		if h == etag || h == "*" || strings.Contains(h, etag[len(`W/`):]) {
			return true
		}
	}
	return false
}

// newPage makes a page of bytes, quickly pressed. Where nothing was pressed its
// body is plain itself, until own is called.
func newPage(contentType string, plain []byte, c coding, things []Thing, counts *pageCounts) *page {
	p := &page{things: things, contentType: []string{contentType}, etag: []string{tagOf(plain)}, counts: counts}
	b := newBody(plain, identity)
	b.lent = true
	if c != identity && len(plain) >= tooSmall && worthPressing(contentType) {
		b = newBody(press(plain, c, quick), c)
	}
	p.body.Store(b)
	return p
}

// seed makes tags anew at each start: a hash that anybody could work out would
// have to be a slow one, or somebody could write two texts of one tag. Browsers
// fetch what they keep once more after a start.
var seed = maphash.MakeSeed()

// tagOf is the tag of a page.
func tagOf(plain []byte) string {
	b := append(make([]byte, 0, 24), `W/"`...)
	return string(append(strconv.AppendUint(b, maphash.Bytes(seed, plain), 36), '"'))
}

// own gives p bytes of its own, where it was lent those of its maker.
func (p *page) own() {
	if b := p.body.Load(); b.lent {
		p.body.Store(newBody(bytes.Clone(b.bytes), b.how))
	}
}

func newBody(b []byte, c coding) *body {
	return &body{bytes: b, length: []string{strconv.Itoa(len(b))}, coding: codingHeaders[c], how: c}
}

// worthPressing tells texts from pictures and archives.
func worthPressing(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "xml") || strings.HasSuffix(t, "json") ||
		t == "application/javascript"
}

// pressHarder replaces p's body by a smaller one of the same content.
func (c *Cache) pressHarder(p *page) {
	b := p.body.Load()
	plain, err := b.plain()
	if b.how == identity || err != nil {
		return
	}
	if small := press(plain, b.how, thorough); len(small) < len(b.bytes) {
		p.body.Store(newBody(small, b.how))
		c.resize(p)
	}
}

// plain is what b holds, unpressed.
func (b *body) plain() ([]byte, error) {
	switch b.how {
	case gzipped:
		r, err := gzip.NewReader(strings.NewReader(string(b.bytes)))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	case brotlied:
		return io.ReadAll(brotli.NewReader(strings.NewReader(string(b.bytes))))
	}
	return b.bytes, nil
}

// maxAddress is the longest address under which a page is kept.
const maxAddress = 400

// address is the page of r as the hall writes it: the path, and the parameters
// the route reads, sorted, each once.
func (rt *route) address(u *url.URL) string {
	address := (&url.URL{Path: u.Path}).EscapedPath()
	if u.RawQuery == "" || len(rt.order) == 0 {
		return address
	}
	values, sep := u.Query(), "?"
	for _, name := range rt.order {
		if v := clean(values.Get(name)); v != "" {
			address += sep + name + "=" + url.QueryEscape(v)
			sep = "&"
		}
	}
	return address
}

// kept is the one address under which the page of r is kept; empty when it is
// too long to be kept at all.
func (rt *route) kept(u *url.URL) string {
	if a := rt.address(u); len(a) <= maxAddress {
		return a
	}
	return ""
}
