package notice

import (
	"context"
	"crypto/rand"
	"encoding/base64"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/push"
)

// Way is how a device or an address is reached.
type Way string

// The ways.
const (
	Push Way = "push" // a browser, by its push service
	Mail Way = "mail"
	Ntfy Way = "ntfy" // an address of ntfy, whose programs show what comes there
	Hook Way = "hook" // a program of hers takes it (Standard Webhooks)
)

// Ways are those by which an address is reached, no browser.
var Ways = []Way{Mail, Ntfy, Hook}

// rung is the one on which an address begins. Mail is looked at last.
func (w Way) rung() int {
	if w == Mail {
		return Rungs
	}
	return 2
}

// Word is what an address is sent.
type Word struct {
	Way           Way
	To, Secret    string
	Lang          string
	ID            string // of this notice there: what is handed over twice has the same
	Kind          Kind
	Title, Text   string
	Path          string // where in the hall it leads
	Token, Notice string // what it is acknowledged by
	Leave         string // the key by which it is stopped
	Urgency       push.Urgency
}

// Address is where somebody wishes to be told besides her browsers.
type Address struct {
	Way  Way
	To   string
	Lang string // of what it is sent
	Zone string // in which her quiet hours are, until she says otherwise
}

// Add lets a face be told at an address. A question goes there first, and nothing else until
// somebody there has answered it: otherwise anybody could let strangers be written to. The same address again takes the old one's place. Faults:
// SignIn; Invalid; TooMany.
func (r *Room) Add(ctx context.Context, f face.ID, a Address) (err error) {
	defer fault.Wrap(&err, "notice.Add")
	if f == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if err := r.CheckAddress(a.Way, a.To); err != nil {
		return err
	}
	secret := make([]byte, 24)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.DB.Exec(ctx, qReplaceAddress, string(f), string(a.Way), a.To); err != nil {
			return err
		}
		have, err := r.Devices(ctx, f)
		if err != nil {
			return err
		}
		if len(have) >= maxDevices {
			return fault.New(fault.TooMany, "notice.devices.many", maxDevices)
		}
		if err := r.settleTx(ctx, f, a.Zone); err != nil {
			return err
		}
		id := ident.Random()
		_, err = r.DB.Exec(ctx, qAddAddress, id, string(f), ident.Random(), a.To, base64.StdEncoding.EncodeToString(secret), a.Lang, a.Way.rung(), string(a.Way), string(Unproven))
		if err != nil {
			return err
		}
		return r.askTx(ctx, f, id)
	})
}

// askTx asks whether an address is hers, beside others that are asked already.
func (r *Room) askTx(ctx context.Context, f face.ID, address string) error {
	var asked string
	var n, rung int
	open, err := r.DB.Row(ctx, qOpen, []any{string(f), string(Proof)}, &asked, &n, &rung)
	switch {
	case err != nil:
		return err
	case open:
		return r.queueTx(ctx, asked, []string{address})
	}
	return r.ringTx(ctx, f, Proof, []string{address})
}

// ringTx rings devices now, whatever their rung and the hour; it takes the place of the
// last of its kind.
func (r *Room) ringTx(ctx context.Context, f face.ID, k Kind, devices []string) error {
	if _, err := r.DB.Exec(ctx, qEndKind, string(f), string(k)); err != nil || len(devices) == 0 {
		return err
	}
	id := ident.Random()
	if _, err := r.DB.Exec(ctx, qMake, id, string(f), string(k), 1, 0, 0); err != nil {
		return err
	}
	return r.queueTx(ctx, id, devices)
}

// Prove takes the word of whoever got the letter: the address is whose it is said to be.
// Faults: NotFound.
func (r *Room) Prove(ctx context.Context, key string) (err error) {
	defer fault.Wrap(&err, "notice.Prove")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		id, f, _, found, err := r.holder(ctx, key, toProve)
		if err == nil && !found {
			err = fault.New(fault.NotFound, "notice.token")
		}
		if err == nil {
			_, err = r.DB.Exec(ctx, qProve, id)
		}
		if err == nil {
			_, err = r.DB.Exec(ctx, qProven, id, f)
		}
		if err == nil {
			_, err = r.DB.Exec(ctx, qNoProof, f)
		}
		return err
	})
}

// Known tells whether an address with this key, for whatever purpose, is told anything.
// Faults: NotFound.
func (r *Room) Known(ctx context.Context, key string) (err error) {
	defer fault.Wrap(&err, "notice.Known")
	for _, p := range []purpose{toProve, toSee, toStop} {
		if _, _, _, found, err := r.holder(ctx, key, p); err != nil || found {
			return err
		}
	}
	return fault.New(fault.NotFound, "notice.token")
}

// Stop takes the word of whoever gets what an address is sent: no more of it. Of a key
// that nobody has nothing changes, since whoever stops twice wishes the same.
func (r *Room) Stop(ctx context.Context, key string) (err error) {
	defer fault.Wrap(&err, "notice.Stop")
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		id, _, _, found, err := r.holder(ctx, key, toStop)
		if err == nil && found {
			_, err = r.DB.Exec(ctx, qStop, id)
		}
		return err
	})
}
