package wire_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/mask/wire"
)

func TestBundle_sameBytesAndBack(t *testing.T) {
	t.Parallel()
	b := wire.Bundle{
		V: wire.Version, Space: wire.Space{ID: "s", Name: "Designers", Pace: "careful", State: "open", Masks: 60}, Tick: 498_765,
		Masks:   []wire.Mask{{ID: "m", Key: bytes.Repeat([]byte{7}, 32), Name: "Velvet Compass", Epoch: 741}},
		Threads: []wire.Thread{{ID: "t", Title: "Late fees", Posts: []wire.Said{{ID: "t", Mask: "m", Day: 20_782, HTML: "<p>Nobody pays in time.</p>"}}}},
		Digest:  []wire.Reply{{Post: "t", To: "m"}},
		Heard:   []wire.Heard{{ID: "q.1", To: "m", What: "answer", Href: "/questions/q", Title: "Who pays?", Day: 20_783}},
	}
	one, err := b.Pack()
	if err != nil {
		t.Fatal(err)
	}
	two, err := b.Pack()
	if err != nil || !bytes.Equal(one, two) {
		t.Fatalf("the same bundle packs to other bytes: %v", err)
	}
	got, err := wire.Unpack(one)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b, got); d != "" {
		t.Error(d)
	}
	if _, err := wire.Unpack(one[:len(one)/2]); err == nil {
		t.Error("half a bundle was unpacked")
	}
}

// Of what became of posts each mask finds its own, until it was seen.
func TestConcerns(t *testing.T) {
	t.Parallel()
	b := wire.Bundle{Heard: []wire.Heard{{ID: "1", To: "me"}, {ID: "2", To: "you"}, {ID: "3", To: "me before"}, {ID: "4", To: "me"}}}
	if got := b.Concerns([]string{"me", "me before"}, []string{"4"}); len(got) != 2 || got[0].ID != "1" || got[1].ID != "3" {
		t.Errorf("%+v", got)
	}
	if got := b.Concerns([]string{"you"}, nil); len(got) != 1 || got[0].ID != "2" {
		t.Errorf("%+v", got)
	}
	if got := b.Concerns(nil, nil); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestBundle_saidByHalfOfTheOthers: as much as half of the others, and at least ten, have
// had shown; who has been banned or is over counts as nobody.
func TestBundle_saidByHalfOfTheOthers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ others, twice, once, over, want int }{
		{9, 9, 0, 0, 0},
		{10, 10, 0, 0, 2},
		{10, 9, 1, 0, 1},
		{20, 10, 0, 0, 2},
		{30, 14, 1, 0, 1},
		{30, 15, 0, 0, 2},
		{31, 15, 0, 0, 2},
		{30, 15, 0, 12, 2},
		{30, 14, 0, 2, 2}, // of 28 that are left
	} {
		b := wire.Bundle{Masks: []wire.Mask{{ID: "own"}}, Threads: []wire.Thread{{Posts: []wire.Said{{Mask: "own"}}}}}
		for i := range c.others {
			m := wire.Mask{ID: fmt.Sprint(i)}
			if i >= c.others-c.over {
				m.State = "old"
			}
			b.Masks = append(b.Masks, m)
			for n := range 2 {
				if i < c.twice || i < c.twice+c.once && n == 0 {
					b.Threads[0].Posts = append(b.Threads[0].Posts, wire.Said{Mask: m.ID})
				}
			}
		}
		if own, most := b.Said("own"); own != 1 || most != c.want {
			t.Errorf("%+v: %d and %d", c, own, most)
		}
	}
}
