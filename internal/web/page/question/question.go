package questionpage

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/lang"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	forumpage "guildhall/internal/web/page/forum"
	platformpage "guildhall/internal/web/page/platform"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// Href is a question's address.
func Href(id question.ID) string { return "/questions/" + string(id) }

// KeepHref is where stewards keep a question.
func KeepHref(id question.ID) string { return Href(id) + "/keep" }

// ClockHref is the address of the clock of a platform, or (empty) of all.
func ClockHref(id string) string {
	if id == "" {
		return "/clock"
	}
	return platformpage.Href(platform.ID(id)) + "/clock"
}

// Names are what platforms are called, by id.
type Names map[string]string

// ListPage is one shelf.
type ListPage struct {
	Questions []question.Question
	Shelf     string // "", answered, closed
	Platform  string
	Names     Names
	Counts    question.Counts
	Today     question.Day
	Older     string
	Waiting   []question.Question // to stewards
}

// Shelves are what a list may be asked for, as in /questions?shelf=answered.
var Shelves = map[string]question.Shelf{"": question.OpenShelf, "answered": question.AnsweredShelf, "closed": question.ClosedShelf}

// AskForm is a question being asked.
type AskForm struct {
	question.Asking
	Platforms []platform.Platform
	Near      []question.Near // nil: not looked yet
	Names     Names
	Today     question.Day
	About     forumpage.Asked // the clause it is about; empty: none
	Restate   string          // the post whose proposal it asks; empty: none
	Once      string
	Error     error
}

// Page is one question.
type Page struct {
	Question  question.Question
	Following bool
	Into      question.Question // where it was merged
	Today     question.Day
	Names     Names
	About     forumpage.Asked   // the clause it is about; empty: none
	Began     []forumpage.Asked // consultations that began from it
	Cases     []Case
	More      string // address of further cases
	Book      []question.Entry
	Others    map[string]question.Question // of merges and splits, by id
	Judged    []question.Judgement
	Standing  question.Standing        // the reader's
	Mine      map[int]question.Verdict // her words on the answers
	Form      CaseForm
	Judgement JudgementForm

	Below       templ.Component                 // what stands directly below it; nil: nothing
	Speakers    map[string]platformpage.Speaker // who spoke for a platform, by mandate
	Withdrawals map[int]question.Withdrawal     // that wait for a second person, by the answer's number
	Acts        *platformpage.Speaker           // as whom the reader may answer for the platform; nil: she may not
	Response    ResponseForm
}

// ResponseForm is what is being said in a platform's name, as typed.
type ResponseForm struct {
	Do           string // a code of an answer, "promise" or "withdrawal"
	N            int    // of a withdrawal: which answer
	Words, Until string
	Reason       string
	Once         string
	Error        error
}

// QueuePage is what a platform owes, for those who act for it.
type QueuePage struct {
	Platform platform.Platform
	Queue    []Queued
	Counts   question.Counts
	Today    question.Day
}

// Queued is an open question with the clause it is about.
type Queued struct {
	question.Question
	Clause forumpage.Asked
}

// QueueHref is where a platform's representatives see what is open.
func QueueHref(id platform.ID) string { return platformpage.Href(id) + "/queue" }

// Case is a variant with the words of its post, where it is one.
type Case struct {
	question.Variant
	Post   *forum.Post // nil: it is none, or is not shown
	From   string      // title of the question under which it was asked, when that was another
	Picked bool
}

// CaseForm is a case being added.
type CaseForm struct {
	Text  string
	Once  string
	Error error
}

// JudgementForm is an asker's word on an answer.
type JudgementForm struct {
	N     int
	Words string
	Once  string
	Error error
}

// KeepPage are the stewards' forms about a question.
type KeepPage struct {
	Page
	Moves  []question.Move
	Faces  map[face.ID]face.Face
	Do     string // which form came back
	Filing FilingForm
	Reason string
	Title  string
	Other  string // address or id of the question to merge into
	Once   string
	Error  error
}

// FilingForm is an entry being written, as typed.
type FilingForm struct {
	Kind, Code, Day, Until, Owes, Link, Words string
}

// MinePage is what the reader has asked.
type MinePage struct {
	Mine  []question.Mine
	Names Names
	Today question.Day
	From  map[question.ID]string // titles of the questions her cases came from
}

// ClockPage is a clock to be cited.
type ClockPage struct {
	Platform string // empty: of all
	Names    Names
	Today    question.Day
	Open     []question.Question
	Answered []question.Question
	Counts   question.Counts
	Pace     question.Pace
	Hash     string // SHA-256 of the same clock as JSON, in hexadecimal
	Origin   string
}

// GatherPage lets a steward turn posts of a discussion into cases.
type GatherPage struct {
	Discussion forum.Discussion
	Posts      []forum.Post
	N          int
	Places     map[string][]question.Place // by post
	Questions  []Gathered
	Cases      int // posts of the page shown that are cases
	Platforms  []platform.Platform
	Picked     map[string]bool
	Into       string
	Asking     question.Asking
	Once       string
	Error      error
}

// Gathered is a question with cases on the page shown.
type Gathered struct {
	ID    question.ID
	Title string
	Posts int
}

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
	if q.Variants > q.Faces {
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
