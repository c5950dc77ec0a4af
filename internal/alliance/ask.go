package alliance

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/typed"
)

// Ask wishes to be connected with somebody; where that face wishes it too, they are.
// Whoever has blocked the asker is not asked, and the asker sees the wish wait all the
// same. Faults: as MayAsk; Invalid on words; Conflict when they are connected, or it
// waits already; Forbidden for whom the asker has blocked; TooMany.
func (r *Room) Ask(ctx context.Context, a Actor, to face.ID, words string) (err error) {
	defer fault.Wrap(&err, "alliance.Ask")
	if err = MayConnect(a); err != nil {
		return err
	}
	if words, err = typed.Lines("words", words, 0, MaxWords); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		f, err := r.Faces.Face(ctx, to)
		if err != nil {
			return err
		}
		if err := MayAsk(a, f); err != nil {
			return err
		}
		return r.askTx(ctx, a.Face, to, words)
	})
}

func (r *Room) askTx(ctx context.Context, from, to face.ID, words string) error {
	if holds, err := r.holds(ctx, from, to); err != nil || holds {
		return or(err, fault.New(fault.Conflict, "alliance.ask.connected"))
	}
	if blocked, err := r.Blocked(ctx, from, to); err != nil || blocked {
		return or(err, fault.New(fault.Forbidden, "alliance.ask.blocked"))
	}
	if theirs, found, err := r.wish(ctx, to, from); err != nil || found && theirs.waits() {
		return or(err, r.connectTx(ctx, to, from))
	}
	mine, found, err := r.wish(ctx, from, to)
	if err != nil || found && !mine.withdrawn {
		return or(err, fault.New(fault.Conflict, "alliance.ask.waits"))
	}
	if err := r.spareTx(ctx, from); err != nil {
		return err
	}
	if found { // declined, withdrawn, and asked once more: it waits, and nobody sees it
		_, err := r.DB.Exec(ctx, qAskAgain, string(from), string(to), words, r.today())
		return err
	}
	blocked, err := r.Blocked(ctx, to, from)
	if err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qAsk, string(from), string(to), words, r.today(), flag(blocked)); err != nil || blocked {
		return err
	}
	return r.Events.Append(ctx, EventAsked, string(to), nil)
}

// spareTx refuses when too much of one person's waits.
func (r *Room) spareTx(ctx context.Context, from face.ID) error {
	var n int
	if _, err := r.DB.Row(ctx, qOpen, []any{string(from)}, &n); err != nil {
		return err
	}
	if n >= MaxOpen {
		return fault.New(fault.TooMany, "alliance.many.open", MaxOpen)
	}
	return nil
}

// connectTx makes a connection of a wish, which goes, and tells whoever wished.
func (r *Room) connectTx(ctx context.Context, asker, other face.ID) error {
	if err := r.joinTx(ctx, asker, other); err != nil {
		return err
	}
	return r.Events.Append(ctx, EventConnected, string(asker), nil)
}

// joinTx writes both sides; what either had wished of the other is fulfilled.
func (r *Room) joinTx(ctx context.Context, a, b face.ID) error {
	for _, f := range []face.ID{a, b} {
		var n int
		if _, err := r.DB.Row(ctx, qHowMany, []any{string(f)}, &n); err != nil {
			return err
		}
		if n >= MaxConnections {
			return fault.New(fault.TooMany, "alliance.many", MaxConnections)
		}
	}
	for _, pair := range [][2]face.ID{{a, b}, {b, a}} {
		if _, err := r.DB.Exec(ctx, qConnect, string(pair[0]), string(pair[1])); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qDropAsk, string(pair[0]), string(pair[1])); err != nil {
			return err
		}
	}
	return nil
}

