package callpage

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/web/asset"
	"guildhall/internal/web/viewer"
)

const (
	script      = "call.js"
	guestScript = "guest.js"
	linksScript = "links.js"
)

// CallPage is one call.
type CallPage struct {
	Call call.Call
	With face.Face
	Mine bool // its reader has called
	// Quiet tells that its reader has quiet hours now: it makes no sound.
	Quiet bool
	// Connections are those whom its reader can bring in; none, where a guest calls.
	Connections []face.Face
	// Guest is who calls by a link; With then has her name alone.
	Guest call.Guest
}

// others are those whom its reader can bring in.
func (p CallPage) others() (list []face.Face) {
	for _, f := range p.Connections {
		if f.ID != p.With.ID {
			list = append(list, f)
		}
	}
	return list
}

// of says to the script whose page it is, which call, and where the program lies that seals.
func of(ctx context.Context, p CallPage) templ.Attributes {
	v := viewer.From(ctx)
	a := templ.Attributes{"face": v.FaceID, "handle": v.Handle, "call": string(p.Call.ID), "with": p.With.Handle, "other": string(p.With.ID), "state": string(p.Call.State), "sealer": asset.URL("seal.js")}
	if p.Mine {
		a["mine"] = ""
	}
	if p.Quiet && !p.Mine {
		a["quiet"] = ""
	}
	if p.Call.Brought() {
		a["group"] = ""
	}
	if p.Call.ByGuest() {
		a["guest"], a["asked"], a["with"] = p.Guest.Link, p.Guest.Asked, p.Guest.Name
	}
	return a
}

// saying is a sentence that a script says, by its word for it.
type saying struct{ name, key string }

// about is of whom it speaks: in a group the script puts the name in.
func (s saying) about(of string) string {
	if strings.HasPrefix(s.key, "call.group.") {
		return "{name}"
	}
	return of
}

// said are those of a call between two members.
var said = []saying{
	{"busy", "message.busy"}, {"noroot", "call.noroot"}, {"nostore", "message.nostore"}, {"old", "call.old_browser"}, {"offline", "message.offline"},
	{"failed", "message.failed"}, {"cancelled", "message.failed"}, {"nodevice", "call.nodevice"}, {"sent", "call.sent"}, {"woken", "call.woken"},
	{"rings_phone", "call.rings.phone"}, {"rings_computer", "call.rings.computer"}, {"rings_both", "call.rings.both"}, {"not_reached", "call.not_reached"},
	{"ringing", "call.ringing"}, {"joining", "call.joining"}, {"waiting_key", "call.waiting_key"}, {"no_key", "call.no_key"}, {"talking", "call.talking"},
	{"alone", "call.alone"}, {"again", "call.again"}, {"elsewhere", "call.elsewhere"}, {"declined", "call.end.declined"}, {"later", "call.end.later"},
	{"cancelled_call", "call.end.cancelled"}, {"missed", "call.end.missed"}, {"busy_call", "call.end.busy"}, {"ended", "call.end.ended"}, {"over", "call.end.ended"},
	{"sealed", "call.sealed"}, {"unsealed", "call.unsealed"}, {"no_microphone", "call.no_microphone"}, {"no_camera", "call.no_camera"}, {"no_screen", "call.no_screen"}, {"share_again", "call.share_again"}, {"camera_rests", "call.camera_rests"},
	{"quality_excellent", "call.quality.excellent"}, {"quality_good", "call.quality.good"}, {"quality_poor", "call.quality.poor"}, {"quality_lost", "call.quality.lost"},
	{"came", "call.group.came"}, {"went", "call.group.went"}, {"left", "call.group.left"}, {"no_device", "call.group.no_device"},
	{"in_ringing", "call.group.ringing"}, {"in_declined", "call.group.declined"}, {"in_later", "call.group.later"}, {"in_missed", "call.group.missed"},
	{"in_busy", "call.group.busy"}, {"in_cancelled", "call.group.cancelled"},
	{"you", "message.you"}, {"device", "call.device"}, {"no_digits", "call.no_digits"},
}
