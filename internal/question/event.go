package question

import (
	"context"

	"guildhall/internal/face"
)

// The events of this room. The subject is the question's id; none carries text.
const (
	EventAsked    = "question.asked"    // opened; data Opened
	EventShown    = "question.shown"    // one that waited for a steward was let in: now everybody can be told of it
	EventAdded    = "question.added"    // a case came; data Added
	EventFiled    = "question.filed"    // an entry of its book; data Filed
	EventUndone   = "question.undone"   // an entry was taken back; data Filed, of that entry
	EventMerged   = "question.merged"   // the one that was merged away; data Moved
	EventSplit    = "question.split"    // the one that lost cases; data Moved
	EventUnmoved  = "question.unmoved"  // the one that had lost them; data Moved
	EventGathered = "question.gathered" // posts became cases
	EventChanged  = "question.changed"  // hidden, shown, given another title
)

// Opened says whether it waits for a steward: then nobody is told before EventShown.
type Opened struct {
	Waits bool `json:"waits,omitempty"`
}

// Added says which case came.
type Added struct {
	Variant VariantID `json:"variant"`
}

// Filed says which entry.
type Filed struct {
	N    int  `json:"n"`
	Kind Kind `json:"kind"`
}

// Moved says where cases went, and who is to be told: everybody whose case went,
// each once.
type Moved struct {
	Move  MoveID    `json:"move"`
	Into  ID        `json:"into"`
	Faces []face.ID `json:"faces"`
}

func (r *Room) happened(ctx context.Context, kind string, id ID, data any) error {
	return r.Events.Append(ctx, kind, string(id), data)
}
