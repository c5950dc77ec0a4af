package consultation

import (
	"testing"

	"guildhall/internal/epoch"
)

// Who joined in the epoch of the opening, the one before it or later is new, and so is
// whoever nobody has vouched for; founders are not. Who may open one is asked less.
func TestFresh(t *testing.T) {
	t.Parallel()
	opened := epoch.Start(742)
	for _, c := range []struct {
		name        string
		j           Joined
		fresh, late bool
	}{
		{"long ago, vouched for", Joined{Epoch: 740, Vouched: true}, false, false},
		{"long ago, by herself", Joined{Epoch: 740}, true, false},
		{"in the epoch before", Joined{Epoch: 741, Vouched: true}, true, false},
		{"in the same epoch", Joined{Epoch: 742, Vouched: true}, true, true},
		{"later", Joined{Epoch: 743, Vouched: true}, true, true},
		{"a founder", Joined{Epoch: 742, Founder: true}, false, false},
	} {
		if got := fresh(c.j, opened); got != c.fresh {
			t.Errorf("%s: new %v", c.name, got)
		}
		if got := late(c.j, opened); got != c.late {
			t.Errorf("%s: late %v", c.name, got)
		}
	}
}
