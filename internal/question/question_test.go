package question_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/question"
)

func TestAskers_eachOnce(t *testing.T) {
	each(t, func(h *hall) {
		q, err := h.Ask(h.ctx, h.ana, question.Asking{Title: "May I send a scheduling link?", Lang: "en", Owes: question.ByCommunity})
		h.ok(err)
		for _, by := range []question.Actor{h.bo, h.bo, h.ana} {
			if _, err := h.Add(h.ctx, by, q.ID, "Mine too."); err != nil {
				t.Fatal(err)
			}
		}
		got, err := h.Askers(h.ctx, q.ID)
		h.ok(err)
		want := []face.ID{h.ana.Face, h.bo.Face}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("askers: got %v, want %v", got, want)
		}
	})
}

func TestAsk_andAdd(t *testing.T) {
	each(t, func(h *hall) {
		good := question.Asking{Title: "May I send a scheduling link?", Text: "Before the *contract*.", Lang: "en", Platform: "gigharbour", Owes: question.ByPlatform}
		_, err := h.Ask(h.ctx, h.nobody, good)
		h.refused(err, fault.SignIn, "", "fault.sign_in")
		for field, bad := range map[string]question.Asking{
			"title":    {Title: "May I?", Lang: "en", Owes: question.ByCommunity},
			"lang":     {Title: good.Title, Lang: "xx", Owes: question.ByCommunity},
			"owes":     {Title: good.Title, Lang: "en", Owes: "nobody"},
			"platform": {Title: good.Title, Lang: "en", Owes: question.ByPlatform, Platform: "nowhere"},
			"text":     {Title: good.Title, Lang: "en", Owes: question.ByCommunity, Text: strings.Repeat("long ", 1000)},
		} {
			if _, err := h.Ask(h.ctx, h.ana, bad); err == nil || fault.From(err).Field != field {
				h.t.Errorf("%s: %v", field, err)
			}
		}
		_, err = h.Ask(h.ctx, h.ana, question.Asking{Title: good.Title, Lang: "en", Owes: question.ByPlatform})
		h.refused(err, fault.Invalid, "platform", "question.which_platform")
		q, err := h.Ask(h.ctx, h.ana, good)
		h.ok(err)
		if !h.told("questions", "question:"+string(q.ID), "clock:gigharbour") {
			h.t.Error(h.touched)
		}
		h.days(1)
		h.add(h.bo, q.ID, "")
		h.add(h.bo, q.ID, "") // once
		h.add(h.bo, q.ID, "Mine is on a page of my own.")
		h.add(h.cleo, q.ID, "A client asked me for it.")
		got, c := h.clock(q.ID)
		if got.Variants != 4 || got.Faces != 3 || c.Waited != 1 || got.Asker.Name != "ana" || got.HTML == "" {
			h.t.Errorf("%+v", got)
		}
		vs, next, err := h.Variants(h.ctx, h.nobody, q.ID, "")
		if h.ok(err); len(vs) != 4 || next != "" || vs[2].Source != "Mine is on a page of my own." || vs[2].Asker.Name != "bo" {
			h.t.Errorf("%+v", vs)
		}
		_, err = h.Add(h.ctx, h.nobody, q.ID, "")
		h.refused(err, fault.SignIn, "", "fault.sign_in")
		_, err = h.Add(h.ctx, h.bo, "nowhere", "")
		h.refused(err, fault.NotFound, "", "question.none")
		_, err = h.Add(h.ctx, h.bo, q.ID, "write to bo@mail.example")
		h.refused(err, fault.Invalid, "text", "guard.personal.mail")
		if s, err := h.Standing(h.ctx, h.bo, q.ID); err != nil || !s.Asked() || s.Speaks {
			h.t.Error(s, err)
		}
		if s, err := h.Standing(h.ctx, h.dov, q.ID); err != nil || s.Asked() {
			h.t.Error(s, err)
		}
		if n := len(h.events(question.EventAdded)); n != 3 {
			h.t.Errorf("%d cases were told of", n)
		}
		few := h.ana
		few.MaxLinks = 1
		_, err = h.Ask(h.ctx, few, question.Asking{Title: good.Title, Lang: "en", Owes: question.ByCommunity, Text: "https://a.example https://b.example"})
		h.refused(err, fault.Invalid, "text", "question.links")
	})
}

