package mask

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/safedb"
)

// Asked is what this room is told of a consultation of masks.
type Asked struct {
	ID, Space      string
	Opened, Closes time.Time
	Statements     int
}

// epoch is the one whose masks are asked.
func (a Asked) epoch() int { return epoch.Of(a.Opened) }

// until is the last day on which a pass to it is given.
func (a Asked) until() int { return min(epoch.FirstDay(a.epoch()+2), epoch.Day(a.Closes)) - 1 }

const (
	qAdmitted     = `SELECT asked FROM admitted WHERE consultation = $1 AND mark = $2`
	qAdmit        = `INSERT OR IGNORE INTO admitted (consultation, mark, asked) VALUES ($1, $2, $3)`
	qAdmittedMany = `SELECT COUNT(*) FROM admitted WHERE consultation = $1`
	qAdmittedWipe = `DELETE FROM admitted WHERE consultation = $1`
)

// keySeen notes under which key the marks in the file were made, and when another
// one was found: nobody knows any more which masks the older marks mean.
func (r *Room) keySeen(tx *safedb.Tx) error {
	h := sha256.Sum256([]byte(r.DB.Box().Mark("the key")))
	now := int(binary.BigEndian.Uint64(h[:8]) >> 2)
	was, err := fact(tx, factKey)
	if err != nil || was == now {
		return err
	}
	if was != 0 {
		if _, err := tx.Exec(qFactSet, factLost, int(r.Now().Unix())); err != nil {
			return err
		}
	}
	_, err = tx.Exec(qFactSet, factKey, now)
	return err
}

// admission is a consultation that a mask asks a pass for, or why it gets none.
type admission struct {
	Asked
	err error
}

// admissions looks up what a visit asks passes for, before its transaction.
func (r *Room) admissions(ctx context.Context, v *wire.Visit) (map[string]admission, error) {
	found := map[string]admission{}
	for _, a := range v.Acts {
		if a.Do != wire.Admit || a.Check() != nil {
			continue
		}
		one := admission{}
		if one.Asked, one.err = r.Asked(ctx, a.About); one.err == nil && one.Space != v.Space {
			one.err = fault.New(fault.NotFound, "consultation.none")
		}
		if one.err == nil && a.Epoch == one.epoch() { // what cannot be signed is not noted
			one.err = r.MaySign(ctx, slotOf(a), a.Blinded)
		}
		if f := fault.From(one.err); one.err != nil && (f.Kind == fault.Internal || f.Kind == fault.Unavailable) {
			return nil, one.err
		}
		found[a.About] = one
	}
	return found, nil
}

func slotOf(a wire.Act) token.Slot {
	return token.Slot{Purpose: token.Consultation, Space: a.About, Epoch: a.Epoch}
}

// admit notes that a mask was given its pass to a consultation; sign signs afterwards.
// The same request is answered for ever, another one never.
func (d *deed) admit(a wire.Act, _ *wire.Result) error {
	if err := d.asMask(); err != nil {
		return err
	}
	one := d.admissions[a.About]
	if one.err != nil {
		return one.err
	}
	at, hash := place{a.About, d.who.id}, request(a)
	had, found, err := d.room.admittedAt(d.tx, at)
	switch {
	case err != nil:
		return err
	case found && !bytes.Equal(had, hash):
		return fault.New(fault.Conflict, "mask.admit.other")
	case found:
		return nil
	}
	void, err := fact(d.tx, factVoid)
	if err != nil {
		return err
	}
	lost, err := fact(d.tx, factLost)
	if err != nil {
		return err
	}
	forgotten := int64(lost) >= one.Opened.Unix() || one.epoch() <= void
	if err := MayBeAdmitted(d.who.mask, one.Asked, a.Epoch, forgotten, d.day); err != nil {
		return err
	}
	return d.room.put(d.tx, record{Kind: admitted, Space: at.space, Mask: at.id, Hash: hash})
}

// admittedAt gives the hash of what a mask asked a pass by.
func (r *Room) admittedAt(tx *safedb.Tx, at place) (asked []byte, found bool, err error) {
	if rec := r.pool.admitted[at]; rec != nil {
		return rec.Hash, true, nil
	}
	found, err = tx.Row(qAdmitted, []any{at.space, r.admittedMark(at)}, &asked)
	return asked, found, err
}

// admittedMark is what a mask's pass to a consultation is known by.
func (r *Room) admittedMark(at place) string { return r.DB.Box().Mark("admitted", at.space, at.id) }

// fileAdmitted moves what was noted from the box to its table.
func (r *Room) fileAdmitted(tx *safedb.Tx, _ int) error {
	var out []*record
	for at, rec := range r.pool.admitted {
		out = append(out, rec)
		if _, err := tx.Exec(qAdmit, at.space, r.admittedMark(at), rec.Hash); err != nil {
			return err
		}
	}
	return r.pool.drop(tx, out...)
}
