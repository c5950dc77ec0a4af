package app

import (
	"net"
	"testing"
)

// The demonstration's letterbox keeps its address over a restart, while it is free.
func TestDemo_letterboxKeepsItsAddress(t *testing.T) {
	t.Parallel()
	c := demoCommand{place: place{Data: t.TempDir()}}
	put := func() (net.Listener, string) {
		t.Helper()
		var conf Config
		ln, err := c.putUpLetterbox(&conf)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ln.Close() })
		return ln, conf.Letterbox
	}
	ln, first := put()
	other, second := put()
	if second == first {
		t.Errorf("two on %s", first)
	}
	ln.Close()
	other.Close()
	if _, again := put(); again != second {
		t.Errorf("%s, then %s", second, again)
	}
}
