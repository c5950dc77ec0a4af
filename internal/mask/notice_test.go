package mask_test

import (
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
)

func TestNotice_hidesAtOnceAndHasAClock(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a, b := h.said(all[0], "Address"), h.said(all[1], "Harmless")
	for _, p := range []wire.Act{a, b} {
		hidden, err := h.Notify(h.ctx, h.space.ID, mask.Notice{Cause: mask.Person, Post: p.ID, Words: "This is my address."})
		h.ok(err)
		if !hidden {
			t.Error("not hidden")
		}
	}
	_, err := h.Notify(h.ctx, h.space.ID, mask.Notice{Cause: mask.Spam, Words: "An advert."})
	h.fault(err, "fault.choose")
	_, err = h.Notify(h.ctx, h.space.ID, mask.Notice{Cause: mask.Person, Post: newID(), Words: "Nowhere."})
	h.fault(err, "mask.notice.no_post")
	look, err := h.Look(h.ctx, ada, h.space.ID, a.ID)
	h.ok(err)
	if look.State != "hidden" || look.Review != epoch.Day(h.now())+mask.ReviewDays {
		t.Errorf("%+v", look)
	}
	h.decide(mask.Wish{Deed: mask.Hide, Post: a.ID, Reason: "An address."})
	h.leap(h.now().Add((mask.ReviewDays + 1) * 24 * time.Hour))
	if p, _ := h.find(a.ID); p.State != "hidden" || p.Reason != "An address." {
		t.Errorf("what was looked at came back: %+v", p)
	}
	if p, _ := h.find(b.ID); p.State != "" {
		t.Errorf("nobody looked and it stays away: %+v", p)
	}
	hidden, err := h.Notify(h.ctx, h.space.ID, mask.Notice{Cause: mask.Person, Post: b.ID, Words: "Away with it again."})
	h.ok(err)
	if p, _ := h.find(b.ID); hidden || p.State != "" {
		t.Errorf("a stranger hides the same post again: %+v", p)
	}
	m, err := h.Room.Mask(h.ctx, h.space.ID, all[1].id())
	h.ok(err)
	if m.Reports != 0 {
		t.Errorf("strangers' notices delay a renewal: %+v", m)
	}
}

// Whoever fills the queue with notices about one post, or about none, leaves the
// way open for all others.
func TestNotice_nobodyShutsTheForm(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a, b := h.said(all[0], "One"), h.said(all[1], "Other")
	notify := func(post string) error {
		_, err := h.Notify(h.ctx, h.space.ID, mask.Notice{Cause: mask.Person, Post: post, Words: "Nonsense."})
		return err
	}
	for range 20 {
		h.ok(notify(a.ID))
	}
	h.fault(notify(a.ID), "mask.notice.known")
	for range 200 {
		h.ok(notify(""))
	}
	h.fault(notify(""), "mask.notice.many")
	h.ok(notify(b.ID))
}

// Of many notices that name no post, those that were not shown are not settled.
func TestNotices_unreadOnesStay(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	h.crowd(20)
	for range 21 {
		_, err := h.Notify(h.ctx, h.space.ID, mask.Notice{Cause: mask.Person, Words: "My address."})
		h.ok(err)
	}
	h.decide(mask.Wish{Deed: mask.Leave, Reason: "Nonsense."})
	look, err := h.Look(h.ctx, ada, h.space.ID, "")
	h.ok(err)
	if look.Count != 1 || len(look.Words) != 1 {
		t.Errorf("%d are left, with %d words", look.Count, len(look.Words))
	}
}

// What a stranger or a moderator does moves nothing else before its hour.
func TestNotice_runsNoTick(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a := h.said(all[0], "Address")
	h.good(all[1].do(report(a, "spam")))
	_, err := h.Notify(h.ctx, h.space.ID, mask.Notice{Cause: mask.Person, Post: a.ID, Words: "My address."})
	h.ok(err)
	if done, err := h.Tick(h.ctx); !done || err != nil {
		t.Fatal(done, err)
	}
	if n := len(h.reporters()); n != 1 { // the notice alone
		t.Errorf("%d reports were filed in the middle of an hour", n)
	}
	if len(h.decided) == 0 {
		t.Error("the log was not told of the decision")
	}
}
