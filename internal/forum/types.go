package forum

import (
	"time"

	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

// Actor is whoever reads or acts. The zero value is an anonymous reader.
type Actor struct {
	Face     face.ID
	Steward  bool
	Held     string // key of the reason why what she changes waits for a steward; empty when it does not
	MaxLinks int    // outbound links a text of hers may have: 0 means any number, less means none
}

// Article is a longer text with a title, and a discussion of its own below it.
type Article struct {
	ID              ArticleID
	Slug            string // of the title
	Title           string // empty when Erased
	Lang            string // BCP 47
	Author          face.Face
	Topics          []TopicKey
	Platform        string // what it is about, free text; may be empty
	HTML            markdown.HTML
	Excerpt         string // plain, at most 200 characters
	Words           int
	At              time.Time
	EditedAt        time.Time // zero when never edited
	Revision        int       // base of the next edit
	State           State
	Hush            *Hush // set when Hushed and the reader may know
	Hold            *Hold // set when Waits and the reader may know
	Recommendations int
	Discussion      DiscussionID
	Posts           int // shown ones of its discussion
	Imported        bool
	Source          string // address it was first published at; may be empty
}

// Discussion is a row of posts under a title. Lists carry it without a summary.
type Discussion struct {
	ID         DiscussionID
	Slug       string
	Title      string // empty when its author erased it
	Lang       string
	Article    ArticleID // whose comments it holds; empty when it stands on its own
	Opener     face.Face
	Topics     []TopicKey
	Excerpt    string // of the first post, plain
	At         time.Time
	Posts      int // shown ones
	LastSeq    int // the highest number given; pages are counted by it
	ActiveAt   time.Time
	LastPost   PostID
	LastBy     face.Face
	Faces      int  // how many different faces have posted
	Revision   int  // of the title
	Held       bool // its first post waits for a steward
	Closed     bool
	Closure    *Closure // set by Discussion and Page when Closed; nil in lists
	HasSummary bool
	Summary    *Summary // set by Discussion and Page when HasSummary; nil in lists
	MergedInto DiscussionID
	Imported   bool
	Source     string
	restated   bool // a post of it may be a restate
}

// Pages tells how many pages the discussion has; at least one.
func (d Discussion) Pages() int { return max(1, PageOf(d.LastSeq)) }

// PageOf tells on which page number seq stands.
func PageOf(seq int) int { return (seq + PageSize - 1) / PageSize }

// Post is one text in a discussion, or the stub of one.
type Post struct {
	ID              PostID
	Discussion      DiscussionID
	Seq             int // its number in the discussion, from 1
	Author          face.Face
	At              time.Time
	EditedAt        time.Time     // zero when never edited
	Revision        int           // base of the next edit; 0 in a stub
	ReplyTo         PostID        // empty when it answers nobody in particular
	HTML            markdown.HTML // empty when this reader may not see it
	State           State
	Hush            *Hush  // set when Hushed: everybody is told the reason
	Hold            *Hold  // set when Waits and the reader may know
	MovedTo         PostID // in a stub: the post that stood here
	Recommendations int
	Imported        bool
}

// Page is what a page of a discussion shows.
type Page struct {
	Discussion Discussion
	N          int // from 1
	Posts      []Post
	Restates   map[PostID]Restate // of those shown posts that are one
}

// Hush hides a text. Undone by Unhush.
type Hush struct {
	By     face.ID
	At     time.Time
	Reason string // for people, in the steward's words
}

// Hold keeps a text back before it was shown. Undone by Release.
type Hold struct {
	At     time.Time
	Reason string // key of lang, such as "moderation.held.newcomer"
}

// Closure ends a discussion: it can be read, not answered. Undone by Reopen.
type Closure struct {
	By     face.ID
	At     time.Time
	Reason string
}

// Summary heads a discussion; stewards keep it.
type Summary struct {
	HTML     markdown.HTML
	By       face.Face // of the latest revision
	At       time.Time
	Revision int
}

// Topic is what articles and discussions are about.
type Topic struct {
	Key         TopicKey
	Names       map[string]string // by language code; Name picks
	About       map[string]string
	MergedInto  TopicKey
	Articles    int
	Discussions int
}

// Revision is one state of a text. They are numbered from 1 without gaps.
type Revision struct {
	Thing  Thing
	N      int
	By     face.Face
	At     time.Time
	Title  string // of articles and discussions
	Source string // Markdown; empty for a discussion's title
}

// Segment is a piece of a difference, in reading order.
type Segment struct {
	Op   Op
	Text string
}

// Op says what happened to a segment.
type Op int8

// The operations.
const (
	Removed Op = -1
	Same    Op = 0
	Added   Op = 1
)

// Difference is what changed between two revisions.
type Difference struct {
	From, To Revision
	Title    []Segment
	Text     []Segment
}

// Related is an article worth reading after another, with the true reasons.
type Related struct {
	Article Article
	Reasons []Reason // strongest first; never empty
}

// Move is a split or a merge, or the undoing of one, in the history of both
// discussions.
type Move struct {
	ID     MoveID
	Kind   MoveKind
	From   DiscussionID
	Into   DiscussionID
	By     face.Face
	At     time.Time
	Reason string
	Posts  int
	Undoes MoveID // set in the undoing of another move
	Undone bool
}

// MoveKind says what sort of move it was.
type MoveKind string

// The kinds of moves.
const (
	SplitMove MoveKind = "split"
	MergeMove MoveKind = "merge"
	UndoMove  MoveKind = "undo"
)

// Followed is something a face follows, with its latest activity.
type Followed struct {
	Thing    Thing
	Title    string // of articles and discussions; topics are named by Topic
	Slug     string
	ActiveAt time.Time
	LastSeq  int
}

// Filter chooses from lists. The zero value means the newest 30 of everything.
type Filter struct {
	Topic  TopicKey
	Face   face.ID // by this author
	Lang   string
	Before string // Mark of the last one seen; what follows it
	Limit  int    // at most 100; 0 means 30

	// Platform is the name of what an article is about, in whatever case. Discussions
	// have none.
	Platform string
}

// PostFilter chooses posts. Set at most one of Discussion, Topic and Face.
type PostFilter struct {
	Discussion DiscussionID
	Topic      TopicKey // the last post of each discussion that was active most recently
	Face       face.ID
	Before     string // Mark of the last one seen; what follows it
	Limit      int    // at most 100; 0 means 30
}

// Listed is a post away from its discussion: in a feed, in a profile.
type Listed struct {
	Post
	Title string // of the discussion
	Slug  string
	Lang  string
}

// Waiting is a held text, for stewards.
type Waiting struct {
	Thing      Thing // an article or a post
	Discussion DiscussionID
	Seq        int
	Title      string
	Author     face.Face
	Hold       Hold
	HTML       markdown.HTML
	Revision   int // what is read here
}

// NewPost is a post to be written.
type NewPost struct {
	Text    string // Markdown
	ReplyTo PostID
	Held    string // key of the reason why it waits for a steward; empty when it does not

	// For AppendMany and imports only.
	Face     face.ID
	At       time.Time
	Imported bool
	Answers  int // number, from 1, of the post of the same batch it answers; 0: ReplyTo says
}

// NewDiscussion is a discussion to be opened with its first post.
type NewDiscussion struct {
	Title  string
	Lang   string // BCP 47; empty means English
	Topics []TopicKey
	First  NewPost

	// For imports only, by a steward: First.Face opens it at First.At.
	Imported bool
	Source   string
}

// NewArticle is an article to be published.
type NewArticle struct {
	Title    string
	Lang     string
	Topics   []TopicKey
	Platform string
	Text     string // Markdown
	Held     string

	// For imports only, by a steward.
	Imported bool
	Face     face.ID
	At       time.Time
	Source   string
}

// ArticleEdit is what an author may change of an article.
type ArticleEdit struct {
	Title    string
	Topics   []TopicKey
	Platform string
	Text     string
}

// NewTopic is a topic to be added. Names needs at least one language.
type NewTopic struct {
	Key   TopicKey // empty: made from the first name
	Names map[string]string
	About map[string]string
}

// Document is a text as search and export need it.
type Document struct {
	Kind       Kind // KindArticle or KindPost; KindDiscussion from Heading
	ID         string
	Discussion DiscussionID
	Seq        int    // of a post
	Title      string // of the article or the discussion
	Text       string // plain
	Author     face.ID
	Topics     []TopicKey
	Lang       string
	Platform   string
	At         time.Time
	Shown      bool // false: it must not be found
}
