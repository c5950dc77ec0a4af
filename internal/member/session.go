package member

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// Session is who a request's cookie stands for.
type Session struct {
	Account ID
	Face    string
	Device  string
	Lang    string
	Zone    string
	Theme   string
}

// sealer makes and reads cookies: XChaCha20-Poly1305 over generation, account
// and device. Nothing of a session is stored but that the device may.
type sealer struct{ aead cipher.AEAD }

const sessionLabel = "guildhall/session/1"

func newSealer(secret []byte) (*sealer, error) {
	a, err := chacha20poly1305.NewX(secret)
	if err != nil {
		return nil, err
	}
	return &sealer{a}, nil
}

func (s *sealer) seal(generation int64, account ID, device string) string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(generation))
	plain = append(plain, account+"\x00"...)
	plain = append(plain, device...)
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+16)
	_, _ = rand.Read(nonce) // never fails: it aborts the program instead
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nonce, nonce, plain, []byte(sessionLabel)))
}

func (s *sealer) open(cookie string) (generation int64, account ID, device string, ok bool) {
	if len(cookie) > 400 {
		return 0, "", "", false
	}
	b, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil || len(b) < chacha20poly1305.NonceSizeX {
		return 0, "", "", false
	}
	plain, err := s.aead.Open(nil, b[:chacha20poly1305.NonceSizeX], b[chacha20poly1305.NonceSizeX:], []byte(sessionLabel))
	if err != nil || len(plain) < 9 {
		return 0, "", "", false
	}
	a, d, found := strings.Cut(string(plain[8:]), "\x00")
	return int64(binary.BigEndian.Uint64(plain)), ID(a), d, found
}

// SignIn lets a device in and gives its cookie. A known device keeps its row.
// Faults: NotFound, Invalid for an impossible device name, TooMany past 50 devices.
func (r *Room) SignIn(ctx context.Context, id ID, device, label string) (cookie string, err error) {
	defer fault.Wrap(&err, "member.SignIn")
	if device == "" || len(device) > 64 || strings.ContainsRune(device, 0) || len(label) > 100 {
		return "", fault.New(fault.Invalid, "member.device_invalid")
	}
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		a, err := r.Account(ctx, id)
		if err != nil {
			return err
		}
		var n int64
		if _, err := r.db.Row(ctx, qDeviceCount, []any{string(id)}, &n); err != nil {
			return err
		}
		if n >= maxDevices {
			return fault.New(fault.TooMany, "member.too_many_devices", maxDevices)
		}
		if _, err := r.db.Exec(ctx, qDeviceAdd, string(id), device, label); err != nil {
			return err
		}
		cookie = r.seal.seal(a.Generation, id, device)
		db.AfterCommit(ctx, func() { r.known.forget(id) })
		return nil
	})
	return cookie, err
}

// Resume tells whom a cookie stands for. It reads memory, at worst two rows,
// and writes nothing but, once in a half-year, that the account is in use.
// Faults: SignIn when the cookie is broken, revoked or erased.
func (r *Room) Resume(ctx context.Context, cookie string) (s Session, err error) {
	defer fault.Wrap(&err, "member.Resume")
	expired := fault.New(fault.SignIn, "member.signed_out")
	generation, id, device, ok := r.seal.open(cookie)
	if !ok {
		return s, expired
	}
	k, ok := r.known.get(id)
	if !ok {
		if k, err = r.learn(ctx, id); err != nil {
			if fault.Is(err, fault.NotFound) {
				return s, expired
			}
			return s, err
		}
	}
	if k.account.Generation != generation || !k.devices[device] {
		return s, expired
	}
	if half := Half(r.now()); half > k.account.SeenHalf {
		if err := r.change(ctx, id, qSeen, string(id), half); err != nil {
			return s, err
		}
	}
	a := k.account
	return Session{Account: id, Face: a.Face, Device: device, Lang: a.Lang, Zone: a.Zone, Theme: a.Theme}, nil
}

func (r *Room) learn(ctx context.Context, id ID) (k known, err error) {
	mark := r.known.mark()
	err = r.db.View(ctx, func(ctx context.Context) error {
		if k.account, err = r.Account(ctx, id); err != nil {
			return err
		}
		ds, err := r.Devices(ctx, id)
		k.devices = make(map[string]bool, len(ds))
		for _, d := range ds {
			k.devices[d.Device] = true
		}
		return err
	})
	if err == nil {
		r.known.put(id, k, mark)
	}
	return k, err
}
