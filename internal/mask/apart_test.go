package mask_test

import (
	"crypto/ed25519"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
)

// twofold is somebody with a mask in each of two spaces.
type twofold struct{ keys map[string]ed25519.PrivateKey }

// both are the spaces of the test.
var both = []string{"designers", "elsewhere"}

// in does one act in a space.
func (h *hall) in(space string, key ed25519.PrivateKey, a wire.Act) wire.Result {
	h.t.Helper()
	out, err := h.send(wire.Visit{Space: space, Acts: []wire.Act{a}}, key)
	h.ok(err)
	return out.Results[0]
}

// shows is everything that a space shows anybody: its bundle, its queue with texts, its
// decisions with those who made them, and what the log was given about it.
func (h *hall) shows(space string) string {
	h.t.Helper()
	packed, err := h.Bundle(h.ctx, space)
	h.ok(err)
	b, err := wire.Unpack(packed)
	h.ok(err)
	q, err := h.Queue(h.ctx, space)
	h.ok(err)
	signed, err := h.Signed(h.ctx, space, 1000)
	h.ok(err)
	all := []any{b, q, signed}
	for _, t := range q {
		look, err := h.Look(h.ctx, ada, space, t.Post)
		h.ok(err)
		all = append(all, look)
	}
	for _, d := range h.decided {
		if d.Space == space {
			all = append(all, d)
		}
	}
	for _, e := range h.ended {
		if e.Space == space {
			all = append(all, e)
		}
	}
	text, err := json.Marshal(all)
	h.ok(err)
	return string(text)
}

// Whatever the same people write, report, hide, ban, appeal and judge in two spaces at
// once: nothing that one space shows names anything of the other, an appeal is about
// things of its own space only, its jurors sit there, and how it ends changes nothing
// elsewhere.
func TestAppeal_isTiedToNoOtherSpace(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	people := make([]twofold, 24)
	for _, space := range both {
		keys, err := h.TestOnlyRegister(h.ctx, space, len(people))
		h.ok(err)
		for i, k := range keys {
			if people[i].keys == nil {
				people[i].keys = map[string]ed25519.PrivateKey{}
			}
			people[i].keys[space] = k
		}
	}
	h.nextBatch()
	names := map[string][]string{} // of each space: masks, keys and posts
	for _, p := range people {
		for _, space := range both {
			pub := p.keys[space].Public().(ed25519.PublicKey)
			key, err := wire.Bytes(pub).MarshalText()
			h.ok(err)
			names[space] = append(names[space], wire.MaskID(pub), string(key))
		}
	}
	appeals := 0
	rapid.Check(t, func(rt *rapid.T) {
		p := people[rapid.IntRange(0, len(people)-1).Draw(rt, "who")]
		here := rapid.SampledFrom(both).Draw(rt, "where")
		there := both[0]
		if here == there {
			there = both[1]
		}
		a := thread("Said", "words")
		if res := h.in(here, p.keys[here], a); !res.OK {
			rt.Skip(res.Error)
		}
		names[here] = append(names[here], a.ID)
		for range 14 { // as long as a post waits at the careful pace, and some more
			if h.in(here, p.keys[here], a).State == "shown" {
				break
			}
			h.wait(12 * time.Hour)
		}
		hid, err := h.Decide(h.ctx, ada, here, mask.Wish{Deed: mask.Hide, Post: a.ID, Reason: "A name."})
		h.ok(err)
		names[here] = append(names[here], hid.ID)
		// The same person, the same ids, in the other space: there is nothing to appeal.
		for _, id := range []string{a.ID, wire.MaskID(p.keys[here].Public().(ed25519.PublicKey))} {
			if res := h.in(there, p.keys[there], wire.Act{Do: wire.Appeal, ID: id, Text: "It is mine."}); res.OK || res.Error != "mask.appeal.nothing" {
				rt.Fatalf("an appeal in another space: %+v", res)
			}
		}
		if res := h.in(here, p.keys[here], wire.Act{Do: wire.Appeal, ID: a.ID, Text: "It is no name."}); !res.OK {
			rt.Fatalf("%+v", res)
		}
		appeals++
		h.leap(h.now().Add(2 * time.Hour))
		word := rapid.SampledFrom([]string{mask.Upheld, mask.Overturned}).Draw(rt, "verdict")
		for _, juror := range people {
			if res := h.in(there, juror.keys[there], wire.Act{Do: wire.Judge, ID: hid.ID, Verdict: word}); res.OK {
				rt.Fatal("a juror from another space")
			}
			s := h.in(here, juror.keys[here], wire.Act{Do: wire.Status})
			for _, b := range s.Judge {
				h.good(h.in(here, juror.keys[here], wire.Act{Do: wire.Judge, ID: b.Case, Verdict: word}))
			}
		}
		h.leap(h.now().Add(2 * time.Hour))
		for _, space := range both {
			text, other := h.shows(space), both[0]
			if space == other {
				other = both[1]
			}
			for _, name := range names[other] {
				if strings.Contains(text, name) {
					rt.Fatalf("what %s shows names something of %s", space, other)
				}
			}
		}
		if epoch.Of(h.now()) > firstEpoch {
			h.mu.Lock()
			h.at = epoch.Start(firstEpoch).Add(300 * time.Hour) // the masks are those of the first epoch
			h.mu.Unlock()
		}
	})
	if appeals < 15 {
		t.Errorf("only %d appeals", appeals)
	}
	if len(h.ended) < appeals/2 {
		t.Errorf("%d of %d appeals ended", len(h.ended), appeals)
	}
}
