package mask_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
)

// One moderator alone neither bans nor lifts a ban.
func TestUnban_needsTwo(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	ban := h.banned(all[0].id(), "")
	state := func() string { return all[0].do(wire.Act{Do: wire.Status}).State }
	_, err := h.Undo(h.ctx, mask.Moderator{ID: "ada", Stewards: 1}, h.space.ID, ban.ID, "A mistake.")
	h.fault(err, "mask.order.alone")
	_, err = h.Decide(h.ctx, ada, h.space.ID, mask.Wish{Deed: mask.Unban, Mask: all[0].id(), Reason: "A mistake."})
	h.fault(err, "fault.choose")
	d, err := h.Undo(h.ctx, ada, h.space.ID, ban.ID, "A mistake.")
	h.ok(err)
	if d.Standing != mask.Proposed || state() != "banned" {
		t.Errorf("%+v, she is %s", d, state())
	}
	_, err = h.Undo(h.ctx, bo, h.space.ID, ban.ID, "A mistake.")
	h.fault(err, "mask.order.already")
	h.fault(h.Confirm(h.ctx, ada, h.space.ID, d.ID), "mask.order.own")
	if state() != "banned" {
		t.Error("one moderator lifted a ban")
	}
	h.ok(h.Decline(h.ctx, bo, h.space.ID, d.ID))
	if d, err = h.Undo(h.ctx, ada, h.space.ID, ban.ID, "Still a mistake."); err != nil || state() != "banned" {
		t.Fatal(err, state())
	}
	h.ok(h.Confirm(h.ctx, bo, h.space.ID, d.ID))
	if state() != "active" {
		t.Errorf("two moderators agree, and she is %s", state())
	}
	h.fault(h.Confirm(h.ctx, bo, h.space.ID, d.ID), "mask.order.already")
	again := h.banned(all[0].id(), "") // and the next ban is another one
	if d, err := h.Undo(h.ctx, ada, h.space.ID, again.ID, "A mistake."); err != nil || d.Undoes != again.ID {
		t.Error(d, err)
	}
	other := h.decide(mask.Wish{Deed: mask.Ban, Mask: all[1].id(), Reason: "Insults."})
	h.decide(mask.Wish{Deed: mask.Ban, Mask: all[2].id(), Reason: "Insults."}) // no post names them apart
	h.ok(h.Confirm(h.ctx, bo, h.space.ID, other.ID))
}

// One moderator alone mutes a mask for a week in four, and no proposal of hers delays
// a renewal for long.
func TestMute_moreThanAWeekNeedsTwo(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	mute := func(by mask.Moderator, days int) mask.Decision {
		d, err := h.Decide(h.ctx, by, h.space.ID, mask.Wish{Deed: mask.Mute, Mask: all[0].id(), Days: days, Reason: "Rest."})
		h.ok(err)
		return d
	}
	state := func() string { return all[0].do(wire.Act{Do: wire.Status}).State }
	_, err := h.Decide(h.ctx, mask.Moderator{ID: "ada", Stewards: 1}, h.space.ID, mask.Wish{Deed: mask.Mute, Mask: all[0].id(), Days: mask.MuteAlone + 1, Reason: "Rest."})
	h.fault(err, "mask.order.alone")
	if d := mute(ada, mask.MuteAlone+1); d.Standing != mask.Proposed || state() != "active" {
		t.Errorf("eight days by one: %+v, she is %s", d, state())
	}
	h.days(mask.ProposalDays + 1)
	if list, err := h.Proposals(h.ctx, h.space.ID); err != nil || len(list) != 0 {
		t.Errorf("nobody seconded it, and it waits: %+v %v", list, err)
	}
	if m, err := h.Room.Mask(h.ctx, h.space.ID, all[0].id()); err != nil || m.Reports != 0 {
		t.Errorf("it still delays her renewal: %+v %v", m, err)
	}
	_, err = h.Decide(h.ctx, ada, h.space.ID, mask.Wish{Deed: mask.Mute, Mask: all[0].id(), Days: mask.MaxMute, Reason: "Rest."})
	h.fault(err, "mask.order.unseconded")
	if d := mute(bo, 1); d.Standing != mask.Stands || state() != "muted" {
		t.Errorf("one day by one: %+v, she is %s", d, state())
	}
	h.days(2)
	second := mute(bo, 1)
	if second.Standing != mask.Proposed || state() != "active" {
		t.Errorf("the second mute in four weeks by one: %+v, she is %s", second, state())
	}
	h.ok(h.Confirm(h.ctx, ada, h.space.ID, second.ID))
	if state() != "muted" {
		t.Errorf("two agree, and she is %s", state())
	}
	once := mask.Wish{Deed: mask.Mute, Mask: all[1].id(), Days: 1, Reason: "Rest."}
	_, err = h.Undo(h.ctx, ada, h.space.ID, h.decide(once).ID, "A mistake.")
	h.ok(err)
	if d := h.decide(once); d.Standing != mask.Proposed {
		t.Errorf("muted, undone and muted again by one: %+v", d)
	}
}

