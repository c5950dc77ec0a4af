package notice

import (
	"slices"
	"strings"
	"time"

	"guildhall/internal/fault"
)

// Kind is what sort of thing a notice tells of. The list is append-only.
type Kind string

// The kinds that can be set, and those that cannot.
const (
	Answers  Kind = "answers"  // what becomes of one's questions
	Replies  Kind = "replies"  // somebody replies, or speaks in what one began
	Asked    Kind = "asked"    // what others ask about what one follows
	Results  Kind = "results"  // a consultation has a result
	Terms    Kind = "terms"    // terms that one follows have changed
	People   Kind = "people"   // somebody wishes to be connected, says yes, or brings two together
	Messages Kind = "messages" // somebody has written to her
	Bookings Kind = "bookings" // somebody has booked a meeting with her, moved or cancelled it
	Soon     Kind = "soon"     // a meeting of hers begins in some minutes
	Lost     Kind = "lost"     // a device cannot be reached any more
	Digest   Kind = "digest"   // everything that may wait, once a day
	Trial    Kind = "trial"    // one rings one's own devices
	Proof    Kind = "proof"    // is this address hers?
	Call     Kind = "call"     // somebody calls her
	Over     Kind = "over"     // that rings no more
	Begins   Kind = "begins"   // a meeting begins to which she has agreed
	Joins    Kind = "joins"    // whoever has booked it calls her
	Check    Kind = "check"    // once a week, silently: are the devices still there?
)

// Kinds are those for which somebody chooses a mode.
var Kinds = []Kind{Messages, Bookings, Soon, Answers, Replies, People, Asked, Results, Terms}

// Name is the key of lang under which k is named.
func (k Kind) Name() string { return names[k] }

var names = map[Kind]string{Messages: "notice.kind.messages", Bookings: "notice.kind.bookings", Soon: "notice.kind.soon", Answers: "notice.kind.answers", Replies: "notice.kind.replies", Asked: "notice.kind.asked", Results: "notice.kind.results", Terms: "notice.kind.terms", People: "notice.kind.people"}

// Mode is how soon one wishes to be told of a kind.
type Mode string

// The modes.
const (
	Once  Mode = "once"
	Daily Mode = "digest"
	Never Mode = "never"
)

// State is how far a notice came on a device.
type State string

// The states, each later than the one before.
const (
	Queued State = "queued"
	Handed State = "handed" // to the push service
	Failed State = "failed" // the push service does not take it
	Shown  State = "shown"
	Opened State = "opened"
)

// Health is how a device stands.
type Health string

// The healths.
const (
	Unproven Health = "unproven" // nobody has said yet that the address is hers
	Well     Health = "well"
	Silent   Health = "silent" // three were handed over in a day or more, and none was shown
	Dead     Health = "dead"   // its push service does not know it any more
)

// Settings are how somebody wishes to be reached. Minutes are those of her day.
type Settings struct {
	Zone               string
	QuietFrom, QuietTo int // alike: no quiet hours
	DigestAt           int
	Wait               int // minutes from one rung to the next
	Until              State
	Words              bool // a push says what sort of thing is new
	Checks             bool // browsers are rung silently once a week
	Modes              map[Kind]Mode
}

// Defaults are the settings of whoever has made none.
func Defaults(zone string) Settings {
	return Settings{Zone: zone, QuietFrom: 22 * 60, QuietTo: 7 * 60, DigestAt: 18 * 60, Wait: 15, Until: Shown}
}

// Mode is how soon somebody wishes to be told of k.
func (s Settings) Mode(k Kind) Mode {
	if m := s.Modes[k]; m != "" && slices.Contains(Kinds, k) {
		return m
	}
	return Once
}

const (
	// Rungs is how many there are.
	Rungs      = 3
	maxDevices = 10
)

// Waits are the minutes that a rung may have.
var Waits = []int{5, 15, 60, 240}

// check refuses settings that nothing could keep. Faults: Invalid.
func (s Settings) check() error {
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" {
		return fault.On("zone", fault.Invalid, "face.zone.unknown")
	}
	day := func(m int) bool { return m >= 0 && m < 24*60 }
	if !day(s.QuietFrom) || !day(s.QuietTo) || !day(s.DigestAt) {
		return fault.On("quiet_from", fault.Invalid, "fault.choose")
	}
	if !slices.Contains(Waits, s.Wait) {
		return fault.On("wait", fault.Invalid, "fault.choose")
	}
	if s.Until != Shown && s.Until != Opened {
		return fault.On("until", fault.Invalid, "fault.choose")
	}
	for k, m := range s.Modes {
		if k == Soon && m == Daily { // it would come when all is over
			return fault.On("mode_"+string(k), fault.Invalid, "fault.choose")
		}
		if !slices.Contains(Kinds, k) || m != Once && m != Daily && m != Never {
			return fault.On("mode_"+string(k), fault.Invalid, "fault.choose")
		}
	}
	return nil
}

func (s Settings) modes() string {
	var list []string
	for _, k := range Kinds {
		if m := s.Modes[k]; m != "" && m != Once {
			list = append(list, string(k)+"="+string(m))
		}
	}
	return strings.Join(list, " ")
}

func readModes(text string) map[Kind]Mode {
	modes := map[Kind]Mode{}
	for _, f := range strings.Fields(text) {
		k, m, _ := strings.Cut(f, "=")
		modes[Kind(k)] = Mode(m)
	}
	return modes
}
