package member

import (
	"context"
	"encoding/binary"
	"strings"
	"time"

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

// Cookies are package key's sealed tokens over generation, account and device.
// Nothing of a session is stored but that the device may.
const sessionPurpose = "session"

// SessionLife is how long a cookie is good; browsers keep none for longer.
const SessionLife = 400 * 24 * time.Hour

func (r *Room) sealSession(generation int64, account ID, device string) string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(generation))
	plain = append(plain, account+"\x00"...)
	return r.seal.Seal(sessionPurpose, append(plain, device...), SessionLife)
}

func (r *Room) openSession(cookie string) (generation int64, account ID, device string, ok bool) {
	if len(cookie) > 400 {
		return 0, "", "", false
	}
	plain, err := r.seal.OpenLasting(sessionPurpose, cookie)
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
		cookie = r.sealSession(a.Generation, id, device)
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
	generation, id, device, ok := r.openSession(cookie)
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
		// A disk that is full must not keep anybody from reading: that she was
		// here is then noted another time.
		if err := r.change(ctx, id, qSeen, string(id), half); err != nil && !fault.Is(err, fault.Unavailable) {
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
