package mask_test

import (
	"crypto/ed25519"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

var (
	ada = mask.Moderator{ID: "ada", Stewards: 2}
	bo  = mask.Moderator{ID: "bo", Stewards: 2}
)

func (h *hall) decide(w mask.Wish) mask.Decision {
	h.t.Helper()
	d, err := h.Decide(h.ctx, ada, h.space.ID, w)
	h.ok(err)
	return d
}

// banned bans a mask, or the author of a post, as two moderators.
func (h *hall) banned(id, post string) mask.Decision {
	h.t.Helper()
	d := h.decide(mask.Wish{Deed: mask.Ban, Mask: id, Post: post, Reason: "Insults."})
	h.ok(h.Confirm(h.ctx, bo, h.space.ID, d.ID))
	return d
}

// unbanned takes a ban back, as two moderators.
func (h *hall) unbanned(ban string) {
	h.t.Helper()
	d, err := h.Undo(h.ctx, bo, h.space.ID, ban, "A mistake.")
	h.ok(err)
	h.ok(h.Confirm(h.ctx, ada, h.space.ID, d.ID))
}

// said posts and waits until it is out.
func (h *hall) said(p *person, title string) wire.Act {
	h.t.Helper()
	a := thread(title, "What "+title+" says.")
	h.good(p.do(a))
	h.wait(time.Hour)
	return a
}

func report(a wire.Act, kind string) wire.Act {
	return wire.Act{Do: wire.Report, ID: a.ID, Kind: kind, Text: "Look at this."}
}

func TestReports_queueByHarm(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(21)
	advert, leak := h.said(all[0], "Advert"), h.said(all[1], "Leak")
	h.refused(all[0].do(report(advert, "spam")), "mask.report.own")
	h.refused(all[2].do(report(advert, "defamation")), "fault.choose")
	h.refused(all[2].do(report(thread("Nowhere", "x"), "spam")), "mask.post.nowhere")
	h.good(all[2].do(report(advert, "spam")))
	h.good(all[2].do(report(advert, "spam"))) // again: still one
	h.good(all[3].do(report(advert, "spam")))
	h.good(all[3].do(report(leak, "person")))
	q, err := h.Queue(h.ctx, h.space.ID)
	h.ok(err)
	if len(q) != 2 || q[0].Post != leak.ID || q[1].Count != 2 {
		t.Fatalf("the queue: %+v", q)
	}
	look, err := h.Look(h.ctx, ada, h.space.ID, leak.ID)
	h.ok(err)
	if !strings.Contains(look.HTML, "What Leak says") || look.Age != 0 || look.Name != wire.Name(all[1].key.Public().(ed25519.PublicKey)) {
		t.Errorf("what a moderator sees: %+v", look)
	}
	o, err := h.Opened(h.ctx, h.space.ID)
	h.ok(err)
	if len(o) != 1 || o[0].By != "ada" || o[0].Texts != 1 {
		t.Errorf("opened: %+v", o)
	}
	h.decide(mask.Wish{Deed: mask.Leave, Post: advert.ID, Reason: "It is no advert."})
	h.decide(mask.Wish{Deed: mask.Hide, Post: leak.ID, Reason: "A client’s name."})
	if q, _ := h.Queue(h.ctx, h.space.ID); len(q) != 0 {
		t.Errorf("settled, but %+v", q)
	}
	// all[3] was right once and wrong once, all[2] wrong: now hers weighs less.
	x, y := h.said(all[4], "X"), h.said(all[5], "Y")
	h.good(all[2].do(report(x, "insult")))
	h.good(all[3].do(report(y, "insult")))
	if q, _ := h.Queue(h.ctx, h.space.ID); len(q) != 2 || q[0].Post != y.ID {
		t.Errorf("accuracy does not count: %+v", q)
	}
}

func TestHide_isSeenByItsAuthorAndUndone(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a := h.said(all[0], "Leak")
	d := h.decide(mask.Wish{Deed: mask.Hide, Post: a.ID, Reason: "A client’s name."})
	_, err := h.Decide(h.ctx, bo, h.space.ID, mask.Wish{Deed: mask.Hide, Post: a.ID, Reason: "A client’s name."})
	h.fault(err, "mask.order.already")
	_, err = h.Decide(h.ctx, bo, h.space.ID, mask.Wish{Deed: mask.Hide, Post: a.ID})
	h.fault(err, "fault.empty")
	h.wait(time.Second)
	if p, _ := h.find(a.ID); p.State != "hidden" || p.HTML != "" || p.Reason != "A client’s name." {
		t.Errorf("%+v", p)
	}
	if res := h.good(all[0].do(a)); res.State != "hidden" || res.Reason != "A client’s name." {
		t.Errorf("its author is told %+v", res)
	}
	_, err = h.Undo(h.ctx, bo, h.space.ID, d.ID, "It was no name.")
	h.ok(err)
	_, err = h.Undo(h.ctx, bo, h.space.ID, d.ID, "It was no name.")
	h.fault(err, "mask.order.already")
	h.wait(time.Second)
	if p, _ := h.find(a.ID); p.State != "" || p.HTML == "" {
		t.Errorf("%+v", p)
	}
	if len(h.decided) != 2 || h.decided[0].Reason == "" {
		t.Errorf("in the log: %+v", h.decided)
	}
	list, err := h.Decisions(h.ctx, h.space.ID, 10)
	h.ok(err)
	if len(list) != 2 {
		t.Errorf("%d decisions are public", len(list))
	}
}

func TestBan_needsTwo(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a := h.said(all[0], "Insult")
	w := mask.Wish{Deed: mask.Ban, Post: a.ID, Reason: "Insults."}
	_, err := h.Decide(h.ctx, mask.Moderator{ID: "ada", Stewards: 1}, h.space.ID, w)
	h.fault(err, "mask.order.alone")
	d := h.decide(w)
	_, err = h.Decide(h.ctx, bo, h.space.ID, w)
	h.fault(err, "mask.order.already")
	if s := all[0].do(wire.Act{Do: wire.Status}); s.State != "active" {
		t.Errorf("banned by one: %+v", s)
	}
	h.fault(h.Confirm(h.ctx, ada, h.space.ID, d.ID), "mask.order.own")
	h.ok(h.Confirm(h.ctx, bo, h.space.ID, d.ID))
	h.fault(h.Confirm(h.ctx, bo, h.space.ID, d.ID), "mask.order.already")
	if s := all[0].do(wire.Act{Do: wire.Status}); s.State != "banned" || s.Reason != "Insults." {
		t.Errorf("%+v", s)
	}
	r := h.decide(mask.Wish{Deed: mask.Remove, Post: a.ID, Reason: "An address."})
	h.ok(h.Decline(h.ctx, bo, h.space.ID, r.ID))
	_, err = h.Undo(h.ctx, bo, h.space.ID, r.ID, "Never mind.")
	h.fault(err, "mask.order.no_way_back")
	again := mask.Wish{Deed: mask.Remove, Post: a.ID, Reason: "An address."}
	_, err = h.Decide(h.ctx, ada, h.space.ID, again)
	h.fault(err, "mask.order.unseconded")
	r, err = h.Decide(h.ctx, bo, h.space.ID, again)
	h.ok(err)
	h.ok(h.Confirm(h.ctx, ada, h.space.ID, r.ID))
	h.wait(time.Second)
	if hasBytes(t, h.dir, "What Insult says") {
		t.Error("the words are still in the file")
	}
}

func TestBrakes(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	h.decide(mask.Wish{Deed: mask.Slow, Reason: "A storm."})
	h.said(all[0], "Once")
	h.refused(all[0].do(thread("Twice", "today")), "mask.slow")
	h.decide(mask.Wish{Deed: mask.Hold, Reason: "Three hundred newcomers."})
	a, b := h.said(all[1], "First"), h.said(all[2], "Bad")
	if _, ok := h.find(a.ID); ok {
		t.Error("a first post was not held")
	}
	if res := h.good(all[1].do(a)); res.State != "held" {
		t.Errorf("%+v", res)
	}
	h.decide(mask.Wish{Deed: mask.Release, Post: a.ID, Reason: "Welcome."})
	h.decide(mask.Wish{Deed: mask.Refuse, Post: b.ID, Reason: "An advert."})
	h.wait(time.Second)
	if _, ok := h.find(a.ID); !ok {
		t.Error("it was let in and is not there")
	}
	if res := h.good(all[2].do(b)); res.State != "refused" || res.Reason != "An advert." {
		t.Errorf("%+v", res)
	}
}

func TestAppeal(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(24)
	a := h.said(all[0], "Critic")
	h.good(all[1].do(report(a, "insult")))
	ban := h.banned("", a.ID)
	appeal := wire.Act{Do: wire.Appeal, ID: all[0].id(), Text: "I only criticised."}
	h.refused(all[2].do(appeal), "mask.appeal.nothing")
	h.refused(all[0].do(wire.Act{Do: wire.Appeal, ID: a.ID, Text: "Not hidden."}), "mask.appeal.nothing")
	h.good(all[0].do(appeal))
	h.good(all[0].do(appeal))
	h.wait(time.Hour)
	c := h.bundle().Cases[0]
	if c.ID != ban.ID || c.About != "banned" || len(c.Jurors) != 3 || c.Outcome != "" {
		t.Fatalf("%+v", c)
	}
	sits := map[string]bool{}
	for _, j := range c.Jurors {
		sits[j] = true
	}
	if sits[all[0].id()] || sits[all[1].id()] {
		t.Error("author or reporter judges")
	}
	votes := 0
	for _, p := range all[1:] {
		act := wire.Act{Do: wire.Judge, ID: c.ID, Verdict: "overturned", Text: "Fair words."}
		if !sits[p.id()] {
			h.refused(p.do(act), "mask.judge.not_drawn")
			continue
		}
		if s := p.do(wire.Act{Do: wire.Status}); len(s.Judge) != 1 || !strings.Contains(s.Judge[0].HTML, "What Critic says") {
			t.Errorf("a juror does not get the text: %+v", s)
		}
		if votes++; votes <= 2 {
			h.good(p.do(act))
		}
	}
	if s := all[0].do(wire.Act{Do: wire.Status}); s.State != "banned" {
		t.Errorf("before the tick: %+v", s)
	}
	h.wait(time.Hour)
	if c := h.bundle().Cases[0]; c.Outcome != "overturned" || len(c.Words) != 2 {
		t.Errorf("%+v", c)
	}
	if s := all[0].do(wire.Act{Do: wire.Status}); s.State != "active" {
		t.Errorf("after the appeal: %+v", s)
	}
	if len(h.ended) != 1 || h.ended[0].Outcome != "overturned" || h.ended[0].ID != ban.ID {
		t.Errorf("in the log: %+v", h.ended)
	}
}

// Reports that are sent again and again, by whoever only reads or after a moderator has
// answered them, delay no renewal; those of masks do, also when their epoch has ended.
func TestReports_delayRenewalAsLongAsTheyAreOpen(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(21)
	a, other := h.said(all[0], "Critic"), h.said(all[0], "Harmless")
	h.good(all[1].do(report(a, "insult")))
	next := firstEpoch + 1
	h.leap(epoch.Start(next).Add(80 * time.Hour))
	renewal := func() wire.Result { m, _ := all[0].renewal(next, 1); return all[0].do(m) }
	h.refused(renewal(), "mask.renew.reported")
	h.good(all[0].do(wire.Act{Do: wire.Delete, ID: other.ID}))
	h.days(1)
	h.refused(renewal(), "mask.renew.reported")
	h.decide(mask.Wish{Deed: mask.Leave, Post: a.ID, Reason: "Nothing in it."})
	reader := h.person()
	day := epoch.Day(h.now())
	v := wire.Visit{Acts: []wire.Act{report(a, "spam")}}
	v.Show(reader.reading(next, day-epoch.FirstDay(next)))
	_, err := h.send(v, reader.root.ReadKey(h.space.ID, next, day-epoch.FirstDay(next)))
	h.ok(err)
	h.good(renewal())
}

func TestReporters_areForgottenWithTheEpoch(t *testing.T) {
	t.Parallel()
	h := newHall(t)
	all := h.crowd(20)
	a := h.said(all[0], "Old")
	h.good(all[1].do(report(a, "spam")))
	h.wait(time.Hour)
	before := h.reporters()
	h.leap(epoch.Start(firstEpoch + 1).Add(time.Hour))
	if after := h.reporters(); len(before) != 1 || len(after) != 1 || before[0] == after[0] {
		t.Errorf("%q, then %q", before, after)
	}
	if hasBytes(t, h.dir, before[0]) {
		t.Error("the reporter's hash is still in the file")
	}
}

func TestMay_order(t *testing.T) {
	t.Parallel()
	m := mask.Mask{Space: "s", ID: "m"}
	mine := mask.Decision{Space: "s", Mask: "m", Deed: mask.Hide, Standing: mask.Stands}
	undone, removed, elsewhere := mine, mine, mine
	undone.Standing, removed.Deed, elsewhere.Space = mask.Undone, mask.Remove, "t"
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"propose":             {mask.MayPropose(ada), ""},
		"propose alone":       {mask.MayPropose(mask.Moderator{ID: "ada", Stewards: 1}), "mask.order.alone"},
		"confirm":             {mask.MayConfirm(bo, mask.Signed{By: "ada"}), ""},
		"confirm one's own":   {mask.MayConfirm(ada, mask.Signed{By: "ada"}), "mask.order.own"},
		"appeal":              {mask.MayAppeal(m, mine), ""},
		"appeal undone":       {mask.MayAppeal(m, undone), "mask.appeal.nothing"},
		"appeal removed":      {mask.MayAppeal(m, removed), "mask.appeal.nothing"},
		"appeal elsewhere":    {mask.MayAppeal(m, elsewhere), "mask.not_yours"},
		"judge":               {mask.MayJudge(true, ""), ""},
		"judge undrawn":       {mask.MayJudge(false, ""), "mask.judge.not_drawn"},
		"judge ended":         {mask.MayJudge(true, mask.Upheld), "mask.judge.over"},
		"report":              {mask.MayReport(true, "m", "n", mask.Spam, 0), ""},
		"report unread":       {mask.MayReport(false, "m", "n", mask.Spam, 0), "mask.not_born"},
		"report an eleventh":  {mask.MayReport(true, "m", "n", mask.Spam, 10), "mask.report.many"},
		"again":               {mask.MayPostAgain(mask.Mask{LastDay: 3}, true, 0, 4), ""},
		"again on one day":    {mask.MayPostAgain(mask.Mask{LastDay: 4}, true, 0, 4), "mask.slow"},
		"again while waiting": {mask.MayPostAgain(mask.Mask{}, true, 1, 4), "mask.slow"},
	} {
		if got := fault.From(c.err); c.err == nil && c.want != "" || c.err != nil && got.Key != c.want {
			t.Errorf("%s: %v, want %q", name, c.err, c.want)
		}
	}
}

// openReport tells whether something about a post waits for a moderator.
func (h *hall) openReport(post string) bool {
	h.t.Helper()
	q, err := h.Queue(h.ctx, h.space.ID)
	h.ok(err)
	return slices.ContainsFunc(q, func(t mask.Thing) bool { return t.Post == post })
}

// reporters are the hashes that stand in the table of reports.
func (h *hall) reporters() (list []string) {
	h.t.Helper()
	h.ok(h.db.Read(h.ctx, func(tx *safedb.Tx) error {
		return tx.Rows("SELECT who FROM report", func(scan func(...any) error) error {
			var b []byte
			err := scan(&b)
			list = append(list, string(b))
			return err
		})
	}))
	return list
}
