package member

import (
	"context"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/member/key"
)

// Credit is what an account stores of vouches, and all it does.
type Credit struct {
	Joined  int    // epoch
	Branch  string // through which she came; empty: nobody has vouched yet
	Vouches int    // from different branches; NeedVouches is enough
	Founder bool
	Gave    [2]int // epochs of the last two vouches she gave; 0 for none
}

// The rules of vouching; safety.md of the design fixed them.
const (
	NeedVouches  = 2                   // from different branches
	MaxFounders  = 20                  // each a branch of her own
	FoundingTime = 30 * 24 * time.Hour // from the hall's first day
	GiveAfter    = 30 * 24 * time.Hour // of membership
	GiveAgain    = 90 * 24 * time.Hour // after which a vouch given is there to give again
)

// MailBranch is the branch of all who showed a platform's mail.
const MailBranch = "mail"

// The purposes of stamped codes.
const (
	vouchCode   = "vouch"
	founderCode = "founder"
)

// Credit reads what an account is vouched for. Faults: NotFound.
func (r *Room) Credit(ctx context.Context, id ID) (c Credit, err error) {
	defer fault.Wrap(&err, "member.Credit")
	return r.credit(ctx, id)
}

// CreditOf is Credit for whoever knows the face alone. Faults: NotFound.
func (r *Room) CreditOf(ctx context.Context, face string) (c Credit, err error) {
	defer fault.Wrap(&err, "member.CreditOf")
	a, err := r.ByFace(ctx, face)
	if err != nil {
		return c, err
	}
	return r.credit(ctx, a.ID)
}

// GiveVouch makes a one-time code that vouches for whoever uses it. The hall does
// not keep it: it notes that a vouch was given in this epoch. Faults: NotFound;
// Forbidden and TooMany (see MayGive); Conflict when the same member gives two at
// the same moment.
func (r *Room) GiveVouch(ctx context.Context, id ID) (c key.Code, err error) {
	defer fault.Wrap(&err, "member.GiveVouch")
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		has, err := r.credit(ctx, id)
		if err != nil {
			return err
		}
		now := r.now()
		if err := MayGive(has, now); err != nil {
			return err
		}
		n, err := r.db.Exec(ctx, qGive, string(id), has.Gave[0], has.Gave[1], has.Gave[1], epoch.Of(now))
		if err == nil && n == 0 {
			err = fault.New(fault.Conflict, "fault.conflict")
		}
		c = r.seal.Stamp(vouchCode, has.Branch)
		return err
	})
	return c, err
}

// InviteFounder makes a one-time code for a founder. The door has asked that a
// steward wants it. Faults: Forbidden when the founding time is over or all
// founders are there.
func (r *Room) InviteFounder(ctx context.Context) (c key.Code, err error) {
	defer fault.Wrap(&err, "member.InviteFounder")
	f, err := r.Founding(ctx)
	if err != nil {
		return c, err
	}
	if err := MayFound(f, r.now()); err != nil {
		return c, err
	}
	return r.seal.Stamp(founderCode, ""), nil
}

// UseVouch spends a code, a member's or a founder's. Faults: Invalid for a code
// that is not this hall's; Conflict when it was used before or would change
// nothing (see MayUse); Forbidden when the founding time is over.
func (r *Room) UseVouch(ctx context.Context, id ID, c key.Code) (err error) {
	defer fault.Wrap(&err, "member.UseVouch")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if _, ok := r.seal.Stamped(founderCode, c, []string{""}); ok {
			return r.foundTx(ctx, id, c.Spend())
		}
		branches, err := r.branches(ctx)
		if err != nil {
			return err
		}
		branch, ok := r.seal.Stamped(vouchCode, c, branches)
		if !ok {
			return fault.On("code", fault.Invalid, "vouch.code_unknown")
		}
		return r.vouchTx(ctx, id, branch, c.Spend())
	})
}

