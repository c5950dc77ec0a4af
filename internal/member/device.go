package member

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

const maxDevices = 50

// Device is a browser that is signed in.
type Device struct {
	Device string // base64url of 16 random bytes
	Label  string // the member's own words; empty: none yet
}

// Devices lists the devices of an account, in no telling order.
func (r *Room) Devices(ctx context.Context, id ID) (ds []Device, err error) {
	defer fault.Wrap(&err, "member.Devices")
	err = r.db.Rows(ctx, qDevices, func(scan func(...any) error) error {
		var d Device
		if err := scan(&d.Device, &d.Label); err != nil {
			return err
		}
		ds = append(ds, d)
		return nil
	}, string(id))
	return ds, err
}

// LabelDevice names a device. Faults: NotFound, Invalid when too long.
func (r *Room) LabelDevice(ctx context.Context, id ID, device, label string) (err error) {
	defer fault.Wrap(&err, "member.LabelDevice")
	if len(label) > 100 {
		return fault.On("label", fault.Invalid, "member.label_too_long")
	}
	return r.change(ctx, id, qDeviceLabel, string(id), device, label)
}

// SignOut ends one device's session, from that device or from another one.
// A device that is gone already is no error.
func (r *Room) SignOut(ctx context.Context, id ID, device string) (err error) {
	defer fault.Wrap(&err, "member.SignOut")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		_, err := r.db.Exec(ctx, qDeviceRemove, string(id), device)
		db.AfterCommit(ctx, func() { r.known.forget(id) })
		return err
	})
}

// SignOutAll ends every session of the account.
func (r *Room) SignOutAll(ctx context.Context, id ID) (err error) {
	defer fault.Wrap(&err, "member.SignOutAll")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.db.Exec(ctx, qDeviceRemoveAll, string(id)); err != nil {
			return err
		}
		return r.change(ctx, id, qGeneration, string(id))
	})
}