// days lets days pass.
func (h *hall) days(n int) { h.leap(h.now().Add(time.Duration(n) * 24 * time.Hour)) }

// Whatever is done in whatever order at the change of an epoch: a mask that is banned
// or reported has no successor, a ban stands until two have undone it, and nothing of
// it is in another space.
func TestBan_survivesRenewal(t *testing.T) {
	h := newHall(t)
	const most = 130 // rapid's runs, and a few more to shrink one that fails
	all := h.crowd(most)
	posts := make([]wire.Act, len(all))
	for i, p := range all {
		posts[i] = thread("T", "text")
		h.good(p.do(posts[i]))
	}
	h.wait(time.Hour)
	next := firstEpoch + 1
	h.leap(epoch.Start(next).Add(80 * time.Hour))
	i, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		if i >= len(all)-1 {
			rt.Skip("no masks are left")
		}
		s := &sanctioned{h: h, rt: rt, p: all[i], post: posts[i], reporter: all[len(all)-1]}
		i++
		s.act, _ = s.p.renewal(next, 1)
		steps := rapid.SliceOfN(rapid.SampledFrom([]string{"renew", "report", "leave", "propose", "confirm", "undo", "agree", "tick", "reopen"}), 3, 9).Draw(rt, "steps")
		for _, step := range append(steps, "renew") {
			s.step(step)
		}
		refused += s.refused
		h.decide(mask.Wish{Deed: mask.Leave, Post: s.post.ID, Reason: "The next one."}) // one reporter may have ten open
	})
	if i < 20 || refused < i/4 {
		t.Errorf("%d runs did something, and %d renewals were refused", i, refused)
	}
	if q, err := h.Queue(h.ctx, "elsewhere"); err != nil || len(q) != 0 {
		t.Errorf("elsewhere: %v %v", q, err)
	}
	if list, err := h.Signed(h.ctx, "elsewhere", 100); err != nil || len(list) != 0 {
		t.Errorf("elsewhere: %v %v", list, err)
	}
}

// sanctioned is a mask at the change of an epoch, and what should be true of it.
type sanctioned struct {
	h        *hall
	rt       *rapid.T
	p        *person
	post     wire.Act
	act      wire.Act
	reporter *person
	ban, end mask.Decision

	banned, reported, proposed, ending, served bool
	refused                                    int
}

func (s *sanctioned) step(step string) {
	h := s.h
	switch step {
	case "renew":
		s.renew()
	case "report":
		h.good(s.reporter.do(report(s.post, "insult")))
		s.reported = h.openReport(s.post.ID)
	case "propose":
		if !s.banned && !s.proposed {
			s.ban, s.proposed = h.decide(mask.Wish{Deed: mask.Ban, Post: s.post.ID, Reason: "Insults."}), true
		}
	case "confirm":
		if s.proposed {
			h.ok(h.Confirm(h.ctx, bo, h.space.ID, s.ban.ID))
			s.banned, s.proposed, s.reported = true, false, false
		}
	case "undo":
		if s.banned && !s.ending {
			end, err := h.Undo(h.ctx, bo, h.space.ID, s.ban.ID, "A mistake.")
			h.ok(err)
			s.end, s.ending = end, true
		}
	case "agree":
		if s.ending {
			h.ok(h.Confirm(h.ctx, ada, h.space.ID, s.end.ID))
			s.banned, s.ending, s.reported = false, false, h.openReport(s.post.ID)
		}
	case "leave":
		h.decide(mask.Wish{Deed: mask.Leave, Post: s.post.ID, Reason: "Nothing in it."})
		s.reported = false
	case "tick":
		h.ok(h.TestOnlyTick(h.ctx))
	case "reopen":
		h.reopen()
	}
	if got := s.p.do(wire.Act{Do: wire.Status}); (got.State == "banned") != s.banned {
		s.rt.Fatalf("after %s: banned is %v, but the state is %s", step, s.banned, got.State)
	}
}

func (s *sanctioned) renew() {
	res := s.p.do(s.act)
	free := !s.banned && !s.reported && !s.proposed
	if res.OK && !s.served && !free || !res.OK && free || res.OK && s.banned {
		s.rt.Fatalf("renewed %v (%s): %+v", res.OK, res.Error, *s)
	}
	s.served = s.served || res.OK
	if !res.OK {
		s.refused++
	}
}
