package consultation

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"

	"guildhall/internal/consultation/bundle"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// voter is a face as the answers know it, while the consultation is open. Without
// its secret nobody can tell whose it is.
func (c Consultation) voter(f face.ID) string {
	m := hmac.New(sha256.New, c.secret)
	m.Write([]byte(f))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(m.Sum(nil)[:15]))
}

// Answer answers a statement, or answers it anew. Faults: SignIn, Forbidden (see
// MayTakePart), NotFound, Invalid for an answer that is none, Conflict when the
// statement was taken out.
func (r *Room) Answer(ctx context.Context, by Actor, id ID, n int, choice opinion.Choice) (err error) {
	defer fault.Wrap(&err, "consultation.Answer(%s)", id)
	if choice < opinion.Disagree || choice > opinion.Agree {
		return fault.New(fault.Invalid, "fault.choose")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := r.Consultation(ctx, id)
		if err != nil {
			return err
		}
		if err := MayTakePart(by, c, r.Now()); err != nil {
			return err
		}
		if n < 1 || n > c.Statements {
			return fault.New(fault.NotFound, "consultation.no_statement")
		}
		var one int64
		if out, err := r.DB.Row(ctx, qIsOut, []any{string(id), n}, &one); err != nil || out {
			return orConflict(err)
		}
		return r.answerTx(ctx, c, by.Face, n, choice)
	})
}

func orConflict(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "consultation.is_out")
}

// answerTx writes one letter of somebody's row.
func (r *Room) answerTx(ctx context.Context, c Consultation, f face.ID, n int, choice opinion.Choice) error {
	voter := c.voter(f)
	row, found, err := r.answers(ctx, c.ID, voter)
	if err != nil {
		return err
	}
	row = put(row, n, bundle.Letter(choice))
	if found {
		_, err = r.DB.Exec(ctx, qAnswersChange, string(c.ID), voter, row)
		return err
	}
	j, err := r.joined(ctx, f)
	if err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qAnswersMake, string(c.ID), voter, one(fresh(j, c.Opened)), row); err != nil {
		return err
	}
	_, err = r.DB.Exec(ctx, qDayCount, string(c.ID), epoch.Day(r.Now()))
	return err
}

// one is a yes or no as the database keeps it.
func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// put sets a letter of a row, which grows as far as that needs.
func put(row string, n int, letter byte) string {
	b := []byte(row)
	for len(b) < n {
		b = append(b, '.')
	}
	b[n-1] = letter
	return string(b)
}

// joined is long ago for a face without an account.
func (r *Room) joined(ctx context.Context, f face.ID) (Joined, error) {
	j, err := r.Joined(ctx, f)
	if fault.Is(err, fault.NotFound) {
		return Joined{Epoch: epoch.Of(r.Now())}, nil
	}
	return j, err
}

// Mine is what one person has answered, for her own eyes.
type Mine struct {
	Answers map[int]opinion.Choice // by number of the statement
	Next    *Statement             // one that she has not answered; nil when there is none
	Left    int                    // how many she has not answered
	Said    int                    // statements of her own
}

// Mine tells what a face has answered in an open consultation and what to ask next:
// everybody is asked in an order of her own, so that no statement is answered by
// more people for being old. Faults: NotFound.
func (r *Room) Mine(ctx context.Context, by Actor, id ID) (m Mine, err error) {
	defer fault.Wrap(&err, "consultation.Mine(%s)", id)
	m.Answers = map[int]opinion.Choice{}
	err = r.DB.View(ctx, func(ctx context.Context) error {
		c, err := r.Consultation(ctx, id)
		if err != nil || c.Done {
			return err
		}
		all, err := r.statements(ctx, id)
		if err != nil {
			return err
		}
		voter, row := "", ""
		if by.Face != "" && c.Space == "" {
			voter = c.voter(by.Face)
			if row, _, err = r.answers(ctx, id, voter); err != nil {
				return err
			}
		}
		m.read(row, voter, all)
		return nil
	})
	return m, err
}

// read sorts the statements into those that are answered and those that are not.
func (m *Mine) read(row, voter string, all []Statement) {
	first := ""
	for i, s := range all {
		if voter != "" && s.voter == voter {
			m.Said++
		}
		if i < len(row) && row[i] != '.' {
			m.Answers[s.N] = choiceOf(row[i])
			continue
		}
		if s.Removal != nil {
			continue
		}
		m.Left++
		sum := sha256.Sum256([]byte(voter + "/" + strconv.Itoa(s.N)))
		if turn := string(sum[:]); m.Next == nil || turn < first {
			first, m.Next = turn, &all[i]
		}
	}
}

func choiceOf(letter byte) opinion.Choice {
	switch letter {
	case '+':
		return opinion.Agree
	case '-':
		return opinion.Disagree
	}
	return opinion.Pass
}

// Turnout is how many people took part until the end of yesterday. A number that
// follows each arrival would tell of it.
func (r *Room) Turnout(ctx context.Context, id ID) (n int, err error) {
	defer fault.Wrap(&err, "consultation.Turnout(%s)", id)
	_, err = r.DB.Row(ctx, qTurnout, []any{string(id), epoch.Day(r.Now())}, &n)
	return n, err
}

// Silence is for how many days nobody has come who had not answered before.
func (r *Room) Silence(ctx context.Context, c Consultation) (days int, err error) {
	defer fault.Wrap(&err, "consultation.Silence(%s)", c.ID)
	last := 0
	_, err = r.DB.Row(ctx, qLastDay, []any{string(c.ID)}, &last)
	return epoch.Day(r.Now()) - max(last, epoch.Day(c.Opened)), err
}

// Forget takes a face's answers out of every consultation that is open, and its name
// off the statements it added. What is closed names nobody.
func (r *Room) Forget(ctx context.Context, f face.ID) (err error) {
	defer fault.Wrap(&err, "consultation.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		open, err := r.list(ctx, qUndone)
		if err != nil {
			return err
		}
		for _, c := range open {
			if c.Space != "" { // its answers belong to no face
				continue
			}
			for _, q := range []*db.Query{qAnswersForget, qStatementForget} {
				if _, err := r.DB.Exec(ctx, q, string(c.ID), c.voter(f)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
