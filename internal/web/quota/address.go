package quota

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/netip"
	"strings"
)

// Addresses turns the network address of a request into a key that means
// nothing outside this process.
type Addresses struct {
	salt  [32]byte
	proxy bool
}

// NewAddresses draws a fresh salt. With trustedProxy the last hop named in
// X-Forwarded-For is the client, else the peer of the connection is.
func NewAddresses(trustedProxy bool) *Addresses {
	a := &Addresses{proxy: trustedProxy}
	rand.Read(a.salt[:])
	return a
}

// Key returns the counter key of whoever sent r. Addresses of one IPv6 /64 are
// one client: that is the least anybody is given. A request without a readable
// address (a Unix socket) shares one key with its like.
func (a *Addresses) Key(r *http.Request) string {
	mac := hmac.New(sha256.New, a.salt[:])
	if addr, ok := client(r, a.proxy); ok {
		mac.Write(network(addr))
	}
	return string(mac.Sum(nil)[:16])
}

// client finds the address that speaks: behind a proxy of ours the hop it saw,
// which is the last one; the hops before it are the client's own claims.
func client(r *http.Request, proxy bool) (netip.Addr, bool) {
	if proxy {
		if lines := r.Header["X-Forwarded-For"]; len(lines) > 0 {
			last := lines[len(lines)-1]
			last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
			if addr, ok := parse(last); ok {
				return addr, true
			}
		}
	}
	return parse(r.RemoteAddr)
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

// network is what of an address counts: all of IPv4, the first 64 bits of IPv6.
func network(addr netip.Addr) []byte {
	addr = addr.Unmap()
	b := addr.AsSlice()
	if addr.Is6() {
		return b[:8]
	}
	return b
}
