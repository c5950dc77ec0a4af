// Package spacepage shows spaces, and what a browser needs to be a mask in them.
package spacepage

import "slices"

// Safe is what the script of a safe space is told by the hall. All of it is the
// same for everybody.
type Safe struct {
	Space  string // id
	Name   string
	Pace   string // careful, daily or hourly
	Origin string // the safe origin
	Hall   string // address for the command line
	Box    string // origin of the hall's letterbox; empty: none
	Closed bool
}

// masked is the script of safe spaces.
const masked = "safe.js"

// Scripts are the modules that a page with a safe space loads.
func Scripts() []string { return []string{masked} }

// spoken is a sentence the script says, with the names of what it puts in.
type spoken struct {
	name, key string
	words     []any
}

func speak(name, key string, words ...string) spoken {
	s := spoken{name: name, key: key}
	for _, w := range words {
		s.words = append(s.words, "{"+w+"}")
	}
	return s
}

// sentences are what the script says to this reader: whoever is signed in is not
// told to sign in, while on a slow line her passes are still on their way.
func sentences(signedIn bool) []spoken {
	said := slices.Clone(maskSentences)
	for i := range said {
		if signedIn && said[i].name == "nothing" {
			said[i].key = "masked.nothing.yet"
		}
	}
	return said
}

