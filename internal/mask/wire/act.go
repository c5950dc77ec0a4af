package wire

import (
	"math"
	"strings"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/pass/token"
)

// The acts of a visit.
const (
	Take        = "take"
	Status      = "status"
	Post        = "post"
	Withdraw    = "withdraw"
	Delete      = "delete"
	Recommend   = "recommend"
	Unrecommend = "unrecommend"
	Report      = "report"
	Renew       = "renew"
	Reads       = "reads"
	Appeal      = "appeal"
	Judge       = "judge"
	Admit       = "admit"  // asks for the pass to a consultation
	Opine       = "answer" // with that pass: all answers
	Say         = "say"    // with that pass: a statement
)

// Act is one thing done in a visit. Each act has fields of its own; the others
// are empty.
type Act struct {
	Do      string  `json:"do"`
	ID      string  `json:"id,omitempty"`      // the post's, which its writer chose; of Judge the case's
	Thread  string  `json:"thread,omitempty"`  // the id of the first post of the thread
	Title   string  `json:"title,omitempty"`   // of a new thread
	Reply   string  `json:"reply,omitempty"`   // the post that is answered
	Text    string  `json:"text,omitempty"`    // Markdown of a post; plain words elsewhere
	Lang    string  `json:"lang,omitempty"`    // of the text
	Epoch   int     `json:"epoch,omitempty"`   // of the right or the read passes a mask asks for
	Blinded Bytes   `json:"blinded,omitempty"` // message of the right a mask asks for
	Kind    string  `json:"kind,omitempty"`    // of a report
	Verdict string  `json:"verdict,omitempty"` // of a juror
	About   string  `json:"about,omitempty"`   // the consultation a mask asks a pass for
	Count   int     `json:"count,omitempty"`   // of answers to a consultation: the highest holds
	Answers string  `json:"answers,omitempty"` // a letter for each statement of a consultation
	Blinds  []Bytes `json:"blinds,omitempty"`  // messages of the read passes a mask asks for, one for each day of the epoch
}

// Check holds the act against its limits: a known act with its own fields and no
// other, each of the right shape. The hall calls it for each act of a visit, so
// that one broken act does not stop the others. Faults: Invalid, on the field
// when a person can mend it.
func (a Act) Check() error {
	ok := false
	switch a.Do {
	case Take, Status:
		ok = a.only(Act{})
	case Post:
		return a.checkPost()
	case Withdraw, Delete, Recommend, Unrecommend:
		ok = isID(a.ID) && a.only(Act{ID: a.ID})
	case Report:
		ok = isID(a.ID) && word(a.Kind) && a.only(Act{ID: a.ID, Kind: a.Kind, Text: a.Text})
	case Renew:
		ok = a.Epoch >= 0 && a.Epoch <= math.MaxInt32 && len(a.Blinded) == token.Right.Size() && a.only(Act{Epoch: a.Epoch, Blinded: a.Blinded})
	case Reads:
		ok = a.Epoch >= 0 && a.Epoch <= math.MaxInt32 && len(a.Blinds) == token.ReadPasses && a.only(Act{Epoch: a.Epoch, Blinds: a.Blinds})
		for _, b := range a.Blinds {
			ok = ok && len(b) == token.Read.Size()
		}
	case Appeal:
		ok = isID(a.ID) && a.only(Act{ID: a.ID, Text: a.Text})
	case Judge:
		ok = isID(a.ID) && word(a.Verdict) && a.only(Act{ID: a.ID, Verdict: a.Verdict, Text: a.Text})
	case Admit, Opine, Say:
		ok = a.consults()
	}
	if !ok {
		return broken("pass.act.broken")
	}
	if utf8.RuneCountInString(a.Text) > MaxReason {
		return fault.On("text", fault.Invalid, "fault.too_long", MaxReason)
	}
	return nil
}

