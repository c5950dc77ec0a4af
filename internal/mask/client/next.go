package client

import (
	"context"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// Fetch does what the account can do for a space: it takes a seat, and gets the
// right and the epoch's read passes, when this home lacks them. It sends nothing of a
// mask. The home is kept after each step. The standing says why there is nothing yet.
func (h *Home) Fetch(ctx context.Context, a *Account, space string, logged Logged) (s Standing, err error) {
	if s, err = a.Standing(ctx, space); err != nil {
		return s, err
	}
	if !s.Seat {
		if err = a.Enter(ctx, space); err != nil {
			return s, err
		}
		if s, err = a.Standing(ctx, space); err != nil {
			return s, err
		}
	}
	l := h.In(space)
	// Passes that the mask has asked for do not count: an account that asked for none
	// would show whose mask that was.
	right, reads := l.Right == nil && !l.Taken, !l.reads(s.Epoch) || l.From > 0
	if !s.Eligible || !right && !reads {
		return s, h.Keep()
	}
	k, err := a.Keys(ctx, space, logged)
	if err != nil {
		return s, err
	}
	if right {
		p, err := a.Right(ctx, h.Root, space, s, k)
		if err != nil {
			return s, err
		}
		l.Right, l.Week = &p, epoch.WeekOfDay(s.Day)
		if err := h.Keep(); err != nil || !reads {
			return s, err
		}
	}
	got, err := a.Reads(ctx, h.Root, space, s.Epoch, k)
	if err != nil {
		return s, err
	}
	l.Reads, l.From = got, 0
	return s, h.Keep()
}

// reads tells whether there are read passes of an epoch.
func (l *Living) reads(epoch int) bool { return len(l.Reads) > 0 && l.Reads[0].Epoch == epoch }

// Due tells whether the space has a right whose window has closed, so that its
// mask can be registered.
func (h *Home) Due(m Mask, space string) bool {
	l := h.In(space)
	return l.Right != nil && epoch.Week(m.now()) > l.Week
}

// Register turns the right into a mask that is born at the next batch. It sends
// nothing of the account.
func (h *Home) Register(ctx context.Context, m Mask, space string) (wire.Result, error) {
	l := h.In(space)
	r, err := m.Take(ctx, h.Root, l.N, *l.Right)
	if err != nil {
		return r, err
	}
	l.Right, l.Taken = nil, true
	return r, h.Keep()
}

// Renew asks for the successor's right when the running epoch permits it; Register
// follows once the answer is kept. Again after a crash, it gets the same.
func (h *Home) Renew(ctx context.Context, m Mask, space string, k Keys) error {
	l := h.In(space)
	into := epoch.Of(m.now())
	p, err := m.Renew(ctx, h.Root, space, l.N, into, k)
	if err != nil {
		return err
	}
	l.succeed(m, p)
	return h.Keep()
}

// succeed is the mask's successor, whose right came. It may be registered in the same
// week: all who renewed in it are born at one tick.
func (l *Living) succeed(m Mask, right token.Pass) {
	l.N, l.Right, l.Taken, l.Week = l.N+1, &right, false, epoch.Week(m.now())-1
}

// CanRead tells whether Read shows a read pass of the day, and no mask.
func (h *Home) CanRead(m Mask, space string) bool {
	_, _, err := h.In(space).today(m)
	return err == nil
}

// Provide lets the mask ask for the epoch's read passes, once, for a home that its
// account gives none. From then on Read does without the mask.
func (h *Home) Provide(ctx context.Context, m Mask, space string, k Keys) error {
	l := h.In(space)
	got, err := m.Reads(ctx, h.Root, space, l.N, k)
	if err != nil {
		return err
	}
	l.Reads, l.From = got, token.FirstOfMask(l.N)
	return h.Keep()
}

// Read looks in: by the read pass of the day, so that nobody who watches sees how often
// the mask comes, and at which hours; as the mask only where there is none. Nothing is
// done in such a visit. Faults: Forbidden with neither.
func (h *Home) Read(ctx context.Context, m Mask, space string) (*wire.Bundle, error) {
	l := h.In(space)
	p, i, err := l.today(m)
	if err == nil {
		_, b, err := m.Visit(ctx, space, h.Root.ReadKey(space, p.Epoch, i), p)
		if b != nil {
			l.Pace = b.Space.Pace
		}
		return b, err
	}
	if !l.Taken {
		return nil, err
	}
	_, b, err := m.Visit(ctx, space, h.Root.MaskKey(space, l.N), nil)
	if b != nil {
		l.Pace = b.Space.Pace
	}
	return b, err
}

var errNoReading = fault.New(fault.Forbidden, "client.no_reading")

// today picks the read pass of the day, the same all day long, and its number.
func (l *Living) today(m Mask) (*token.Pass, int, error) {
	day := epoch.Day(m.now())
	e := epoch.OfDay(day)
	i := day - epoch.FirstDay(e)
	if i < len(l.Reads) && l.Reads[i].Epoch == e {
		return &l.Reads[i], l.From + i, nil
	}
	return nil, 0, errNoReading
}
