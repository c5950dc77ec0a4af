package questionpage

import (
	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	forumpage "guildhall/internal/web/page/forum"
	platformpage "guildhall/internal/web/page/platform"
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
	Reword    bool              // the reader may put it into other words
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
	Masked *Masked     // nil: it is no mask's
	From   string      // title of the question under which it was asked, when that was another
	Picked bool
}

// Masked is what a mask's post says now; without a name when it is not shown any more.
type Masked struct {
	Name  string // of the mask
	Space string // what its space is called
	Lang  string
	HTML  string // made safe by the room of masks
}

// TakeUpPage lets a steward turn posts of masks into cases.
type TakeUpPage struct {
	Space     string // by address
	Name      string
	Platforms []platform.Platform
	Posts     string // addresses or ids, one a line
	Into      string
	Asking    question.Asking
	Once      string
	Error     error
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
