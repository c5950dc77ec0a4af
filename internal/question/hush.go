package question

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// Hush hides a question, one case of it or an entry of its book, with a reason: of a
// question that its asker and stewards still see, of the others the words. An answer
// that is hidden still counts: nobody turns a clock by hiding. Faults: SignIn, Forbidden,
// NotFound; Invalid on "reason".
func (r *Room) Hush(ctx context.Context, by Actor, id ID, thing, reason string) (err error) {
	defer fault.Wrap(&err, "question.Hush(%s)", id)
	if reason, err = r.moving(by, reason); err != nil {
		return err
	}
	return r.changing(ctx, id, thing, func(ctx context.Context) error {
		return r.hushTx(ctx, id, thing, Hush{By: by.Face, At: r.moment(), Reason: reason})
	})
}

// Unhush shows again what was hidden or waited. Faults: SignIn, Forbidden, NotFound.
func (r *Room) Unhush(ctx context.Context, by Actor, id ID, thing string) (err error) {
	defer fault.Wrap(&err, "question.Unhush(%s)", id)
	if err = MayKeep(by); err != nil {
		return err
	}
	return r.changing(ctx, id, thing, func(ctx context.Context) error {
		h, err := r.hushRow(ctx, thing)
		if err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qHushErase, thing); err != nil {
			return err
		}
		if thing == string(id) && h.Waits() {
			if err := r.happened(ctx, EventShown, id, struct{}{}); err != nil {
				return err
			}
		}
		return r.markTx(ctx, id, thing, 0)
	})
}

// changing does something to a question or a case of it, and counts anew.
func (r *Room) changing(ctx context.Context, id ID, thing string, do func(context.Context) error) error {
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		q, err := r.lockTx(ctx, id)
		if err != nil {
			return err
		}
		if n, ok := entryOf(id, thing); ok {
			if book, err := r.bookRows(ctx, id); err != nil || n > len(book) {
				return errors.Join(err, fault.New(fault.NotFound, "question.no_entry"))
			}
		} else if thing != string(id) {
			v, found, err := r.variantRow(ctx, VariantID(thing))
			if err != nil {
				return err
			}
			if !found || v.Question != id {
				return fault.New(fault.NotFound, "question.none")
			}
		}
		if err := do(ctx); err != nil {
			return err
		}
		if err := r.recountTx(ctx, id); err != nil {
			return err
		}
		if err := r.indexTx(ctx, id); err != nil {
			return err
		}
		r.touched(ctx, q)
		return r.happened(ctx, EventChanged, id, struct{}{})
	})
}

func (r *Room) hushTx(ctx context.Context, id ID, thing string, h Hush) error {
	if _, err := r.DB.Exec(ctx, qHushErase, thing); err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qHushMake, thing, string(id), string(h.By), db.Micros(h.At), h.Reason); err != nil {
		return err
	}
	return r.markTx(ctx, id, thing, 1)
}

func (r *Room) markTx(ctx context.Context, id ID, thing string, hushed int) error {
	q := qHushVariant
	if _, ok := entryOf(id, thing); ok {
		return nil // a book is never changed: who reads it looks here
	}
	if thing == string(id) {
		q = qHushQuestion
	}
	_, err := r.DB.Exec(ctx, q, thing, hushed)
	return err
}

// Waiting lists the questions that wait for a steward, or a case of which does.
// Faults: SignIn, Forbidden.
func (r *Room) Waiting(ctx context.Context, by Actor) (list []Question, err error) {
	defer fault.Wrap(&err, "question.Waiting")
	if err = MayKeep(by); err != nil {
		return nil, err
	}
	return r.questionRows(ctx, qWaiting)
}

// EntryThing names an entry of a question's book, for Hush.
func EntryThing(id ID, n int) string { return string(id) + "." + strconv.Itoa(n) }

// entryOf reads what EntryThing has written; ok is false for anything else.
func entryOf(id ID, thing string) (n int, ok bool) {
	s, ok := strings.CutPrefix(thing, string(id)+".")
	n, err := strconv.Atoi(s)
	return n, ok && err == nil && n > 0
}

// entryHushes are the words hidden in a question's book, by their things.
func (r *Room) entryHushes(ctx context.Context, id ID) (m map[string]*Hush, err error) {
	m = map[string]*Hush{}
	err = r.DB.Rows(ctx, qHushesOf, func(scan func(...any) error) error {
		var h Hush
		var thing string
		var at int64
		err := scan(&thing, &h.By, &at, &h.Reason)
		h.At = db.Time(at)
		m[thing] = &h
		return err
	}, string(id))
	return m, err
}
