package question

import (
	"time"

	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

// ID names a question, as in /questions/ID. It never changes.
type ID string

// VariantID names one person's case under a question.
type VariantID string

// MoveID names a merge or a split.
type MoveID string

// Actor is whoever acts. The zero value is an anonymous reader. An asker is a
// face, whatever stands behind it.
type Actor struct {
	Face    face.ID
	Steward bool
	// MaxLinks is how many links a text of hers may hold; 0 means the usual.
	MaxLinks int
	// For is the platform in whose name she acts, and Mandate that under which she may;
	// both empty: in her own.
	For, Mandate string
	// Newcomer tells that she is hardly known here: she may ask less in a day.
	Newcomer bool
	// Held is why what she writes waits for a steward; empty: it does not.
	Held string
}

// Owes says who owes the answer.
type Owes string

// Who may owe an answer.
const (
	ByPlatform  Owes = "platform"  // a clock is shown in public
	ByCommunity Owes = "community" // whoever knows
	BySite      Owes = "site"      // this hall and its stewards
)

// Question is a canonical question: one, whoever asks it in whatever words.
type Question struct {
	ID         ID
	Title      string // empty when its author erased it
	Lang       string
	Platform   string // id of the platform it is about; empty: none
	Clause     string // id of the clause of its terms that it is about; empty: none
	Owes       Owes
	Asker      face.Face // who opened it
	At         time.Time
	Asked      Day
	Variants   int // cases, the first included
	Faces      int // people who asked, each counted once
	Masks      int // masks who asked, each counted once; whoever asked openly may be one of them
	Entries    int // in its book
	MergedInto ID
	Hushed     bool
	Tally      Tally
	Source     string
	HTML       markdown.HTML
	Hush       *Hush // why it is hidden or waits; to those who may know
}

// Variant is one person's case under a question.
type Variant struct {
	ID       VariantID
	Question ID
	Asker    face.Face
	At       time.Time
	Origin   ID     // the question under which it was first asked
	Post     string // id of the post whose words it is; empty: it has its own, or none
	Space    string // of a mask's post: the safe space, and the mask; Asker is then nobody
	Mask     string
	Taken    time.Time // of a mask's post: when a steward took it up
	Hushed   bool
	Source   string
	HTML     markdown.HTML
	Hush     *Hush
}

// Hush says that something is hidden by a steward, or waits for one (By is empty
// and Reason a text's key).
type Hush struct {
	By     face.ID
	At     time.Time
	Reason string
}

// Waits tells whether nobody has looked yet.
func (h *Hush) Waits() bool { return h != nil && h.By == "" }

// Kind says what an entry of a question's book is.
type Kind string

// The kinds. The list is append-only.
const (
	Pause      Kind = "pause"
	Resumption Kind = "resumption"
	Answer     Kind = "answer"
	Promise    Kind = "promise"
	Closure    Kind = "closure"
	Reopening  Kind = "reopening"
	Correction Kind = "correction"
	Merge      Kind = "merge" // another question was merged into this one
	Split      Kind = "split" // variants left for a question of their own, or came from one
	Undoing    Kind = "undoing"
)

// Code is the reason of an entry, in one word. The list is append-only.
type Code string

// Codes says which an entry of a kind may carry; the first is the usual one.
func Codes(k Kind) []Code {
	switch k {
	case Pause:
		return []Code{"asked_back", "reworded", "not_delivered", "looked_into"}
	case Resumption:
		return []Code{"cleared", "long_enough"}
	case Answer:
		return []Code{Published, "here"}
	case Closure:
		return []Code{"outdated", "withdrawn", "no_question", "double"}
	case Reopening:
		return []Code{"still_asked", "closed_wrongly"}
	case Correction:
		return []Code{"wrong_start", "wrong_addressee", "wrong_record"}
	}
	return []Code{""}
}

// The codes of answers that stewards do not give themselves, and that of other words.
const (
	Published Code = "published" // stands elsewhere: a steward brings it here, with the link
	Direct    Code = "direct"    // given here by the platform that owes it
	Reworded  Code = "worded"    // of a correction: other words for the same; Link is the number of the revision
	NotOurs   Code = "not_ours"  // the platform says that it does not owe it, and why: askers judge that too
)

// Entry is one row of a question's book: a noun with an author and a moment.
type Entry struct {
	Question ID
	N        int // from 1
	Kind     Kind
	By       face.Face
	At       time.Time
	Day      Day // on which it counts; of a correction the new beginning, 0: it stays
	Until    Day // of a promise
	Code     Code
	Owes     Owes   // of a correction: who owes the answer instead
	Link     string // where it was said; of a merge or split the other question's id
	Undoes   int
	UndoneBy int // number of the entry that takes it back; 0: it stands
	Source   string
	HTML     markdown.HTML
	Judged   Judged // of an answer
	Mandate  string // under which a platform wrote it itself; By is then empty
	Hush     *Hush  // of words that are hidden
}

// Verdict is what askers make of an answer.
type Verdict string

// The verdicts.
const (
	Unjudged Verdict = ""
	Full     Verdict = "full"
	InPart   Verdict = "partly"
	Not      Verdict = "not"
)

// Judgement is one asker's word on an answer.
type Judgement struct {
	N       int
	Asker   face.Face
	Verdict Verdict
	Words   string
}

// Judged counts the words on an answer.
type Judged struct{ Full, Partly, Not int }

// Verdict is what they come to.
func (j Judged) Verdict() Verdict { return Judge(j.Full, j.Partly, j.Not) }

// Asking is a question to be opened.
type Asking struct {
	Title    string
	Text     string // Markdown; may be empty
	Lang     string
	Platform string
	Clause   string // id of a clause, by whoever knows that there is one
	Owes     Owes
}

// Filing is an entry to be written.
type Filing struct {
	Kind  Kind
	Code  Code
	Day   Day // of an answer: when it was given; of a correction: the new beginning; else today
	Until Day
	Owes  Owes
	Link  string
	Words string // Markdown
}

// Move is a merge or a split, with what became of it.
type Move struct {
	ID         MoveID
	Kind       Kind // Merge or Split
	From, Into ID
	By         face.ID
	At         time.Time
	Reason     string
	Undone     bool
	UndoneAt   time.Time
	Variants   int
}

// Said is a post that asks a question: of a discussion, or of a mask in a safe space.
type Said struct {
	Post        string
	Face        face.ID
	Space, Mask string    // of a mask; Face is then empty
	At          time.Time // of a mask's post no finer than a day
}

// Shelf is a list of questions.
type Shelf int

// The shelves, as they are stored.
const (
	NoShelf       Shelf = 0
	OpenShelf     Shelf = 1 // those that wait, the oldest first
	AnsweredShelf Shelf = 2 // those answered, the latest first
	ClosedShelf   Shelf = 3
)

// Filter chooses questions of a shelf.
type Filter struct {
	Shelf    Shelf
	Platform string // empty: of all
	Owes     Owes   // empty: of all
	After    string // Mark of the last one seen
	Limit    int    // at most 500; 0 means 30
}

// Counts is how many questions stand on each shelf.
type Counts struct{ Open, Answered, Closed int }

// The limits of what is written, in characters; texts in bytes.
const (
	MaxTitle  = 200
	MaxText   = 4 << 10
	MaxAnswer = 16 << 10
	MaxWords  = 300
	MaxReason = 500
	MaxLink   = 500
	// MaxBulk is how many posts become variants at once: a page of a discussion.
	MaxBulk = 50
	// MaxADay is how many questions somebody opens in a day, and MaxNewADay a newcomer.
	MaxADay    = 20
	MaxNewADay = 3
)
