package media

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// Prefix is where, under the hall's address, browsers join calls.
const Prefix = "/media"

// joining are the addresses of LiveKit that browsers use, and no others of it.
var joining = []string{"/rtc", "/rtc/validate", "/rtc/v1", "/rtc/v1/validate"}

// Routes let browsers through to the child; none when the server is another's.
func (s *Server) Routes() map[string]http.Handler {
	if s.Far() {
		return nil
	}
	routes := map[string]http.Handler{"GET " + Prefix: http.HandlerFunc(here)}
	for _, at := range joining {
		routes["GET "+Prefix+at] = http.HandlerFunc(s.pass)
	}
	return routes
}

// here tells a browser that was without a network that it has one again: it asks before it
// takes up a call that was cut, and waits longer if it is told no.
func here(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// pass hands a request to the child, without what would name somebody.
func (s *Server) pass(w http.ResponseWriter, r *http.Request) {
	if status := s.admits(r); status != http.StatusOK {
		w.WriteHeader(status) // nothing is started for it
		return
	}
	web, err := s.Need(r.Context())
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if status := s.admits(r); status != http.StatusOK { // it may have ended while the child was started
		w.WriteHeader(status)
		return
	}
	to, err := url.Parse(web)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Time{}) // a call lasts longer than a page
	_ = rc.SetWriteDeadline(time.Time{})
	if u, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
		w = u.Unwrap()
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(to)
			p.Out.URL.Path = strings.TrimPrefix(p.In.URL.Path, Prefix)
			p.Out.Host = to.Host
			p.Out.Header = kept(p.In.Header)
		},
		Transport:      transport,
		ModifyResponse: func(a *http.Response) error { own(a.Header); return nil },
		ErrorHandler:   func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	proxy.ServeHTTP(w, r)
}

// admits looks whether a request has a ticket that is signed with this hall's key and has
// not run out, and whether its call is still one, with that page in it. What else it is good for the child looks at.
func (s *Server) admits(r *http.Request) (status int) {
	t := r.URL.Query().Get("access_token")
	if t == "" {
		t = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	parts := strings.Split(t, ".")
	if len(parts) != 3 {
		return http.StatusUnauthorized
	}
	sum, err1 := base64.RawURLEncoding.DecodeString(parts[2])
	body, err2 := base64.RawURLEncoding.DecodeString(parts[1])
	if err1 != nil || err2 != nil || !hmac.Equal(sum, s.mac(parts[0]+"."+parts[1])) {
		return http.StatusUnauthorized
	}
	var c claims
	if json.Unmarshal(body, &c) != nil || s.config.Now().Unix() >= c.Until {
		return http.StatusUnauthorized
	}
	if trial, going := s.tried(c.Video.Room); trial {
		if !going {
			return http.StatusNotFound
		}
		return http.StatusOK
	}
	if s.config.Going == nil {
		return http.StatusOK
	}
	switch going, err := s.config.Going(r.Context(), c.Video.Room, c.Subject); {
	case err != nil:
		return http.StatusServiceUnavailable
	case !going:
		return http.StatusNotFound
	}
	return http.StatusOK
}

var transport = &http.Transport{Proxy: nil, DisableKeepAlives: true, ResponseHeaderTimeout: startWithin}

// kept are the headers that a request keeps on its way to the child.
func kept(from http.Header) http.Header {
	to := http.Header{"User-Agent": nil} // none, rather than that of Go
	for _, k := range []string{"Connection", "Upgrade", "Authorization", "Sec-Websocket-Key", "Sec-Websocket-Version", "Sec-Websocket-Protocol", "Sec-Websocket-Extensions"} {
		if v := from[k]; v != nil {
			to[k] = v
		}
	}
	return to
}

// own takes from an answer what it would say about other sites.
func own(h http.Header) {
	for k := range h {
		if strings.HasPrefix(k, "Access-Control-") || k == "Vary" {
			h.Del(k)
		}
	}
	h.Set("Cache-Control", "no-store")
}
