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
	Words  []string // what reporters wrote, newest days first, at most 20
	Harm   float64  // what the queue is ordered by
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
	Warn       Deed = "warn" // whoever wrote a message that one of its readers has shown to the stewards

	OpenSpace      Deed = "open_space"
	ChangeSpace    Deed = "change_space"
	CloseSpace     Deed = "close_space"
	ReopenSpace    Deed = "reopen_space"
	AcceptPlatform Deed = "accept_platform"
	RefusePlatform Deed = "refuse_platform"

	CorrectPlatform   Deed = "correct_platform"
	UncorrectPlatform Deed = "uncorrect_platform"

	SuspendRole Deed = "suspend_role" // of somebody who acts for a platform; the target is the platform
	LiftRole    Deed = "lift_role"
	EndRole     Deed = "end_role"

	DeclareTerms Deed = "declare_terms" // said which document is watched, and how
	LetGoTerms   Deed = "let_go_terms"
	TakeUpTerms  Deed = "take_up_terms"

	NameFounder Deed = "name_founder" // a founder's code was made; not for whom
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
	Answer  string // what the steward to recall says to it
	By      face.ID
	At      time.Time
	Closes  time.Time
	Voices  int    // for it, as they count: no wave above a third
	Against int    // likewise
	Needed  int    // fixed when it was opened
	Outcome string // "" while open, "carried", "lapsed"
	Mine    Side   // the reader's own voice

	founded time.Time
}

// Side is what a voice says.
type Side string

// The sides; the zero value has not spoken.
const (
	For     Side = "for"
	Against Side = "against"
)

// Elector is a member whose voice counts in a motion.
type Elector struct {
	Face  face.ID
	Since time.Time // of her first public post
}

// Seasoning is what makes an elector: Posts shown posts up to At, the first of
// them before First, the last after Last.
type Seasoning struct {
	Posts           int
	At, First, Last time.Time
}

// The limits of this room.
const (
	MaxReason = 500  // characters of a reason
	MaxWords  = 1000 // characters of a report
	MaxAnswer = 1000 // characters of a steward's answer to a recall
)

// Times of stewardship.
const (
	// VanishedAfter is how long no steward may do anything before members may
	// seat a new one.
	VanishedAfter = 30 * 24 * time.Hour
	// MotionOpen is how long a motion stands before members' voices are counted,
	// so that all who care see it, and the steward can answer.
	MotionOpen = 14 * 24 * time.Hour
	// SeasonedAfter is how long before a motion a member's first post must be for
	// her voice to count.
	SeasonedAfter = 30 * 24 * time.Hour
	// SeasonedPosts is how many posts she must have written.
	SeasonedPosts = 3
	// ActiveWithin is how long before a motion her last post may be.
	ActiveWithin = 90 * 24 * time.Hour
	// Voices is the least number of members that carries a motion.
	Voices = 5
	// Share of the electors is needed where it is more: one in so many.
	Share = 4
	// WaveLength is the span in which those who first spoke are one wave.
	WaveLength = 28 * 24 * time.Hour
	// Founders of the first wave are waves of their own.
	Founders = 20
)
