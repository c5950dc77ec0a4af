package forum

import (
	"time"

	"guildhall/internal/lang"
)

// Reason says truly why an article is related to another.
type Reason struct {
	Kind     ReasonKind
	Topics   []Topic   // SameTopics: those both have
	Platform string    // SamePlatform
	Month    time.Time // SamePlatform: some moment of it
	Faces    int       // SameFaces: how many recommend both
}

// ReasonKind says which sort of reason it is.
type ReasonKind uint8

// The kinds of reasons, weakest first.
const (
	SameFaces    ReasonKind = iota + 1 // three or more faces recommend both
	SamePlatform                       // about one platform, written in one month
	SameTopics                         // both have these topics
	LinksTo                            // the article read links to this one
	LinkedFrom                         // this one links to the article read
)

// Say says the reason in a language.
func (r Reason) Say(l lang.Lang) string {
	switch r.Kind {
	case SameTopics:
		names := make([]string, len(r.Topics))
		for i, t := range r.Topics {
			names[i] = t.Name(l)
		}
		return l.T("forum.related.topics", l.List(names))
	case SamePlatform:
		return l.T("forum.related.platform", r.Platform, l.Month(r.Month, time.UTC))
	case LinksTo:
		return l.T("forum.related.links_to")
	case LinkedFrom:
		return l.T("forum.related.linked_from")
	default:
		return l.N("forum.related.faces", r.Faces)
	}
}
