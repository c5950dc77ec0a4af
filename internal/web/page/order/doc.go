// Package orderpage shows how order is kept among masks: the moderators' queue of a
// safe space, one text at a time, what waits for a second moderator, the list of
// decisions that everybody may read, and the form for outsiders.
//
// It promises that no page shows more of a mask than its name and its age in epochs,
// and that the public list names no moderator. It refuses to know accounts.
package orderpage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/mask"
	"guildhall/internal/space"
	"guildhall/internal/web/page/shell"
)

// QueuePage is what moderators see of a space; Open is the one text that is open.
type QueuePage struct {
	Space     space.Space
	Queue     []mask.Thing
	Open      *mask.Thing
	Proposals []mask.Signed
	Brakes    []mask.Decision // that stand
	Opened    []mask.Opened
	Faces     map[face.ID]face.Face
	Form      mask.Wish
	Once      string
	Error     error
}

// DecisionsPage is what was decided in a space.
type DecisionsPage struct {
	Space     space.Space
	Decisions []mask.Decision
	Once      string
	Reason    string
	Error     error
}

// NoticePage is the form for outsiders.
type NoticePage struct {
	Space  space.Space
	Notice mask.Notice
	Work   string // token of a proof of work
	Once   string
	Said   string
	Error  error
}

// Href is the address of a space's queue.
func Href(id space.ID) string { return "/spaces/" + string(id) + "/order" }

// DecisionsHref is the address of its decisions.
func DecisionsHref(id space.ID) string { return "/spaces/" + string(id) + "/decisions" }

// NoticeHref is the address of the form for outsiders.
func NoticeHref(id space.ID) string { return "/spaces/" + string(id) + "/notice" }

func date(day int) time.Time { return epoch.StartOfDay(day).Add(12 * time.Hour) }

// deedTexts and causeTexts are the names of deeds and causes, spelt out so that a
// text which nobody uses is found.
var deedTexts = map[mask.Deed]string{
	"hide":    "watch.deed.hide",
	"show":    "watch.deed.show",
	"leave":   "watch.deed.leave",
	"release": "watch.deed.release",
	"refuse":  "watch.deed.refuse",
	"mute":    "watch.deed.mute",
	"unmute":  "watch.deed.unmute",
	"ban":     "watch.deed.ban",
	"unban":   "watch.deed.unban",
	"remove":  "watch.deed.remove",
	"slow":    "watch.deed.slow",
	"fast":    "watch.deed.fast",
	"hold":    "watch.deed.hold",
	"free":    "watch.deed.free",
}

var causeTexts = map[mask.Cause]string{
	"person":     "watch.cause.person",
	"defamation": "watch.cause.defamation",
	"insult":     "watch.cause.insult",
	"spam":       "watch.cause.spam",
	"other":      "watch.cause.other",
}

func deed(ctx context.Context, d mask.Deed) string { return shell.T(ctx, deedTexts[d]) }

func age(ctx context.Context, epochs int) string {
	if epochs == 0 {
		return shell.T(ctx, "watch.age.new")
	}
	return shell.N(ctx, "watch.age", epochs)
}

// why says what led to a decision that nobody gave words for: an outsider's notice,
// its lapse, or jurors. all holds the decision it takes back, if the page does.
func why(ctx context.Context, d mask.Decision, all []mask.Decision) string {
	if d.Undoes == "" {
		if d.Deed == mask.Hide {
			return shell.T(ctx, "watch.why.notice")
		}
		return ""
	}
	i := slices.IndexFunc(all, func(x mask.Decision) bool { return x.ID == d.Undoes })
	switch {
	case i < 0: // too long ago to be in the list
		return ""
	case all[i].Reason == "":
		return shell.T(ctx, "watch.why.lapsed")
	}
	return shell.T(ctx, "watch.why.jurors")
}

func undoable(d mask.Decision) bool {
	switch d.Deed {
	case mask.Hide, mask.Mute, mask.Ban, mask.Slow, mask.Hold:
		return d.Standing == mask.Stands
	}
	return false
}

func deeds(ctx context.Context, t *mask.Thing) []shell.Option {
	list := []mask.Deed{mask.Hide, mask.Leave, mask.Mute, mask.Ban, mask.Remove}
	switch {
	case t == nil:
		list = []mask.Deed{mask.Slow, mask.Hold}
	case t.Post == "":
		list = []mask.Deed{mask.Leave}
	case t.State == "held":
		list = []mask.Deed{mask.Release, mask.Refuse}
	}
	os := make([]shell.Option, len(list))
	for i, d := range list {
		os[i] = shell.Option{Value: string(d), Label: deed(ctx, d)}
	}
	return os
}

func causes(ctx context.Context, t mask.Thing) string {
	s := ""
	for i, c := range t.Causes {
		if i > 0 {
			s += " · "
		}
		s += shell.T(ctx, causeTexts[c])
	}
	return s
}

func noticeCauses(ctx context.Context) []shell.Option {
	os := []shell.Option{}
	for _, c := range []mask.Cause{mask.Person, mask.Defamation} {
		os = append(os, shell.Option{Value: string(c), Label: shell.T(ctx, causeTexts[c])})
	}
	return os
}

func scripts(work string) []string {
	if work == "" {
		return nil
	}
	return []string{"report.js"}
}

func digits(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
