//go:build browser

package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/face"
)

const sessionCookie = "hall"

// seat makes the people who are in the hall before it opens: ana and bo, and
// cleo, who keeps it; and an ana and a cleo who read Arabic. Joining by hand has
// tests of its own; the others need not wait for it. It gives the sessions that
// sign them in.
func seat(dir string) (sessions map[string]string, err error) {
	ctx := context.Background()
	h, err := app.Open(ctx, dir, app.Config{URL: "http://localhost"}, time.Now)
	if err != nil {
		return nil, err
	}
	defer h.Close()
	sessions = map[string]string{}
	for _, name := range []string{"ana", "bo", "cleo", "ana ar", "cleo ar"} {
		cookie, err := h.TestOnlyMember(ctx)
		if err != nil {
			return nil, err
		}
		sessions[name] = strings.TrimPrefix(cookie, sessionCookie+"=")
		s, err := h.Members.Resume(ctx, sessions[name])
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(name, " ar") {
			err = h.Members.Prefer(ctx, s.Account, "ar", s.Zone, s.Theme)
		}
		if err == nil && strings.HasPrefix(name, "cleo") {
			err = h.Moderation.Appoint(ctx, "", face.ID(s.Face))
		}
		if err != nil {
			return nil, err
		}
	}
	return sessions, nil
}

// as opens the browser of one of the people who are in already.
func (h *hall) as(t *testing.T, name string) *visitor {
	t.Helper()
	p := h.visitor(t)
	p.cookie(sessionCookie, h.seats[name])
	return p
}
