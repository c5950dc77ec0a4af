package moderation

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/typed"
)

// Move opens a motion and is its first voice. A recall may be moved by a
// steward or an elector, a succession by an elector when all stewards have
// vanished. How many voices it needs, and who has one, is fixed now. Faults:
// Forbidden with the reason, NotFound when the one to recall is no steward,
// Conflict when the same motion is open.
func (r *Room) Move(ctx context.Context, by face.ID, kind MotionKind, whom face.ID, reason string) (m Motion, err error) {
	defer fault.Wrap(&err, "moderation.Move(%s)", kind)
	if reason, err = typed.Lines("reason", reason, 10, MaxReason); err != nil {
		return m, err
	}
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		ss, err := r.Stewards(ctx)
		if err != nil {
			return err
		}
		now := r.Now().UTC().Truncate(time.Microsecond)
		if err := r.mayMove(ctx, by, kind, whom, ss, now); err != nil {
			return err
		}
		if open, err := r.motions(ctx, by, qMotionsOpen); err != nil {
			return err
		} else if has(open, kind, whom, now) {
			return fault.New(fault.Conflict, "moderation.motion_open")
		}
		m = Motion{ID: r.ids.New(), Kind: kind, Face: whom, Reason: reason, By: by, At: now, Closes: now.Add(MotionOpen)}
		if m.founded, m.Needed, err = r.electorate(ctx, now); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qMove, m.ID, string(kind), string(whom), reason, string(by),
			db.Micros(now), db.Micros(m.Closes), m.Needed, db.Micros(m.founded)); err != nil {
			return err
		}
		return r.voiceTx(ctx, by, m, For, ss)
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

func (r *Room) mayMove(ctx context.Context, by face.ID, kind MotionKind, whom face.ID, ss []Steward, now time.Time) error {
	_, elector, err := r.wave(ctx, by, now, now)
	if err != nil {
		return err
	}
	switch kind {
	case Recall:
		if !seated(ss, whom) {
			return fault.New(fault.NotFound, "moderation.no_steward")
		}
		return MayVoice(by, elector || seated(ss, by))
	case Succession:
		if err := MayVoice(by, elector); err != nil {
			return err
		}
		return MaySucceed(ss, now)
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

// Voice speaks for or against a motion; speaking again changes one's mind. A
// recall is carried at once by more than half of the other stewards (at least
// two). Members' voices are counted when the motion closes: those for it must
// reach Needed and outnumber those against. Faults: Invalid for an unknown
// side, Forbidden, NotFound, Conflict when the motion is over.
func (r *Room) Voice(ctx context.Context, by face.ID, id string, side Side) (err error) {
	defer fault.Wrap(&err, "moderation.Voice(%s)", id)
	if side != For && side != Against {
		return fault.New(fault.Invalid, "fault.choose")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := r.motion(ctx, by, id)
		if err != nil {
			return err
		}
		ss, err := r.Stewards(ctx)
		if err != nil {
			return err
		}
		return r.voiceTx(ctx, by, m, side, ss)
	})
}

func (r *Room) voiceTx(ctx context.Context, by face.ID, m Motion, side Side, ss []Steward) error {
	if m.Outcome != "" || !r.Now().Before(m.Closes) {
		return fault.New(fault.Conflict, "moderation.motion_over")
	}
	wave, elector, err := r.wave(ctx, by, m.At, m.founded)
	if err != nil {
		return err
	}
	if err := MayVoice(by, elector || m.Kind == Recall && seated(ss, by)); err != nil {
		return err
	}
	if by == m.Face && m.Kind == Recall {
		return fault.New(fault.Forbidden, "moderation.own_recall")
	}
	if _, err := r.DB.Exec(ctx, qVoice, m.ID, string(by), string(side), wave); err != nil {
		return err
	}
	r.touched(ctx, "stewards")
	if m.Kind != Recall {
		return nil
	}
	_, stewards, err := r.voices(ctx, m.ID, ss)
	// Never one steward alone: of two, one could throw out the other.
	if others := len(ss) - 1; err != nil || stewards < 2 || stewards*2 <= others {
		return err
	}
	return r.carryTx(ctx, m)
}

// Answer says what the steward to recall has to say to it; answering again
// replaces it. Faults: Invalid, NotFound, Forbidden for anybody else, Conflict
// when the motion is over.
func (r *Room) Answer(ctx context.Context, by face.ID, id, text string) (err error) {
	defer fault.Wrap(&err, "moderation.Answer(%s)", id)
	if text, err = typed.Lines("answer", text, 3, MaxAnswer); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		m, err := r.motion(ctx, by, id)
		if err != nil {
			return err
		}
		if err := MayAnswer(by, m); err != nil {
			return err
		}
		if m.Outcome != "" || !r.Now().Before(m.Closes) {
			return fault.New(fault.Conflict, "moderation.motion_over")
		}
		r.touched(ctx, "stewards")
		_, err = r.DB.Exec(ctx, qMotionAnswer, id, text)
		return err
	})
}