func (a Act) checkPost() error {
	begins := a.Thread == a.ID
	if !isID(a.ID) || !isID(a.Thread) || begins != (a.Title != "") || begins && a.Reply != "" ||
		a.Reply != "" && !isID(a.Reply) || !language(a.Lang) ||
		!a.only(Act{ID: a.ID, Thread: a.Thread, Title: a.Title, Reply: a.Reply, Text: a.Text, Lang: a.Lang}) {
		return broken("pass.act.broken")
	}
	if utf8.RuneCountInString(a.Title) > MaxTitle {
		return fault.On("title", fault.Invalid, "fault.too_long", MaxTitle)
	}
	if a.Text == "" {
		return fault.On("text", fault.Invalid, "pass.act.empty")
	}
	if len(a.Text) > MaxText {
		return fault.On("text", fault.Invalid, "pass.act.long", MaxText>>10)
	}
	return nil
}

// consults tells whether an act that belongs to a consultation has the right shape.
func (a Act) consults() bool {
	switch a.Do {
	case Admit:
		s := token.Slot{Purpose: token.Consultation, Space: a.About, Epoch: a.Epoch}
		return s.Check() == nil && len(a.Blinded) == token.Consultation.Size() && a.only(Act{About: a.About, Epoch: a.Epoch, Blinded: a.Blinded})
	case Opine:
		return a.Count >= 0 && a.Count <= MaxCount && (a.Count > 0) == (a.Answers != "") && len(a.Answers) <= MaxAnswers &&
			strings.Trim(a.Answers, "+-0.") == "" && a.only(Act{Count: a.Count, Answers: a.Answers})
	}
	return isID(a.ID) && a.Text != "" && a.only(Act{ID: a.ID, Text: a.Text})
}

// only tells whether a has no fields but those of b.
func (a Act) only(b Act) bool {
	return a.ID == b.ID && a.Thread == b.Thread && a.Title == b.Title && a.Reply == b.Reply && a.Text == b.Text &&
		a.Lang == b.Lang && a.Epoch == b.Epoch && len(a.Blinded) == len(b.Blinded) && len(a.Blinds) == len(b.Blinds) && a.Kind == b.Kind && a.Verdict == b.Verdict &&
		a.About == b.About && a.Count == b.Count && a.Answers == b.Answers
}

// isID tells whether s is an id of IDSize bytes.
func isID(s string) bool {
	_, ok := token.Decode(s, IDSize)
	return ok
}

// word tells whether s is one short word in lower case; which words there are,
// the room knows.
func word(s string) bool {
	for i := range len(s) {
		if (s[i] < 'a' || s[i] > 'z') && s[i] != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

// Result is the answer to one act. Days are numbers of days; fields that an act
// has no use for are absent, and an absent number is 0.
type Result struct {
	Do        string  `json:"do"`
	OK        bool    `json:"ok"`
	ID        string  `json:"id,omitempty"`        // of the act, so that a client finds it again
	Error     string  `json:"error,omitempty"`     // the key of the sentence, when refused
	Message   string  `json:"message,omitempty"`   // the sentence, in the language of the visit
	State     string  `json:"state,omitempty"`     // of Take, Status, Post, Appeal, Answer, Say
	Name      string  `json:"name,omitempty"`      // of Status: the mask's
	Reason    string  `json:"reason,omitempty"`    // of Status: why muted, banned or delayed
	Batch     int     `json:"batch,omitempty"`     // of Take: the day of the next batch tick
	Waiting   int     `json:"waiting,omitempty"`   // of Take: registrations that wait, this one with them
	Until     int     `json:"until,omitempty"`     // of Status: the day on which posting ends
	Renew     int     `json:"renew,omitempty"`     // of Status: the day on which renewal opens
	From      int     `json:"from,omitempty"`      // of Post, Answer, Say: the first day on which it may appear or count
	To        int     `json:"to,omitempty"`        // of Post, Answer, Say: the last
	Signature Bytes   `json:"signature,omitempty"` // of Renew, Admit: the blind signature
	Reads     []Bytes `json:"reads,omitempty"`     // of Reads: the blind signatures, in the order of the messages
	Count     int     `json:"count,omitempty"`     // of Answer: the one that holds
	Answers   string  `json:"answers,omitempty"`   // of Answer: those that hold
	Judge     []Brief `json:"judge,omitempty"`     // of Status: what this mask is to judge
}

// Brief is a text that a juror is to judge; the case stands in the bundle.
type Brief struct {
	Case  string `json:"case"`
	Title string `json:"title,omitempty"`
	HTML  string `json:"html"`
}