func TestBook_ofOneQuestion(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Do calls ring when the app is closed?")
		h.add(h.bo, q.ID, "")
		h.days(9)
		h.shows(q.ID, question.Open, 9, 0)
		_, err := h.File(h.ctx, h.ana, q.ID, question.Filing{Kind: question.Closure, Code: "outdated"})
		h.refused(err, fault.Forbidden, "", "question.may.steward")
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Pause, Code: "holiday"})
		h.refused(err, fault.Invalid, "code", "fault.choose")
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Merge})
		h.refused(err, fault.Invalid, "kind", "fault.choose")
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Resumption, Code: "cleared"})
		h.refused(err, fault.Conflict, "", "question.not_paused")
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Reopening, Code: "still_asked"})
		h.refused(err, fault.Conflict, "", "question.not_closed")
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Promise, Until: h.Today() - 1, Link: "https://gigharbour.example/1"})
		h.refused(err, fault.Invalid, "until", "question.day_to_come")
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Promise, Until: h.Today() + 1, Link: "javascript:alert(1)"})
		h.refused(err, fault.Invalid, "link", "question.link")

		h.file(q.ID, question.Filing{Kind: question.Promise, Until: h.Today() + 3, Link: "https://gigharbour.example/1", Words: "By Friday."})
		pause := h.file(q.ID, question.Filing{Kind: question.Pause, Code: "asked_back", Words: "Which telephone?"})
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Pause, Code: "asked_back"})
		h.refused(err, fault.Conflict, "", "question.no_pause_now")
		h.days(2)
		h.shows(q.ID, question.Paused, 9, 2)
		h.file(q.ID, question.Filing{Kind: question.Resumption, Code: "cleared"})
		h.days(3)
		h.shows(q.ID, question.Open, 12, 2)
		h.refused(h.Undo(h.ctx, h.ana, q.ID, pause.N, "It was no pause."), fault.Forbidden, "", "question.may.steward")
		h.refused(h.Undo(h.ctx, h.dov, q.ID, 99, "It was no pause."), fault.NotFound, "", "question.no_entry")
		h.ok(h.Undo(h.ctx, h.dov, q.ID, pause.N, "It was no pause."))
		h.refused(h.Undo(h.ctx, h.dov, q.ID, pause.N, "Again."), fault.Conflict, "", "question.taken_back")
		h.shows(q.ID, question.Open, 14, 0)
		if _, c := h.clock(q.ID); c.Late != 2 {
			h.t.Errorf("%d days late", c.Late)
		}
		h.file(q.ID, question.Filing{Kind: question.Closure, Code: "outdated"})
		_, err = h.Add(h.ctx, h.cleo, q.ID, "")
		h.refused(err, fault.Forbidden, "", "question.may.closed")
		h.days(4)
		h.shows(q.ID, question.Closed, 14, 0)
		h.file(q.ID, question.Filing{Kind: question.Reopening, Code: "still_asked"})
		h.shows(q.ID, question.Open, 18, 0) // closing won nothing

		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Answer, Code: question.Published, Day: h.Today(), Words: "They do."})
		h.refused(err, fault.Invalid, "link", "question.link")
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Answer, Code: question.Published, Day: h.Today() + 1, Words: "They will."})
		h.refused(err, fault.Invalid, "day", "question.day_gone")
		answer := h.file(q.ID, question.Filing{Kind: question.Answer, Code: question.Published, Day: h.Today() - 2, Link: "https://gigharbour.example/2", Words: "They do."})
		h.days(30)
		h.shows(q.ID, question.Given, 16, 0)
		h.refused(h.Judge(h.ctx, h.cleo, q.ID, answer.N, question.Full, ""), fault.Forbidden, "", "question.may.asker")
		h.refused(h.Judge(h.ctx, h.ana, q.ID, pause.N, question.Full, ""), fault.NotFound, "", "question.no_answer")
		h.refused(h.Judge(h.ctx, h.ana, q.ID, answer.N, "well", ""), fault.Invalid, "verdict", "fault.choose")
		h.ok(h.Judge(h.ctx, h.ana, q.ID, answer.N, question.Full, ""))
		h.shows(q.ID, question.Answered, 16, 0)
		h.ok(h.Judge(h.ctx, h.bo, q.ID, answer.N, question.InPart, "Not on mine."))
		h.shows(q.ID, question.Partly, 48, 0)
		h.ok(h.Judge(h.ctx, h.ana, q.ID, answer.N, question.Unjudged, ""))
		h.ok(h.Judge(h.ctx, h.bo, q.ID, answer.N, question.Not, "It rings nowhere."))
		h.shows(q.ID, question.Open, 48, 0)
		js, err := h.Judgements(h.ctx, h.nobody, q.ID)
		if h.ok(err); len(js) != 1 || js[0].Words != "It rings nowhere." || js[0].Asker.Name != "bo" {
			h.t.Errorf("%+v", js)
		}
		h.file(q.ID, question.Filing{Kind: question.Correction, Code: "wrong_start", Day: h.Today() - 10, Words: "Asked later than the clock said."})
		h.shows(q.ID, question.Open, 10, 0)
		_, err = h.File(h.ctx, h.dov, q.ID, question.Filing{Kind: question.Correction, Code: "wrong_addressee", Words: "Not theirs."})
		h.refused(err, fault.Invalid, "owes", "fault.choose")
		h.file(q.ID, question.Filing{Kind: question.Correction, Code: "wrong_addressee", Owes: question.ByCommunity, Words: "Not theirs."})
		if c, err := h.Counts(h.ctx, "gigharbour", question.ByPlatform); err != nil || c.Open != 0 {
			h.t.Errorf("%+v %v", c, err)
		}
		book, err := h.Book(h.ctx, h.nobody, q.ID)
		if h.ok(err); len(book) != 9 || book[1].UndoneBy != 4 || book[3].Undoes != 2 || book[6].Judged.Not != 1 || book[0].By.Name != "dov" {
			h.t.Errorf("%+v", book)
		}
		shorter := question.Rewording{Base: 1, Title: "Do calls ring while the app is shut?", Reason: "Shorter."}
		h.ok(h.Reword(h.ctx, h.dov, q.ID, shorter))
		h.refused(h.Reword(h.ctx, h.bo, q.ID, shorter), fault.Forbidden, "", "question.may.reword")
		if got, _ := h.clock(q.ID); got.Title != "Do calls ring while the app is shut?" || got.Entries != 10 {
			h.t.Errorf("%+v", got)
		}
	})
}

