package demo

import "time"

// Hall is all that the demonstration hall is filled with.
type Hall struct {
	Members     []Member
	Topics      []Topic
	Spaces      []Space
	Masked      []Masked     // what masks say in the safe space
	Heard       []Heard      // what its masks are asked, one in each epoch
	Asked       []Asked      // consultations
	Articles    []Article    // by time, oldest first
	Discussions []Discussion // by time, oldest first
	Terms       []Version    // of the platform's terms, by time, oldest first
	Questions   []Question   // what was asked of the platform, and what became of it
	Decisions   []Decision   // by time, oldest first
	Reports     []Report     // still open, by time, oldest first
}

// Member is an invented person. Name may be in any script, Handle is plain.
type Member struct {
	Handle    string   `toml:"handle"`
	Name      string   `toml:"name"`
	Skills    []string `toml:"skills"`
	Languages []string `toml:"languages"` // BCP 47, the mother tongue first
	Zone      string   `toml:"zone"`      // IANA name
	About     string   `toml:"about"`
	Links     []string `toml:"links"`
	Steward   bool     `toml:"steward"`
	// StewardSince is when she became one; zero means when she joined.
	StewardSince time.Time `toml:"steward_since"`
}

// Topic is a subject that articles and discussions are filed under. Name and
// About are keyed by language: en, es, ar.
type Topic struct {
	Key   string            `toml:"key"`
	Name  map[string]string `toml:"name"`
	About map[string]string `toml:"about"`
}

// Space is a room with a purpose; Topic is set in an open one, Pace in a safe one.
type Space struct {
	Kind    string `toml:"kind"`
	Topic   string `toml:"topic"`
	Name    string `toml:"name"`
	Purpose string `toml:"purpose"`
	Rules   string `toml:"rules"` // Markdown
	Entry   string `toml:"entry"`
	Pace    string `toml:"pace"`
	Label   string `toml:"label"`
	Reason  string `toml:"reason"`
}

// Version is what a page with the platform's terms said when it was looked at.
type Version struct {
	Key      string
	At       time.Time `toml:"at"`
	Same     string    `toml:"same"` // key of an earlier version whose text it is again
	Markdown string
}

// Asked is a consultation.
type Asked struct {
	Title      string    `toml:"title"`
	About      string    `toml:"about"`   // Markdown
	Article    string    `toml:"article"` // slug of the article it began from; or else
	Clause     string    `toml:"clause"`  // number of the clause of the platform's terms
	By         string    `toml:"by"`
	Ago        int       `toml:"ago"`  // days before the hall is opened on which it began
	Days       int       `toml:"days"` // for which it is open
	Late       int       `toml:"late"` // people who have only just joined, and answer as the first circle does
	Statements []Opinion `toml:"statement"`
	Letter     *Letter   `toml:"letter"` // nil: nobody wrote one
}

// Letter is an open letter that was written from the result of a consultation.
type Letter struct {
	Slug     string   `toml:"slug"`
	Title    string   `toml:"title"`
	By       string   `toml:"by"`
	Topics   []string `toml:"topics"`
	Days     int      `toml:"days"` // after the consultation was closed
	Markdown string   `toml:"text"` // see Common and Result
}

// What a letter's text holds the places of: what all are for, a line each, and where the
// result stands.
const (
	Common = "{common}"
	Result = "{result}"
)

// Heard is a consultation of the safe space's masks.
type Heard struct {
	Title      string    `toml:"title"`
	About      string    `toml:"about"` // Markdown
	Days       int       `toml:"days"`  // for which it is open
	Statements []Opinion `toml:"statement"`
}

// Opinion is a statement of a consultation.
type Opinion struct {
	Text  string `toml:"text"`
	Agree []int  `toml:"agree"` // of a hundred, in each of Circles
	By    string `toml:"by"`    // who added it; empty: it was there from the beginning
	Mask  int    `toml:"mask"`  // which mask added it, from 1; 0: it was there from the beginning
	Out   string `toml:"out"`   // why it was taken out; empty: it was not
}

// Circles is how many circles of members answer alike.
const Circles = 3

// Question is a discussion that became a canonical question: which of its posts
// are cases, by number, and what became of it. A zero Happened did not happen.
type Question struct {
	Discussion string   `toml:"discussion"`
	Clause     string   `toml:"clause"` // number of the clause of the platform's terms that it is about; may be empty
	Cases      []int    `toml:"cases"`
	Answer     Happened `toml:"answer"`
	Pause      Happened `toml:"pause"`
	Promise    Happened `toml:"promise"`
}

