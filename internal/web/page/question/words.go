package questionpage

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"guildhall/internal/face"
	"guildhall/internal/lang"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// Title is what a question is called; its author may have erased it.
func Title(l lang.Lang, q question.Question) string {
	if q.Title == "" {
		return l.T("page.untitled")
	}
	return q.Title
}

// owed says who owes the answer.
func owed(ctx context.Context, q question.Question, names Names) string {
	switch q.Tally.Owes {
	case question.ByPlatform:
		return shell.T(ctx, "question.owed.platform", name(names, q.Platform))
	case question.BySite:
		return shell.T(ctx, "question.owed.site")
	}
	return shell.T(ctx, "question.owed.community")
}

func name(names Names, id string) string {
	if n := names[id]; n != "" {
		return n
	}
	return id
}

// reading says in a sentence what a clock shows.
func reading(ctx context.Context, c question.Clock) string {
	return shell.N(ctx, "question.reads."+string(c.State), c.Waited)
}

// badge is the state in a word, and its tone.
func badge(ctx context.Context, s question.State) (text, tone string) {
	switch s {
	case question.Answered:
		tone = "good"
	case question.Open, question.Partly:
		tone = "bad"
	}
	return shell.T(ctx, "question.state."+string(s)), tone
}

// asked says how many people asked in how many ways.
func asked(ctx context.Context, q question.Question) string {
	s := shell.N(ctx, "question.faces", q.Faces)
	if q.Masks > 0 {
		s = shell.N(ctx, "question.masks", q.Masks)
		if q.Faces > 0 {
			s = shell.N(ctx, "question.faces", q.Faces) + ", " + s
		}
	}
	if q.Variants > q.Faces+q.Masks {
		s += ", " + shell.N(ctx, "question.variants", q.Variants)
	}
	return s
}

// kindOf names an entry of a book.
func kindOf(ctx context.Context, e question.Entry) string {
	return shell.T(ctx, "question.kind."+string(e.Kind))
}

// answerTitle says whose answer it is.
func answerTitle(ctx context.Context, e question.Entry) string {
	if e.Mandate == "" {
		return shell.T(ctx, "question.kind.answer")
	}
	return shell.T(ctx, "question.answer."+string(e.Code))
}

// codeOf says the reason of an entry; empty when it has none to say.
func codeOf(ctx context.Context, e question.Entry) string {
	if e.Code == "" || e.Kind == question.Merge || e.Kind == question.Split || e.Kind == question.Answer {
		return ""
	}
	return shell.T(ctx, "question.code."+string(e.Code))
}

func owesOptions(ctx context.Context) []shell.Option {
	return []shell.Option{
		{Value: string(question.ByPlatform), Label: shell.T(ctx, "question.owes.platform"), Hint: shell.T(ctx, "question.owes.platform.hint")},
		{Value: string(question.ByCommunity), Label: shell.T(ctx, "question.owes.community"), Hint: shell.T(ctx, "question.owes.community.hint")},
		{Value: string(question.BySite), Label: shell.T(ctx, "question.owes.site"), Hint: shell.T(ctx, "question.owes.site.hint")},
	}
}

func platformOptions(ctx context.Context, ps []platform.Platform) []shell.Option {
	os := []shell.Option{{Value: "", Label: shell.T(ctx, "question.platform.none")}}
	for _, p := range ps {
		if p.Accepted() {
			os = append(os, shell.Option{Value: string(p.ID), Label: p.Name})
		}
	}
	return os
}

func langOptions() (os []shell.Option) {
	for _, l := range lang.All() {
		os = append(os, shell.Option{Value: l.String(), Label: l.Name()})
	}
	return os
}

func codeOptions(ctx context.Context, k question.Kind) (os []shell.Option) {
	for _, c := range question.Codes(k) {
		key := "question.code." + string(c)
		if k == question.Answer {
			key = "question.answer." + string(c)
		}
		os = append(os, shell.Option{Value: string(c), Label: shell.T(ctx, key)})
	}
	return os
}

