package moderation

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Move opens a motion and is its first voice. A recall may be moved by a
// steward or a seasoned member, a succession by a seasoned member when all
// stewards have vanished. Faults: Forbidden with the reason, NotFound when the
// one to recall is no steward, Conflict when the same motion is open.
func (r *Room) Move(ctx context.Context, by Actor, kind MotionKind, whom face.ID, reason string) (m Motion, err error) {
	defer fault.Wrap(&err, "moderation.Move(%s)", kind)
	if reason, err = words("reason", reason, 10, MaxReason); err != nil {
		return m, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		ss, err := r.Stewards(ctx)
		if err != nil {
			return err
		}
		if err := r.mayMove(by, kind, whom, ss); err != nil {
			return err
		}
		if open, err := r.motions(ctx, by.Face, qMotionsOpen); err != nil {
			return err
		} else if has(open, kind, whom, r.Now()) {
			return fault.New(fault.Conflict, "moderation.motion_open")
		}
		now := r.Now().UTC().Truncate(time.Microsecond)
		m = Motion{ID: r.ids.New(), Kind: kind, Face: whom, Reason: reason, By: by.Face, At: now, Closes: now.Add(MotionOpen)}
		if _, err := r.DB.Exec(ctx, qMove, m.ID, string(kind), string(whom), reason, string(by.Face), db.Micros(now), db.Micros(m.Closes)); err != nil {
			return err
		}
		r.touched(ctx, "stewards")
		return r.supportTx(ctx, by, m, ss)
	})
	return m, err
}

func has(ms []Motion, kind MotionKind, whom face.ID, now time.Time) bool {
	for _, m := range ms {
		if m.Kind == kind && m.Face == whom && now.Before(m.Closes) {
			return true
		}
	}
	return false
}

func (r *Room) mayMove(by Actor, kind MotionKind, whom face.ID, ss []Steward) error {
	switch kind {
	case Recall:
		if !seated(ss, whom) {
			return fault.New(fault.NotFound, "moderation.no_steward")
		}
		if seated(ss, by.Face) {
			return nil
		}
		return MayVoice(by, r.Now())
	case Succession:
		if err := MayVoice(by, r.Now()); err != nil {
			return err
		}
		return MaySucceed(ss, r.Now())
	}
	return fault.New(fault.Invalid, "fault.choose")
}

func seated(ss []Steward, id face.ID) bool {
	for _, s := range ss {
		if s.Face == id {
			return true
		}
	}
	return false
}

// Support adds a voice; supporting twice changes nothing. A recall is carried
// by more than half of the other stewards (at least two) or by Voices voices; a
// succession by Voices seasoned members once ObjectionTime has passed. Faults:
// Forbidden, NotFound, Conflict when the motion is over.
func (r *Room) Support(ctx context.Context, by Actor, id string) (err error) {
	defer fault.Wrap(&err, "moderation.Support(%s)", id)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		ms, err := r.motions(ctx, by.Face, qMotion, id)
		if err != nil {
			return err
		}
		if len(ms) == 0 {
			return fault.New(fault.NotFound, "moderation.no_motion")
		}
		ss, err := r.Stewards(ctx)
		if err != nil {
			return err
		}
		return r.supportTx(ctx, by, ms[0], ss)
	})
}

func (r *Room) supportTx(ctx context.Context, by Actor, m Motion, ss []Steward) error {
	if m.Outcome != "" || !r.Now().Before(m.Closes) {
		return fault.New(fault.Conflict, "moderation.motion_over")
	}
	if !(m.Kind == Recall && seated(ss, by.Face)) {
		if err := MayVoice(by, r.Now()); err != nil {
			return err
		}
	}
	if by.Face == m.Face && m.Kind == Recall {
		return fault.New(fault.Forbidden, "moderation.own_recall")
	}
	if _, err := r.DB.Exec(ctx, qVoice, m.ID, string(by.Face)); err != nil {
		return err
	}
	r.touched(ctx, "stewards")
	return r.countTx(ctx, m, ss)
}

// countTx carries a motion that has its voices.
func (r *Room) countTx(ctx context.Context, m Motion, ss []Steward) error {
	all, stewards, err := r.voices(ctx, m.ID, ss)
	if err != nil {
		return err
	}
	switch m.Kind {
	case Recall:
		// Never one steward alone: of two, one could throw out the other.
		if others := len(ss) - 1; all < Voices && (stewards < 2 || stewards*2 <= others) {
			return nil
		}
		if err := r.unseatTx(ctx, m.Face, "", Recalled, m.Reason); err != nil {
			return err
		}
	case Succession:
		if all < Voices || r.Now().Sub(m.At) < ObjectionTime {
			return nil
		}
		if MaySucceed(ss, r.Now()) != nil {
			_, err := r.DB.Exec(ctx, qMotionEnd, m.ID, "lapsed")
			return err
		}
		if err := r.seatTx(ctx, m.Face, "", Succeeded, m.Reason); err != nil {
			return err
		}
	}
	_, err = r.DB.Exec(ctx, qMotionEnd, m.ID, "carried")
	return err
}

func (r *Room) voices(ctx context.Context, id string, ss []Steward) (all, stewards int, err error) {
	err = r.DB.Rows(ctx, qVoices, func(scan func(...any) error) error {
		var f face.ID
		if err := scan(&f); err != nil {
			return err
		}
		all++
		if seated(ss, f) {
			stewards++
		}
		return nil
	}, id)
	return all, stewards, err
}

// Tally ends what is due: motions whose time is over lapse, successions whose
// objection time is over are carried. It runs daily.
func (r *Room) Tally(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "moderation.Tally")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		ms, err := r.motions(ctx, "", qMotionsOpen)
		if err != nil {
			return err
		}
		ss, err := r.Stewards(ctx)
		if err != nil {
			return err
		}
		for _, m := range ms {
			if err := r.countTx(ctx, m, ss); err != nil {
				return err
			}
			if !r.Now().Before(m.Closes) {
				if _, err := r.DB.Exec(ctx, qMotionEnd, m.ID, "lapsed"); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Motions lists motions, open ones first, newest first, at most 50; Mine is set
// for reader.
func (r *Room) Motions(ctx context.Context, reader face.ID) (ms []Motion, err error) {
	defer fault.Wrap(&err, "moderation.Motions")
	return r.motions(ctx, reader, qMotions)
}

func (r *Room) motions(ctx context.Context, reader face.ID, q *db.Query, args ...any) (ms []Motion, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		m := Motion{Needed: Voices}
		var at, closes int64
		var voices, mine int
		if err := scan(&m.ID, &m.Kind, &m.Face, &m.Reason, &m.By, &at, &closes, &m.Outcome, &voices, &mine); err != nil {
			return err
		}
		m.At, m.Closes, m.Voices, m.Mine = db.Time(at), db.Time(closes), voices, mine > 0
		ms = append(ms, m)
		return nil
	}, append([]any{string(reader)}, args...)...)
	return ms, err
}
