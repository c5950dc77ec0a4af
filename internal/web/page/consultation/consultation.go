package consultationpage

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/bundle"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/lang"
	platformpage "guildhall/internal/web/page/platform"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// Href is the address of a consultation.
func Href(id consultation.ID) string { return "/consultations/" + string(id) }

// StatementsHref is the address of all its statements.
func StatementsHref(id consultation.ID) string { return Href(id) + "/statements" }

// BundleHref is the address of the file that a closed one publishes.
func BundleHref(id consultation.ID) string { return Href(id) + "/bundle.json" }

// ListPage is the list of consultations.
type ListPage struct {
	Open, Over []consultation.Consultation
	Spaces     map[string]string // names of those whose masks are asked
}

// Electorate is a space whose masks can be asked.
type Electorate struct {
	ID, Name string
	Born     int // masks born in the running epoch
}

// Origin is what a consultation began from, as one reads it; the zero value is
// nothing that can be shown.
type Origin struct{ Title, Href string }

// Form is that of a consultation to be opened.
type Form struct {
	consultation.Opening
	SeedText string // the first statements, one a line
	First    string // the first day that may be chosen, 2006-01-02
	Last     string // the last one
	From     Origin
	Spaces   []Electorate          // none for who may not ask masks
	For      string                // the platform in whose name it is opened; empty: in one's own
	By       *platformpage.Speaker // as whom
	Once     string
	Error    error
}

// OpenPage is a consultation as long as it is not counted.
type OpenPage struct {
	Following    bool
	Words        Words
	By           *platformpage.Speaker // as whom a platform asks; nil: a member does
	Consultation consultation.Consultation
	Origin       Origin
	Space        string // name of the one whose masks are asked
	Masks        *Masks // nil unless those are asked, and can be
	Mine         consultation.Mine
	Turnout      int
	Silence      int  // for how many days nobody new has come; told to its steward
	Over         bool // the hour has come, the result has not
	Said         string
	Text         string // a statement that came back
	Error        error
}

// Words is what became of what a consultation says of itself.
type Words struct {
	Changed int  // number of its newest state; 1: it was never changed
	May     bool // the reader may change it
}

// Masks is what the script is told by which one answers with a pass: the same for
// everybody.
type Masks struct {
	Safe       string // the safe origin
	Pace       string // of the space
	Letterbox  bool   // the hall has one
	Statements []consultation.Statement
}

// scripts are the modules that the page loads.
func (p OpenPage) scripts() []string {
	if p.Masks == nil {
		return nil
	}
	return []string{"opine.js"}
}

// opinionSentences are what that script says, by the names it has for them.
var opinionSentences = []struct{ name, key string }{
	{"stand-asks", "consultation.masks.say.stand-asks"},
	{"stand-waits", "consultation.masks.say.stand-waits"},
	{"stand-pass", "consultation.masks.say.stand-pass"},
	{"stand-kept", "consultation.masks.say.stand-kept"},
	{"stand-letter", "consultation.masks.say.stand-letter"},
	{"stand-counted", "consultation.masks.say.stand-counted"},
	{"stand-refused", "consultation.masks.say.stand-refused"},
	{"said", "consultation.masks.say.said"},
	{"skew", "consultation.masks.say.skew"},
	{"broken", "consultation.masks.say.broken"},
	{"box", "consultation.masks.say.box"},
	{"offline", "consultation.masks.say.offline"},
	{"failed", "consultation.masks.say.failed"},
}

// answerOptions are the answers as the rows of a consultation write them.
func answerOptions(ctx context.Context) []shell.Option {
	return []shell.Option{{Value: "+", Label: shell.T(ctx, "consultation.agree")}, {Value: "-", Label: shell.T(ctx, "consultation.disagree")},
		{Value: "0", Label: shell.T(ctx, "consultation.pass")}, {Value: ".", Label: shell.T(ctx, "consultation.masks.nothing")}}
}

// StatementsPage lists all statements.
type StatementsPage struct {
	Consultation consultation.Consultation
	Statements   []consultation.Statement
	Mine         consultation.Mine
	Faces        map[face.ID]face.Face // of those who took statements out
	May          bool                  // the reader may take out and put back
	Over         bool
	Failed       int // the statement whose form came back
	Reason       string
	Error        error
}

// ResultPage is a closed consultation.
type ResultPage struct {
	Words        Words
	By           *platformpage.Speaker // as whom a platform asked; nil: a member did
	Consultation consultation.Consultation
	Origin       Origin
	Space        string // name of the one whose masks were asked
	Bundle       bundle.Bundle
	Logged       int64           // entry of the log; -1 while it is not there
	Letters      []Origin        // articles that were written from it
	Below        templ.Component // what stands directly below it; nil: nothing
}

// said are the things that have just happened.
var said = map[string]string{"answer": "consultation.said.answer", "statement": "consultation.said.statement", "opened": "consultation.said.opened"}

// text is the text of a statement.
func (p ResultPage) text(n int) string {
	if n < 1 || n > len(p.Bundle.Statements) {
		return ""
	}
	return p.Bundle.Statements[n-1].Text
}

// shown bounds the lists of a result; the table under them has everything.
const shown = 7

// uniting are the statements that all groups are most for.
func uniting(m bundle.Map) []bundle.Tally {
	return top(m.Statements, func(t bundle.Tally) bool { return len(agreeing(t, majority)) == len(t.Groups) && len(t.Groups) > 0 },
		func(t bundle.Tally) float64 { return t.Consensus })
}

