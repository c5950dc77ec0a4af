package question_test

import (
	"testing"
	"time"

	"guildhall/internal/question"
)

func day(s string) question.Day {
	d, ok := question.ParseDay(s)
	if !ok {
		panic(s)
	}
	return d
}

func TestDay_hasNoZoneAndNoSummerTime(t *testing.T) {
	t.Parallel()
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	kiritimati := time.FixedZone("UTC+14", 14*3600)
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2020, 6, 12, 0, 0, 0, 0, time.UTC), "2020-06-12"},
		{time.Date(2020, 6, 12, 23, 59, 59, 999, time.UTC), "2020-06-12"},
		{time.Date(2020, 6, 12, 1, 30, 0, 0, madrid), "2020-06-11"}, // summer: two hours ahead
		{time.Date(2020, 12, 12, 0, 30, 0, 0, madrid), "2020-12-11"},
		{time.Date(2020, 3, 29, 3, 0, 0, 0, madrid), "2020-03-29"}, // the hour that was left out
		{time.Date(2020, 10, 25, 2, 30, 0, 0, madrid), "2020-10-25"},
		{time.Date(2020, 6, 12, 13, 0, 0, 0, kiritimati), "2020-06-11"},
		{time.Date(1969, 12, 31, 23, 0, 0, 0, time.UTC), "1969-12-31"},
	} {
		if got := question.DayOf(c.at).String(); got != c.want {
			t.Errorf("%v: %s, want %s", c.at, got, c.want)
		}
	}
	// Whatever the zone, a day is 24 hours: over both changes of the clocks.
	for _, from := range []string{"2020-03-28", "2020-10-24"} {
		a := day(from).Time().In(madrid)
		if b := question.DayOf(a.AddDate(0, 0, 2)); int(b-day(from)) != 2 && int(b-day(from)) != 1 {
			t.Errorf("%s: two days later is %s", from, b)
		}
		if n := question.DayOf(day(from).Time().Add(48*time.Hour)) - day(from); n != 2 {
			t.Errorf("%s: 48 hours are %d days", from, n)
		}
	}
	for _, bad := range []string{"", "12 June", "2020-02-30", "1999-12-31", "2100-01-01", "2020-6-1", "2020-06-12T00:00:00Z"} {
		if _, ok := question.ParseDay(bad); ok {
			t.Errorf("%q is a day", bad)
		}
	}
	if s := question.Day(0).String(); s != "" {
		t.Errorf("no day is %q", s)
	}
}

// book numbers entries as a question's book does.
func book(es ...question.Entry) []question.Entry {
	for i := range es {
		es[i].N = i + 1
		if n := es[i].Undoes; n > 0 {
			es[n-1].UndoneBy = i + 1
		}
	}
	return es
}

type entry = question.Entry

