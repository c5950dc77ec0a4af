package platformpage

import (
	"net/url"

	"guildhall/internal/platform"
	"guildhall/internal/reply"
)

// ReplyHref is a reply's own address.
func ReplyHref(id reply.ID) string { return "/replies/" + string(id) }

// targetHref is the address of a form about a claim.
func targetHref(path string, t reply.Target) string {
	return path + "?" + url.Values{"kind": {t.Kind}, "thing": {t.ID}}.Encode()
}

// Claim is what a reply is to, as everybody sees it; the zero Claim is not shown.
type Claim struct {
	Target      reply.Target
	Title, Href string
	Platform    platform.Platform
	Most        int // bytes of a reply
}

// BelowPage is what stands directly below a claim.
type BelowPage struct {
	Target      reply.Target
	Claim       Claim
	Reply       *reply.Reply // nil: the platform has said nothing
	Corrections []reply.Correction
	Speakers    map[string]Speaker
	Acts        bool // the reader acts for the platform
}

// ReplyForm is a reply being written, or a correction.
type ReplyForm struct {
	ID    reply.ID // empty: a new one
	Claim Claim
	As    Speaker
	Text  string
	Once  string
	Error error
}

// OwnPage is a reply at its own address.
type OwnPage struct {
	Reply     reply.Reply
	Claim     Claim
	Platform  platform.Platform
	Revisions []reply.Revision
	Speakers  map[string]Speaker
	Acts      bool
	Reason    string
	Once      string
	Error     error
}