// UseMail lets a mail pass, which the door has checked, stand for one vouch.
// spend names the pass. Faults: Conflict as UseVouch.
func (r *Room) UseMail(ctx context.Context, id ID, spend string) (err error) {
	defer fault.Wrap(&err, "member.UseMail")
	return r.db.Tx(ctx, func(ctx context.Context) error { return r.vouchTx(ctx, id, MailBranch, spend) })
}

func (r *Room) vouchTx(ctx context.Context, id ID, branch, spend string) error {
	has, err := r.credit(ctx, id)
	if err != nil {
		return err
	}
	if err := MayUse(has, branch); err != nil {
		return err
	}
	if err := r.spendTx(ctx, spend); err != nil {
		return err
	}
	first := has.Branch
	if first == "" {
		first = branch
	}
	n, err := r.db.Exec(ctx, qVouched, string(id), has.Vouches, first)
	if err == nil && n == 0 { // two codes at the same moment: the other one counted
		err = fault.New(fault.Conflict, "fault.conflict")
	}
	return err
}

func (r *Room) foundTx(ctx context.Context, id ID, spend string) error {
	f, err := r.Founding(ctx)
	if err != nil {
		return err
	}
	if err := MayFound(f, r.now()); err != nil {
		return err
	}
	has, err := r.credit(ctx, id)
	if err != nil {
		return err
	}
	if has.Founder {
		return fault.On("code", fault.Conflict, "vouch.may.founder_already")
	}
	if err := r.spendTx(ctx, spend); err != nil {
		return err
	}
	n, err := r.db.Exec(ctx, qFounderAdd, MaxFounders)
	if err == nil && n == 0 {
		err = fault.New(fault.Forbidden, "vouch.may.founders_full", MaxFounders)
	}
	if err != nil {
		return err
	}
	branch := spend[:8]
	if _, err := r.db.Exec(ctx, qBranchMake, branch); err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, qFound, string(id), branch)
	return err
}

func (r *Room) spendTx(ctx context.Context, spend string) error {
	n, err := r.db.Exec(ctx, qSpend, spend)
	if err == nil && n == 0 {
		err = fault.On("code", fault.Conflict, "vouch.code_used")
	}
	return err
}

// Founding is how the hall began.
type Founding struct {
	Day      time.Time // the first, 00:00 UTC
	Founders int
}

// Until is when no founder is named any more.
func (f Founding) Until() time.Time { return f.Day.Add(FoundingTime) }

// Founding tells how the hall began.
func (r *Room) Founding(ctx context.Context) (f Founding, err error) {
	defer fault.Wrap(&err, "member.Founding")
	day := epoch.Day(r.now())
	_, err = r.db.Row(ctx, qFounding, nil, &day, &f.Founders)
	f.Day = epoch.StartOfDay(day)
	return f, err
}

// Begin notes the hall's first day, when it has none yet.
func (r *Room) Begin(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "member.Begin")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		_, err := r.db.Exec(ctx, qBegin, epoch.Day(r.now()))
		return err
	})
}

// Keep does the nightly work on vouches: on PostgreSQL their rows are shuffled.
func (r *Room) Keep(ctx context.Context) error {
	return r.db.Shuffle(ctx, "member_standing", "member_spent")
}

func (r *Room) credit(ctx context.Context, id ID) (c Credit, err error) {
	var founder int64
	found, err := r.db.Row(ctx, qCredit, []any{string(id)}, &c.Joined, &c.Branch, &c.Vouches, &founder, &c.Gave[0], &c.Gave[1])
	if err == nil && !found {
		err = fault.New(fault.NotFound, "member.unknown")
	}
	c.Founder = founder != 0
	return c, err
}

// branches are those from which a vouch can come.
func (r *Room) branches(ctx context.Context) (list []string, err error) {
	list = append(list, MailBranch)
	err = r.db.Rows(ctx, qBranches, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		list = append(list, s)
		return err
	})
	return list, err
}