// Happened is what was written in the book of a question; Verdict and Words are
// what the first asker says to an answer.
type Happened struct {
	At      time.Time `toml:"at"`
	Until   string    `toml:"until"` // 2026-12-18
	Code    string    `toml:"code"`
	Link    string    `toml:"link"`
	Text    string    `toml:"text"`
	Verdict string    `toml:"verdict"`
	Words   string    `toml:"words"`
}

// Masked is a thread in the safe space.
type Masked struct {
	Title string       `toml:"title"`
	Lang  string       `toml:"lang"`
	Posts []MaskedPost `toml:"post"`
}

// MaskedPost is what one mask says. Report, Hide, Appeal and Verdict tell what became
// of it; each needs the one before, and all may be empty.
type MaskedPost struct {
	By          int    `toml:"by"`    // which mask, from 1
	Day         int    `toml:"day"`   // after the first masks were born; a reply waits until what it answers is out
	Reply       int    `toml:"reply"` // number of a post of the thread, from 1; 0: the first
	Praise      int    `toml:"praise"`
	Text        string `toml:"text"` // Markdown
	Report      string `toml:"report"`
	ReportWords string `toml:"report_words"`
	Hide        string `toml:"hide"`    // the moderators' reason
	Appeal      string `toml:"appeal"`  // the author's words
	Verdict     string `toml:"verdict"` // of the jurors
	JurorWords  string `toml:"juror_words"`
}

// Article is a longer piece by one member.
type Article struct {
	Slug       string    `toml:"slug"`
	Title      string    `toml:"title"`
	Lang       string    `toml:"lang"`
	Author     string    `toml:"author"` // a member's handle
	Topics     []string  `toml:"topics"`
	Platform   string    `toml:"platform"` // "" when about none in particular
	At         time.Time `toml:"at"`
	Recommends int       `toml:"recommend"` // how many members recommend it
	Image      string    `toml:"image"`     // a name for Picture, or ""
	ImageAlt   string    `toml:"image_alt"` // what the picture shows, in words
	Markdown   string    `toml:"-"`
}

// Discussion is a row of posts, under an article or on its own.
type Discussion struct {
	Key      string    `toml:"-"` // name of the file, lasting
	Title    string    `toml:"title"`
	Lang     string    `toml:"lang"`
	Topics   []string  `toml:"topics"`
	Platform string    `toml:"platform"`
	Under    string    `toml:"under"` // an article's slug, or ""
	At       time.Time `toml:"at"`
	Opener   string    `toml:"-"` // author of the first post
	Posts    []Post    `toml:"-"` // the first one is number 1
	Summary  *Note     `toml:"-"` // living summary at the head, nil for none
	Lock     *Note     `toml:"-"` // why it is locked, nil when open
}

// Post is what one member said. QuoteOf is the number of the post it answers,
// 0 for none; Quote is the passage quoted from it, often empty.
type Post struct {
	Number     int
	Author     string
	At         time.Time
	Markdown   string
	QuoteOf    int
	Quote      string
	Recommends int
	Held       bool // it waits for a steward
}

// Note is a steward's text about a discussion.
type Note struct {
	Author   string
	At       time.Time
	Markdown string
}

// Act is what a moderation decision did.
type Act string

// The acts of the sample decisions.
const (
	Hide  Act = "hide"  // posts are hidden, the author sees why
	Split Act = "split" // posts move to a discussion of their own
	Lock  Act = "lock"  // nobody posts here any longer
	Undo  Act = "undo"  // an earlier hiding of the same posts is taken back
)

// Decision is a sample entry of the public list of decisions.
type Decision struct {
	Act        Act       `toml:"act"`
	Discussion string    `toml:"discussion"`
	Posts      []int     `toml:"posts"`
	Title      string    `toml:"title"` // of the new discussion, after a split
	By         string    `toml:"by"`
	At         time.Time `toml:"at"`
	Reason     string    `toml:"reason"`
}

// Report is a sample of what waits for a steward: somebody's word about a post.
// Causes are those of room moderation.
type Report struct {
	Discussion string    `toml:"discussion"`
	Post       int       `toml:"post"`
	By         string    `toml:"by"`
	Cause      string    `toml:"cause"`
	At         time.Time `toml:"at"`
	Words      string    `toml:"words"`
}
