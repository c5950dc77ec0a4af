package question_test

import (
	"strings"
	"testing"

	"guildhall/internal/fault"
	"guildhall/internal/question"
)

// speaks is somebody who acts for gigharbour.
func speaks(a question.Actor, mandate string) question.Actor {
	a.For, a.Mandate = "gigharbour", mandate
	return a
}

func TestRespond(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring when the program is closed?")
		rep := speaks(h.bo, "m1")
		h.days(9)
		for what, c := range map[string]struct {
			by    question.Actor
			f     question.Filing
			kind  fault.Kind
			field string
			key   string
		}{
			"nobody":           {h.nobody, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Yes."}, fault.SignIn, "", "fault.sign_in"},
			"a member":         {h.bo, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Yes."}, fault.Forbidden, "", "question.may.respond"},
			"a steward":        {h.dov, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Yes."}, fault.Forbidden, "", "question.may.respond"},
			"without words":    {rep, question.Filing{Kind: question.Answer, Code: question.Direct}, fault.Invalid, "words", "fault.empty"},
			"a steward's code": {rep, question.Filing{Kind: question.Answer, Code: question.Published, Words: "Yes."}, fault.Invalid, "code", "fault.choose"},
			"a closure":        {rep, question.Filing{Kind: question.Closure, Code: "outdated", Words: "No."}, fault.Invalid, "code", "fault.choose"},
			"a day gone":       {rep, question.Filing{Kind: question.Promise, Until: 1}, fault.Invalid, "until", "question.day_to_come"},
			"asks who":         {rep, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Message me your profile."}, fault.Invalid, "words", "guard.asks"},
		} {
			_, err := h.Respond(h.ctx, c.by, q.ID, c.f)
			t.Log(what)
			h.refused(err, c.kind, c.field, c.key)
		}
		_, err := h.Respond(h.ctx, rep, "nothing", question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Yes."})
		h.refused(err, fault.NotFound, "", "question.none")
		other := rep
		other.For = "elsewhere"
		_, err = h.Respond(h.ctx, other, q.ID, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Yes."})
		h.refused(err, fault.Forbidden, "", "question.may.respond")

		_, err = h.Respond(h.ctx, rep, q.ID, question.Filing{Kind: question.Promise, Until: h.Today() + 3})
		h.ok(err)
		h.shows(q.ID, question.Open, 9, 0)
		e, err := h.Respond(h.ctx, rep, q.ID, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "They ring."})
		h.ok(err)
		h.shows(q.ID, question.Given, 9, 0)
		if e.By.ID != "" || e.Mandate != "m1" {
			t.Errorf("%+v", e)
		}
		_, err = h.Respond(h.ctx, rep, q.ID, question.Filing{Kind: question.Promise, Until: h.Today() + 3})
		h.refused(err, fault.Conflict, "", "question.nothing_owed")
		// Nobody on the site changes it; askers judge it.
		h.refused(h.Undo(h.ctx, h.dov, q.ID, e.N, "I know better."), fault.Forbidden, "", "question.may.platforms_own")
		h.ok(h.Judge(h.ctx, h.ana, q.ID, e.N, question.InPart, "Not on mine."))
		h.days(5)
		h.shows(q.ID, question.Partly, 14, 0)
		// "Not ours" is an answer like others: those who asked may send it back.
		e, err = h.Respond(h.ctx, rep, q.ID, question.Filing{Kind: question.Answer, Code: question.NotOurs, Words: "The maker of the telephone decides that."})
		h.ok(err)
		h.shows(q.ID, question.Given, 14, 0)
		h.ok(h.Judge(h.ctx, h.ana, q.ID, e.N, question.Not, ""))
		h.days(1)
		h.shows(q.ID, question.Partly, 15, 0)
	})
}

// A platform does not stop its own clock with friends that come when its answer has.
func TestJudge_notByWhoCameAfter(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring when the program is closed?")
		h.add(h.cleo, q.ID, "") // who speaks for the platform may ask, too
		h.days(4)
		e, err := h.Respond(h.ctx, speaks(h.cleo, "m1"), q.ID, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Ask elsewhere."})
		h.ok(err)
		h.add(h.bo, q.ID, "")
		h.refused(h.Judge(h.ctx, h.bo, q.ID, e.N, question.Full, ""), fault.Forbidden, "", "question.may.late")
		h.ok(h.Judge(h.ctx, h.cleo, q.ID, e.N, question.Full, "Well said.")) // nobody knows yet that she speaks for it
		h.shows(q.ID, question.Answered, 4, 0)

		h.touched = nil
		h.ok(h.Recuse(h.ctx, h.cleo.Face, "elsewhere"))
		h.shows(q.ID, question.Answered, 4, 0)
		h.ok(h.Recuse(h.ctx, h.cleo.Face, "gigharbour"))
		h.ok(h.Recuse(h.ctx, h.cleo.Face, "gigharbour")) // twice is once
		if h.shows(q.ID, question.Given, 4, 0); !h.told("question:"+string(q.ID), "clock:gigharbour") {
			t.Error(h.touched)
		}
		h.refused(h.Judge(h.ctx, h.cleo, q.ID, e.N, question.Full, ""), fault.Forbidden, "", "question.may.speaks")
		js, err := h.Judgements(h.ctx, h.nobody, q.ID)
		if got, _ := h.clock(q.ID); err != nil || len(js) != 0 || got.Variants != 3 || got.Faces != 2 {
			t.Errorf("%v %v %+v", js, err, got)
		}
		h.ok(h.Judge(h.ctx, h.ana, q.ID, e.N, question.Not, ""))
		h.shows(q.ID, question.Open, 4, 0)

		// Of an answer that comes after her case the late one is a judge like others.
		h.days(1)
		e, err = h.Respond(h.ctx, speaks(h.cleo, "m1"), q.ID, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "They ring."})
		h.ok(err)
		h.ok(h.Judge(h.ctx, h.bo, q.ID, e.N, question.Full, ""))
		h.shows(q.ID, question.Answered, 5, 0)
		if s, err := h.Standing(h.ctx, h.cleo, q.ID); err != nil || !s.Speaks || !s.Asked() {
			t.Errorf("%+v %v", s, err)
		}
		h.ok(h.Erase(h.ctx, h.cleo.Face, false)) // who has left is linked to no platform
		if s, err := h.Standing(h.ctx, h.cleo, q.ID); err != nil || s.Speaks {
			t.Errorf("%+v %v", s, err)
		}
		_, err = h.Standing(h.ctx, h.ana, "nothing")
		h.refused(err, fault.NotFound, "", "question.none")
	})
}

func TestHush_anAnswer(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring when the program is closed?")
		h.days(2)
		e, err := h.Respond(h.ctx, speaks(h.bo, "m1"), q.ID, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Ask *Maria*."})
		h.ok(err)
		thing := question.EntryThing(q.ID, e.N)
		h.refused(h.Hush(h.ctx, h.bo, q.ID, thing, "It names somebody."), fault.Forbidden, "", "question.may.steward")
		h.refused(h.Hush(h.ctx, h.dov, q.ID, question.EntryThing(q.ID, 9), "It names somebody."), fault.NotFound, "", "question.no_entry")
		h.ok(h.Hush(h.ctx, h.dov, q.ID, thing, "It names somebody."))
		h.shows(q.ID, question.Given, 2, 0) // hiding turns no clock
		for a, hidden := range map[*question.Actor]bool{&h.nobody: true, &h.ana: true, &h.dov: false} {
			book, err := h.Book(h.ctx, *a, q.ID)
			h.ok(err)
			if x := book[e.N-1]; x.Hush == nil || x.Hush.Reason != "It names somebody." || (x.Source == "") != hidden || (x.HTML == "") != hidden {
				t.Errorf("%+v", x)
			}
		}
		h.ok(h.Unhush(h.ctx, h.dov, q.ID, thing))
		if book, err := h.Book(h.ctx, h.nobody, q.ID); err != nil || book[e.N-1].Hush != nil || !strings.Contains(book[e.N-1].Source, "Maria") {
			t.Error(book, err)
		}
	})
}

