package quota

import (
	"bytes"
	"net/http"
	"net/netip"
	"testing"
)

func TestKey_whoIsTheClient(t *testing.T) {
	t.Parallel()
	ours := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	tests := []struct{ name, remote, forwarded, same string }{
		{"peer", "192.0.2.7:4711", "", "192.0.2.7:1"},
		{"a stranger's claim is not believed", "192.0.2.7:4711", "198.51.100.1", "192.0.2.7:1"},
		{"proxy", "127.0.0.1:80", "198.51.100.1", "198.51.100.1:9"},
		{"the hop our proxy saw, not the claim before it", "127.0.0.1:80", "203.0.113.9, 198.51.100.1", "198.51.100.1:9"},
		{"two proxies of ours", "127.0.0.1:80", "203.0.113.9, 198.51.100.1 ,10.1.2.3", "198.51.100.1:9"},
		{"proxy names a port", "127.0.0.1:80", "[2001:db8::1]:5", "[2001:db8::2]:9"},
		{"proxy says nothing", "127.0.0.1:80", "", "127.0.0.1:9"},
		{"proxy says nonsense", "127.0.0.1:80", "203.0.113.9, unknown", "127.0.0.1:9"},
		{"the proxy itself asks", "127.0.0.1:80", "10.0.0.3", "10.0.0.3:1"},
		{"one /56 is one client", "[2001:db8:1:2::3]:4", "", "[2001:db8:1:ff::1]:9"},
		{"IPv4 in IPv6", "[::ffff:192.0.2.7]:4", "", "192.0.2.7:9"},
		{"proxy by IPv4 in IPv6", "[::ffff:127.0.0.1]:4", "192.0.2.7", "192.0.2.7:9"},
		{"socket", "@", "", ""},
	}
	for _, tt := range tests {
		a := NewAddresses(ours...)
		r := &http.Request{RemoteAddr: tt.remote, Header: http.Header{}}
		if tt.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tt.forwarded)
		}
		want := &http.Request{RemoteAddr: tt.same, Header: http.Header{}}
		if a.Key(r) != a.Key(want) {
			t.Errorf("%s: %q and %q differ", tt.name, tt.remote, tt.same)
		}
	}
}

func TestKey_keepsNothingOfTheAddress(t *testing.T) {
	t.Parallel()
	r := &http.Request{RemoteAddr: "192.0.2.7:4711", Header: http.Header{}}
	a, b := NewAddresses(), NewAddresses()
	if a.Key(r) == b.Key(r) {
		t.Error("two processes make the same key")
	}
	if bytes.Contains([]byte(a.Key(r)), []byte{192, 0, 2, 7}) {
		t.Error("the address stands in its key")
	}
	other := &http.Request{RemoteAddr: "192.0.2.8:4711", Header: http.Header{}}
	if a.Key(r) == a.Key(other) {
		t.Error("two addresses share a key")
	}
}

func FuzzKey(f *testing.F) {
	f.Add("192.0.2.7:1", "198.51.100.1, 203.0.113.9")
	f.Add("[fe80::1%eth0]:1", "[::1")
	a := NewAddresses(netip.MustParsePrefix("0.0.0.0/0"))
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		r := &http.Request{RemoteAddr: remote, Header: http.Header{"X-Forwarded-For": {forwarded}}}
		if len(a.Key(r)) != 16 {
			t.Error("a key of another length")
		}
	})
}
