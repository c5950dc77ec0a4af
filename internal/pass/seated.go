package pass

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	mathrand "math/rand/v2"
	"slices"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// sealed is what a note that waits says to this room alone.
type sealed struct {
	Face   string `json:"f"`
	Branch string `json:"b"`
	Week   int    `json:"w"` // in which it was served
	Again  bool   `json:"a"` // before a restore, and is not counted again
}

// steps makes notes of one length, whatever face and branch are called.
const steps = 160

// sealSeat locks what is noted of a seat, so that whoever keeps it cannot read whose it is.
func (r *Room) sealSeat(mark string, s sealed) []byte {
	b, err := json.Marshal(s)
	if err != nil {
		panic("pass: " + err.Error()) // of texts and numbers never
	}
	b = append(b, bytes.Repeat([]byte(" "), (steps-len(b)%steps)%steps)...)
	nonce := make([]byte, r.box.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return r.box.Seal(nonce, nonce, b, []byte("seat\x00"+mark))
}

// openSeat reads it; false for what was sealed under another secret.
func (r *Room) openSeat(n Noted) (s sealed, ok bool) {
	size := r.box.NonceSize()
	if len(n.Seat) < size {
		return s, false
	}
	b, err := r.box.Open(nil, n.Seat[:size], n.Seat[size:], []byte("seat\x00"+n.Mark))
	return s, err == nil && json.Unmarshal(b, &s) == nil
}

// Seated writes down the rights that were noted apart and gives them to the counts of
// their weeks, all together and in an order drawn by chance. read lists them; doing it
// twice changes nothing. What was sealed under another secret stays noted apart only.
func (r *Room) Seated(ctx context.Context, read func(context.Context) ([]Noted, error)) (err error) {
	defer fault.Wrap(&err, "pass.Seated")
	r.filing.Lock()
	defer r.filing.Unlock()
	list, err := read(ctx)
	if err != nil {
		return err
	}
	mathrand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		for _, n := range list {
			s, ok := r.openSeat(n)
			if !ok {
				continue
			}
			added, err := r.DB.Exec(ctx, qSeatAdd, seatID(n.Space, s.Face), s.Face, n.Epoch, n.Asked)
			if err != nil {
				return err
			}
			if added == 0 || s.Again {
				continue
			}
			if _, err := r.DB.Exec(ctx, qCountOne, n.Space, s.Week, s.Branch); err != nil {
				return err
			}
		}
		return nil
	})
}

// waitingOf lists what is noted of a face and not written down yet.
func (r *Room) waitingOf(ctx context.Context, face string) (list []Noted, err error) {
	all, err := r.Waiting(ctx)
	for _, n := range all {
		if s, ok := r.openSeat(n); ok && s.Face == face {
			list = append(list, n)
		}
	}
	return list, err
}

// Rights lists the epochs in which a face was served a right to a mask, in whatever
// space: the rows do not say in which. It is for her own eyes.
func (r *Room) Rights(ctx context.Context, face string) (epochs []int, err error) {
	defer fault.Wrap(&err, "pass.Rights")
	waiting, err := r.waitingOf(ctx, face) // first: what is written down meanwhile is there twice at most
	if err != nil {
		return nil, err
	}
	rows := map[string]bool{}
	err = r.DB.Rows(ctx, qRightsOf, func(scan func(...any) error) error {
		var id string
		var e int
		err := scan(&id, &e)
		rows[id], epochs = true, append(epochs, e)
		return err
	}, face)
	for _, n := range waiting {
		if !rows[seatID(n.Space, face)] {
			epochs = append(epochs, n.Epoch)
		}
	}
	slices.Sort(epochs)
	return epochs, err
}

// Forget removes what the room has of a face that leaves the hall. The numbers
// served stay: passes that were given are in the world. A right that is not written
// down yet is not counted by branch any more, so that k is rather too small.
func (r *Room) Forget(ctx context.Context, face string) (err error) {
	defer fault.Wrap(&err, "pass.Forget")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		var marks []string
		err := r.DB.Rows(ctx, qSeatsOf, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			marks = append(marks, r.mark(id))
			return err
		}, face)
		if err != nil {
			return err
		}
		db.AfterCommit(ctx, func() { r.forgetNoted(context.Background(), face, marks) })
		_, err = r.DB.Exec(ctx, qSeatForget, face)
		return err
	})
}

// forgetNoted makes unknown what is noted apart of a face, and takes away what was
// written down meanwhile. When something fails, a number under a key stays.
func (r *Room) forgetNoted(ctx context.Context, face string, marks []string) {
	r.filing.Lock()
	defer r.filing.Unlock()
	if waiting, err := r.waitingOf(ctx, face); err == nil {
		for _, n := range waiting {
			marks = append(marks, n.Mark)
		}
	}
	if len(marks) > 0 {
		_ = r.Blurred(ctx, marks...)
	}
	_ = r.DB.Tx(ctx, func(ctx context.Context) error { _, err := r.DB.Exec(ctx, qSeatForget, face); return err })
}