// What askers accepted goes by the word of two people of the platform.
func TestWithdraw_andSecond(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring when the program is closed?")
		first, second := speaks(h.bo, "m1"), speaks(h.cleo, "m2")
		give := func() question.Entry {
			t.Helper()
			e, err := h.Respond(h.ctx, first, q.ID, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "They ring."})
			h.ok(err)
			return e
		}
		e := give()
		_, err := h.Withdraw(h.ctx, h.dov, q.ID, e.N, "It is wrong.")
		h.refused(err, fault.Forbidden, "", "question.may.respond")
		_, err = h.Withdraw(h.ctx, first, q.ID, e.N, "")
		h.refused(err, fault.Invalid, "reason", "fault.empty")
		_, err = h.Withdraw(h.ctx, first, q.ID, 99, "It is wrong.")
		h.refused(err, fault.NotFound, "", "question.no_entry")
		waits, err := h.Withdraw(h.ctx, second, q.ID, e.N, "It is wrong.") // a colleague may, too
		if h.ok(err); waits {
			t.Error("nobody has accepted it")
		}
		h.shows(q.ID, question.Open, 0, 0)
		_, err = h.Withdraw(h.ctx, first, q.ID, e.N, "It is wrong.")
		h.refused(err, fault.Conflict, "", "question.taken_back")

		e = give()
		h.ok(h.Judge(h.ctx, h.ana, q.ID, e.N, question.Full, ""))
		h.refused(h.Second(h.ctx, second, q.ID, e.N, true), fault.NotFound, "", "question.no_entry")
		if waits, err = h.Withdraw(h.ctx, first, q.ID, e.N, "The rule has changed."); err != nil || !waits {
			t.Fatal(waits, err)
		}
		h.shows(q.ID, question.Answered, 0, 0)
		_, err = h.Withdraw(h.ctx, second, q.ID, e.N, "The rule has changed.")
		h.refused(err, fault.Conflict, "", "question.second_waits")
		h.refused(h.Second(h.ctx, first, q.ID, e.N, true), fault.Forbidden, "", "question.may.second")
		h.refused(h.Second(h.ctx, speaks(h.bo, "m3"), q.ID, e.N, true), fault.Forbidden, "", "question.may.second") // herself, anew
		h.refused(h.Second(h.ctx, h.dov, q.ID, e.N, true), fault.Forbidden, "", "question.may.respond")
		h.refused(h.Second(h.ctx, h.dov, q.ID, e.N, false), fault.Forbidden, "", "question.may.respond")
		h.ok(h.Second(h.ctx, second, q.ID, e.N, false))
		if ws, err := h.Withdrawals(h.ctx, q.ID); err != nil || len(ws) != 0 {
			t.Error(ws, err)
		}
		_, err = h.Withdraw(h.ctx, first, q.ID, e.N, "The rule has changed.")
		h.ok(err)
		if ws, err := h.Withdrawals(h.ctx, q.ID); err != nil || ws[e.N].Mandate != "m1" || ws[e.N].Reason != "The rule has changed." {
			t.Error(ws, err)
		}
		h.ok(h.Second(h.ctx, second, q.ID, e.N, true))
		h.shows(q.ID, question.Open, 0, 0)
		book, err := h.Book(h.ctx, h.nobody, q.ID)
		if last := book[len(book)-1]; err != nil || last.Kind != question.Undoing || last.Mandate != "m2" || last.By.ID != "" || last.Undoes != e.N {
			t.Errorf("%+v %v", last, err)
		}
		// A wish goes with the account of whose it is.
		e = give()
		h.ok(h.Judge(h.ctx, h.ana, q.ID, e.N, question.Full, ""))
		_, err = h.Withdraw(h.ctx, first, q.ID, e.N, "The rule has changed.")
		h.ok(err)
		h.ok(h.Erase(h.ctx, h.bo.Face, false))
		if ws, err := h.Withdrawals(h.ctx, q.ID); err != nil || len(ws) != 0 {
			t.Error(ws, err)
		}
	})
}

