package accountpage

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"guildhall/internal/notice"
	"guildhall/internal/web/page/shell"
)

// ReachPage is how somebody is told of news though she does not look.
type ReachPage struct {
	Key      string // to which a browser subscribes
	Devices  []Reachable
	Settings notice.Settings
	Mail     bool       // the hall sends mail
	Said     string     // what has just happened
	Way      notice.Way // what was chosen and typed of an address that was not taken
	To       string
	Err      error
}

// Reachable is one of her devices.
type Reachable struct {
	notice.Device
	Label string // what she called the browser
	Here  bool   // it is this one
}

const reachScript = "reach.js"

func (r Reachable) name(ctx context.Context) string {
	if r.Way != notice.Push {
		return r.Address
	}
	return deviceName(ctx, Device{Label: r.Label})
}

// nameless tells whether there is a browser without a name, which is hard to tell from another.
func (p ReachPage) nameless() bool {
	return slices.ContainsFunc(p.Devices, func(d Reachable) bool { return d.Way == notice.Push && d.Label == "" })
}

// stateKeys say how far a trial came.
var stateKeys = map[notice.State]string{
	"": "notice.state.none", notice.Queued: "notice.state.queued", notice.Handed: "notice.state.handed",
	notice.Failed: "notice.state.failed", notice.Shown: "notice.state.shown", notice.Opened: "notice.state.opened",
}

// state is how far the last trial came on a device, and what to do about it.
func (r Reachable) state(ctx context.Context) (says, advice string) {
	switch {
	case r.Health == notice.Unproven:
		return shell.T(ctx, "notice.health.unproven"), shell.T(ctx, "notice.advice.unproven")
	case r.Health == notice.Dead && r.Way != notice.Push:
		return shell.T(ctx, "notice.health.dead"), shell.T(ctx, "notice.advice.address")
	case r.Health == notice.Dead:
		return shell.T(ctx, "notice.health.dead"), shell.T(ctx, "notice.advice.dead")
	case r.Health == notice.Silent:
		return shell.T(ctx, "notice.health.silent"), shell.T(ctx, "notice.advice.silent")
	}
	says = shell.T(ctx, stateKeys[r.State])
	if r.Way != notice.Push {
		if r.State == notice.Handed {
			return shell.T(ctx, "notice.state.carried"), shell.T(ctx, "notice.advice.carried")
		}
		return says, ""
	}
	switch r.State {
	case notice.Failed:
		advice = shell.T(ctx, "notice.advice.failed", r.Status)
	case notice.Handed:
		advice = shell.T(ctx, "notice.advice.silent")
	case notice.Queued:
		advice = shell.T(ctx, "notice.advice.queued")
	}
	return says, advice
}

func (r Reachable) tone() string {
	switch {
	case r.Health == notice.Unproven:
	case r.Health != notice.Well || r.State == notice.Failed:
		return "bad"
	case r.State == notice.Shown || r.State == notice.Opened:
		return "good"
	}
	return ""
}

// clock writes minutes of a day as fields of time do.
func clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

func rungs(ctx context.Context) (list []shell.Option) {
	for i := 1; i <= notice.Rungs; i++ {
		list = append(list, shell.Option{Value: strconv.Itoa(i), Label: shell.T(ctx, "notice.rung", i)})
	}
	return list
}

func modes(ctx context.Context, k notice.Kind) []shell.Option {
	if k == notice.Soon { // in a digest it would come when all is over
		return []shell.Option{{Value: string(notice.Once), Label: shell.T(ctx, "notice.mode.once")}, {Value: string(notice.Never), Label: shell.T(ctx, "notice.mode.never")}}
	}
	return []shell.Option{
		{Value: string(notice.Once), Label: shell.T(ctx, "notice.mode.once")}, {Value: string(notice.Daily), Label: shell.T(ctx, "notice.mode.digest")},
		{Value: string(notice.Never), Label: shell.T(ctx, "notice.mode.never")},
	}
}

// wayKeys name the ways.
var wayKeys = map[notice.Way]string{notice.Push: "notice.service", notice.Mail: "notice.way.mail", notice.Ntfy: "notice.way.ntfy", notice.Hook: "notice.way.hook"}

// ways are those by which the hall reaches addresses.
func (p ReachPage) ways(ctx context.Context) (list []shell.Option) {
	for _, w := range notice.Ways {
		if w != notice.Mail || p.Mail {
			list = append(list, shell.Option{Value: string(w), Label: shell.T(ctx, wayKeys[w])})
		}
	}
	return list
}

func waits(ctx context.Context) (list []shell.Option) {
	for _, w := range notice.Waits {
		list = append(list, shell.Option{Value: strconv.Itoa(w), Label: shell.N(ctx, "notice.wait.minutes", w)})
	}
	return list
}

func untils(ctx context.Context) []shell.Option {
	return []shell.Option{
		{Value: string(notice.Shown), Label: shell.T(ctx, "notice.until.shown")}, {Value: string(notice.Opened), Label: shell.T(ctx, "notice.until.opened")},
	}
}
