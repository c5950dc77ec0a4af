package moderation

import (
	"time"

	"guildhall/internal/face"
)

// Actor is whoever acts. The zero value is an outsider.
type Actor struct {
	Face  face.ID
	Posts int       // public posts so far
	Since time.Time // of the first public post; zero when there is none
}

// Target names a thing of another room as that room does: "post" and its id.
type Target struct {
	Kind, ID string
}

// Cause says what a report complains of. The texts stand in the database; the
// list is append-only.
type Cause string

// The causes, gravest first.
const (
	PersonalData Cause = "personal_data" // somebody's name, address, client, contract
	Threat       Cause = "threat"
	Insult       Cause = "insult"
	Fraud        Cause = "fraud"
	Spam         Cause = "spam"
	OffTopic     Cause = "off_topic"
	Other        Cause = "other"
)

// Causes lists all causes, gravest first.
func Causes() []Cause {
	return []Cause{PersonalData, Threat, Fraud, Insult, Spam, OffTopic, Other}
}

// harm orders the queue: a leaked name cannot be called back, an advert can.
func (c Cause) harm() float64 {
	switch c {
	case PersonalData:
		return 16
	case Threat:
		return 12
	case Fraud:
		return 8
	case Insult:
		return 5
	case Spam:
		return 2
	case OffTopic, Other:
		return 1
	}
	return 0
}

// Reported is one thing in the stewards' queue with all that was said of it.
type Reported struct {
	Target Target
	Count  int
	Causes []Cause  // each once, gravest first
	Words  []string // what reporters wrote, newest first, at most 20
	First  time.Time
	Harm   float64 // what the queue is ordered by
}

// Deed says what a decision did. Append-only; the texts stand in the database.
type Deed string

// The deeds.
const (
	Hide       Deed = "hide"
	Show       Deed = "show"
	Lock       Deed = "lock"
	Reopen     Deed = "reopen"
	Split      Deed = "split"
	Merge      Deed = "merge"
	Unmove     Deed = "unmove"
	Release    Deed = "release"
	Refuse     Deed = "refuse"
	Leave      Deed = "leave" // reports were read and nothing was done
	Appointed  Deed = "appoint"
	Recalled   Deed = "recall"
	Resigned   Deed = "resign"
	Succeeded  Deed = "succeed"
	MergeTopic Deed = "merge_topic"
	Restored   Deed = "restore"
)

// Decision is one deed of a steward.
type Decision struct {
	ID       string
	Deed     Deed
	Target   Target
	Reason   string
	By       face.ID // for stewards only; the door does not show it to others
	At       time.Time
	Undoes   string // id of the decision this one takes back
	UndoneBy string // id of the decision that took this one back
}

// Steward is somebody who keeps the hall.
type Steward struct {
	Face   face.ID
	By     face.ID // who appointed her; empty for the first one and after a succession
	At     time.Time
	Active time.Time // day of the last deed as a steward
}

// MotionKind says what a motion wants.
type MotionKind string

// The kinds of motions.
const (
	Recall     MotionKind = "recall"
	Succession MotionKind = "succession"
)

// Motion is a wish about a steward that others support or not.
type Motion struct {
	ID      string
	Kind    MotionKind
	Face    face.ID // who shall go, or who shall keep the hall
	Reason  string
	By      face.ID
	At      time.Time
	Closes  time.Time
	Voices  int
	Needed  int
	Outcome string // "" while open, "carried", "lapsed"
	Mine    bool   // the reader has supported it
}

// The limits of this room.
const (
	MaxReason = 500  // characters of a reason
	MaxWords  = 1000 // characters of a report
)

// Times of stewardship.
const (
	// VanishedAfter is how long no steward may do anything before members may
	// seat a new one.
	VanishedAfter = 30 * 24 * time.Hour
	// MotionOpen is how long a motion can be supported.
	MotionOpen = 14 * 24 * time.Hour
	// ObjectionTime is how long a succession waits for a steward's sign of life.
	ObjectionTime = 7 * 24 * time.Hour
	// SeasonedAfter is how long ago a member's first post must be for her voice
	// to count.
	SeasonedAfter = 30 * 24 * time.Hour
	// SeasonedPosts is how many posts she must have written.
	SeasonedPosts = 3
	// Voices is how many seasoned members carry a motion.
	Voices = 5
)
