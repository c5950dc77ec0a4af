package representative

import (
	"strings"
	"time"

	"guildhall/internal/face"
)

// ID names a mandate. It is drawn by chance.
type ID string

// Actor is whoever acts. The zero value is an anonymous reader.
type Actor struct {
	Face    face.ID
	Steward bool
}

// Way is where a platform says that somebody acts for it.
type Way string

// The ways.
const (
	ByDNS  Way = "dns"  // a TXT record of _guildhall.DOMAIN
	ByFile Way = "file" // https://DOMAIN/.well-known/guildhall.txt
)

// Mandate is what somebody has who acts for a platform.
type Mandate struct {
	ID       ID
	Platform string    // its id
	Domain   string    // the platform's, as machines write it
	Face     face.Face // empty where she does not want her profile shown
	Role     string    // in her own words: "Trust & Safety"
	Text     string    // what the platform publishes; only she is shown it
	Named    bool      // what she does for the platform shows her profile
	Badged   bool      // her profile says for whom she speaks
	Way      Way       // where the text was found last
	First    time.Time // when it was found first; zero: never
	Found    time.Time // and last
	Checked  time.Time
	// Why the text was not found at the last look, as keys of sentences; only she is
	// shown them.
	DNSFault, FileFault string
	Ended               time.Time
	// Fallen is true when the platform is not accepted any more, or its domain is another
	// one: what was proven on this one does not count.
	Fallen     bool
	Suspension *Suspension // nil: no steward has suspended it
	madeDay    int64
}

// Suspension is a steward's word that nothing more is said in a role.
type Suspension struct {
	By     face.ID // for stewards only
	At     time.Time
	Reason string
	// EndReason is why another steward ended the role for good; empty: none has.
	EndReason string
}

// Lasts is for how long a proof is good once the text was found: looks are daily, so
// a mandate lapses when three of them in a row have failed.
const Lasts = 72 * time.Hour

// State is how a mandate stands.
type State string

// The states.
const (
	Waits     State = "waits"     // the platform has not said so yet
	Proven    State = "proven"    // it says so
	Suspended State = "suspended" // a steward has ended for now that anything is said in it
	Lapsed    State = "lapsed"    // it said so until Found
	Ended     State = "ended"     // she acts for it no more
)

// State tells how the mandate stands at a moment.
func (m Mandate) State(now time.Time) State {
	switch {
	case !m.Ended.IsZero():
		return Ended
	case m.First.IsZero():
		return Waits
	case m.Suspension != nil:
		return Suspended
	case !m.Fallen && now.Before(m.Found.Add(Lasts)):
		return Proven
	}
	return Lapsed
}

// Record is the name whose TXT record may hold the text.
func (m Mandate) Record() string { return "_guildhall." + m.Domain }

// File is the address of the file that may hold the text.
func (m Mandate) File() string { return "https://" + m.Domain + "/.well-known/guildhall.txt" }

// published is the text: a domain may be proven to several halls, and to one of them
// by several people.
func published(host, platform, key string) string {
	return strings.Join([]string{"guildhall-representative=" + host, platform, key}, "/")
}

// MaxRole is the length of a role, in characters.
const MaxRole = 60

// MaxReason is the length of a steward's reason, in characters.
const MaxReason = 500
