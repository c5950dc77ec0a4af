package forum

import "context"

// The events of this room. The subject is the thing's id; no event carries text.
// A hidden article hides its discussion: whoever keeps copies of its posts drops
// them, and reads them again (Documents of the discussion) when it is shown.
const (
	EventPublished  = "forum.article_published" // article: shown for the first time
	EventPosted     = "forum.posted"            // post: shown for the first time; data Placed
	EventAppended   = "forum.appended"          // discussion: many posts at once; data Range
	EventHeld       = "forum.held"              // post or article: waits for a steward; data Of
	EventEdited     = "forum.edited"            // post, article, discussion; data Of
	EventSummarised = "forum.summarised"        // discussion
	EventHushed     = "forum.hushed"            // post or article; data Of
	EventUnhushed   = "forum.unhushed"          // post or article; data Of
	EventClosed     = "forum.closed"            // discussion
	EventReopened   = "forum.reopened"          // discussion
	EventMoved      = "forum.moved"             // move; data Transfer
	EventErased     = "forum.erased"            // face; data Erasure
	EventTopic      = "forum.topic_changed"     // topic: added, or merged away
)

// Placed says where a post stands.
type Placed struct {
	Discussion DiscussionID `json:"discussion"`
	Seq        int          `json:"seq"`
}

// Range says which numbers of a discussion are new.
type Range struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Of says what sort of thing the subject is.
type Of struct {
	Kind Kind `json:"kind"`
}

// Transfer says which posts have changed their discussion.
type Transfer struct {
	From  DiscussionID `json:"from"`
	Into  DiscussionID `json:"into"`
	Posts []PostID     `json:"posts"`
}

// Erasure says whether the texts went as well.
type Erasure struct {
	Texts bool `json:"texts"`
}

func (r *Room) happened(ctx context.Context, kind, subject string, data any) error {
	return r.events.Append(ctx, kind, subject, data)
}
