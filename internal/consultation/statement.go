package consultation

import (
	"context"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/guard"
	"guildhall/internal/typed"
)

// Statement is one sentence that people answer.
type Statement struct {
	N       int // from 1, in the order in which they came
	Text    string
	Seed    bool // it was there from the beginning
	Removal *Removal
	voter   string
}

// Removal takes a statement out. Undone by PutBack.
type Removal struct {
	By     face.ID
	At     time.Time
	Reason string
}

// Say adds a statement. Faults: SignIn, Forbidden (see MayTakePart), NotFound;
// Invalid on text; Conflict on text when nearly the same is there already: its
// number is the first argument; TooMany when one has said enough.
func (r *Room) Say(ctx context.Context, by Actor, id ID, text string) (n int, err error) {
	defer fault.Wrap(&err, "consultation.Say(%s)", id)
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := r.Consultation(ctx, id)
		if err != nil {
			return err
		}
		if err := MayTakePart(by, c, r.Now()); err != nil {
			return err
		}
		text, all, err := r.sayable(ctx, c, text, c.voter(by.Face))
		if err != nil {
			return err
		}
		n = len(all) + 1
		return r.sayTx(ctx, c, text, c.voter(by.Face), n)
	})
	return n, err
}

// fits refuses what was said before, and whoever has said enough.
func fits(text, voter string, all []Statement) error {
	own, texts := 0, make([]string, len(all))
	for i, s := range all {
		texts[i] = s.Text
		if s.voter == voter {
			own++
		}
	}
	if n := near(text, texts); n > 0 {
		return fault.On("text", fault.Conflict, "consultation.twice", n, all[n-1].Text)
	}
	if own >= MaxOwn {
		return fault.On("text", fault.TooMany, "consultation.own_many", MaxOwn)
	}
	if len(all) >= MaxStatements {
		return fault.On("text", fault.TooMany, "consultation.statements_many", MaxStatements)
	}
	return nil
}

// TakeOut takes a statement out: nobody is asked any more, and what was answered
// moves nobody. Faults: SignIn, Forbidden (see MayKeep), NotFound, Invalid on
// reason, Conflict when it is out.
func (r *Room) TakeOut(ctx context.Context, by Actor, id ID, n int, reason string) (err error) {
	defer fault.Wrap(&err, "consultation.TakeOut(%s)", id)
	return r.keep(ctx, by, id, n, func(ctx context.Context, s Statement) error {
		why, err := typed.Line("reason", reason, 5, MaxReason)
		if err != nil {
			return err
		}
		if s.Removal != nil {
			return fault.New(fault.Conflict, "consultation.is_out")
		}
		_, err = r.DB.Exec(ctx, qTakeOut, string(id), n, string(by.Face), micros(r.moment()), why)
		return err
	})
}

// PutBack undoes TakeOut. Faults: SignIn, Forbidden (see MayPutBack), NotFound.
func (r *Room) PutBack(ctx context.Context, by Actor, id ID, n int) (err error) {
	defer fault.Wrap(&err, "consultation.PutBack(%s)", id)
	return r.keep(ctx, by, id, n, func(ctx context.Context, s Statement) error {
		c, err := r.Consultation(ctx, id)
		if err == nil {
			err = MayPutBack(by, c, s, r.Now())
		}
		if err != nil {
			return err
		}
		_, err = r.DB.Exec(ctx, qPutBack, string(id), n)
		return err
	})
}

// keep does a deed of moderation on one statement.
func (r *Room) keep(ctx context.Context, by Actor, id ID, n int, do func(context.Context, Statement) error) error {
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := r.Consultation(ctx, id)
		if err != nil {
			return err
		}
		if err := MayKeep(by, c, r.Now()); err != nil {
			return err
		}
		all, err := r.statements(ctx, id)
		if err != nil {
			return err
		}
		if n < 1 || n > len(all) {
			return fault.New(fault.NotFound, "consultation.no_statement")
		}
		r.touched(ctx, id)
		return do(ctx, all[n-1])
	})
}

// person is what a statement must not hold: links and handles; mail and
// numbers by which somebody can be found, package guard knows better.
var person = regexp.MustCompile(`(?i)https?:|www\.|\S@\S|(^|\s)@\w`)

// statement makes a text one plain sentence.
func statement(field, text string) (string, error) {
	s, err := typed.Line(field, text, MinStatement, MaxStatement)
	if err != nil {
		return s, err
	}
	if err := guard.Redacted(field, s); err != nil { // says what it found
		return s, err
	}
	if person.MatchString(s) {
		return s, fault.On(field, fault.Invalid, "consultation.person")
	}
	return s, nil
}

// alike is from which likeness on two statements are nearly the same.
const alike = 0.8

// near returns the number of the statement that says nearly the same, from 1; 0
// when there is none. Two of which one denies, or names other numbers, differ.
func near(text string, among []string) int {
	words, denies, digits := gist(text)
	for i, other := range among {
		w, d, n := gist(other)
		if d == denies && n == digits && likeness(words, w) >= alike {
			return i + 1
		}
	}
	return 0
}

// denying are the words by which English, Spanish and Arabic say no.
var denying = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`not no never none nobody nothing neither nor without cannot cant dont doesnt didnt wont shouldnt isnt arent wouldnt couldnt
		nunca jamás ni nadie nada ningún ninguno ninguna sin tampoco لا لن لم ليس ليست غير بدون ولا دون`) {
		denying[fold(w)] = true
	}
}

// gist is what is compared of a statement: its folded words, whether it denies, and
// its numbers.
func gist(text string) (words string, denies bool, numbers string) {
	text = strings.NewReplacer("'", "", "’", "").Replace(text)
	var kept []string
	for _, w := range strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.Is(unicode.Mn, c) }) {
		w = fold(w)
		denies = denies != denying[w]
		if strings.ContainsAny(w, "0123456789") {
			numbers += w + " "
		}
		kept = append(kept, w)
	}
	return " " + strings.Join(kept, " ") + " ", denies, numbers
}

// fold leaves of a word what is heard: small letters and digits without accents. Names
// are folded otherwise, where a one may stand for an l.
func fold(w string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return unicode.ToLower(c)
	}, norm.NFKD.String(w))
}

// likeness is Dice's coefficient over groups of three letters, from 0 to 1.
func likeness(a, b string) float64 {
	as, bs := threes(a), threes(b)
	both, all := 0, 0
	for t, n := range as {
		both += min(n, bs[t])
		all += n
	}
	for _, n := range bs {
		all += n
	}
	if all == 0 {
		return 1
	}
	return 2 * float64(both) / float64(all)
}

func threes(s string) map[[3]rune]int {
	rs, m := []rune(s), make(map[[3]rune]int)
	for i := 0; i+3 <= len(rs); i++ {
		m[[3]rune(rs[i:i+3])]++
	}
	return m
}
