package call

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Answer answers a call on one device, seat; whom she rings herself meanwhile she rings no
// more. Faults: NotFound; Conflict when it was answered elsewhere, or is over, or one of the
// two is in another call.
func (r *Room) Answer(ctx context.Context, by face.ID, id ID, seat string) (c Call, err error) {
	defer fault.Wrap(&err, "call.Answer")
	err = r.config.DB.Tx(ctx, func(ctx context.Context) error {
		c, err = r.seen(ctx, by, id)
		if err != nil {
			return err
		}
		if by != c.To || seat == "" {
			return fault.New(fault.NotFound, "call.over")
		}
		if c.State == Answered && c.ToSeat == seat {
			return nil // the same again
		}
		if c.Brought() {
			n, err := r.config.DB.Exec(ctx, qLock, string(c.Room))
			if err == nil && n == 0 {
				err = fault.New(fault.Conflict, "call.over")
			}
			if err != nil {
				return err
			}
		}
		speaks, err := r.speaks(ctx, by)
		if err == nil && speaks && c.State == Ringing {
			err = fault.New(fault.Conflict, "call.may.in_call")
		}
		if err != nil {
			return err
		}
		if c.State == Ringing {
			if err := r.freeTx(ctx, c); err != nil {
				return err
			}
		}
		now := r.config.Now()
		n, err := r.config.DB.Exec(ctx, qAnswer, string(id), seat, now.Add(longest).UnixMicro(), now.UnixMicro())
		if err != nil {
			return err
		}
		if n == 0 {
			if c, err = r.get(ctx, id); err == nil && c.State == Answered {
				return fault.New(fault.Conflict, "call.elsewhere")
			}
			return fault.New(fault.Conflict, "call.over")
		}
		c.State, c.ToSeat = Answered, seat
		if err := r.comeTx(ctx, c); err != nil {
			return err
		}
		if err := r.tellTx(ctx, c); err != nil {
			return err
		}
		return r.config.Hush(ctx, c.To)
	})
	return c, err
}

// freeTx sees that neither side of a call that is being answered comes to be in two: the
// caller may have answered another since, and whoever answers may ring somebody herself.
func (r *Room) freeTx(ctx context.Context, c Call) error {
	speaks, err := r.speaks(ctx, c.From)
	if err == nil && speaks && !c.Brought() {
		err = fault.New(fault.Conflict, "call.over")
	}
	if err != nil {
		return err
	}
	open, err := r.calls(ctx, qOpen, string(c.To), r.config.Now().UnixMicro())
	if err != nil {
		return err
	}
	for _, o := range open {
		if o.From != c.To || o.ID == c.ID || o.State == Answered { // one that is spoken she has left
			continue
		}
		if err := r.endTx(ctx, o, Cancelled); err != nil {
			return err
		}
		if o, err = r.get(ctx, o.ID); err == nil && o.State == Answered { // in that moment
			err = fault.New(fault.Conflict, "call.may.in_call")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
