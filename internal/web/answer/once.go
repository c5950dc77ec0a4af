package answer

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
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
	onceTake = db.SQL("web.onceTake", `INSERT INTO web_once (mark, path, day) VALUES ($1, '', $2) ON CONFLICT (mark) DO NOTHING`)
	oncePath = db.SQL("web.oncePath", `SELECT path FROM web_once WHERE mark = $1`)
	onceDone = db.SQL("web.onceDone", `UPDATE web_once SET path = $2 WHERE mark = $1`)
	onceOld  = db.SQL("web.onceOld", `DELETE FROM web_once WHERE day < $1`)
)

// Once runs deed in one transaction and redirects to the address it returns. A
// form sent twice, by an impatient hand or a lost connection, does its deed
// once: the second is sent to where the first went. A deed that fails leaves no
// trace, so the form may be mended and sent again. What remembers it names nobody. Faults: deed's.
func (w *Writer) Once(deed func(ctx context.Context) (to string, err error)) error {
	var to string
	d, r := w.mux.DB, w.request
	face := r.Viewer.FaceID
	key := r.Text(OnceField)
	err := d.Tx(r.Context(), func(ctx context.Context) (err error) {
		if !validOnce(key) {
			to, err = deed(ctx)
			return err
		}
		mark := marked(face, key)
		first, err := w.takeTx(ctx, mark.name)
		if err != nil {
			return err
		}
		if !first {
			sealed := ""
			found, err := d.Row(ctx, oncePath, []any{mark.name}, &sealed)
			if to = mark.open(sealed); err == nil && (!found || to == "") {
				err = fault.New(fault.Conflict, "fault.conflict")
			}
			return err
		}
		if to, err = deed(ctx); err != nil {
			return err
		}
		_, err = d.Exec(ctx, onceDone, mark.name, mark.seal(to))
		return err
	})
	if err != nil {
		return err
	}
	return w.Redirect(to)
}

// mark stands for a form that somebody has sent. Copies of the database, a day apart, would
// add up to how much each face does; a mark says that only to who has the form's key, and
// that is in the page alone.
type mark struct {
	name  string // by which it is found
	under cipher.AEAD
}

// The length of a sealed address says nothing of its words.
const pathStep = 128

func marked(face, key string) mark {
	sum := sha512.Sum512([]byte(face + "\x00" + key))
	block, _ := aes.NewCipher(sum[32:]) // of 32 bytes: it cannot fail
	under, _ := cipher.NewGCM(block)
	return mark{base64.RawURLEncoding.EncodeToString(sum[:32]), under}
}

// seal hides an address. The nonce is the same each time, because a mark seals one.
func (m mark) seal(path string) string {
	room := (len(path)/pathStep + 1) * pathStep
	plain := make([]byte, room)
	copy(plain, path) // what is left stays zero, which no address holds
	return base64.RawURLEncoding.EncodeToString(m.under.Seal(nil, make([]byte, m.under.NonceSize()), plain, nil))
}

// open gives the address; "" for none.
func (m mark) open(sealed string) string {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return ""
	}
	plain, err := m.under.Open(nil, make([]byte, m.under.NonceSize()), b, nil)
	if err != nil {
		return ""
	}
	return string(bytes.TrimRight(plain, "\x00"))
}

// takeTx claims the key; false when it was claimed before. On the first claim of
// a day it also forgets the keys of days gone by.
func (w *Writer) takeTx(ctx context.Context, mark string) (first bool, err error) {
	d, today := w.mux.DB, w.mux.Now().Unix()/int64(24*time.Hour/time.Second)
	if w.mux.swept.Swap(today) != today {
		if _, err := d.Exec(ctx, onceOld, today-keepOnce); err != nil {
			return false, err
		}
	}
	n, err := d.Exec(ctx, onceTake, mark, today)
	return n == 1, err
}
