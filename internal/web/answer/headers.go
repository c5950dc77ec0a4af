package answer

import (
	"net/http"
	"strings"
)

// policy is what a page may do in the browser: load from the hall itself, no
// more; speak to it, to the safe origin and to the letterbox; run scripts and styles
// from files, never from the page's text.
func policy(beside ...string) string {
	connect := "'self'"
	for _, origin := range beside {
		if origin != "" {
			connect += " " + origin
		}
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
		"connect-src " + connect + "; manifest-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}

// permissions switches off what no page of the hall asks for.
const permissions = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"

// ForCalls lets a page ask for the camera, the microphone and the screen.
func ForCalls(h http.Header) {
	h["Permissions-Policy"] = permissionsForCalls
}

var permissionsForCalls = []string{strings.NewReplacer("camera=()", "camera=(self)", "microphone=()", "microphone=(self)", "display-capture=()", "display-capture=(self)").Replace(permissions)}

// preset is a header whose value is made once; it is assigned to every answer
// without copying, so nobody may change it in place.
type preset struct {
	key    string // in canonical form
	values []string
}

// browserHeaders are the security headers of every answer.
//
// The referrer policy is not no-referrer: under that, browsers send "Origin:
// null" with the forms of our own pages, and cross-origin writes could no
// longer be told apart.
func browserHeaders(tls bool, beside ...string) []preset {
	hs := []preset{
		{"Content-Security-Policy", []string{policy(beside...)}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Permissions-Policy", []string{permissions}},
		{"Referrer-Policy", []string{"same-origin"}},
		{"X-Content-Type-Options", []string{"nosniff"}},
	}
	if tls {
		hs = append(hs, preset{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return hs
}

// setAll assigns the presets to h.
func setAll(h http.Header, presets []preset) {
	for i := range presets {
		h[presets[i].key] = presets[i].values
	}
}

// everySite lets scripts of other sites read an answer.
var everySite = []string{"*"}

// anySite lets pages of other sites show an answer.
var anySite = []string{"cross-origin"}

// Values of headers that say how long and for whom an answer may be kept.
var (
	keepNever   = []string{"private, no-store"}
	keepAskEach = []string{"no-cache"} // keep, but ask each time: If-None-Match
	varyAll     = []string{"Accept-Encoding, Accept-Language, Cookie"}
	typeHTML    = []string{"text/html; charset=utf-8"}
)
