package forum_test

import (
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
)

func TestRestate(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "Calls before a contract")
		h.reply(h.bo, d, "Without a call nobody hires me.")
		third := h.reply(h.ana, d, "With a call I was cheated twice.")
		due := time.Date(2020, 7, 10, 15, 0, 0, 0, time.UTC)
		good := forum.NewRestate{Text: "Both want to know whom they meet.", Proposal: "Let us ask for calls inside the platform.", Of: []int{2, 3}, Due: due}
		but := func(change func(*forum.NewRestate)) error {
			n := good
			n.Of = append([]int(nil), good.Of...)
			change(&n)
			_, err := h.Restate(h.ctx, h.cleo, d.ID, n)
			return err
		}
		_, err := h.Restate(h.ctx, h.nobody, d.ID, good)
		h.refused(err, fault.SignIn, "fault.sign_in")
		h.refused(but(func(n *forum.NewRestate) { n.Of = []int{2} }), fault.Invalid, "forum.restate.how_many")
		h.refused(but(func(n *forum.NewRestate) { n.Of = []int{2, 2} }), fault.Invalid, "forum.restate.how_many")
		h.refused(but(func(n *forum.NewRestate) { n.Of = []int{1, 3} }), fault.Invalid, "forum.restate.one_side")
		h.refused(but(func(n *forum.NewRestate) { n.Of = []int{2, 9} }), fault.Invalid, "forum.restate.none")
		h.refused(but(func(n *forum.NewRestate) { n.Proposal = " " }), fault.Invalid, "fault.empty")
		h.refused(but(func(n *forum.NewRestate) { n.Proposal = "Do it." }), fault.Invalid, "fault.too_short")
		h.refused(but(func(n *forum.NewRestate) { n.Proposal = strings.Repeat("do ", 100) }), fault.Invalid, "fault.too_long")
		h.refused(but(func(n *forum.NewRestate) { n.Proposal = "> let somebody else do it" }), fault.Invalid, "forum.restate.paragraph")
		h.refused(but(func(n *forum.NewRestate) { n.Text = " " }), fault.Invalid, "fault.empty")
		h.refused(but(func(n *forum.NewRestate) { n.Due = time.Time{} }), fault.Invalid, "forum.restate.due")
		h.refused(but(func(n *forum.NewRestate) { n.Due = due.AddDate(1, 0, 0) }), fault.Invalid, "forum.restate.due")

		p, err := h.Restate(h.ctx, h.cleo, d.ID, good)
		h.ok(err)
		page := h.page(h.nobody, d.ID, 1)
		x := page.Restates[p.ID]
		if len(page.Restates) != 1 || x.Proposal != good.Proposal || len(x.Of) != 2 || x.Of[1] != (forum.Quoted{Post: third.ID, Seq: 3}) ||
			!x.Due.Equal(due.Truncate(24*time.Hour)) || x.Came != nil {
			t.Errorf("the page shows %+v", page.Restates)
		}
		before, last := forum.SplitProposal(page.Posts[3].HTML)
		if !strings.Contains(string(before), "whom they meet") || strings.TrimSpace(string(last)) != "<p dir=\"auto\">"+good.Proposal+"</p>" {
			t.Errorf("parted into %q and %q", before, last)
		}

		// It goes on ending in a proposal, and nobody changes one of which something came.
		edit := func(base int, text string) error { _, err := h.Edit(h.ctx, h.cleo, p.ID, base, text); return err }
		h.refused(edit(1, "Both.\n\n- a list of things to do"), fault.Invalid, "forum.restate.ends")
		h.ok(edit(1, "Both want to know.\n\nLet us ask for calls, and for a log."))
		h.ok(h.Restore(h.ctx, h.cleo, p.ID.Thing(), 2, 1))
		if x, err := h.RestateOf(h.ctx, h.nobody, p.ID); err != nil || x.Proposal != good.Proposal {
			t.Errorf("after undoing %+v %v", x, err)
		}
		open, err := h.OpenRestates(h.ctx, 10)
		h.ok(err)
		if len(open) != 1 || open[0].Post != p.ID {
			t.Errorf("open %+v", open)
		}
		h.ok(h.CameOf(h.ctx, p.ID, forum.Thing{Kind: "question", ID: "q1"}))
		h.ok(h.CameOf(h.ctx, p.ID, forum.Thing{Kind: "question", ID: "q1"}))
		h.refused(edit(3, "Both.\n\nLet us rather do nothing at all."), fault.Conflict, "forum.restate.settled")
		h.ok(edit(3, "Both of them.\n\n"+good.Proposal))
		if open, _ := h.OpenRestates(h.ctx, 10); len(open) != 0 {
			t.Errorf("still open %+v", open)
		}
		h.refused(h.CameOf(h.ctx, third.ID, forum.Thing{Kind: "question", ID: "q1"}), fault.NotFound, "forum.restate.no_such")
	})
}

// A restate stays one where its post goes, and goes with its author's texts.
func TestRestate_movedHiddenErased(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		d := h.open(h.ana, "Calls before a contract")
		h.reply(h.bo, d, "Without a call nobody hires me.")
		p, err := h.Restate(h.ctx, h.cleo, d.ID, forum.NewRestate{Text: "Both.", Proposal: "Let us ask for calls.", Of: []int{1, 2}, Due: time.Date(2020, 7, 1, 0, 0, 0, 0, time.UTC)})
		h.ok(err)
		to, err := h.Split(h.ctx, h.dov, d.ID, []forum.PostID{p.ID}, "What to do about calls", "It is another matter")
		h.ok(err)
		if page := h.page(h.nobody, to.ID, 1); len(page.Restates) != 1 || page.Restates[p.ID].Of[1].Seq != 2 {
			t.Errorf("where it went %+v", page.Restates)
		}
		h.ok(h.Hush(h.ctx, h.dov, p.ID.Thing(), "wait"))
		if page := h.page(h.cleo, to.ID, 1); len(page.Restates) != 0 {
			t.Errorf("a hidden one %+v", page.Restates)
		}
		h.refused(h.CameOf(h.ctx, p.ID, forum.Thing{Kind: "question", ID: "q1"}), fault.NotFound, "forum.restate.no_such")
		h.ok(h.Unhush(h.ctx, h.dov, p.ID.Thing()))
		h.ok(h.Erase(h.ctx, h.cleo.Face, true))
		if page := h.page(h.nobody, to.ID, 1); len(page.Restates) != 0 {
			t.Errorf("an erased one %+v", page.Restates)
		}
		_, err = h.RestateOf(h.ctx, h.nobody, p.ID)
		h.refused(err, fault.NotFound, "forum.restate.no_such")
	})
}
