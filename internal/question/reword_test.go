package question_test

import (
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/question"
)

// Words change, are compared and come back in one press; cases keep theirs.
func TestReword_andRestore(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring while the app is closed?")
		first := question.Rewording{Base: 1, Title: "Do calls ring while the app is shut?", Text: "On a telephone.", Reason: "It is shorter."}
		h.ok(h.Reword(h.ctx, h.ana, q.ID, first))
		v, err := h.Add(h.ctx, h.bo, q.ID, "Mine rang an hour late.")
		h.ok(err)
		h.refused(h.Reword(h.ctx, h.ana, q.ID, first), fault.Forbidden, "", "question.may.reword_shared")
		h.refused(h.Reword(h.ctx, h.dov, q.ID, first), fault.Conflict, "", "forum.edit.clash")
		first.Base, first.Title = 2, "Why do calls not ring when the app is shut?"
		h.ok(h.Reword(h.ctx, h.dov, q.ID, first))
		h.ok(h.Reword(h.ctx, h.dov, q.ID, question.Rewording{Base: 3, Title: first.Title, Text: first.Text, Reason: "Nothing new."}))
		h.refused(h.Restore(h.ctx, h.dov, q.ID, 3, 9), fault.NotFound, "", "forum.revision.none")
		h.refused(h.Restore(h.ctx, h.bo, q.ID, 3, 1), fault.Forbidden, "", "question.may.reword")
		h.ok(h.Restore(h.ctx, h.dov, q.ID, 3, 1))
		got, err := h.Question(h.ctx, h.nobody, q.ID)
		if h.ok(err); got.Title != q.Title || got.Source != q.Source {
			h.t.Errorf("%+v", got)
		}
		list, err := h.Revisions(h.ctx, h.nobody, q.ID)
		if h.ok(err); len(list) != 4 || list[0].Restores != 1 || list[2].Reason != "It is shorter." || list[2].By.Name != "ana" || list[3].Title != q.Title {
			h.t.Errorf("%+v", list)
		}
		book, err := h.Book(h.ctx, h.nobody, q.ID)
		if h.ok(err); len(book) != 3 || book[0].Code != question.Reworded || book[0].Link != "2" || book[2].Link != "4" || book[2].Source != "" {
			h.t.Errorf("%+v", book)
		}
		h.refused(h.Undo(h.ctx, h.dov, q.ID, 1, "Not like this."), fault.NotFound, "", "question.no_entry")
		if w, err := h.Variant(h.ctx, h.nobody, v.ID); err != nil || w.Source != "Mine rang an hour late." {
			h.t.Errorf("%+v, %v", w, err)
		}
		h.ok(h.Erase(h.ctx, h.ana.Face, true))
		list, err = h.Revisions(h.ctx, h.nobody, q.ID)
		if h.ok(err); list[3].Title != "" || list[2].Source != "" || list[2].Reason != "" {
			h.t.Errorf("after she left: %+v", list)
		}
		h.refused(h.Restore(h.ctx, h.dov, q.ID, 4, 1), fault.NotFound, "", "forum.revision.none")
	})
}

func TestReword_whatIsWrong(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring while the app is closed?")
		for field, w := range map[string]question.Rewording{
			"title":  {Base: 1, Title: "Calls?", Reason: "Shorter."},
			"text":   {Base: 1, Title: "Do calls ring at night?", Text: "Ask me at ana@example.org.", Reason: "Clearer."},
			"reason": {Base: 1, Title: "Do calls ring at night?"},
		} {
			if f := fault.From(h.Reword(h.ctx, h.ana, q.ID, w)); f == nil || f.Field != field {
				h.t.Errorf("%s: %+v", field, f)
			}
		}
	})
}

func TestMayReword(t *testing.T) {
	t.Parallel()
	ana, bo, dov := question.Actor{Face: "ana"}, question.Actor{Face: "bo"}, question.Actor{Face: "dov", Steward: true}
	alone := question.Question{Variants: 1, Tally: question.Tally{State: question.Open}}
	alone.Asker.ID = "ana"
	shared, answered, gone := alone, alone, alone
	shared.Variants, answered.Tally.State, gone.MergedInto = 2, question.Given, "other"
	if err := question.MayReword(ana, alone); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		name string
		a    question.Actor
		q    question.Question
		why  string
	}{
		{"a steward", dov, shared, ""},
		{"nobody", question.Actor{}, alone, "fault.sign_in"},
		{"somebody else", bo, alone, "question.may.reword"},
		{"others ask too", ana, shared, "question.may.reword_shared"},
		{"answered", ana, answered, "question.may.reword_shared"},
		{"merged", dov, gone, "question.may.merged"},
	} {
		got := ""
		if err := question.MayReword(c.a, c.q); err != nil {
			got = fault.From(err).Key
		}
		if got != c.why {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
