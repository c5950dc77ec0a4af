package question_test

import (
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/question"
)

func TestQuestions_inOrder(t *testing.T) {
	each(t, func(h *hall) {
		var ids []question.ID
		for _, title := range []string{"The first of three?", "The second of three?", "The third of three?"} {
			ids = append(ids, h.ask(h.ana, title).ID)
			h.days(1)
		}
		h.file(ids[0], question.Filing{Kind: question.Answer, Code: "here", Day: h.Today(), Words: "One."})
		h.days(1)
		h.file(ids[2], question.Filing{Kind: question.Answer, Code: "here", Day: h.Today(), Words: "Three."})
		page := func(f question.Filter) (out string) {
			qs, err := h.Questions(h.ctx, f)
			h.ok(err)
			for _, q := range qs {
				out += strings.Fields(q.Title)[1] + " "
			}
			return out
		}
		if s := page(question.Filter{Shelf: question.OpenShelf}); s != "second " {
			h.t.Error(s)
		}
		if s := page(question.Filter{Shelf: question.AnsweredShelf, Platform: "gigharbour", Owes: question.ByPlatform}); s != "third first " {
			h.t.Error(s)
		}
		qs, err := h.Questions(h.ctx, question.Filter{Shelf: question.AnsweredShelf, Limit: 1})
		h.ok(err)
		if s := page(question.Filter{Shelf: question.AnsweredShelf, After: qs[0].Mark()}); s != "first " {
			h.t.Error(s)
		}
		if s := page(question.Filter{Shelf: question.AnsweredShelf, Platform: "elsewhere"}); s != "" {
			h.t.Error(s)
		}
		h.file(ids[1], question.Filing{Kind: question.Closure, Code: "outdated"})
		if c, err := h.Counts(h.ctx, "", ""); err != nil || c != (question.Counts{Answered: 2, Closed: 1}) {
			h.t.Errorf("%+v %v", c, err)
		}
	})
}

// A clause's page names what was asked about it: what everybody may read, oldest
// first, and what was split off from it.
func TestOfClause(t *testing.T) {
	each(t, func(h *hall) {
		about := func(a question.Actor, title, clause string) question.Question {
			q, err := h.Ask(h.ctx, a, question.Asking{Title: title, Lang: "en", Owes: question.ByCommunity, Clause: clause})
			h.ok(err)
			h.days(1)
			return q
		}
		first := about(h.ana, "May files go by another way?", "c1")
		about(h.ana, "A question about no clause?", "")
		about(h.bo, "A question about another one?", "c2")
		waits := h.bo
		waits.Held = "question.may.steward"
		about(waits, "A question that waits for a steward?", "c1")
		v := h.add(h.bo, first.ID, "And may I share an address to get into a repository?")
		_, err := h.Split(h.ctx, h.dov, first.ID, []question.VariantID{v.ID}, "May I share an address for access?", "It is another.")
		h.ok(err)
		_, err = h.Ask(h.ctx, h.ana, question.Asking{Title: "A question too long?", Lang: "en", Owes: question.ByCommunity, Clause: strings.Repeat("c", 65)})
		h.refused(err, fault.Invalid, "clause", "terms.clause.none")
		qs, err := h.OfClause(h.ctx, "c1")
		h.ok(err)
		if len(qs) != 2 || qs[0].ID != first.ID || qs[1].Title != "May I share an address for access?" || qs[1].Clause != "c1" {
			h.t.Errorf("%+v", qs)
		}
		if qs, err := h.After(h.ctx, first.ID, 10); err != nil || len(qs) != 3 {
			h.t.Errorf("behind the first: %d, %v", len(qs), err)
		}
		if qs, err := h.OfClause(h.ctx, ""); err != nil || len(qs) != 0 {
			h.t.Errorf("about no clause: %d, %v", len(qs), err)
		}
	})
}