var maskSentences = []spoken{
	speak("choose", "masked.choose"),
	speak("crowd", "masked.crowd", "k"),
	speak("crowd-few", "masked.crowd.few", "k"),
	speak("choose-later", "masked.choose.later", "date"),
	speak("later", "masked.later", "date"),
	speak("leaving", "masked.leaving"),
	speak("leaving-letter", "masked.leaving.letter", "box", "until"),
	speak("asking-letter", "masked.asking.letter"),
	speak("born", "masked.born", "date", "n"),
	speak("born-again", "masked.born.again", "date", "n"),
	speak("active", "masked.active", "name", "date", "renew"),
	speak("muted", "masked.muted", "name", "reason"),
	speak("banned", "masked.banned", "name", "reason"),
	speak("renewed", "masked.renewed", "name"),
	speak("over", "masked.over", "name", "renew"),
	speak("seatless", "masked.seatless"),
	speak("ineligible", "masked.ineligible", "why"),
	speak("reading", "masked.reading"),
	speak("nothing", "masked.nothing"),

	speak("as-reader", "masked.as.reader"),
	speak("as-mask", "masked.as.mask", "name"),
	speak("p1-signed", "masked.p1.signed"),
	speak("p1-few", "masked.p1.few"),
	speak("p1-spoke", "masked.p1.spoke"),
	speak("p2", "masked.p2"),
	speak("p2-letter", "masked.p2.letter", "box"),
	speak("box", "masked.box", "box", "until"),
	speak("box-away", "masked.box.away", "box", "since"),
	speak("box-reads", "masked.box.reads"),

	speak("kept", "masked.write.done"),
	speak("post-leaving", "masked.post.leaving"),
	speak("post-leaving-letter", "masked.post.leaving.letter", "box", "until"),
	speak("post-going", "masked.post.going", "box"),
	speak("post-letter", "masked.post.letter", "box", "until"),
	speak("post-long", "masked.post.long"),
	speak("post-held", "masked.post.held", "until"),
	speak("post-crowd", "masked.post.crowd", "date"),
	speak("post-successor", "masked.post.successor"),
	speak("post-waiting", "masked.post.waiting", "from", "to"),
	speak("post-waiting-day", "masked.post.waiting.day", "from"),
	speak("back-direct", "masked.back.direct"),
	speak("post-checked", "masked.post.checked"),
	speak("post-refused", "masked.post.refused", "why"),
	speak("post-hidden", "masked.post.hidden"),
	speak("post-hidden-why", "masked.post.hidden.why", "why"),
	speak("post-deleted", "masked.post.deleted"),
	speak("yours", "masked.post.yours"),
	speak("answers", "masked.post.answers", "name"),
	speak("recommended", "masked.post.recommended", "n"),
	speak("speaker-banned", "masked.speaker.banned"),
	speak("speaker-muted", "masked.speaker.muted"),
	speak("speaker-old", "masked.speaker.old"),
	speak("nameless", "masked.nameless"),
	speak("untitled", "masked.untitled"),
	speak("row", "masked.row", "n", "date"),
	speak("reply", "masked.reply", "name", "title"),
	speak("taken", "masked.heard.taken", "title"),
	speak("merge", "masked.heard.merge", "title"),
	speak("split", "masked.heard.split", "title"),
	speak("answer", "masked.heard.answer", "title"),
	speak("promise", "masked.heard.promise", "title"),
	speak("closure", "masked.heard.closure", "title"),
	speak("reopening", "masked.heard.reopening", "title"),
	speak("undoing", "masked.heard.undoing", "title"),

	speak("guard", "masked.guard"),
	speak("guard.address", "masked.guard.address"),
	speak("guard.link", "masked.guard.link"),
	speak("guard.handle", "masked.guard.handle"),
	speak("guard.profile", "masked.guard.profile"),
	speak("guard.phone", "masked.guard.phone"),
	speak("guard.amount", "masked.guard.amount"),
	speak("guard.date", "masked.guard.date"),
	speak("guard.number", "masked.guard.number"),
	speak("guard.name", "masked.guard.name"),
	speak("guard.only", "masked.guard.only"),
	speak("style", "masked.style", "words", "of"),

	speak("did-delete", "masked.did.delete"),
	speak("did-recommend", "masked.did.recommend"),
	speak("did-unrecommend", "masked.did.unrecommend"),
	speak("did-judge", "masked.did.judge"),
	speak("did-report", "masked.did.report"),
	speak("did-appeal", "masked.did.appeal"),
	speak("did-held", "masked.did.held"),
	speak("did-letter", "masked.did.letter", "until"),

	speak("judged-upheld", "masked.judged.upheld"),
	speak("judged-overturned", "masked.judged.overturned"),
	speak("case-hidden", "masked.case.hidden"),
	speak("case-muted", "masked.case.muted"),
	speak("case-banned", "masked.case.banned"),
	speak("case-drawing", "masked.case.drawing"),
	speak("case-open", "masked.case.open"),
	speak("case-upheld", "masked.case.upheld"),
	speak("case-overturned", "masked.case.overturned"),
	speak("case-post", "masked.case.post"),

	speak("refused-weak", "masked.refused.weak"),
	speak("refused-differs", "masked.refused.differs"),
	speak("refused-twice", "masked.refused.twice"),
	speak("refused-none", "masked.refused.none"),
	speak("refused-unlogged", "masked.refused.unlogged"),
	speak("refused-blind", "masked.refused.blind"),
	speak("refused-answer", "masked.refused.answer"),
	speak("skew", "masked.skew"),
	speak("offline", "masked.offline"),
	speak("box-unreached", "masked.box.unreached"),
	speak("letter-brought", "masked.letter.brought"),
	speak("unkept", "masked.unkept"),
	speak("garbled", "masked.garbled"),
	speak("failed", "masked.failed"),
	speak("forgotten", "masked.forgotten"),
}

// remaining are the links that remain, each with when it does: always when empty. The
// script puts the letterbox's name in.
var remaining = []struct{ when, key string }{
	{"signed-in", "masked.who.signed_in"},
	{"days", "masked.who.days"},
	{"spoke", "masked.who.spoke"},
	{"few", "masked.who.few"},
	{"", "masked.who.line"},
	{"watch", "masked.who.watch"},
	{"letters", "masked.who.read"},
	{"letters", "masked.who.box"},
	{"writes", "masked.who.facts"},
	{"words", "masked.who.style"},
	{"writes", "masked.who.mask"},
	{"", "masked.who.device"},
	{"", "masked.who.program"},
	{"", "masked.who.people"},
}

var paceHides = map[string]string{
	"careful": "masked.pace.careful", "daily": "masked.pace.daily", "hourly": "masked.pace.hourly",
}

// reportKinds are what a post is reported for; the room knows the same words.
var reportKinds = []struct{ kind, key string }{
	{"person", "masked.report.person"},
	{"insult", "masked.report.insult"},
	{"spam", "masked.report.spam"},
	{"other", "masked.report.other"},
}
