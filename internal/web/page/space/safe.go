package spacepage

import (
	"strconv"
	"time"
)

// Safe is what the script of a safe space is told by the hall. All of it is the
// same for everybody who is signed in, or not, except Device.
type Safe struct {
	Space  string // id
	Name   string
	Pace   string // careful, daily or hourly
	Origin string // the safe origin
	Device string // of the signed-in browser; empty: nobody is signed in
	Now    time.Time
	Hall   string // address for the command line
}

// masked is the script of safe spaces.
const masked = "safe.js"

// Scripts are the modules that a page with a safe space loads.
func Scripts() []string { return []string{masked} }

// said is a sentence the script says, with the names of what it puts in.
type said struct {
	name, key string
	words     []any
}

func say(name, key string, words ...string) said {
	s := said{name: name, key: key}
	for _, w := range words {
		s.words = append(s.words, "{"+w+"}")
	}
	return s
}

var sentences = []said{
	say("choose", "masked.choose"),
	say("choose-later", "masked.choose.later", "date"),
	say("later", "masked.later", "date"),
	say("leaving", "masked.leaving"),
	say("born", "masked.born", "date", "n"),
	say("born-again", "masked.born.again", "date", "n"),
	say("active", "masked.active", "name", "date", "renew"),
	say("muted", "masked.muted", "name", "reason"),
	say("banned", "masked.banned", "name", "reason"),
	say("renewed", "masked.renewed", "name"),
	say("over", "masked.over", "name", "renew"),
	say("seatless", "masked.seatless"),
	say("ineligible", "masked.ineligible", "why"),
	say("reading", "masked.reading"),
	say("nothing", "masked.nothing"),

	say("as-reader", "masked.as.reader"),
	say("as-mask", "masked.as.mask", "name"),
	say("p1-signed", "masked.p1.signed"),
	say("p1-few", "masked.p1.few"),
	say("p1-spoke", "masked.p1.spoke"),
	say("p2", "masked.p2"),

	say("post-leaving", "masked.post.leaving"),
	say("post-held", "masked.post.held", "until"),
	say("post-waiting", "masked.post.waiting", "from", "to"),
	say("post-waiting-day", "masked.post.waiting.day", "from"),
	say("post-refused", "masked.post.refused", "why"),
	say("post-hidden", "masked.post.hidden"),
	say("post-deleted", "masked.post.deleted"),
	say("yours", "masked.post.yours"),
	say("answers", "masked.post.answers", "name"),
	say("recommended", "masked.post.recommended", "n"),
	say("speaker-banned", "masked.speaker.banned"),
	say("nameless", "masked.nameless"),
	say("untitled", "masked.untitled"),
	say("row", "masked.row", "n", "date"),
	say("reply", "masked.reply", "name", "title"),

	say("guard", "masked.guard"),
	say("guard.address", "masked.guard.address"),
	say("guard.link", "masked.guard.link"),
	say("guard.handle", "masked.guard.handle"),
	say("guard.profile", "masked.guard.profile"),
	say("guard.phone", "masked.guard.phone"),
	say("guard.amount", "masked.guard.amount"),
	say("guard.date", "masked.guard.date"),
	say("guard.number", "masked.guard.number"),
	say("guard.name", "masked.guard.name"),
	say("guard.only", "masked.guard.only"),
	say("style", "masked.style", "words", "of"),

	say("did-delete", "masked.did.delete"),
	say("did-recommend", "masked.did.recommend"),
	say("did-report", "masked.did.report"),
	say("did-appeal", "masked.did.appeal"),

	say("refused-weak", "masked.refused.weak"),
	say("refused-differs", "masked.refused.differs"),
	say("refused-twice", "masked.refused.twice"),
	say("refused-none", "masked.refused.none"),
	say("refused-unlogged", "masked.refused.unlogged"),
	say("refused-blind", "masked.refused.blind"),
	say("refused-answer", "masked.refused.answer"),
	say("skew", "masked.skew"),
	say("offline", "masked.offline"),
	say("unkept", "masked.unkept"),
	say("garbled", "masked.garbled"),
	say("failed", "masked.failed"),
	say("forgotten", "masked.forgotten"),
}

// remaining are the links that remain, each with when it does: always when empty.
var remaining = []struct{ when, key string }{
	{"signed-in", "masked.who.signed_in"},
	{"spoke", "masked.who.spoke"},
	{"few", "masked.who.few"},
	{"", "masked.who.line"},
	{"", "masked.who.watch"},
	{"writes", "masked.who.facts"},
	{"words", "masked.who.style"},
	{"writes", "masked.who.mask"},
	{"", "masked.who.device"},
	{"", "masked.who.program"},
	{"", "masked.who.people"},
}

var paces = map[string]string{
	"careful": "masked.pace.careful", "daily": "masked.pace.daily", "hourly": "masked.pace.hourly",
}

// kinds are what a post is reported for; the room knows the same words.
var kinds = []struct{ kind, key string }{
	{"person", "masked.report.person"},
	{"insult", "masked.report.insult"},
	{"spam", "masked.report.spam"},
	{"other", "masked.report.other"},
}

// millis writes a moment as scripts count.
func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