func TestMerge_andUnmove(t *testing.T) {
	each(t, func(h *hall) {
		a := h.ask(h.ana, "How do I set a date without an address?")
		h.add(h.bo, a.ID, "Our calendars do not meet.")
		h.days(3)
		b := h.ask(h.bo, "How do I send a calendar invitation?")
		kept := h.add(h.cleo, b.ID, "Nobody could say.")
		_, err := h.Merge(h.ctx, h.ana, b.ID, a.ID, "They are one.")
		h.refused(err, fault.Forbidden, "", "question.may.steward")
		_, err = h.Merge(h.ctx, h.dov, b.ID, b.ID, "They are one.")
		h.refused(err, fault.Invalid, "into", "question.same")
		_, err = h.Merge(h.ctx, h.dov, b.ID, "nowhere", "They are one.")
		h.refused(err, fault.NotFound, "", "question.none")
		move, err := h.Merge(h.ctx, h.dov, a.ID, b.ID, "They are *one*.")
		h.ok(err)
		h.shows(b.ID, question.Open, 3, 0) // the earlier clock
		gone, _ := h.clock(a.ID)
		into, _ := h.clock(b.ID)
		if gone.MergedInto != b.ID || gone.Variants != 0 || into.Variants != 4 || into.Faces != 3 {
			h.t.Errorf("%+v\n%+v", gone, into)
		}
		if id, err := h.Stands(h.ctx, a.ID); err != nil || id != b.ID {
			h.t.Error(id, err)
		}
		told := h.events(question.EventMerged)
		var m question.Moved
		if len(told) != 1 || told[0].Decode(&m) != nil || m.Into != b.ID || len(m.Faces) != 2 {
			h.t.Errorf("%v %+v", told, m)
		}
		_, err = h.Add(h.ctx, h.cleo, a.ID, "")
		h.refused(err, fault.Conflict, "", "question.may.merged")
		_, err = h.Merge(h.ctx, h.dov, a.ID, b.ID, "Once more.")
		h.refused(err, fault.Conflict, "", "question.may.merged")
		mine, err := h.Mine(h.ctx, h.ana)
		if h.ok(err); len(mine) != 1 || mine[0].Question.ID != b.ID || len(mine[0].From) != 1 || mine[0].From[0].From != a.ID {
			h.t.Errorf("%+v", mine)
		}
		h.add(h.dov, b.ID, "Asked after the merge.")
		_, err = h.Unmove(h.ctx, h.ana, move, "They are two.")
		h.refused(err, fault.Forbidden, "", "question.may.steward")
		_, err = h.Unmove(h.ctx, h.dov, move, "They are two.")
		h.ok(err)
		_, err = h.Unmove(h.ctx, h.dov, move, "They are two.")
		h.refused(err, fault.Conflict, "", "question.taken_back")
		h.shows(a.ID, question.Open, 3, 0)
		h.shows(b.ID, question.Open, 0, 0)
		back, _ := h.clock(a.ID)
		into, _ = h.clock(b.ID)
		if back.Variants != 2 || into.Variants != 3 || back.MergedInto != "" {
			h.t.Errorf("%+v\n%+v", back, into)
		}
		if ms, err := h.Moves(h.ctx, a.ID); err != nil || len(ms) != 1 || !ms[0].Undone {
			h.t.Errorf("%+v %v", ms, err)
		}
		vs, _, err := h.Variants(h.ctx, h.nobody, b.ID, "")
		if h.ok(err); vs[1].ID != kept.ID {
			h.t.Errorf("%+v", vs)
		}

		// A chain is undone from its end.
		c := h.ask(h.cleo, "Another one altogether?")
		first, err := h.Merge(h.ctx, h.dov, a.ID, b.ID, "They are one.")
		h.ok(err)
		second, err := h.Merge(h.ctx, h.dov, b.ID, c.ID, "All of them.")
		h.ok(err)
		if id, err := h.Stands(h.ctx, a.ID); err != nil || id != c.ID {
			h.t.Error(id, err)
		}
		_, err = h.Unmove(h.ctx, h.dov, first, "Too early.")
		h.refused(err, fault.Conflict, "", "question.later_first")
		for _, id := range []question.MoveID{second, first} {
			_, err = h.Unmove(h.ctx, h.dov, id, "In turn.")
			h.ok(err)
		}
		if got, _ := h.clock(a.ID); got.Variants != 2 {
			h.t.Errorf("%+v", got)
		}
	})
}