func TestDelays(t *testing.T) {
	each(t, func(h *hall) {
		for i, days := range []int{3, 30, 7, 8} {
			q := h.ask(h.ana, "Is this question number "+strings.Repeat("i", i+1)+"?")
			h.days(days)
			e, err := h.Respond(h.ctx, speaks(h.bo, "m1"), q.ID, question.Filing{Kind: question.Answer, Code: question.Direct, Words: "Yes."})
			h.ok(err)
			if i == 3 {
				h.ok(h.Judge(h.ctx, h.ana, q.ID, e.N, question.Not, ""))
			}
		}
		days, err := h.Delays(h.ctx, "gigharbour")
		if err != nil || len(days) != 3 || days[0] != 3 || days[2] != 30 {
			t.Error(days, err)
		}
		if p := question.PaceOf(days); p != (question.Pace{Answers: 3, Median: 7, InAWeek: 2}) {
			t.Error(p)
		}
		if days, err = h.Delays(h.ctx, "elsewhere"); err != nil || len(days) != 0 {
			t.Error(days, err)
		}
	})
	for _, c := range []struct {
		days []int
		want question.Pace
	}{{nil, question.Pace{}}, {[]int{0}, question.Pace{Answers: 1, InAWeek: 1}}, {[]int{1, 9}, question.Pace{Answers: 2, Median: 1, InAWeek: 1}}, {[]int{1, 2, 9, 40}, question.Pace{Answers: 4, Median: 2, InAWeek: 2}}} {
		if got := question.PaceOf(c.days); got != c.want {
			t.Errorf("%v: %+v", c.days, got)
		}
	}
}
