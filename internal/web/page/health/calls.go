package healthpage

import (
	"context"
	"strconv"

	"guildhall/internal/web/page/shell"
)

const callsScript = "ways.js"

// below is where browsers join calls.
const below = "/media/"

// CallsPath is where one sees what works from outside for calls.
const CallsPath = "/health/calls"

// Calls is how calls are carried.
type Calls struct {
	Far  string // the address of another's server; "": a child process of the hall
	Runs bool   // the child is there now
	Here bool   // the hall is for this machine only
	TLS  bool   // there is a relay inside TLS, on the web's own port
	// IP is the address that browsers are told; Private, that nobody outside comes to it.
	IP              string
	Private         bool
	UDP, TCP, Relay int // ports; 0: any
}

// Way is one of the ways by which a browser comes to the server of calls.
type Way struct {
	Name string
	By   string // UDP or TCP
	Port string // "": any, or the one of the hall's own address
	Shut string // what to do when it is shut
}

// Ways are those of a server, in the order in which calls take them.
func (c Calls) Ways(ctx context.Context) []Way {
	list := []Way{
		{Name: "web", Shut: shell.T(ctx, "health.calls.web.shut", below)},
		{Name: "udp", By: "UDP", Port: port(c.UDP, "UDP"), Shut: c.shut(ctx, "udp", c.UDP)},
		{Name: "tcp", By: "TCP", Port: port(c.TCP, "TCP"), Shut: c.shut(ctx, "tcp", c.TCP)},
		{Name: "relay", By: "UDP", Port: port(c.Relay, "UDP"), Shut: c.shut(ctx, "relay", c.Relay)},
	}
	if c.TLS || c.Far != "" { // another's may have one
		list = append(list, Way{Name: "tls", Port: "443 TCP", Shut: c.shut(ctx, "tls", 443)})
	}
	return list
}

// shut says what to do when a way is shut.
func (c Calls) shut(ctx context.Context, way string, number int) string {
	switch {
	case c.Far != "":
		return shell.T(ctx, "health.calls.far.shut", c.Far)
	case c.Here && (way == "relay" || way == "tls"): // some browsers do not even ask it
		return shell.T(ctx, "health.calls.here.relay")
	case c.Here:
		return shell.T(ctx, "health.calls.here.shut")
	}
	return shell.T(ctx, "health.calls."+way+".shut", strconv.Itoa(number))
}

// port is a port as operators write it; none, where any may be taken.
func port(number int, of string) string {
	if number == 0 {
		return ""
	}
	return strconv.Itoa(number) + " " + of
}

// unreached says why a relay that answers does not reach the server.
func (c Calls) unreached(ctx context.Context) string {
	switch {
	case c.Far != "":
		return shell.T(ctx, "health.calls.far.shut", c.Far)
	case c.Here:
		return shell.T(ctx, "health.calls.here.relay")
	case c.Private:
		return shell.T(ctx, "health.calls.private.relay", c.IP)
	}
	return shell.T(ctx, "health.calls.relay.unreached", strconv.Itoa(c.UDP))
}