// dividing are those on which groups differ most.
func dividing(m bundle.Map) []bundle.Tally {
	return top(m.Statements, func(t bundle.Tally) bool { return t.Divide > 0 }, func(t bundle.Tally) float64 { return t.Divide })
}

// minority are those that one group is clearly for while the whole is not: what a
// count of heads would lose.
func minority(m bundle.Map) []bundle.Tally {
	return top(m.Statements, func(t bundle.Tally) bool {
		return bundle.Share(t.All) < majority && len(agreeing(t, clear)) > 0
	}, func(t bundle.Tally) float64 { return best(t) })
}

// Common are the statements that a clear part of each group is for: what an open
// letter may say in the name of all. Without groups, of everybody.
func Common(m bundle.Map) []bundle.Tally {
	return top(m.Statements, func(t bundle.Tally) bool {
		if len(t.Groups) == 0 {
			return t.Answers() >= fewest && bundle.Share(t.All) >= clear
		}
		return len(agreeing(t, clear)) == len(t.Groups)
	}, func(t bundle.Tally) float64 {
		if len(t.Groups) == 0 {
			return bundle.Share(t.All)
		}
		return t.Consensus
	})
}

// LetterList is how a letter says them: Markdown, a line each, with how many are for it.
func LetterList(l lang.Lang, b bundle.Bundle) string {
	var s strings.Builder
	for _, t := range Common(b.Result.All) {
		s.WriteString("- " + inMarkdown.Replace(b.Statements[t.Statement-1].Text) + " " +
			l.T("consultation.letter.share", int(100*bundle.Share(t.All)+0.5)) + "\n")
	}
	return s.String()
}

// inMarkdown keeps a sentence from being taken for Markdown.
var inMarkdown = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "`", "\\`", "<", `\<`, "#", `\#`)

const (
	// majority and clear are parts of the answers.
	majority, clear = 0.5, 0.6
	// fewest answers say something about a group.
	fewest = 5
)

// agreeing are the groups of which at least a part agrees, from 0.
func agreeing(t bundle.Tally, least float64) (groups []int) {
	for i, g := range t.Groups {
		if g[0]+g[1]+g[2] >= fewest && bundle.Share(g) >= least {
			groups = append(groups, i)
		}
	}
	return groups
}

// best is the greatest part that agrees in any group.
func best(t bundle.Tally) float64 {
	share := 0.0
	for _, i := range agreeing(t, clear) {
		share = max(share, bundle.Share(t.Groups[i]))
	}
	return share
}

// top lists some tallies, the highest first, then in their order.
func top(all []bundle.Tally, in func(bundle.Tally) bool, by func(bundle.Tally) float64) []bundle.Tally {
	var list []bundle.Tally
	for _, t := range all {
		if in(t) {
			list = append(list, t)
		}
	}
	slices.SortStableFunc(list, func(a, b bundle.Tally) int {
		switch {
		case by(a) > by(b):
			return -1
		case by(a) < by(b):
			return 1
		}
		return 0
	})
	return list[:min(len(list), shown)]
}

// everything lists all tallies, the most agreed to first.
func everything(m bundle.Map) []bundle.Tally {
	list := slices.Clone(m.Statements)
	slices.SortStableFunc(list, func(a, b bundle.Tally) int {
		switch x, y := bundle.Share(a.All), bundle.Share(b.All); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return list
}

// out are the statements that were taken out.
func out(b bundle.Bundle) (list []bundle.Statement) {
	for _, s := range b.Statements {
		if s.Out != "" {
			list = append(list, s)
		}
	}
	return list
}

// percent says a part of answers; a dash where there are none.
func percent(ctx context.Context, c [3]int, of func([3]int) float64) string {
	if c[0]+c[1]+c[2] == 0 {
		return "–"
	}
	return shell.T(ctx, "consultation.percent", int(100*of(c)+0.5))
}

// groupName names a group by its letter: A is the largest.
func groupName(ctx context.Context, i int) string {
	return shell.T(ctx, "consultation.group", string(rune('A'+i)))
}

// choiceKey says what somebody has answered.
func choiceKey(c opinion.Choice) string {
	switch c {
	case opinion.Agree:
		return "consultation.agreed"
	case opinion.Disagree:
		return "consultation.disagreed"
	}
	return "consultation.passed"
}

// silent is from how many days on a consultation's steward is told that nobody comes.
const silent = 5

// keeps tells whether the reader is the consultation's steward.
func (p OpenPage) keeps(ctx context.Context) bool {
	v := viewer.From(ctx)
	if p.Consultation.Platform != "" {
		return v.Steward
	}
	return v.FaceID != "" && v.FaceID == string(p.Consultation.Steward.ID)
}

// lastDay is the last day on which one can answer.
func lastDay(c consultation.Consultation) time.Time { return c.Closes.Add(-time.Second) }

// until is the last day on which masks are given passes.
func until(c consultation.Consultation) int {
	return min(epoch.FirstDay(c.Epoch()+2), epoch.Day(c.Closes)) - 1
}

// day writes the number of a day, the same to everybody.
func day(ctx context.Context, n int) string {
	return viewer.From(ctx).Lang.Date(epoch.StartOfDay(n), nil)
}

// electorates are the choices of who is asked.
func (f Form) electorates(ctx context.Context) []shell.Option {
	list := []shell.Option{{Value: "", Label: shell.T(ctx, "consultation.new.who.open")}}
	for _, s := range f.Spaces {
		list = append(list, shell.Option{Value: s.ID, Label: shell.T(ctx, "consultation.new.who.masks", s.Name, s.Born)})
	}
	return list
}

func itoa(n int) string { return strconv.Itoa(n) }
