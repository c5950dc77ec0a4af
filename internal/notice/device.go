package notice

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/url"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/push"
)

// Device is a browser of somebody's that may be woken, or an address at which she is told.
type Device struct {
	ID      string
	Way     Way
	Address string // of what is no browser
	Secret  string // that signs what a webhook gets
	Session string // the signed-in browser it belongs to
	Service string // host of its push service
	Mark    string // by which a browser finds itself in a list, without the address in a page
	Rung    int
	Health  Health
	State   State // how far the last trial came; empty: it was not rung
	Status  int   // of its push service at that; 0: none
}

// Subscription is what a browser brings.
type Subscription struct {
	push.Subscription
	Session string
	Lang    string // of what it is sent
	Zone    string // in which her quiet hours are, until she says otherwise
}

// Mark names an address without telling it.
func Mark(endpoint string) string {
	h := sha256.Sum256([]byte(endpoint))
	return base64.RawURLEncoding.EncodeToString(h[:12])
}

// Subscribe lets a signed-in browser be woken; it has one subscription, and a new one
// takes the old one's place and rung. An address that somebody else brought before is
// hers no longer: whoever holds the browser now has it. Faults: SignIn; Invalid; TooMany
// after ten devices.
func (r *Room) Subscribe(ctx context.Context, f face.ID, s Subscription) (err error) {
	defer fault.Wrap(&err, "notice.Subscribe")
	if f == "" || s.Session == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if err := r.Check(s.Subscription); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		rung := 1
		if _, err := r.DB.Row(ctx, qRungOf, []any{string(f), s.Session}, &rung); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qReplace, s.Endpoint); err != nil {
			return err
		}
		if _, err := r.DB.Exec(ctx, qLeave, string(f), s.Session); err != nil {
			return err
		}
		have, err := r.Devices(ctx, f)
		if err != nil {
			return err
		}
		if len(have) >= maxDevices {
			return fault.New(fault.TooMany, "notice.devices.many", maxDevices)
		}
		if err := r.settleTx(ctx, f, s.Zone); err != nil {
			return err
		}
		_, err = r.DB.Exec(ctx, qSubscribe, ident.Random(), string(f), s.Session, ident.Random(), s.Endpoint, s.Key, s.Auth, s.Lang, rung)
		return err
	})
}

// settleTx gives whoever has no settings those she sees as hers.
func (r *Room) settleTx(ctx context.Context, f face.ID, zone string) error {
	s, err := r.Settings(ctx, f, zone)
	if err != nil {
		return err
	}
	if s.check() != nil { // of a browser that names a zone nobody knows
		s.Zone = "UTC"
	}
	return r.Save(ctx, f, s)
}

// Devices lists a face's devices by rung, with how far her last trial came.
func (r *Room) Devices(ctx context.Context, f face.ID) (list []Device, err error) {
	defer fault.Wrap(&err, "notice.Devices")
	err = r.DB.Rows(ctx, qDevices, func(scan func(...any) error) error {
		var d Device
		var endpoint string
		err := scan(&d.ID, &d.Way, &d.Session, &endpoint, &d.Secret, &d.Rung, &d.Health, &d.State, &d.Status)
		if u, bad := url.Parse(endpoint); bad == nil {
			d.Service = u.Hostname()
		}
		if d.Way != Push {
			d.Address = endpoint
		}
		if d.Way != Hook {
			d.Secret = ""
		}
		d.Mark = Mark(endpoint)
		list = append(list, d)
		return err
	}, string(f))
	return list, err
}

// Remove lets a device be woken no more; of another's nothing changes.
func (r *Room) Remove(ctx context.Context, f face.ID, id string) (err error) {
	defer fault.Wrap(&err, "notice.Remove")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		db.AfterCommit(ctx, func() { r.heard(id) })
		_, err := r.DB.Exec(ctx, qRemove, string(f), id)
		return err
	})
}

// Place puts a device on a rung. Faults: Invalid; NotFound for another's.
func (r *Room) Place(ctx context.Context, f face.ID, id string, rung int) (err error) {
	defer fault.Wrap(&err, "notice.Place")
	if rung < 1 || rung > Rungs {
		return fault.On("rung", fault.Invalid, "fault.choose")
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		n, err := r.DB.Exec(ctx, qPlace, string(f), id, rung)
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "fault.not_found")
		}
		return err
	})
}

// Leave ends what belongs to a browser that is signed out; all of them for "".
func (r *Room) Leave(ctx context.Context, f face.ID, session string) (err error) {
	defer fault.Wrap(&err, "notice.Leave")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if session == "" {
			_, err := r.DB.Exec(ctx, qLeftAll, string(f))
			return err
		}
		_, err := r.DB.Exec(ctx, qLeave, string(f), session)
		return err
	})
}
