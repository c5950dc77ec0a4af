package markdown

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// BlobPath is where this hall serves its own stored images.
const BlobPath = "/blob/"

// blobName is what package blob calls its files.
var blobName = regexp.MustCompile(`^[a-z0-9]{16,40}\.(jpg|png)$`)

// outboundRel goes with every link that leaves the hall: it lends no
// reputation, hands over no window and does not say where the reader came from.
const outboundRel = "nofollow ugc noopener noreferrer"

const maxAddress = 2048 // bytes; longer ones are shown, not linked

// address is somewhere a link may lead.
type address struct {
	href     string
	outbound bool
}

// address tells whether a link may lead to s. http and https with a host may, and
// so may whatever stays in this hall.
func (w *writer) address(s string) (address, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxAddress || strings.ContainsFunc(s, unsafeInAddress) {
		return address{}, false
	}
	u, err := url.Parse(s)
	if err != nil || u.User != nil || u.Opaque != "" {
		return address{}, false
	}
	if u.Scheme == "" {
		return w.inside(u, s)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return address{}, false
	}
	if !asciiHost(u) {
		return address{}, false
	}
	own := w.o.Host != "" && strings.EqualFold(u.Host, w.o.Host)
	return address{href: u.String(), outbound: !own}, true
}

// inside accepts an address without scheme and host. Two slashes, or a slash and
// a backslash, would name a host to a browser.
func (w *writer) inside(u *url.URL, s string) (address, bool) {
	if u.Host != "" || strings.HasPrefix(s, "//") || strings.Contains(s, `\`) {
		return address{}, false
	}
	// A link to a heading of the same text follows the heading's new id.
	if p := w.o.IDPrefix; p != "" && strings.HasPrefix(s, "#") && !strings.HasPrefix(u.Fragment, p) {
		u.Fragment, u.RawFragment = p+u.Fragment, ""
	}
	href := u.String()
	if href == "" || strings.HasPrefix(href, "//") {
		return address{}, false
	}
	return address{href: href}, true
}

// asciiHost writes the host of u in the letters that name it in the net, so that
// the address shown by a browser is the one that was checked.
func asciiHost(u *url.URL) bool {
	host := u.Hostname()
	for i := range len(host) {
		if host[i] >= 0x80 {
			ascii, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return false
			}
			u.Host = strings.Replace(u.Host, host, ascii, 1)
			return true
		}
	}
	return true
}

// unsafeInAddress tells the characters that browsers drop or bend inside an
// address.
func unsafeInAddress(r rune) bool {
	return r <= 0x20 || r == 0x7f || r == '<' || r == '>' || r == '"' || r == '`' || unwanted(r)
}
