package app

import (
	"context"
	"net"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/fetch"
	"guildhall/internal/job"
	"guildhall/internal/platform"
	"guildhall/internal/reply"
	"guildhall/internal/representative"
)

// How platforms are asked who acts for them.
const (
	mandatesEvery = time.Hour // how often the hall looks which mandates are due
	mandatesWait  = 10 * time.Second
	dnsWait       = 5 * time.Second
)

// openRepresentatives makes the room of those who act for platforms.
func (h *Hall) openRepresentatives(host string) {
	client := fetch.New(fetch.Config{Timeout: mandatesWait, MaxBytes: representative.MaxFile, SameHost: true, Resolver: h.resolver()})
	h.Representatives = representative.New(representative.Config{DB: h.DB, Faces: h.Faces, Now: h.Now, Host: host, Touch: h.touch, LookupTXT: h.lookupTXT,
		Domain: func(ctx context.Context, id string) (string, error) {
			p, err := h.Platforms.Platform(ctx, platform.Actor{}, platform.ID(id))
			if fault.Is(err, fault.NotFound) || err == nil && !p.Accepted() {
				return "", nil
			}
			return p.Domain, err
		},
		Began: func(ctx context.Context, m representative.Mandate) error {
			return h.Questions.Recuse(ctx, m.Face.ID, m.Platform)
		},
		Fetch: func(ctx context.Context, address string) ([]byte, error) {
			p, err := client.Get(ctx, address, "text/plain")
			return p.Body, err
		}})
	h.Replies = reply.New(reply.Config{DB: h.DB, Faces: h.Faces, Now: h.Now, Host: host, Touch: h.touch})
	h.Jobs.Every(mandatesEvery, "representative.check", func(ctx context.Context, _ job.Job) error { return h.Representatives.CheckDue(ctx) })
}

// lookupTXT asks the DNS: for the key with which a platform signs its mails, and for
// who acts for it.
func (h *Hall) lookupTXT(ctx context.Context, name string) ([]string, error) {
	ctx, stop := context.WithTimeout(ctx, dnsWait)
	defer stop()
	return h.resolver().LookupTXT(ctx, name)
}

// resolver is the machine's, or asks the name server of the configuration.
func (h *Hall) resolver() *net.Resolver {
	server := h.Config.Resolver
	if server == "" {
		return net.DefaultResolver
	}
	var d net.Dialer
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return d.DialContext(ctx, network, server)
	}}
}
