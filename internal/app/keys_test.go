package app

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"guildhall/internal/epoch"
	"guildhall/internal/ledger"
)

// Leak 19: fifty members, each with her cookie, and fifty strangers, at the hall and at
// the safe origin, are given the same bytes; and the log has one key for each slot.
func TestKeys_theSameForEverybody(t *testing.T) {
	t.Parallel()
	h := newMaskHall(t)
	first := ""
	ask := func(host, path, cookie string) {
		t.Helper()
		r, err := http.NewRequest("GET", h.web.URL+path, nil)
		h.ok(err)
		r.Host = host
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		}
		res, err := http.DefaultClient.Do(r)
		h.ok(err)
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		h.ok(err)
		if first == "" {
			first = string(b)
		}
		if res.StatusCode != 200 || string(b) != first || !strings.Contains(first, `"purpose":"right"`) {
			t.Fatalf("%s: %d, other bytes", path, res.StatusCode)
		}
	}
	for range 50 {
		cookie, err := h.TestOnlyMember(h.ctx)
		h.ok(err)
		ask("localhost:8080", "/spaces/"+h.space+"/keys", cookie)
		ask("localhost:8080", "/spaces/"+h.space+"/keys", "")
		ask("safe.localhost:8080", "/keys?space="+h.space, "")
	}
	slots := map[ledger.Issuer]int{}
	report, err := ledger.Audit(h.ctx, h.Ledger.Dir(), ledger.Options{Key: h.Ledger.Key(), Today: epoch.Day(h.now()), Each: func(e ledger.Entry) {
		if f, err := ledger.Parse(e.Line); err == nil {
			if i, ok := f.(ledger.Issuer); ok {
				slots[ledger.Issuer{Purpose: i.Purpose, Space: i.Space, Epoch: i.Epoch}]++
			}
		}
	}})
	h.ok(err)
	for s, n := range slots {
		if n != 1 {
			t.Errorf("%d keys of %s", n, s.Purpose)
		}
	}
	if len(slots) != 3 || report.Wrongs > 0 {
		t.Errorf("%d slots, %d wrongs in the log", len(slots), report.Wrongs)
	}
}
