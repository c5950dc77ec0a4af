package mask_test

import (
	"slices"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// answers replies and recommends, and looks for both.
func (h *hall) answers(t *testing.T, a wire.Act, few, late []*person) {
	r := reply(a, "Mine too")
	h.good(late[0].do(r))
	h.refused(late[0].do(reply(r, "To what still waits")), "mask.post.nowhere")
	for _, p := range []*person{late[0], late[1], late[2]} {
		h.good(p.do(wire.Act{Do: wire.Recommend, ID: a.ID}))
		h.good(p.do(wire.Act{Do: wire.Recommend, ID: a.ID}))
	}
	h.good(late[2].do(wire.Act{Do: wire.Unrecommend, ID: a.ID}))
	h.refused(few[0].do(wire.Act{Do: wire.Recommend, ID: a.ID}), "mask.own_post")
	h.wait(time.Hour)
	if p, _ := h.find(a.ID); p.Recommended != 2 {
		t.Errorf("recommended %d times, want 2", p.Recommended)
	}
	b := h.bundle()
	if want := []wire.Reply{{Post: r.ID, To: few[0].id()}}; !slices.Equal(b.Digest, want) {
		t.Errorf("digest %v, want %v", b.Digest, want)
	}
	h.wait(5 * 24 * time.Hour)
	if d := h.bundle().Digest; len(d) != 0 {
		t.Errorf("old answers stay in the digest: %v", d)
	}
}

func TestPace_careful(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	h.space.Pace = mask.Careful
	h.wait(time.Hour)
	posts := make([]wire.Act, 0, 200)
	for _, p := range all {
		for range 10 {
			a := thread("Words", "of nobody")
			posts = append(posts, a)
			h.good(p.do(a))
		}
	}
	for day := epoch.Day(h.now()); epoch.Day(h.now()) == day; {
		if n := h.count(posts); n > 0 {
			t.Fatalf("%d came out on the day on which they arrived", n)
		}
		h.wait(time.Hour)
	}
	byTick := map[int]int{1: h.count(posts)}
	for tick := 2; tick <= 72; tick++ {
		before := h.count(posts)
		h.wait(time.Hour)
		byTick[tick] = h.count(posts) - before
	}
	if n := h.count(posts); n != len(posts) {
		t.Errorf("%d of %d came out within three days", n, len(posts))
	}
	early := 0
	for tick := 1; tick <= 36; tick++ {
		early += byTick[tick]
	}
	if early < 60 || early > 140 { // six deviations at 200
		t.Errorf("%d of 200 came out in the first half", early)
	}
}

// The file does not say who recommends, and the hall knows all the same.
func TestRecommend_namesNobodyInTheFile(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a := h.said(all[0], "Late")
	for range 2 {
		for _, p := range all[1:6] {
			h.good(p.do(wire.Act{Do: wire.Recommend, ID: a.ID}))
		}
		h.days(4)
		if s, _ := h.find(a.ID); s.Recommended != 5 {
			t.Errorf("%d recommendations of five masks", s.Recommended)
		}
		h.reopen()
	}
	h.ok(h.db.Read(h.ctx, func(tx *safedb.Tx) error {
		return tx.Rows("SELECT mark FROM recommendation", func(scan func(...any) error) error {
			mark := ""
			err := scan(&mark)
			for _, p := range all {
				if mark == p.id() {
					t.Error("a recommendation has its mask's id")
				}
			}
			return err
		})
	}))
	h.good(all[1].do(wire.Act{Do: wire.Unrecommend, ID: a.ID}))
	h.days(4)
	if s, _ := h.find(a.ID); s.Recommended != 4 {
		t.Errorf("%d recommendations after one was taken back", s.Recommended)
	}
}

// A count of recommendations must not say in which hour somebody was here.
func TestPace_ofRecommendations(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(30)
	a := thread("Words", "of one")
	h.good(all[0].do(a))
	h.wait(time.Hour)
	h.space.Pace = mask.Careful
	h.wait(time.Hour)
	for _, p := range all[1:] {
		h.good(p.do(wire.Act{Do: wire.Recommend, ID: a.ID}))
	}
	h.good(all[1].do(wire.Act{Do: wire.Unrecommend, ID: a.ID}))
	day := epoch.Day(h.now())
	for epoch.Day(h.now()) == day {
		if s, _ := h.find(a.ID); s.Recommended > 0 {
			t.Fatalf("%d of 28 recommendations are counted on the same day", s.Recommended)
		}
		h.wait(time.Hour)
	}
	for range 71 {
		h.wait(time.Hour)
	}
	if s, _ := h.find(a.ID); s.Recommended != 28 {
		t.Errorf("%d recommendations are counted after three days, want 28", s.Recommended)
	}
	before := h.waiting()
	h.good(all[2].do(wire.Act{Do: wire.Recommend, ID: a.ID})) // its answer was lost
	h.good(all[1].do(wire.Act{Do: wire.Unrecommend, ID: a.ID}))
	if n := h.waiting(); n != before {
		t.Errorf("what was counted waits again: %d things wait, before %d", n, before)
	}
}

func (h *hall) count(posts []wire.Act) (n int) {
	h.t.Helper()
	ids := map[string]bool{}
	for _, t := range h.bundle().Threads {
		for _, p := range t.Posts {
			ids[p.ID] = true
		}
	}
	for _, a := range posts {
		if ids[a.ID] {
			n++
		}
	}
	return n
}