func TestReckon(t *testing.T) {
	t.Parallel()
	asked, today := day("2020-05-28"), day("2020-06-26") // 29 days
	answer := entry{Kind: question.Answer, Day: day("2020-06-20")}
	type judged = map[int]question.Verdict
	for name, c := range map[string]struct {
		book                 []question.Entry
		judged               judged
		state                question.State
		waited, paused, late int
	}{
		"nothing yet":               {state: question.Open, waited: 29},
		"answered, unjudged":        {book: book(answer), state: question.Given, waited: 23},
		"answered in full":          {book: book(answer), judged: judged{1: question.Full}, state: question.Answered, waited: 23},
		"in part: it runs on":       {book: book(answer), judged: judged{1: question.InPart}, state: question.Partly, waited: 29},
		"not an answer: it runs on": {book: book(answer), judged: judged{1: question.Not}, state: question.Open, waited: 29},
		"a second answer answers": {book: book(answer, entry{Kind: question.Answer, Day: day("2020-06-24")}),
			judged: judged{1: question.InPart, 2: question.Full}, state: question.Answered, waited: 27},
		"the first was enough": {book: book(answer, entry{Kind: question.Answer, Day: day("2020-06-24")}),
			judged: judged{1: question.Full, 2: question.Full}, state: question.Answered, waited: 23},
		"an answer taken back": {book: book(answer, entry{Kind: question.Undoing, Undoes: 1}), state: question.Open, waited: 29},
		"answered before it was asked": {book: book(entry{Kind: question.Answer, Day: day("2020-05-01")}), judged: judged{1: question.Full},
			state: question.Answered, waited: 0},
		"paused": {book: book(entry{Kind: question.Pause, Day: day("2020-06-06")}), state: question.Paused, waited: 9, paused: 20},
		"a pause that ended": {book: book(entry{Kind: question.Pause, Day: day("2020-06-06")}, entry{Kind: question.Resumption, Day: day("2020-06-10")}),
			state: question.Open, waited: 25, paused: 4},
		"a pause taken back": {book: book(entry{Kind: question.Pause, Day: day("2020-06-06")}, entry{Kind: question.Undoing, Undoes: 1}),
			state: question.Open, waited: 29},
		"paused, then answered": {book: book(entry{Kind: question.Pause, Day: day("2020-06-10")}, answer), judged: judged{2: question.Full},
			state: question.Answered, waited: 13, paused: 10},
		"an answer from within a pause that ended later": {book: book(entry{Kind: question.Pause, Day: day("2020-06-18")},
			entry{Kind: question.Resumption, Day: day("2020-06-24")}, answer), judged: judged{3: question.Full}, state: question.Answered, waited: 21, paused: 2},
		"closed":              {book: book(entry{Kind: question.Closure, Day: day("2020-06-10")}), state: question.Closed, waited: 13},
		"closed and reopened": {book: book(entry{Kind: question.Closure, Day: day("2020-06-10")}, entry{Kind: question.Reopening, Day: day("2020-06-25")}), state: question.Open, waited: 29},
		"answered, then closed": {book: book(answer, entry{Kind: question.Closure, Day: day("2020-06-25")}), judged: judged{1: question.Full},
			state: question.Answered, waited: 23},
		"promised, and kept so far": {book: book(entry{Kind: question.Promise, Day: asked, Until: day("2020-06-30")}), state: question.Open, waited: 29},
		"promised, and late":        {book: book(entry{Kind: question.Promise, Day: asked, Until: day("2020-06-12")}), state: question.Open, waited: 29, late: 14},
		"a late answer keeps the delay": {book: book(entry{Kind: question.Promise, Until: day("2020-06-12")}, answer), judged: judged{2: question.Full},
			state: question.Answered, waited: 23},
		"corrected beginning": {book: book(entry{Kind: question.Correction, Day: day("2020-06-05")}), state: question.Open, waited: 21},
		"a correction within a pause": {book: book(entry{Kind: question.Pause, Day: day("2020-06-01")}, entry{Kind: question.Resumption, Day: day("2020-06-10")},
			entry{Kind: question.Correction, Day: day("2020-06-05")}), state: question.Open, waited: 16, paused: 5},
		"merged with an older one":   {book: book(entry{Kind: question.Merge, Day: day("2020-05-20")}), state: question.Open, waited: 37},
		"merged with a younger one":  {book: book(entry{Kind: question.Merge, Day: day("2020-06-20")}), state: question.Open, waited: 29},
		"a merge taken back":         {book: book(entry{Kind: question.Merge, Day: day("2020-05-20")}, entry{Kind: question.Undoing, Undoes: 1}), state: question.Open, waited: 29},
		"begins tomorrow (absurd)":   {book: book(entry{Kind: question.Correction, Day: day("2020-06-27")}), state: question.Open, waited: 0},
		"another owes it, in a book": {book: book(entry{Kind: question.Correction, Owes: question.BySite}), state: question.Open, waited: 29},
	} {
		got := question.Reckon(asked, question.ByPlatform, c.book, c.judged).On(today)
		if got.State != c.state || got.Waited != c.waited || got.Paused != c.paused || got.Late != c.late {
			t.Errorf("%s: %s, %d days, %d paused, %d late; want %s, %d, %d, %d", name, got.State, got.Waited, got.Paused, got.Late, c.state, c.waited, c.paused, c.late)
		}
		if got.Waited < 0 || got.Paused < 0 {
			t.Errorf("%s: less than no days", name)
		}
	}
	if o := question.Reckon(asked, question.ByPlatform, book(entry{Kind: question.Correction, Owes: question.BySite}), nil).Owes; o != question.BySite {
		t.Errorf("owed by %s", o)
	}
}

