package mask

import (
	"context"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// take registers a mask: its right waits in the pool for the next batch. What was
// registered already is told again.
func (d *deed) take(_ wire.Act, res *wire.Result) error {
	if d.who.known {
		return d.status(wire.Act{}, res)
	}
	if !d.who.waiting {
		if d.who.right == nil {
			return fault.New(fault.Forbidden, "mask.no_right")
		}
		void, err := fact(d.tx, factVoid)
		if err != nil {
			return err
		}
		if d.who.right.Epoch <= void {
			return fault.New(fault.Forbidden, "mask.void")
		}
		err = d.room.put(d.tx, record{Kind: birth, Space: d.who.space, Mask: d.who.id, Key: d.maskKey()})
		if err != nil {
			return err
		}
		d.who.waiting = true
	}
	res.State, res.Waiting = "waiting", d.room.pool.waiting[d.who.space]
	res.Batch = epoch.DayOfTick(epoch.NextBatchTick(epoch.Tick(d.room.Now())))
	return nil
}

// status tells a mask how it stands.
func (d *deed) status(_ wire.Act, res *wire.Result) error {
	switch m := d.who.mask; {
	case d.who.waiting:
		return d.take(wire.Act{}, res)
	case !d.who.known:
		return fault.New(fault.Forbidden, "mask.not_born")
	case m.State == Banned:
		res.State = "banned"
	case m.State == Renewed:
		res.State = "renewed"
	case d.day > Until(m.Epoch):
		res.State = "over"
	case m.MutedUntil >= d.day:
		res.State = "muted"
	default:
		res.State = "active"
	}
	m := d.who.mask
	res.Name, res.Reason = wire.Name(d.maskKey()), m.Reason
	res.Until, res.Renew = Until(m.Epoch), RenewFrom(m.Epoch, d.day)
	briefs, err := d.briefs()
	res.Judge = briefs
	return err
}

// provide lets a mask that may read ask for the read passes of the running epoch, by
// which it looks in without showing itself. Nothing is written of it.
func (d *deed) provide(a wire.Act, _ *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	return MayRead(d.who.mask, d.day)
}

// sign answers a request for a right or for a pass to a consultation once it is noted on
// the disk, and a request for read passes.
func (d *deed) sign(ctx context.Context, a wire.Act, res wire.Result) wire.Result {
	var err error
	switch a.Do {
	case wire.Reads:
		res.Reads, err = d.signReads(ctx, a)
	case wire.Admit:
		res.Signature, err = d.room.Sign(ctx, slotOf(a), a.Blinded)
	default:
		res.Signature, err = d.room.Sign(ctx, token.Slot{Purpose: token.Right, Space: d.who.space, Epoch: a.Epoch}, a.Blinded)
	}
	if err != nil {
		return d.refused(res, err)
	}
	return res
}

func (d *deed) signReads(ctx context.Context, a wire.Act) ([]wire.Bytes, error) {
	asked := make([][]byte, len(a.Blinds))
	for i, b := range a.Blinds {
		asked[i] = b
	}
	signed, err := d.room.SignReads(ctx, d.who.id, d.who.space, a.Epoch, asked)
	out := make([]wire.Bytes, len(signed))
	for i, b := range signed {
		out[i] = b
	}
	return out, err
}
