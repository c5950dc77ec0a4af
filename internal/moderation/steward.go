package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Stewards lists who keeps the hall, longest first.
func (r *Room) Stewards(ctx context.Context) (ss []Steward, err error) {
	defer fault.Wrap(&err, "moderation.Stewards")
	err = r.DB.Rows(ctx, qStewards, func(scan func(...any) error) error {
		var s Steward
		var at, active int64
		if err := scan(&s.Face, &s.By, &at, &active); err != nil {
			return err
		}
		s.At, s.Active = db.Time(at), dayTime(active)
		ss = append(ss, s)
		return nil
	})
	return ss, err
}

// IsSteward tells whether a face keeps the hall. It is asked at every signed-in
// request, so the few names are remembered.
func (r *Room) IsSteward(ctx context.Context, id face.ID) (bool, error) {
	r.mu.RLock()
	known, reads := r.known, r.reads
	r.mu.RUnlock()
	if known == nil || db.Writing(ctx) { // inside a transaction memory may be behind
		ss, err := r.Stewards(ctx)
		if err != nil {
			return false, err
		}
		known = make(map[face.ID]bool, len(ss))
		for _, s := range ss {
			known[s.Face] = true
		}
		r.mu.Lock()
		if r.reads == reads && !db.Writing(ctx) {
			r.known = known
		}
		r.mu.Unlock()
	}
	return known[id], nil
}

func (r *Room) stewardsChanged(ctx context.Context) {
	db.AfterCommit(ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.known = nil
		r.reads++
	})
	r.touched(ctx, "stewards", "decisions")
}

// Invite makes a one-time link's token that lets its bearer become a steward.
// by is empty for the one the operator gets at the first start, which replaces
// an unused earlier one.
func (r *Room) Invite(ctx context.Context, by face.ID) (token string, err error) {
	defer fault.Wrap(&err, "moderation.Invite")
	token = ident.Random()
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		if by == "" {
			if _, err := r.DB.Exec(ctx, qInviteClear, ""); err != nil {
				return err
			}
		}
		_, err := r.DB.Exec(ctx, qInvite, hash(token), string(by))
		return err
	})
	return token, err
}

// Accept spends a token and makes its bearer a steward. Faults: NotFound when
// the token was used or never was; SignIn without a face.
func (r *Room) Accept(ctx context.Context, token string, id face.ID) (err error) {
	defer fault.Wrap(&err, "moderation.Accept")
	if id == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		var by string
		found, err := r.DB.Row(ctx, qInviteSpend, []any{hash(token)}, &by)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "moderation.invitation_spent")
		}
		if err != nil {
			return err
		}
		return r.seatTx(ctx, id, face.ID(by), Appointed, "")
	})
}

// Invited tells whether a token is still good.
func (r *Room) Invited(ctx context.Context, token string) (bool, error) {
	var by string
	return r.DB.Row(ctx, qInvited, []any{hash(token)}, &by)
}

// Appoint makes somebody a steward. The door has asked MayDecide. Appointing a
// steward again changes nothing.
func (r *Room) Appoint(ctx context.Context, by, id face.ID) (err error) {
	defer fault.Wrap(&err, "moderation.Appoint(%s)", id)
	return r.DB.Tx(ctx, func(ctx context.Context) error { return r.seatTx(ctx, id, by, Appointed, "") })
}

func (r *Room) seatTx(ctx context.Context, id, by face.ID, deed Deed, reason string) error {
	now := r.Now()
	n, err := r.DB.Exec(ctx, qSeat, string(id), string(by), db.Micros(now), day(now))
	if err != nil || n == 0 {
		return err
	}
	r.stewardsChanged(ctx)
	_, err = r.decideTx(ctx, Decision{Deed: deed, Target: Target{Kind: "face", ID: string(id)}, Reason: reason, By: by})
	return err
}

// Resign ends one's own stewardship. Faults: Forbidden for the last steward: a
// hall without one is stuck, so appoint somebody first.
func (r *Room) Resign(ctx context.Context, id face.ID) (err error) {
	defer fault.Wrap(&err, "moderation.Resign")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		ss, err := r.Stewards(ctx)
		if err != nil {
			return err
		}
		if len(ss) == 1 && ss[0].Face == id {
			return fault.New(fault.Forbidden, "moderation.last_steward")
		}
		return r.unseatTx(ctx, id, id, Resigned, "")
	})
}

// Forget ends a stewardship because the account is erased, even the last one,
// and forgets whom she blocked, who blocked her, and that she sent reports.
func (r *Room) Forget(ctx context.Context, id face.ID) (err error) {
	defer fault.Wrap(&err, "moderation.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		for _, q := range []*db.Query{qBlockForget, qReportForget} {
			if _, err := r.DB.Exec(ctx, q, string(id)); err != nil {
				return err
			}
		}
		return r.unseatTx(ctx, id, id, Resigned, "")
	})
}

func (r *Room) unseatTx(ctx context.Context, id, by face.ID, deed Deed, reason string) error {
	n, err := r.DB.Exec(ctx, qUnseat, string(id))
	if err != nil || n == 0 {
		return err
	}
	r.stewardsChanged(ctx)
	_, err = r.decideTx(ctx, Decision{Deed: deed, Target: Target{Kind: "face", ID: string(id)}, Reason: reason, By: by})
	return err
}

func hash(token string) string {
	h := sha256.Sum256([]byte("guildhall/steward/1\x00" + token))
	return hex.EncodeToString(h[:])
}
