package question_test

import (
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/question"
)

// What was answered is answered for those cases too that get a question of their own.
func TestSplit_accusesNobody(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "May files go by another way?")
		v := h.add(h.bo, q.ID, "And may I share an address to get into a repository?")
		h.days(2)
		h.file(q.ID, question.Filing{Kind: question.Pause, Code: "asked_back", Words: "Which one?"})
		h.days(3)
		h.file(q.ID, question.Filing{Kind: question.Resumption, Code: "cleared"})
		h.days(1)
		h.file(q.ID, question.Filing{Kind: question.Answer, Code: question.Published, Day: question.DayOf(h.at), Link: "https://gigharbour.example/answers", Words: "Yes, by any way."})
		h.days(100)
		h.shows(q.ID, question.Given, 3, 3)
		h.events(question.EventFiled) // what is heard is heard
		id, err := h.Split(h.ctx, h.dov, q.ID, []question.VariantID{v.ID}, "May I share an address for access?", "It is another.")
		h.ok(err)
		h.shows(id, question.Given, 3, 3)
		if n := len(h.events(question.EventFiled)); n != 2 { // that cases went, and came
			h.t.Errorf("%d entries are told as new", n)
		}
		book, err := h.Book(h.ctx, h.bo, id)
		h.ok(err)
		if len(book) != 4 || book[2].Kind != question.Answer || book[2].Source != "Yes, by any way." || book[3].Kind != question.Split {
			h.t.Errorf("%+v", book)
		}
		h.ok(h.Judge(h.ctx, h.bo, id, 3, question.Not, "That is not what I asked."))
		h.shows(id, question.Open, 103, 3) // whoever asked says so herself
		h.shows(q.ID, question.Given, 3, 3)
	})
}

// Days that were not counted are not counted by merging.
func TestMerge_keepsWhatWasNotCounted(t *testing.T) {
	each(t, func(h *hall) {
		old := h.ask(h.ana, "How do I set a date without an address?")
		h.days(4)
		h.file(old.ID, question.Filing{Kind: question.Pause, Code: "asked_back", Words: "Which one?"})
		h.days(1000)
		now := h.ask(h.bo, "How do I send a calendar invitation?")
		_, err := h.Merge(h.ctx, h.dov, old.ID, now.ID, "They are one.")
		h.ok(err)
		h.shows(now.ID, question.Open, 4, 0)
		h.days(2)
		h.shows(now.ID, question.Open, 6, 0)
	})
}

// An answer to another question takes nobody off the clock who waited when it came.
func TestMerge_answersNobodyByIt(t *testing.T) {
	each(t, func(h *hall) {
		waits := h.ask(h.ana, "Why was nobody asked?")
		done := h.ask(h.bo, "Why was nobody told?")
		h.days(5)
		h.file(done.ID, question.Filing{Kind: question.Answer, Code: question.Published, Day: question.DayOf(h.at), Link: "https://gigharbour.example/answers", Words: "They were."})
		h.days(5)
		_, err := h.Merge(h.ctx, h.dov, waits.ID, done.ID, "They are one.")
		h.refused(err, fault.Conflict, "into", "question.waits_still")
		later := h.ask(h.cleo, "Why did nobody tell us?")
		_, err = h.Merge(h.ctx, h.dov, later.ID, done.ID, "They are one.")
		h.ok(err)
		_, err = h.Merge(h.ctx, h.dov, done.ID, waits.ID, "They are one.")
		h.ok(err)
		h.shows(waits.ID, question.Open, 10, 0)
	})
}
