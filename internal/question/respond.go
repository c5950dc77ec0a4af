package question

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/guard"
	"guildhall/internal/typed"
)

// Respond writes an entry in a question's book in the name of the platform that owes
// the answer: an answer (Direct or NotOurs) or a promise. Nobody but the platform
// changes it; askers judge it as any other. Faults: SignIn, NotFound, Forbidden;
// Conflict when the question was merged away; Invalid on "code", "until" or "words",
// also for words that ask people to say who they are.
func (r *Room) Respond(ctx context.Context, by Actor, id ID, f Filing) (e Entry, err error) {
	defer fault.Wrap(&err, "question.Respond(%s)", id)
	if err = MayAsk(by); err != nil {
		return e, err
	}
	if e, err = r.response(by, f); err != nil {
		return e, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		q, err := r.lockTx(ctx, id)
		if err != nil {
			return err
		}
		if err := MayRespond(by, q); err != nil {
			return err
		}
		if err := fits(q, e); err != nil {
			return err
		}
		if e.Kind == Promise && !q.Tally.State.Waits() {
			return fault.New(fault.Conflict, "question.nothing_owed")
		}
		e, err = r.fileTx(ctx, q, e)
		return err
	})
	return e, err
}

// response checks an entry of a platform's by itself.
func (r *Room) response(by Actor, f Filing) (e Entry, err error) {
	e = Entry{Kind: f.Kind, Mandate: by.Mandate, Day: r.Today(), Code: f.Code}
	switch {
	case f.Kind == Answer && (f.Code == Direct || f.Code == NotOurs):
		if f.Words == "" {
			return e, fault.On("words", fault.Invalid, "fault.empty")
		}
	case f.Kind == Promise && f.Code == "":
		if e.Until = f.Until; e.Until < r.Today() || e.Until > latest {
			return e, fault.On("until", fault.Invalid, "question.day_to_come")
		}
	default:
		return e, fault.On("code", fault.Invalid, "fault.choose")
	}
	if err = guard.AsksWho("words", f.Words); err != nil {
		return e, err
	}
	e.Source, e.HTML, err = r.text("words", f.Words, MaxAnswer, 0)
	return e, err
}

// Withdrawal is a representative's wish that an accepted answer be gone.
type Withdrawal struct {
	Question ID
	N        int // of the answer
	Mandate  string
	At       time.Time
	Reason   string
	face     face.ID
}

// Withdraw takes back what the platform wrote itself. An answer that askers have
// accepted goes only once a second person of the platform wants it too: waits is then
// true. Faults: SignIn, NotFound, Forbidden; Conflict when it is gone already, or the
// second is waited for; Invalid on "reason".
func (r *Room) Withdraw(ctx context.Context, by Actor, id ID, n int, reason string) (waits bool, err error) {
	defer fault.Wrap(&err, "question.Withdraw(%s)", id)
	if err = MayAsk(by); err != nil {
		return false, err
	}
	if reason, err = typed.Line("reason", reason, 3, MaxReason); err != nil {
		return false, err
	}
	if err = guard.AsksWho("reason", reason); err != nil {
		return false, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		q, e, err := r.entryTx(ctx, id, n)
		if err != nil {
			return err
		}
		if err := MayWithdraw(by, q, e); err != nil {
			return err
		}
		if waits = e.Judged.Verdict() == Full; !waits {
			return r.undoTx(ctx, q, by, n, plainly(reason))
		}
		_, err = r.DB.Exec(ctx, qWithdrawalMake, string(id), n, by.Mandate, string(by.Face), db.Micros(r.moment()), reason)
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "question.second_waits").Because(err)
		}
		r.touched(ctx, q)
		return err
	})
	return waits, err
}

// Second is another representative's word on a withdrawal: with yes the answer goes,
// otherwise the wish does. Faults: SignIn, NotFound, Forbidden, Conflict.
func (r *Room) Second(ctx context.Context, by Actor, id ID, n int, yes bool) (err error) {
	defer fault.Wrap(&err, "question.Second(%s)", id)
	if err = MayAsk(by); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		q, e, err := r.entryTx(ctx, id, n)
		if err != nil {
			return err
		}
		list, err := r.withdrawalRows(ctx, id)
		if err != nil {
			return err
		}
		w, found := list[n]
		if !found {
			return fault.New(fault.NotFound, "question.no_entry")
		}
		if yes {
			if err := MayWithdraw(by, q, e); err != nil {
				return err
			}
			if err := MaySecond(by, q, w); err != nil {
				return err
			}
		} else if err := MayRespond(by, q); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qWithdrawalErase, string(id), n); err != nil {
			return err
		}
		r.touched(ctx, q)
		if !yes {
			return nil
		}
		return r.undoTx(ctx, q, by, n, plainly(w.Reason))
	})
}

// Withdrawals are the wishes that wait for a second person, by the answer's number.
// Faults: none but Unavailable.
func (r *Room) Withdrawals(ctx context.Context, id ID) (m map[int]Withdrawal, err error) {
	defer fault.Wrap(&err, "question.Withdrawals(%s)", id)
	return r.withdrawalRows(ctx, id)
}

// entryTx reads an entry of a question that nobody else changes meanwhile.
func (r *Room) entryTx(ctx context.Context, id ID, n int) (q Question, e Entry, err error) {
	if q, err = r.lockTx(ctx, id); err != nil {
		return q, e, err
	}
	book, err := r.bookRows(ctx, id)
	if err == nil && (n < 1 || n > len(book)) {
		err = fault.New(fault.NotFound, "question.no_entry")
	}
	if err != nil {
		return q, e, err
	}
	return q, book[n-1], nil
}
