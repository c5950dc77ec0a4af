package quota

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Addresses turns the network address of a request into a key that means
// nothing outside this process.
type Addresses struct {
	salt    [32]byte
	proxies []netip.Prefix
}

// NewAddresses draws a fresh salt. The client is the peer of the connection;
// when that is one of the proxies, it is the last hop in X-Forwarded-For that is
// none of them.
func NewAddresses(proxies ...netip.Prefix) *Addresses {
	a := &Addresses{proxies: proxies}
	rand.Read(a.salt[:])
	return a
}

// Key returns the counter key of whoever sent r. Addresses of one IPv6 /56 are
// one client: that is what a home is given. A request without a readable
// address (a Unix socket) shares one key with its like.
func (a *Addresses) Key(r *http.Request) string {
	mac := hmac.New(sha256.New, a.salt[:])
	if addr, ok := a.client(r); ok {
		mac.Write(network(addr))
	}
	return string(mac.Sum(nil)[:16])
}

// client finds the address that speaks. What stands in X-Forwarded-For before
// the hop that a proxy of ours saw is the client's own claim.
func (a *Addresses) client(r *http.Request) (netip.Addr, bool) {
	addr, ok := parse(r.RemoteAddr)
	if !ok || !a.proxy(addr) {
		return addr, ok
	}
	lines := r.Header["X-Forwarded-For"]
	for i := len(lines) - 1; i >= 0; i-- {
		for rest := lines[i]; rest != ""; {
			cut := strings.LastIndexByte(rest, ',')
			hop, known := parse(strings.TrimSpace(rest[cut+1:]))
			rest = rest[:max(cut, 0)]
			if !known {
				return addr, true
			}
			if addr = hop; !a.proxy(hop) {
				return addr, true
			}
		}
	}
	return addr, true
}

// proxy tells whether addr is one of ours.
func (a *Addresses) proxy(addr netip.Addr) bool {
	addr = addr.Unmap().WithZone("")
	return slices.ContainsFunc(a.proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// parse reads "1.2.3.4", "1.2.3.4:5", "2001:db8::1", "[2001:db8::1]" and
// "[2001:db8::1]:5".
func parse(s string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr(), true
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	addr, err := netip.ParseAddr(s)
	return addr, err == nil
}

// network is what of an address counts: all of IPv4, the first 56 bits of IPv6.
func network(addr netip.Addr) []byte {
	addr = addr.Unmap()
	b := addr.AsSlice()
	if addr.Is6() {
		return b[:7]
	}
	return b
}