// Withdraw takes a wish back. What was declined stays, unseen by both, until it lapses.
// Faults: SignIn; NotFound.
func (r *Room) Withdraw(ctx context.Context, a Actor, to face.ID) (err error) {
	defer fault.Wrap(&err, "alliance.Withdraw")
	return r.answering(ctx, a, a.Face, to, func(ctx context.Context, w wish) error {
		if w.withdrawn {
			return noSuch()
		}
		q := qDropAsk
		if w.declined {
			q = qWithdraw
		}
		_, err := r.DB.Exec(ctx, q, string(a.Face), string(to))
		return err
	})
}

// Accept says yes to somebody's wish. Faults: SignIn; NotFound, also when it was taken
// back meanwhile; TooMany.
func (r *Room) Accept(ctx context.Context, a Actor, from face.ID) (err error) {
	defer fault.Wrap(&err, "alliance.Accept")
	return r.answering(ctx, a, from, a.Face, func(ctx context.Context, w wish) error {
		if !w.waits() {
			return noSuch()
		}
		return r.connectTx(ctx, from, a.Face)
	})
}

// Decline says no to somebody's wish; nobody is told. Faults: SignIn; NotFound.
func (r *Room) Decline(ctx context.Context, a Actor, from face.ID) (err error) {
	defer fault.Wrap(&err, "alliance.Decline")
	return r.answering(ctx, a, from, a.Face, func(ctx context.Context, w wish) error {
		if !w.waits() {
			return noSuch()
		}
		_, err := r.DB.Exec(ctx, qDecline, string(from), string(a.Face))
		return err
	})
}

func (r *Room) answering(ctx context.Context, a Actor, from, to face.ID, do func(context.Context, wish) error) error {
	if err := MayConnect(a); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		w, found, err := r.wish(ctx, from, to)
		if err == nil && !found {
			err = noSuch()
		}
		if err != nil {
			return err
		}
		return do(ctx, w)
	})
}

// End ends a connection for both sides. Faults: SignIn; NotFound.
func (r *Room) End(ctx context.Context, a Actor, other face.ID) (err error) {
	defer fault.Wrap(&err, "alliance.End")
	if err = MayConnect(a); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if holds, err := r.holds(ctx, a.Face, other); err != nil || !holds {
			return or(err, noSuch())
		}
		if err := r.dropTx(ctx, a.Face, other); err != nil {
			return err
		}
		_, err := r.DB.Exec(ctx, qDisconnect, string(other), string(a.Face))
		return err
	})
}

// Shut is what a block does: the blocker's own side of the connection goes, and what the
// other wishes is declined, as is an introduction to him or by him. The other side stays as it was. Call it in the transaction
// of the block.
func (r *Room) Shut(ctx context.Context, by, whom face.ID) (err error) {
	defer fault.Wrap(&err, "alliance.Shut")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if err := r.dropTx(ctx, by, whom); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qDecline, string(whom), string(by)); err != nil {
			return err
		}
		for _, q := range []*db.Query{qShutOne, qShutOther} {
			if _, err := r.DB.Exec(ctx, q, string(by), string(whom)); err != nil {
				return err
			}
		}
		_, err := r.DB.Exec(ctx, qDropAsk, string(by), string(whom))
		return err
	})
}

// Reopen takes back what Shut did to a connection, where the other still holds it.
func (r *Room) Reopen(ctx context.Context, by, whom face.ID) (err error) {
	defer fault.Wrap(&err, "alliance.Reopen")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if holds, err := r.holds(ctx, whom, by); err != nil || !holds {
			return err
		}
		_, err := r.DB.Exec(ctx, qConnect, string(by), string(whom))
		return err
	})
}

// dropTx takes one side of a connection away, with what was noted about it.
func (r *Room) dropTx(ctx context.Context, of, other face.ID) error {
	if _, err := r.DB.Exec(ctx, qDisconnect, string(of), string(other)); err != nil {
		return err
	}
	_, err := r.DB.Exec(ctx, qDropNote, string(of), string(other))
	return err
}

func noSuch() error { return fault.New(fault.NotFound, "alliance.gone") }

// or is the fault of a question, or else the one its answer leads to.
func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}
