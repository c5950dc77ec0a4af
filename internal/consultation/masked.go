package consultation

import (
	"context"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Opinion is what was said with a pass to a consultation of masks: all answers of a
// person, or a statement. Who masks are this room does not know.
type Opinion struct {
	ID      ID
	Pass    string // its spend
	Count   int    // of Answers: the highest holds
	Answers string // a letter for each statement, as package bundle writes them
	Text    string // of a statement
}

// bearer is the voter behind a pass, as the answers know it.
func (c Consultation) bearer(pass string) string { return c.voter(face.ID("pass:" + pass)) }

// AmongMasks reads a consultation of masks. Faults: NotFound for none, and for one of
// open profiles.
func (r *Room) AmongMasks(ctx context.Context, id ID) (c Consultation, err error) {
	c, err = r.Consultation(ctx, id)
	if err == nil && c.Space == "" {
		err = fault.New(fault.NotFound, "consultation.none")
	}
	return c, err
}

// OfSpace lists the open consultations of a space's masks, twenty at most.
func (r *Room) OfSpace(ctx context.Context, space string) (list []Consultation, err error) {
	defer fault.Wrap(&err, "consultation.OfSpace")
	return r.list(ctx, qOfSpace, space, micros(r.Now()))
}

// Holds tells which answers of a pass count, and their number; nothing when it was not
// used, and when the consultation is over. Faults: NotFound.
func (r *Room) Holds(ctx context.Context, id ID, pass string) (count int, answers string, err error) {
	defer fault.Wrap(&err, "consultation.Holds")
	err = r.DB.View(ctx, func(ctx context.Context) error {
		c, err := r.AmongMasks(ctx, id)
		if err != nil || c.Done {
			return err
		}
		_, err = r.DB.Row(ctx, qHeld, []any{string(id), c.bearer(pass)}, &count, &answers)
		return err
	})
	return count, answers, err
}

// MaySay tells whether a statement could be added with a pass now. Faults: as of Say.
func (r *Room) MaySay(ctx context.Context, id ID, pass, text string) (err error) {
	defer fault.Wrap(&err, "consultation.MaySay")
	return r.DB.View(ctx, func(ctx context.Context) error {
		c, err := r.AmongMasks(ctx, id)
		if err != nil {
			return err
		}
		_, _, err = r.sayable(ctx, c, text, c.bearer(pass))
		return err
	})
}

// Take writes down what was said with passes, in one transaction. Of the answers of a
// pass the highest count holds; what is no longer possible is left out. Taking the same
// twice changes nothing.
func (r *Room) Take(ctx context.Context, list []Opinion) (err error) {
	defer fault.Wrap(&err, "consultation.Take")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		for _, o := range list {
			err := r.takeOne(ctx, o)
			if f := fault.From(err); err != nil && (f.Kind == fault.Internal || f.Kind == fault.Unavailable) {
				return err
			}
		}
		return nil
	})
}

func (r *Room) takeOne(ctx context.Context, o Opinion) error {
	c, err := r.AmongMasks(ctx, o.ID)
	if err != nil || c.Done {
		return err
	}
	if o.Text == "" {
		return r.takeAnswers(ctx, c, o)
	}
	text, all, err := r.sayable(ctx, c, o.Text, c.bearer(o.Pass))
	if err != nil {
		return err
	}
	return r.sayTx(ctx, c, text, c.bearer(o.Pass), len(all)+1)
}

// takeAnswers writes all answers of a person, if no later ones are there.
func (r *Room) takeAnswers(ctx context.Context, c Consultation, o Opinion) error {
	if o.Count < 1 || len(o.Answers) > c.Statements || strings.Trim(o.Answers, "+-0.") != "" {
		return fault.New(fault.Invalid, "consultation.no_statement")
	}
	voter, had, answers := c.bearer(o.Pass), 0, ""
	found, err := r.DB.Row(ctx, qHeld, []any{string(c.ID), voter}, &had, &answers)
	if err != nil || had >= o.Count {
		return err
	}
	if found {
		_, err = r.DB.Exec(ctx, qHeldChange, string(c.ID), voter, o.Answers, o.Count)
		return err
	}
	if _, err := r.DB.Exec(ctx, qHeldMake, string(c.ID), voter, o.Answers, o.Count); err != nil {
		return err
	}
	// What waited until after the hour counts for the last day.
	_, err = r.DB.Exec(ctx, qDayCount, string(c.ID), min(epoch.Day(r.Now()), epoch.Day(c.Closes)-1))
	return err
}

// sayable makes a text a statement that a voter could add now, and gives all there are.
func (r *Room) sayable(ctx context.Context, c Consultation, text, voter string) (string, []Statement, error) {
	text, err := statement("text", text)
	if err != nil {
		return text, nil, err
	}
	all, err := r.statements(ctx, c.ID)
	if err != nil {
		return text, nil, err
	}
	return text, all, fits(text, voter, all)
}

// sayTx adds a statement, whose number it is told.
func (r *Room) sayTx(ctx context.Context, c Consultation, text, voter string, n int) error {
	if _, err := r.DB.Exec(ctx, qStatementMake, string(c.ID), n, text, 0, voter); err != nil {
		return err
	}
	r.touched(ctx, c.ID)
	_, err := r.DB.Exec(ctx, qCounted, string(c.ID), n)
	return err
}
