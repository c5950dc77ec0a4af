package booking

import (
	"time"

	"guildhall/internal/fault"
)

// The functions of this file decide who may do what. They are pure: nil means yes,
// otherwise the fault holds the reason to show.

// MayOffer: members, on their own behalf.
func MayOffer(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return nil
}

// MayDispose: whoever is booked, of meetings that are not cancelled.
func MayDispose(a Actor, b Booking) error {
	if err := MayOffer(a); err != nil {
		return err
	}
	if a.Face != b.Face {
		return noSuch()
	}
	return MayChange(b)
}

// MayChange: whoever has the secret of a booking that is not cancelled.
func MayChange(b Booking) error {
	if b.State == Cancelled {
		return fault.New(fault.Conflict, "booking.may.cancelled")
	}
	return nil
}

// MostMoves is how often one meeting may be moved or confirmed anew.
const MostMoves = 20

// MayMove: whoever may change it, before it is over (or for some days after, if it has not
// taken place), and not for ever: each move is told.
func MayMove(b Booking, now time.Time) error {
	if err := MayChange(b); err != nil {
		return err
	}
	if !now.Before(b.End) && (b.Outcome != Unmet || !now.Before(b.End.Add(AgainFor))) {
		return fault.New(fault.Conflict, "booking.may.over")
	}
	if b.Version >= MostMoves {
		return fault.New(fault.Conflict, "booking.may.moved", MostMoves)
	}
	return nil
}

// MayJoin: whoever has the secret of a meeting that holds, from two minutes before it begins
// until its end.
func MayJoin(b Booking, now time.Time) error {
	if err := MayChange(b); err != nil {
		return err
	}
	switch {
	case b.Face == "" || b.State != Firm:
		return fault.New(fault.Conflict, "booking.may.not_firm")
	case now.Before(b.Start.Add(-JoinBefore)):
		return fault.New(fault.Conflict, "booking.may.not_yet")
	case !now.Before(b.End):
		return fault.New(fault.Conflict, "booking.may.over")
	}
	return nil
}

func noSuch() error { return fault.New(fault.NotFound, "fault.not_found") }