// carryTx does what a motion wants, and ends it.
func (r *Room) carryTx(ctx context.Context, m Motion) error {
	var err error
	if m.Kind == Recall {
		err = r.unseatTx(ctx, m.Face, "", Recalled, m.Reason)
	} else {
		err = r.seatTx(ctx, m.Face, "", Succeeded, m.Reason)
	}
	if err != nil {
		return err
	}
	_, err = r.DB.Exec(ctx, qMotionEnd, m.ID, "carried")
	return err
}

// voices adds up who has spoken, by side and wave, and how many stewards are
// for it.
func (r *Room) voices(ctx context.Context, id string, ss []Steward) (sides map[Side]map[int]int, stewards int, err error) {
	sides = map[Side]map[int]int{For: {}, Against: {}}
	err = r.DB.Rows(ctx, qVoices, func(scan func(...any) error) error {
		var f face.ID
		var side Side
		var wave int
		if err := scan(&f, &side, &wave); err != nil {
			return err
		}
		sides[side][wave]++
		if side == For && seated(ss, f) {
			stewards++
		}
		return nil
	}, id)
	return sides, stewards, err
}

// Tally counts the voices of motions whose time is over. It runs daily.
func (r *Room) Tally(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "moderation.Tally")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		ms, err := r.motions(ctx, "", qMotionsOpen)
		if err != nil {
			return err
		}
		for _, m := range ms {
			if r.Now().Before(m.Closes) {
				continue
			}
			if err := r.endTx(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// endTx carries a motion whose time is over, or lets it lapse.
func (r *Room) endTx(ctx context.Context, m Motion) error {
	ss, err := r.Stewards(ctx)
	if err != nil {
		return err
	}
	r.touched(ctx, "stewards")
	carried := m.Voices >= m.Needed && m.Voices > m.Against
	if carried && (m.Kind == Recall || MaySucceed(ss, r.Now()) == nil) {
		return r.carryTx(ctx, m)
	}
	_, err = r.DB.Exec(ctx, qMotionEnd, m.ID, "lapsed")
	return err
}

// Motions lists motions, open ones first, newest first, at most 50; Mine is set
// for reader.
func (r *Room) Motions(ctx context.Context, reader face.ID) (ms []Motion, err error) {
	defer fault.Wrap(&err, "moderation.Motions")
	return r.motions(ctx, reader, qMotions)
}

// Pending tells whether there is a motion to have a voice in.
func (r *Room) Pending(ctx context.Context) (bool, error) {
	var n int64
	_, err := r.DB.Row(ctx, qMotionsPending, []any{db.Micros(r.Now())}, &n)
	return n > 0, err
}

func (r *Room) motion(ctx context.Context, reader face.ID, id string) (Motion, error) {
	ms, err := r.motions(ctx, reader, qMotion, id)
	if err == nil && len(ms) == 0 {
		err = fault.New(fault.NotFound, "moderation.no_motion")
	}
	if err != nil {
		return Motion{}, err
	}
	return ms[0], nil
}

func (r *Room) motions(ctx context.Context, reader face.ID, q *db.Query, args ...any) (ms []Motion, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var m Motion
		var at, closes, founded int64
		if err := scan(&m.ID, &m.Kind, &m.Face, &m.Reason, &m.Answer, &m.By, &at, &closes, &m.Needed, &founded, &m.Outcome, &m.Mine); err != nil {
			return err
		}
		m.At, m.Closes, m.founded = db.Time(at), db.Time(closes), db.Time(founded)
		ms = append(ms, m)
		return nil
	}, append([]any{string(reader)}, args...)...)
	for i := range ms {
		if err != nil {
			return nil, err
		}
		var sides map[Side]map[int]int
		sides, _, err = r.voices(ctx, ms[i].ID, nil)
		ms[i].Voices, ms[i].Against = weight(sides[For]), weight(sides[Against])
	}
	return ms, err
}