func verdictOptions(ctx context.Context) []shell.Option {
	return []shell.Option{
		{Value: string(question.Full), Label: shell.T(ctx, "question.verdict.full")},
		{Value: string(question.InPart), Label: shell.T(ctx, "question.verdict.partly")},
		{Value: string(question.Not), Label: shell.T(ctx, "question.verdict.not")},
	}
}

// bar is the length of a picture's part, in hundredths of the longest clock.
func bar(days, longest int) string {
	if longest < 1 {
		longest = 1
	}
	return strconv.Itoa(max(0, min(100, days*100/longest)))
}

// longest is the longest clock of a list, in days with pauses.
func longest(qs []question.Question, today question.Day) (n int) {
	for _, q := range qs {
		c := q.Tally.On(today)
		n = max(n, c.Waited+c.Paused)
	}
	return n
}

// caseTitle tells a screen reader which case a box is for.
func caseTitle(c Case) string {
	if c.Source != "" {
		return c.Source
	}
	if c.Masked != nil {
		return c.Masked.Name
	}
	return c.Asker.Name
}

// ownWords are those of a question that becomes a case of another.
func ownWords(f AskForm) string {
	if f.Text == "" {
		return f.Title
	}
	return f.Title + "\n\n" + f.Text
}

// canonical keeps search engines away from what is hidden or merged away.
func canonical(q question.Question) string {
	if q.Hushed || q.MergedInto != "" {
		return ""
	}
	return Href(q.ID)
}

// judged says what askers make of an answer.
func judged(ctx context.Context, j question.Judged) string {
	if j.Verdict() == question.Unjudged {
		return shell.T(ctx, "question.judged.none")
	}
	return shell.T(ctx, "question.judged", j.Full, j.Partly, j.Not)
}

func hushPath(hidden bool) string {
	if hidden {
		return "/unhush"
	}
	return "/hush"
}

func clockFeeds(heading, href string) []shell.Feed {
	return []shell.Feed{{Title: heading, URL: href + ".atom", Type: shell.Atom}}
}

// fieldID is the id of a field that stands in several forms of a page: its bare
// name in the form that came back, so that the summary of what is wrong leads there.
func fieldID(back bool, name, form string) string {
	if back {
		return name
	}
	return name + "-" + form
}

// mayFile are the entries that can follow upon how a question stands.
func mayFile(q question.Question) []question.Kind {
	if q.MergedInto != "" {
		return nil
	}
	ks := []question.Kind{question.Answer}
	if q.Tally.State.Waits() {
		ks = append(ks, question.Promise)
		if q.Tally.PausedFrom == 0 {
			ks = append(ks, question.Pause)
		} else {
			ks = append(ks, question.Resumption)
		}
	}
	ks = append(ks, question.Correction)
	if q.Tally.State == question.Closed {
		return append(ks, question.Reopening)
	}
	return append(ks, question.Closure)
}

// anchored are the faults for the summary: they lead to a field only where the
// form that came back is on the page.
func anchored(p KeepPage, faults shell.Faults) shell.Faults {
	there := p.Do == "title" || p.Do == "merge" || p.Do == "split" && len(p.Cases) > 1 ||
		p.Do == "file" && slices.Contains(mayFile(p.Question), question.Kind(p.Filing.Kind))
	if there && p.Question.MergedInto == "" {
		return faults
	}
	var bare shell.Faults
	for _, f := range faults {
		c := *f
		c.Field = ""
		bare = append(bare, &c)
	}
	return bare
}

// CaseHref is where a case stands: the list of cases that begins with it, as ids are
// in the order of time, and what is before an id is all but its last letter.
func CaseHref(v question.Variant) string {
	before := string(v.ID)[:max(len(v.ID)-1, 0)]
	return Href(v.Question) + "?" + url.Values{"after": {before}}.Encode() + "#v" + string(v.ID)
}

// reportable tells whether the reader may be led to the report of a text: not to that
// of her own, nor of one that stewards have seen already.
func reportable(ctx context.Context, author face.ID, hidden bool) bool {
	v := viewer.From(ctx)
	return !hidden && (author == "" || string(author) != v.FaceID)
}
