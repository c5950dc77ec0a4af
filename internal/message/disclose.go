package message

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// MaxWords is the length of a message's words, in UTF-16 units as browsers count.
const MaxWords = 8000

// Spoken is one message as its author has signed it inside what is sealed: what is needed
// to see that it is hers, and nothing of the conversation it stands in.
type Spoken struct {
	Face     face.ID
	Day      int // as its author has dated it, from 1970-01-01, UTC
	Words    string
	FileName string
	FileSize int64
	FileSeal string // hex of a hash that names the file and its key; empty without a file
	Proof    []byte // signature under the author's identity, ECDSA P-256, r and s
}

// saidBy begins what is signed, so that no other signature of that key can be taken for it.
const saidBy = "guildhall/messages/said/1"

// signed are the bytes that the author's browser has signed (page/message/said.ts).
func (s Spoken) signed() []byte {
	size := ""
	if s.FileSeal != "" {
		size = strconv.FormatInt(s.FileSize, 10)
	}
	return []byte(strings.Join([]string{saidBy, strconv.Itoa(s.Day), s.FileSeal, size, s.FileName, s.Words}, "\x00"))
}

// shaped tells whether the parts are such that their bytes can be read in one way only.
func (s Spoken) shaped(today int) bool {
	if s.Day < 0 || s.Day > today+1 || len(s.Proof) != 64 || !utf8.ValidString(s.Words+s.FileName) || strings.Contains(s.FileName+s.Words, "\x00") {
		return false
	}
	if seal, err := hex.DecodeString(s.FileSeal); err != nil || (len(seal) != 0 && len(seal) != sha256.Size) {
		return false
	}
	if s.FileSeal == "" && (s.FileName != "" || s.FileSize != 0 || s.Words == "") {
		return false
	}
	return s.FileSize >= 0 && len(s.FileName) <= 500 && len(s.Words) <= 4*MaxWords
}

// hers tells whether the owner of an identity has signed it.
func (s Spoken) hers(identity []byte) bool {
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), identity)
	if err != nil {
		return false
	}
	sum := sha256.Sum256(s.signed())
	return ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(s.Proof[:32]), new(big.Int).SetBytes(s.Proof[32:]))
}

// Disclosed is a message that was shown to the stewards.
type Disclosed struct {
	ID       string
	Face     face.ID
	Day      int
	Words    string
	FileName string
	FileSize int64
}

// Disclose keeps one message for the stewards, when its author has signed it; shown again
// it is the same. Nothing is kept or asked of who shows it. Faults: SignIn; Invalid for
// what its author has not signed, or one's own.
func (r *Room) Disclose(ctx context.Context, by face.ID, s Spoken) (id string, err error) {
	defer fault.Wrap(&err, "message.Disclose")
	if err = MayDisclose(by, s.Face); err != nil {
		return "", err
	}
	forged := fault.New(fault.Invalid, "message.not_said")
	if !s.shaped(epoch.Day(r.Now())) {
		return "", forged
	}
	name := r.named("shown", append([]byte(s.Face+"\x00"), s.signed()...))
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		identity, err := r.identity(ctx, s.Face)
		if err != nil {
			return err
		}
		if !s.hers(identity) {
			return forged
		}
		_, err = r.DB.Exec(ctx, qDisclose, name, string(s.Face), s.Day, s.Words, s.FileName, s.FileSize)
		return err
	})
	if err != nil {
		return "", err
	}
	return name, nil
}

// named is an id that only this hall can make of something.
func (r *Room) named(use string, of []byte) string {
	mac := hmac.New(sha256.New, r.Secret)
	mac.Write([]byte("guildhall/messages/" + use + "\x00"))
	mac.Write(of)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Public is the id under which it is told that stewards have decided about a message: none
// that leads to the report, which names whoever has shown it.
func (r *Room) Public(id string) string { return r.named("decided", []byte(id)) }

// Disclosed reads a message that was shown to the stewards; the door lets only them ask.
// Faults: NotFound, also when it was decided about.
func (r *Room) Disclosed(ctx context.Context, id string) (d Disclosed, err error) {
	defer fault.Wrap(&err, "message.Disclosed")
	d.ID = id
	found, err := r.DB.Row(ctx, qDisclosed, []any{id}, &d.Face, &d.Day, &d.Words, &d.FileName, &d.FileSize)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return d, err
}

// EventWarned tells that stewards have warned whoever wrote a message; the subject is its
// Public id.
const EventWarned = "message.warned"

// Warned is what such an event holds: whom.
type Warned struct {
	Face face.ID `json:"face"`
}

// Settle throws away what was shown to the stewards, who have decided about it: its author
// is warned, or nothing follows. Faults: NotFound when there is nothing to warn of any more.
func (r *Room) Settle(ctx context.Context, id string, warned bool) (err error) {
	defer fault.Wrap(&err, "message.Settle")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		d, err := r.Disclosed(ctx, id)
		if fault.Is(err, fault.NotFound) && !warned {
			return nil
		}
		if err == nil && warned {
			err = r.Events.Append(ctx, EventWarned, r.Public(id), Warned{d.Face})
		}
		if err != nil {
			return err
		}
		_, err = r.DB.Exec(ctx, qDisclosedDrop, id)
		return err
	})
}
