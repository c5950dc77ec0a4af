package mask

import (
	"context"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/safedb"
)

// ProposalDays is for how many days a proposal waits for a second moderator. It
// delays the mask's renewal meanwhile, so it must not wait for ever, nor be made
// again by the same hand as soon as it has ended.
const ProposalDays = 7

// propose keeps what a second moderator must confirm. One proposal of a deed about
// a thing is enough.
func (r *Room) propose(tx *safedb.Tx, s Signed) error {
	n, lately := 0, 0
	if _, err := tx.Row(qProposedAlready, []any{s.Space, string(s.Deed), s.Post, s.Mask}, &n); err != nil {
		return err
	}
	if _, err := tx.Row(qProposedLately, []any{s.Space, string(s.Deed), s.Mask, s.By, s.Day - MaxMute}, &lately); err != nil {
		return err
	}
	m, found, err := maskAt(tx, place{s.Space, s.Mask})
	switch {
	case err != nil:
		return err
	case !found:
		return fault.New(fault.NotFound, "mask.nobody")
	case n > 0 || s.Deed == Ban && m.State == Banned:
		return fault.New(fault.Conflict, "mask.order.already")
	case lately > 0 && s.Deed != Unban: // whose proposal delays nothing that a ban has not ended
		return fault.New(fault.Forbidden, "mask.order.unseconded")
	}
	return write(tx, s)
}

// lapseProposals declines what nobody has seconded in time.
func lapseProposals(tx *safedb.Tx, now int) error {
	var masks []place
	before := epoch.DayOfTick(now) - ProposalDays
	err := tx.Rows(qProposalsOld, func(scan func(...any) error) error {
		var at place
		err := scan(&at.space, &at.id)
		masks = append(masks, at)
		return err
	}, before)
	if err != nil || len(masks) == 0 {
		return err
	}
	if _, err := tx.Exec(qProposalsEnd, before); err != nil {
		return err
	}
	for _, at := range masks {
		if err := recount(tx, at); err != nil {
			return err
		}
	}
	return nil
}

// proposeEnd proposes to take back what two moderators have decided: one alone must
// not lift a ban, either.
func (r *Room) proposeEnd(tx *safedb.Tx, by Moderator, d Decision, s Signed) (Decision, error) {
	if err := MayPropose(by); err != nil {
		return d, err
	}
	s, err := opposite(d, s)
	if err != nil {
		return d, err
	}
	s.Standing = Proposed
	return s.Decision, r.propose(tx, s)
}

// endDecision marks as undone what a confirmed proposal takes back.
func (r *Room) endDecision(tx *safedb.Tx, space, id string) error {
	d, err := decisionAt(tx, space, id)
	if err != nil {
		return err
	}
	if d.Standing != Stands { // jurors were faster
		return fault.New(fault.Conflict, "mask.order.already")
	}
	if _, err := tx.Exec(qAppealEnd, space, id, Overturned, r.day()); err != nil {
		return err
	}
	_, err = tx.Exec(qStand, space, id, int(Undone), "")
	return err
}

// Confirm carries out what another moderator has proposed. Faults: Forbidden for
// the one who proposed it; NotFound; Conflict when it was decided already.
func (r *Room) Confirm(ctx context.Context, by Moderator, space, id string) (err error) {
	defer fault.Wrap(&err, "mask.Confirm")
	return r.second(ctx, by, space, id, func(tx *safedb.Tx, s Signed) error {
		if err := MayConfirm(by, s); err != nil {
			return err
		}
		if err := r.fileReports(tx, 0); err != nil {
			return err
		}
		if s.Undoes != "" {
			if err := r.endDecision(tx, space, s.Undoes); err != nil {
				return err
			}
		}
		if err := r.carryOut(tx, s.Decision); err != nil {
			return err
		}
		_, err := tx.Exec(qConfirm, space, id, by.ID, r.day())
		return err
	})
}

// Decline ends a proposal without doing it; whoever proposed it may, too. Faults
// as of Confirm.
func (r *Room) Decline(ctx context.Context, by Moderator, space, id string) (err error) {
	defer fault.Wrap(&err, "mask.Decline")
	return r.second(ctx, by, space, id, func(tx *safedb.Tx, _ Signed) error {
		_, err := tx.Exec(qStand, space, id, int(Declined), by.ID)
		return err
	})
}

// second looks a proposal up and does something about it.
func (r *Room) second(ctx context.Context, by Moderator, space, id string, do func(*safedb.Tx, Signed) error) error {
	return r.DB.Write(ctx, func(tx *safedb.Tx) error {
		tx.AfterCommit(r.decided(space))
		s, err := decisionAt(tx, space, id)
		if err != nil {
			return err
		}
		if s.Standing != Proposed {
			return fault.New(fault.Conflict, "mask.order.already")
		}
		if err := do(tx, s); err != nil {
			return err
		}
		return recount(tx, place{space, s.Mask})
	})
}

// decisionAt reads one. Faults: NotFound.
func decisionAt(tx *safedb.Tx, space, id string) (s Signed, err error) {
	found := false
	err = tx.Rows(qDecision, func(scan func(...any) error) error {
		found = true
		s, err = scanDecision(scan)
		return err
	}, space, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "mask.order.none")
	}
	return s, err
}

func scanDecision(scan func(...any) error) (s Signed, err error) {
	err = scan(&s.Space, &s.ID, &s.Deed, &s.Post, &s.Mask, &s.Until, &s.Reason, &s.Day, &s.By, &s.Second, &s.Undoes, &s.Standing)
	return s, err
}

// Decisions lists what was decided in a space, the newest days first, n at most;
// proposals are not in it, nor who decided.
func (r *Room) Decisions(ctx context.Context, space string, n int) (list []Decision, err error) {
	defer fault.Wrap(&err, "mask.Decisions")
	all, err := r.signed(ctx, qDecisions, space, n)
	for _, s := range all {
		list = append(list, s.Decision)
	}
	return list, err
}

// Proposals lists what waits for a second moderator, and who proposed it.
func (r *Room) Proposals(ctx context.Context, space string) (list []Signed, err error) {
	defer fault.Wrap(&err, "mask.Proposals")
	return r.signed(ctx, qProposals, space)
}

// Signed lists decisions with those who made them, for moderators only.
func (r *Room) Signed(ctx context.Context, space string, n int) (list []Signed, err error) {
	defer fault.Wrap(&err, "mask.Signed")
	return r.signed(ctx, qDecisions, space, n)
}

func (r *Room) signed(ctx context.Context, query string, args ...any) (list []Signed, err error) {
	return list, r.DB.Read(ctx, func(tx *safedb.Tx) error {
		return tx.Rows(query, func(scan func(...any) error) error {
			s, err := scanDecision(scan)
			list = append(list, s)
			return err
		}, args...)
	})
}

// unlogged gives what the public log does not have yet.
func (r *Room) unlogged(ctx context.Context) (list []Decision, err error) {
	all, err := r.signed(ctx, qUnlogged)
	for _, s := range all {
		list = append(list, s.Decision)
	}
	return list, err
}

// logDecisions appends decisions to the public log, outside transactions, because
// what is in the log stays there; appending twice is harmless.
func (r *Room) logDecisions(ctx context.Context) error {
	list, err := r.unlogged(ctx)
	for _, d := range list {
		if err := r.Decided(ctx, d); err != nil {
			return err
		}
		err := r.DB.Write(ctx, func(tx *safedb.Tx) error { _, err := tx.Exec(qLogged, d.Space, d.ID); return err })
		if err != nil {
			return err
		}
	}
	return err
}
