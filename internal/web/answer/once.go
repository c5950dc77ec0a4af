package answer

import (
	"context"
	"crypto/rand"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// OnceField is the name of the hidden field in which a form carries its key.
const OnceField = "once"

// NewOnce makes the key of one form that is being shown. A form sent back with
// errors keeps the key it came with: see Request.Once.
func NewOnce() string { return rand.Text() }

// Once is the key of the form that was sent, or a new one when there was none,
// to be shown again in the form. What a page wrote behind the key is left out.
func (r *Request) Once() string {
	if k := r.Text(OnceField); validOnce(k) {
		return k[:onceLength]
	}
	return NewOnce()
}

// The length of a key, and of what a page with several forms writes behind it to
// tell them apart.
const (
	onceLength = len("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	onceSuffix = 32
)

// validOnce tells a key of ours from what somebody made up to fill the table.
func validOnce(k string) bool { return len(k) >= onceLength && len(k) <= onceLength+onceSuffix }

// keepOnce is for how many days a form that was sent is remembered.
const keepOnce = 2

var (
	onceTake = db.SQL("web.onceTake", `INSERT INTO web_once (face_id, once_key, path, day)
		VALUES ($1, $2, '', $3) ON CONFLICT (face_id, once_key) DO NOTHING`)
	oncePath = db.SQL("web.oncePath", `SELECT path FROM web_once WHERE face_id = $1 AND once_key = $2`)
	onceDone = db.SQL("web.onceDone", `UPDATE web_once SET path = $3 WHERE face_id = $1 AND once_key = $2`)
	onceGone = db.SQL("web.onceGone", `DELETE FROM web_once WHERE face_id = $1`)
	onceOld  = db.SQL("web.onceOld", `DELETE FROM web_once WHERE day < $1`)
)

// Once runs deed in one transaction and redirects to the address it returns. A
// form sent twice, by an impatient hand or a lost connection, does its deed
// once: the second is sent to where the first went. A deed that fails leaves no
// trace, so the form may be mended and sent again. Faults: deed's.
func (w *Writer) Once(deed func(ctx context.Context) (to string, err error)) error {
	return w.once(w.request.Viewer.FaceID, deed)
}

// OnceUnnamed is Once without a word of who sent the form, for deeds that even
// somebody who is signed in does as nobody in particular. Faults: deed's.
func (w *Writer) OnceUnnamed(deed func(ctx context.Context) (to string, err error)) error {
	return w.once("", deed)
}

func (w *Writer) once(face string, deed func(ctx context.Context) (to string, err error)) error {
	var to string
	d, r := w.mux.DB, w.request
	key := r.Text(OnceField)
	err := d.Tx(r.Context(), func(ctx context.Context) (err error) {
		if !validOnce(key) {
			to, err = deed(ctx)
			return err
		}
		first, err := w.takeTx(ctx, face, key)
		if err != nil {
			return err
		}
		if !first {
			found, err := d.Row(ctx, oncePath, []any{face, key}, &to)
			if err == nil && !found {
				err = fault.New(fault.Conflict, "fault.conflict")
			}
			return err
		}
		if to, err = deed(ctx); err != nil {
			return err
		}
		_, err = d.Exec(ctx, onceDone, face, key, to)
		return err
	})
	if err != nil {
		return err
	}
	return w.Redirect(to)
}

// ForgetForms forgets the forms a face has sent, and with them the addresses they
// led to, which hold words of titles. It wants ctx's transaction. Faults: db's.
func ForgetForms(ctx context.Context, d *db.DB, face string) error {
	_, err := d.Exec(ctx, onceGone, face)
	return err
}

// takeTx claims the key; false when it was claimed before. On the first claim of
// a day it also forgets the keys of days gone by.
func (w *Writer) takeTx(ctx context.Context, face, key string) (first bool, err error) {
	d, today := w.mux.DB, w.mux.Now().Unix()/int64(24*time.Hour/time.Second)
	if w.mux.swept.Swap(today) != today {
		if _, err := d.Exec(ctx, onceOld, today-keepOnce); err != nil {
			return false, err
		}
	}
	n, err := d.Exec(ctx, onceTake, face, key, today)
	return n == 1, err
}
