package app

import (
	"context"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/mask/client"
)

// dwelling is where a member's keys are and which hall they are for.
type dwelling struct {
	Hall  string `arg:"required" placeholder:"URL" help:"Address of the hall."`
	Home  string `arg:"required" help:"Directory that keeps your keys; only you should be able to read it."`
	Proxy string `placeholder:"socks5://HOST:PORT" help:"Go through a SOCKS proxy, such as Tor's."`
}

// clocked carries another clock than this machine's to the commands.
type clocked struct{}

// TestOnlyClock gives commands that run under the context another clock.
func TestOnlyClock(ctx context.Context, now func() time.Time) context.Context {
	return context.WithValue(ctx, clocked{}, now)
}

// hall is the way to the hall.
func (d dwelling) hall(ctx context.Context) (client.Hall, error) {
	h, err := client.ParseHall(d.Hall, d.Proxy)
	if err != nil {
		return h, err
	}
	if now, ok := ctx.Value(clocked{}).(func() time.Time); ok {
		h.Now = now
		return h, nil
	}
	return h.FollowLocal(ctx), nil
}

// open opens the home of somebody who has enrolled.
func (d dwelling) open(ctx context.Context) (*client.Home, client.Mask, error) {
	hall, err := d.hall(ctx)
	if err != nil {
		return nil, client.Mask{}, err
	}
	home, err := client.OpenHome(d.Home)
	if err != nil {
		return nil, client.Mask{}, err
	}
	if home.State.Hall != hall.URL.String() {
		return nil, client.Mask{}, fault.New(fault.Conflict, "client.other_hall", home.State.Hall)
	}
	return home, client.Mask{Hall: hall}, nil
}
