package platform

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/typed"
)

// Correct puts right what is said of a platform; its address stays, and who calls it by
// its old name still finds it. Faults: SignIn, Forbidden,
// NotFound; Invalid on "name", "domain", "about" or "reason", on "name" also when nothing
// differs; Conflict on "name" or "domain" when it could be taken for another.
func (r *Room) Correct(ctx context.Context, by Actor, id ID, to Proposal, reason string) (c Correction, err error) {
	defer fault.Wrap(&err, "platform.Correct(%s)", id)
	if err = MayCorrect(by); err != nil {
		return c, err
	}
	if to.Name, err = typed.Line("name", to.Name, 2, MaxName); err != nil {
		return c, err
	}
	d, err := ParseDomain(to.Domain)
	if err != nil {
		return c, err
	}
	to.Domain = d.ASCII
	if to.About, err = typed.Line("about", to.About, 0, MaxAbout); err != nil {
		return c, err
	}
	if reason, err = typed.Line("reason", reason, 3, MaxReason); err != nil {
		return c, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := r.Platform(ctx, by, id)
		if err != nil {
			return err
		}
		c = Correction{Old: p.says(), New: to, By: by.Face, At: r.moment(), Reason: reason}
		if c.Old == c.New {
			return fault.On("name", fault.Invalid, "platform.correct.same")
		}
		if err := r.setTx(ctx, id, to); err != nil {
			return err
		}
		_, err = r.DB.Exec(ctx, qCorrect, string(id), c.Old.Name, ident.Fold(c.Old.Name), c.Old.Domain, c.Old.About, to.Name, to.Domain, to.About, string(by.Face), db.Micros(c.At), reason)
		return err
	})
	return c, err
}

// Uncorrect takes a correction back: what it has changed is again as it was before,
// unless that was changed once more since. Faults: SignIn, Forbidden, NotFound; Conflict
// when it was taken back, when a later one stands on it, or on "name" or "domain" when
// another platform has taken what it had.
func (r *Room) Uncorrect(ctx context.Context, by Actor, id ID, n int) (c Correction, err error) {
	defer fault.Wrap(&err, "platform.Uncorrect(%s, %d)", id, n)
	if err = MayCorrect(by); err != nil {
		return c, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		p, err := r.Platform(ctx, by, id)
		if err != nil {
			return err
		}
		list, err := r.correctionRows(ctx, id)
		if err != nil {
			return err
		}
		found := false
		for _, x := range list {
			if x.N == n {
				c, found = x, true
			}
		}
		if !found {
			return fault.New(fault.NotFound, "platform.correct.none")
		}
		to, ok := c.back(p.says())
		if !ok || !c.Undone.IsZero() {
			return fault.New(fault.Conflict, "platform.correct.since")
		}
		if err := r.setTx(ctx, id, to); err != nil {
			return err
		}
		_, err = r.DB.Exec(ctx, qUncorrect, string(id), n, db.Micros(r.moment()), string(by.Face))
		return err
	})
	return c, err
}

// back is what is said of a platform once the correction is taken back; false when what
// it has changed does not stand any more.
func (c Correction) back(now Proposal) (Proposal, bool) {
	to, ok := now, true
	undo := func(field *string, was, is string) {
		if was != is {
			ok = ok && *field == is
			*field = was
		}
	}
	undo(&to.Name, c.Old.Name, c.New.Name)
	undo(&to.Domain, c.Old.Domain, c.New.Domain)
	undo(&to.About, c.Old.About, c.New.About)
	return to, ok
}

// setTx writes what is said of a platform, unless it could be taken for another one.
func (r *Room) setTx(ctx context.Context, id ID, to Proposal) error {
	d, err := ParseDomain(to.Domain)
	if err != nil {
		return err
	}
	if err := r.freeTx(ctx, "name", qLikeName, ident.Fold(to.Name), string(id)); err != nil {
		return err
	}
	if err := r.freeTx(ctx, "domain", qLikeDomain, d.look(), string(id)); err != nil {
		return err
	}
	_, err = r.DB.Exec(ctx, qSet, string(id), to.Name, ident.Fold(to.Name), d.ASCII, d.look(), to.About)
	if db.IsUnique(err) {
		return fault.On("name", fault.Conflict, "platform.taken", to.Name).Because(err)
	}
	r.touched(ctx, id)
	return err
}

// Corrections is what was put right about a platform, the newest first. Faults: NotFound.
func (r *Room) Corrections(ctx context.Context, a Actor, id ID) (list []Correction, err error) {
	defer fault.Wrap(&err, "platform.Corrections(%s)", id)
	if _, err = r.Platform(ctx, a, id); err != nil {
		return nil, err
	}
	return r.correctionRows(ctx, id)
}