// Two stewards merge at once, each into the other's: one wins, nothing is lost.
func TestMerge_bothWaysAtOnce(t *testing.T) {
	each(t, func(h *hall) {
		a, b := h.ask(h.ana, "How do I set a date?"), h.ask(h.bo, "How do I send an invitation?")
		var errs [2]error
		var wg sync.WaitGroup
		for i, p := range [][2]question.ID{{a.ID, b.ID}, {b.ID, a.ID}} {
			wg.Go(func() { _, errs[i] = h.Merge(h.ctx, h.dov, p[0], p[1], "They are one.") })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			h.t.Fatalf("%v and %v", errs[0], errs[1])
		}
		qa, _ := h.clock(a.ID)
		qb, _ := h.clock(b.ID)
		if qa.Variants+qb.Variants != 2 || (qa.MergedInto == "") == (qb.MergedInto == "") {
			h.t.Errorf("%+v\n%+v", qa, qb)
		}
		if n := len(h.events(question.EventMerged)); n != 1 {
			h.t.Errorf("told %d times", n)
		}
	})
}

func TestSplit(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "May files go by another way?")
		h.days(5)
		v := h.add(h.bo, q.ID, "And may I share an address to get into a repository?")
		h.days(5)
		_, err := h.Split(h.ctx, h.dov, q.ID, nil, "May I share an address for access?", "It is another.")
		h.refused(err, fault.Invalid, "variants", "question.choose_variants")
		all, _, err := h.Variants(h.ctx, h.dov, q.ID, "")
		h.ok(err)
		_, err = h.Split(h.ctx, h.dov, q.ID, []question.VariantID{all[0].ID, all[1].ID}, "May I share an address for access?", "It is another.")
		h.refused(err, fault.Invalid, "variants", "question.choose_variants")
		_, err = h.Split(h.ctx, h.bo, q.ID, []question.VariantID{v.ID}, "May I share an address for access?", "It is another.")
		h.refused(err, fault.Forbidden, "", "question.may.steward")
		id, err := h.Split(h.ctx, h.dov, q.ID, []question.VariantID{v.ID}, "May I share an address for access?", "It is another.")
		h.ok(err)
		h.shows(q.ID, question.Open, 10, 0)
		h.shows(id, question.Open, 5, 0) // since its case was asked
		ms, err := h.Moves(h.ctx, id)
		h.ok(err)
		if _, err = h.Unmove(h.ctx, h.dov, ms[0].ID, "They are one after all."); err != nil {
			h.t.Fatal(err)
		}
		back, _ := h.clock(q.ID)
		gone, _ := h.clock(id)
		if back.Variants != 2 || gone.MergedInto != q.ID {
			h.t.Errorf("%+v\n%+v", back, gone)
		}
		if n := len(h.events(question.EventSplit)) + len(h.events(question.EventUnmoved)); n != 2 {
			h.t.Errorf("told %d times", n)
		}
	})
}

