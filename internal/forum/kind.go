package forum

// The ids of this room are public and sort by the moment they were made.
type (
	// ArticleID names an article.
	ArticleID string
	// DiscussionID names a discussion.
	DiscussionID string
	// PostID names a post, wherever it is moved.
	PostID string
	// MoveID names a split, a merge or the undoing of one.
	MoveID string
	// TopicKey names a topic, and is its part of an address: "notifications".
	TopicKey string
)

// Kind says which sort of thing an id means. The texts stand in the database and
// in events.
type Kind string

// The kinds.
const (
	KindArticle    Kind = "article"
	KindDiscussion Kind = "discussion"
	KindPost       Kind = "post"
	KindSummary    Kind = "summary" // by the id of its discussion
	KindTopic      Kind = "topic"
)

// Thing is one thing of this room.
type Thing struct {
	Kind Kind
	ID   string
}

// Things made from ids.
func (id ArticleID) Thing() Thing    { return Thing{KindArticle, string(id)} }
func (id DiscussionID) Thing() Thing { return Thing{KindDiscussion, string(id)} }
func (id PostID) Thing() Thing       { return Thing{KindPost, string(id)} }
func (k TopicKey) Thing() Thing      { return Thing{KindTopic, string(k)} }

// Summary is the living summary of the discussion.
func (id DiscussionID) Summary() Thing { return Thing{KindSummary, string(id)} }

// State says how a text is shown.
type State uint8

// The states. The numbers stand in the database.
const (
	Shown  State = 0
	Hushed State = 1 // hidden by a steward, who gave a reason
	Waits  State = 2 // held before it was ever shown
	Erased State = 3 // its author erased her texts
	Moved  State = 4 // a stub: the post stands elsewhere now
)

// The limits of this room.
const (
	PageSize    = 50       // posts of a page
	MinTitle    = 3        // characters
	MaxTitle    = 140      // characters
	MaxPost     = 32 << 10 // bytes of Markdown
	MaxArticle  = 128 << 10
	MaxSummary  = 16 << 10
	MaxTopics   = 5
	MaxPlatform = 60   // characters
	MaxReason   = 500  // characters of a steward's reason
	MaxMove     = 2000 // posts of one split or merge
)
