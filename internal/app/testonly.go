package app

import (
	"context"
	"io"
	"net"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/letterbox"
	"guildhall/internal/member"
)

// TestOnlyMember makes a member with a drawn name, past the door and its
// quotas, and gives the Cookie header that signs her in. Her login code opens
// nothing.
func (h *Hall) TestOnlyMember(ctx context.Context) (cookie string, err error) {
	defer fault.Wrap(&err, "app.TestOnlyMember")
	name, err := h.Faces.Draw(ctx)
	if err != nil {
		return "", err
	}
	f, err := h.Faces.New(ctx, name)
	if err != nil {
		return "", err
	}
	id, err := h.Members.Join(ctx, member.Joining{Face: string(f.ID), CodeHash: "none", UserHandle: ident.Random(), Lang: "en"})
	if err != nil {
		return "", err
	}
	value, err := h.Members.SignIn(ctx, id, "device", "")
	return h.sessionCookie() + "=" + value, err
}

// TestOnlyLetterbox opens a letterbox in dir for a hall.
func TestOnlyLetterbox(dir, hall string, now func() time.Time) (*letterbox.Box, error) {
	return openLetterbox(dir, hall, now)
}

// TestOnlyServe answers on ln, with everything a hall does beside, until ctx ends.
func (h *Hall) TestOnlyServe(ctx context.Context, ln net.Listener) error {
	return h.Serve(ctx, streams{out: io.Discard, err: io.Discard}, ln)
}

// TestOnlyDefaults is what a hall is without any configuration.
func TestOnlyDefaults() Config { return defaults() }

// TestOnlyDrain lets every reader of the events read them all, and does every
// job that is due, until nothing is left, and binds full pages.
func (h *Hall) TestOnlyDrain(ctx context.Context) error {
	if err := h.Forum.Bind(ctx); err != nil {
		return err
	}
	for {
		for _, c := range h.consumers() {
			if err := h.Events.Drain(ctx, c); err != nil {
				return err
			}
		}
		if did, err := h.Jobs.Step(ctx); err != nil {
			return err
		} else if did {
			continue
		}
		if err := h.Bookings.Ring(ctx); err != nil {
			return err
		}
		if err := h.Notices.Climb(ctx); err != nil {
			return err
		}
		_, err := h.Notices.Deliver(ctx)
		return err
	}
}