func TestGather(t *testing.T) {
	each(t, func(h *hall) {
		posts := []question.Said{{Post: "p1", Face: h.ana.Face, At: h.at.Add(-24 * time.Hour)}, {Post: "p2", Face: h.bo.Face, At: h.at}, {Post: "p3", Face: h.ana.Face, At: h.at}}
		n := question.Asking{Title: "What happens to conversations of the past?", Lang: "en", Platform: "gigharbour", Owes: question.ByPlatform}
		_, _, err := h.AskFrom(h.ctx, h.ana, n, posts)
		h.refused(err, fault.Forbidden, "", "question.may.steward")
		_, _, err = h.AskFrom(h.ctx, h.dov, n, nil)
		h.refused(err, fault.Invalid, "posts", "question.choose_posts")
		q, made, err := h.AskFrom(h.ctx, h.dov, n, posts)
		if h.ok(err); made != 3 {
			h.t.Error(made)
		}
		made, err = h.Gather(h.ctx, h.dov, q.ID, append(posts, question.Said{Post: "p4", Face: h.cleo.Face, At: h.at}))
		if h.ok(err); made != 1 {
			h.t.Error(made)
		}
		if got, _ := h.clock(q.ID); got.Variants != 4 || got.Faces != 3 {
			h.t.Errorf("%+v", got)
		}
		places, err := h.OfPosts(h.ctx, []string{"p1", "p9"})
		if h.ok(err); len(places) != 1 || places[0].Question != q.ID {
			h.t.Errorf("%+v", places)
		}
		if qs, err := h.Questions(h.ctx, question.Filter{Shelf: question.OpenShelf}); err != nil || len(qs) != 1 {
			h.t.Error(qs, err) // the refused try left nothing
		}
	})
}

