package app

import "testing"

func TestPrivate(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"127.0.0.1": true, "::1": true, "192.168.1.7": true, "10.0.0.1": true, "100.100.0.1": true, "fd00::1": true, "fe80::1": true, "::ffff:10.0.0.1": true,
		"192.0.2.1": false, "2001:db8::1": false, "100.128.0.1": false, "": false,
	} {
		if got := private(address); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}
