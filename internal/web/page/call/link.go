package callpage

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/web/asset"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// GuestPage is where somebody without an account calls.
type GuestPage struct {
	Link    call.Link
	Name    string    // of the link, in the address
	Face    face.Face // if the link leads to her page
	Open    bool      // it would ring now
	Booking string    // where she can be booked; "": nowhere
	Work    string    // token of a proof of work
	Trial   string    // another, to try the ways
	// Of a meeting that somebody has booked: where it rings, and what she calls herself.
	At, Visitor string
}

// guestOf says to the script by which link, and where the programs lie that seal and work.
func guestOf(p GuestPage) templ.Attributes {
	a := templ.Attributes{"link": p.Link.ID, "name": p.Name, "key": p.Link.Key, "with": p.Link.Shown, "sealer": asset.URL("seal.js"), "work": asset.URL("work.js")}
	if p.Open {
		a["reachable"] = ""
	}
	if p.At != "" {
		a["meeting"], a["at"] = "", p.At
	}
	if p.Work != "" {
		a["token"], a["trial"] = p.Work, p.Trial
	} else if p.At == "" {
		delete(a, "work") // it costs none
	}
	return a
}

// saidToGuest are the sentences that her script says.
var saidToGuest = []saying{
	{"old", "call.old_browser"}, {"offline", "message.offline"}, {"failed", "message.failed"}, {"cancelled", "message.failed"}, {"none", "call.guest.none"},
	{"bad_link", "call.guest.bad_link"}, {"working", "call.guest.working"}, {"sent", "call.sent"}, {"woken", "call.guest.woken"}, {"not_reached", "call.guest.not_reached"},
	{"declined", "call.guest.declined"}, {"later", "call.end.later"}, {"missed", "call.end.missed"}, {"busy_call", "call.guest.busy"}, {"ended", "call.end.ended"},
	{"no_key", "call.no_key"}, {"talking", "call.talking"}, {"alone", "call.alone"}, {"again", "call.again"},
	{"sealed", "call.sealed"}, {"unsealed", "call.unsealed"}, {"no_microphone", "call.no_microphone"}, {"no_camera", "call.no_camera"}, {"no_screen", "call.no_screen"}, {"share_again", "call.share_again"}, {"camera_rests", "call.camera_rests"},
	{"quality_excellent", "call.quality.excellent"}, {"quality_good", "call.quality.good"}, {"quality_poor", "call.quality.poor"}, {"quality_lost", "call.quality.lost"},
	{"way_direct", "call.way.direct"}, {"way_tcp", "call.way.tcp"}, {"way_relay", "call.way.relay"}, {"way_trying", "call.way.trying"}, {"way_none", "call.way.none"},
	{"pinned", "booking.call.pinned"}, {"unpinned", "booking.call.unpinned"}, {"mic_good", "call.guest.mic_good"}, {"cam_good", "call.guest.cam_good"}, {"you", "message.you"}, {"device", "call.device"},
}

// LinksPage are the links of the reader.
type LinksPage struct {
	Face   face.Face
	Links  []call.Link
	Origin string // of the hall
	Rules  bool   // she has said when she can be met
}

// address is that of a link, but for its key.
func (p LinksPage) address(l call.Link) string {
	if l.Own {
		return p.Origin + "/call/" + p.Face.Handle
	}
	return p.Origin + "/call/" + l.ID
}

func (p LinksPage) own() bool { return len(p.Links) > 0 && p.Links[0].Own }

// kind is the one that is offered first.
func (p LinksPage) kind() string {
	if p.own() {
		return "many"
	}
	return "own"
}

func (p LinksPage) kinds(ctx context.Context) (list []shell.Option) {
	if !p.own() {
		list = append(list, shell.Option{Value: "own", Label: shell.T(ctx, "call.link.kind.own"), Hint: p.address(call.Link{Own: true})})
	}
	return append(list,
		shell.Option{Value: "many", Label: shell.T(ctx, "call.link.kind.many"), Hint: shell.T(ctx, "call.link.kind.many.hint")},
		shell.Option{Value: "once", Label: shell.T(ctx, "call.link.kind.once"), Hint: shell.T(ctx, "call.link.kind.once.hint")})
}

func kindKey(l call.Link) string {
	switch {
	case l.Own:
		return "call.link.kind.own"
	case l.Once:
		return "call.link.kind.once"
	}
	return "call.link.kind.many"
}

// linksOf says to the script whose page it is.
func linksOf(ctx context.Context, p LinksPage) templ.Attributes {
	v := viewer.From(ctx)
	return templ.Attributes{"face": v.FaceID, "handle": p.Face.Handle}
}

// saidOfLinks are the sentences that the script of links says.
var saidOfLinks = []saying{
	{"old", "call.old_browser"}, {"offline", "message.offline"}, {"failed", "message.failed"}, {"cancelled", "message.failed"}, {"noroot", "call.link.noroot"},
}