func TestHush_andErase(t *testing.T) {
	each(t, func(h *hall) {
		held := h.ana
		held.Held = "moderation.held.newcomer"
		q := h.ask(held, "May a newcomer ask in public?")
		_, err := h.Question(h.ctx, h.bo, q.ID)
		h.refused(err, fault.NotFound, "", "question.none")
		if got, err := h.Question(h.ctx, h.ana, q.ID); err != nil || !got.Hush.Waits() {
			h.t.Error(got, err)
		}
		if w, err := h.Waiting(h.ctx, h.dov); err != nil || len(w) != 1 {
			h.t.Error(w, err)
		}
		_, err = h.Waiting(h.ctx, h.ana)
		h.refused(err, fault.Forbidden, "", "question.may.steward")
		if near, err := h.Nearest(h.ctx, "May a newcomer ask in public?", ""); err != nil || len(near) != 0 {
			h.t.Error(near, err)
		}
		h.refused(h.Unhush(h.ctx, h.ana, q.ID, string(q.ID)), fault.Forbidden, "", "question.may.steward")
		h.ok(h.Unhush(h.ctx, h.dov, q.ID, string(q.ID)))
		if near, err := h.Nearest(h.ctx, "Newcomers asking in public", ""); err != nil || len(near) != 1 {
			h.t.Error(near, err)
		}
		h.days(1)
		heldBo := h.bo
		heldBo.Held = "moderation.held.newcomer"
		v := h.add(heldBo, q.ID, "My words wait.")
		if got, _ := h.clock(q.ID); got.Variants != 1 {
			h.t.Errorf("%+v", got)
		}
		vs, _, err := h.Variants(h.ctx, h.nobody, q.ID, "")
		if h.ok(err); vs[1].Source != "" {
			h.t.Errorf("%+v", vs)
		}
		h.ok(h.Unhush(h.ctx, h.dov, q.ID, string(v.ID)))
		h.ok(h.Hush(h.ctx, h.dov, q.ID, string(v.ID), "It names somebody."))
		h.refused(h.Hush(h.ctx, h.dov, q.ID, "another", "It names somebody."), fault.NotFound, "", "question.none")
		h.ok(h.Unhush(h.ctx, h.dov, q.ID, string(v.ID)))
		answer := h.file(q.ID, question.Filing{Kind: question.Answer, Code: "here", Day: h.Today(), Words: "Yes."})
		h.ok(h.Judge(h.ctx, h.bo, q.ID, answer.N, question.Not, "It is no answer."))
		h.ok(h.Erase(h.ctx, h.bo.Face, true))
		vs, _, err = h.Variants(h.ctx, h.dov, q.ID, "")
		if h.ok(err); len(vs) != 2 || vs[1].Source != "" || vs[1].HTML != "" {
			h.t.Errorf("%+v", vs)
		}
		h.shows(q.ID, question.Given, 1, 0)
		h.ok(h.Erase(h.ctx, h.ana.Face, true))
		if got, _ := h.clock(q.ID); got.Title == "" || got.Faces != 2 {
			h.t.Errorf("%+v", got) // bo asks it too
		}
		alone := h.ask(h.cleo, "A question of one alone?")
		h.ok(h.Erase(h.ctx, h.cleo.Face, true))
		if got, _ := h.clock(alone.ID); got.Title != "" {
			h.t.Errorf("%+v", got)
		}
	})
}

// Who leaves with her texts leaves them nowhere: not in the book that says how her title
// became another one, nor in the list of words by which questions are found.
func TestErase_leavesNoWord(t *testing.T) {
	each(t, func(h *hall) {
		q := h.ask(h.ana, "Is a glockenspiel an invoice?")
		h.ok(h.Reword(h.ctx, h.dov, q.ID, question.Rewording{Base: 1, Title: "Is an instrument an invoice?", Text: "A glockenspiel, say.", Reason: "It is clearer."}))
		other := h.ask(h.bo, "Is a glockenspiel a tax?")
		h.ok(h.Erase(h.ctx, h.ana.Face, true))
		h.ok(h.Erase(h.ctx, h.bo.Face, true))
		book, err := h.Book(h.ctx, h.dov, q.ID)
		if h.ok(err); len(book) != 1 || book[0].Source != "" || book[0].HTML != "" || book[0].Kind != question.Correction {
			t.Errorf("%+v", book)
		}
		if got, _ := h.clock(other.ID); got.Title != "" {
			t.Error(got.Title)
		}
		n := 0
		h.ok(h.db.Rows(h.ctx, qAnyTerm, func(scan func(...any) error) error { n++; var w string; return scan(&w) }))
		if n != 0 {
			t.Errorf("%d words are left", n)
		}
	})
}