// A clock never runs back, and never by more than a day a day.
func FuzzReckon(f *testing.F) {
	f.Add([]byte{0, 3, 1, 5, 2, 9})
	f.Add([]byte{6, 1, 0, 200, 4, 7, 3, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		kinds := []question.Kind{question.Pause, question.Resumption, question.Answer, question.Closure, question.Reopening, question.Correction, question.Merge, question.Undoing}
		var es []question.Entry
		judged := map[int]question.Verdict{}
		at := day("2020-01-01")
		for i := 0; i+1 < len(b) && len(es) < 40; i += 2 {
			at += question.Day(b[i+1] % 7)
			e := entry{Kind: kinds[int(b[i])%len(kinds)], Day: at}
			if e.Kind == question.Undoing {
				if len(es) == 0 {
					continue
				}
				e.Undoes = 1 + int(b[i+1])%len(es)
			}
			es = append(es, e)
			judged[len(es)] = []question.Verdict{question.Unjudged, question.Full, question.InPart, question.Not}[int(b[i]/8)%4]
		}
		tally := question.Reckon(day("2020-01-01"), question.ByPlatform, book(es...), judged)
		before := tally.On(at)
		for d := at + 1; d < at+60; d++ {
			c := tally.On(d)
			if c.Waited < before.Waited || c.Waited > before.Waited+1 || c.Paused < before.Paused || c.Waited+c.Paused > before.Waited+before.Paused+1 {
				t.Fatalf("%v: %+v, and the day before %+v", es, c, before)
			}
			before = c
		}
	})
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		full, partly, not int
		want              question.Verdict
	}{
		{0, 0, 0, question.Unjudged}, {1, 0, 0, question.Full}, {1, 1, 0, question.InPart}, {2, 1, 0, question.Full}, {2, 1, 1, question.InPart},
		{0, 0, 1, question.Not}, {0, 1, 1, question.InPart}, {1, 0, 1, question.InPart}, {1, 1, 3, question.Not},
	} {
		if got := question.Judge(c.full, c.partly, c.not); got != c.want {
			t.Errorf("%d, %d, %d: %s, want %s", c.full, c.partly, c.not, got, c.want)
		}
	}
}

func TestLongestFirst_leavesPausesOut(t *testing.T) {
	t.Parallel()
	today := day("2026-11-26")
	named := func(title, since string, paused int, from string) question.Question {
		q := question.Question{Title: title, Tally: question.Tally{State: question.Open, Since: day(since), PausedDays: paused}}
		if from != "" {
			q.Tally.State, q.Tally.PausedFrom = question.Paused, day(from)
		}
		return q
	}
	qs := []question.Question{
		named("paused since the second day", "2020-06-01", 0, "2020-06-02"),
		named("old", "2020-06-01", 0, ""),
		named("as old", "2020-06-01", 0, ""),
		named("was paused", "2020-06-02", 2000, ""),
		named("young", "2022-01-01", 0, ""),
	}
	question.LongestFirst(qs, today)
	want := []string{"old", "as old", "young", "was paused", "paused since the second day"}
	for i, q := range qs {
		if q.Title != want[i] {
			t.Errorf("place %d: %s, want %s", i, q.Title, want[i])
		}
	}
}
