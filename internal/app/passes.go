package app

import (
	"context"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/job"
	"guildhall/internal/ledger"
	"guildhall/internal/mask"
	"guildhall/internal/pass"
	"guildhall/internal/space"
)

// openPasses makes the issuer, which stands on the log and on the spaces.
func (h *Hall) openPasses() {
	c := pass.Config{
		DB: h.DB, Now: h.Now, Secret: h.secret, Log: h.logIssuer, Seat: h.seat, Seats: h.safeSeats, Safe: h.safeSpace, Asked: h.openedIn,
		Renewed: func(ctx context.Context, id string, week int) (int, bool, error) {
			return h.Masks.RenewedIn(ctx, id, week)
		},
		Crowd: space.Crowd,
		Noted: func(ctx context.Context, n pass.Noted) (pass.Noted, error) {
			kept, err := h.Masks.NoteServed(ctx, mask.Served(n))
			return pass.Noted(kept), err
		},
		NotedOf: func(ctx context.Context, mark string) (pass.Noted, bool, error) {
			kept, found, err := h.Masks.ServedTo(ctx, mark)
			return pass.Noted(kept), found, err
		},
		Blurred: func(ctx context.Context, marks ...string) error { return h.Masks.BlurServed(ctx, marks...) },
		Waiting: func(ctx context.Context) ([]pass.Noted, error) { return notes(h.Masks.ServedWaiting(ctx)) },
	}
	if h.Config.Letterbox != "" {
		c.Letters = h.lettersTo
	}
	h.Passes = pass.New(c)
	h.Jobs.Every(24*time.Hour, "pass.keep", func(ctx context.Context, _ job.Job) error { return h.Passes.Keep(ctx) })
}

// notes gives what the room of masks keeps for the issuer.
func notes(list []mask.Served, err error) ([]pass.Noted, error) {
	noted := make([]pass.Noted, len(list))
	for i, s := range list {
		noted[i] = pass.Noted(s)
	}
	return noted, err
}

// seated has the issuer write down what the room of masks kept for it.
func (h *Hall) seated(ctx context.Context, read func(context.Context) ([]mask.Served, error)) error {
	return h.Passes.Seated(ctx, func(ctx context.Context) ([]pass.Noted, error) { return notes(read(ctx)) })
}

// logIssuer puts an issuer's key into the public log, once.
func (h *Hall) logIssuer(ctx context.Context, e pass.Entry) (uint64, error) {
	return h.Ledger.Append(ctx, ledger.Issuer{Purpose: string(e.Purpose), Space: e.Space, Epoch: e.Epoch, N: e.N, Day: e.Day})
}

// seat tells what a face's seat is good for.
func (h *Hall) seat(ctx context.Context, id, f string) (pass.Standing, error) {
	s, err := h.Spaces.Standing(ctx, space.ID(id), face.ID(f))
	if err != nil {
		return pass.Standing{}, err
	}
	void, err := h.Masks.Voided(ctx)
	if s.Eligible && void >= epoch.Of(h.Now()) { // a right served now would be worth nothing, and is served once
		s.Eligible, s.Why = false, fault.New(fault.Forbidden, "mask.void")
	}
	return pass.Standing{Seat: s.Seat, Eligible: s.Eligible, Why: s.Why, Branch: s.Branch}, err
}

// safeSeats lists the safe spaces in which a face holds a seat.
func (h *Hall) safeSeats(ctx context.Context, f string) (ids []string, err error) {
	seats, err := h.Spaces.Seats(ctx, face.ID(f))
	if err != nil {
		return nil, err
	}
	for _, id := range seats {
		s, err := h.Spaces.Space(ctx, id)
		if err != nil {
			return nil, err
		}
		if s.Kind == space.Safe {
			ids = append(ids, string(id))
		}
	}
	return ids, nil
}

// safeSpace tells whether masks speak in a space. A closed one stays: its rights
// are out in the world.
func (h *Hall) safeSpace(ctx context.Context, id string) error {
	s, err := h.Spaces.Space(ctx, space.ID(id))
	if err == nil && s.Kind != space.Safe {
		err = fault.New(fault.NotFound, "pass.slot.none")
	}
	return err
}