// One person fills nobody's clock: so many questions in a day, and a newcomer fewer.
func TestAsk_soManyInADay(t *testing.T) {
	each(t, func(h *hall) {
		h.at = h.at.Add(time.Hour)
		full := func(a question.Actor, most int, key string) {
			t.Helper()
			for i := range most {
				h.ask(a, fmt.Sprintf("Is this question number %d?", i))
			}
			_, err := h.Ask(h.ctx, a, question.Asking{Title: "And is this one more?", Lang: "en", Owes: question.ByCommunity})
			h.refused(err, fault.TooMany, "", key)
		}
		full(h.bo, question.MaxADay, "question.too_many")
		fresh := h.ana
		fresh.Newcomer = true
		full(fresh, question.MaxNewADay, "question.too_many.new")
		h.ask(h.ana, "Does she have more once she is known?")
		h.days(1)
		h.ask(fresh, "Is it another day now?")
	})
}

func TestMay(t *testing.T) {
	t.Parallel()
	ana, dov, nobody := question.Actor{Face: "ana"}, question.Actor{Face: "dov", Steward: true}, question.Actor{}
	open := question.Question{Asker: face.Face{ID: "bo"}, Tally: question.Tally{State: question.Open}}
	hushed, closed, merged := open, open, open
	hushed.Hushed, closed.Tally.State, merged.MergedInto = true, question.Closed, "another"
	answer := question.Entry{Kind: question.Answer, At: time.Unix(2e9, 0)}
	before := question.Standing{Since: answer.At.Add(-1)}
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"a member asks":                         {question.MayAsk(ana), true},
		"a reader does not":                     {question.MayAsk(nobody), false},
		"everybody reads":                       {question.MayRead(nobody, open), true},
		"nobody reads what is hidden":           {question.MayRead(ana, hushed), false},
		"a steward does":                        {question.MayRead(dov, hushed), true},
		"who asked it does":                     {question.MayRead(question.Actor{Face: "bo"}, hushed), true},
		"a case is read":                        {question.MayReadVariant(nobody, question.Variant{}), true},
		"a hidden one is not":                   {question.MayReadVariant(ana, question.Variant{Hushed: true}), false},
		"a member adds":                         {question.MayAdd(ana, open), true},
		"not to a closed one":                   {question.MayAdd(ana, closed), false},
		"not to a merged one":                   {question.MayAdd(ana, merged), false},
		"a steward keeps":                       {question.MayKeep(dov), true},
		"a member does not":                     {question.MayKeep(ana), false},
		"an asker judges":                       {question.MayJudge(ana, before, answer), true},
		"another does not":                      {question.MayJudge(ana, question.Standing{}, answer), false},
		"who asked when it had come does not":   {question.MayJudge(ana, question.Standing{Since: answer.At.Add(1)}, answer), false},
		"nor in the same moment":                {question.MayJudge(ana, question.Standing{Since: answer.At}, answer), false},
		"nor who speaks for the platform":       {question.MayJudge(ana, question.Standing{Since: before.Since, Speaks: true}, answer), false},
		"nobody judges a pause":                 {question.MayJudge(ana, before, question.Entry{Kind: question.Pause}), false},
		"nobody judges what was taken back":     {question.MayJudge(ana, before, question.Entry{Kind: question.Answer, UndoneBy: 2}), false},
		"a reader judges nothing":               {question.MayJudge(nobody, before, answer), false},
		"a reader adds nothing":                 {question.MayAdd(nobody, open), false},
		"a member adds to nothing hidden":       {question.MayAdd(ana, hushed), false},
		"a reader keeps nothing":                {question.MayKeep(nobody), false},
		"a steward reads a hidden case":         {question.MayReadVariant(dov, question.Variant{Hushed: true}), true},
		"who wrote a hidden case reads it":      {question.MayReadVariant(ana, question.Variant{Hushed: true, Asker: face.Face{ID: "ana"}}), true},
		"a member reads what nobody has hidden": {question.MayRead(ana, open), true},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
