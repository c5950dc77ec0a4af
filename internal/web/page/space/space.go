package spacepage

import (
	"strings"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/space"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/page/shell"
)

// Href is the address of a space.
func Href(id space.ID) string { return "/spaces/" + string(id) }

// RulesHref is the address of its rules and their history.
func RulesHref(id space.ID) string { return Href(id) + "/rules" }

// ListPage is the list of spaces.
type ListPage struct {
	Spaces  []space.Space
	Counted map[space.ID]space.Count
	Next    time.Time // when seats are counted next
}

// SpacePage is one space.
type SpacePage struct {
	Space       space.Space
	Count       *space.Count // nil: not counted yet
	Next        time.Time
	Discussions []forum.Discussion // of an open one
	Standing    space.Standing     // the reader's own
	Said        string             // what has just happened
	Safe        *Safe              // what the script of a safe space is told; nil where masks are not served
	Asked       []forumpage.Asked  // open consultations of its masks
	Clock       string             // where a demonstration lets a week pass; empty elsewhere
	Error       error
}

// RulesPage is what a space has said of itself.
type RulesPage struct {
	Space     space.Space
	Revisions []space.Revision
	Faces     map[face.ID]face.Face
	Form      Form // for stewards
	Ending    EndForm
}

// Form is that of a space to be opened or changed.
type Form struct {
	space.Says
	Kind    space.Kind
	Topic   string
	Topics  []shell.Option
	Address string
	Reason  string
	Base    int
	Once    string
	Error   error
}

// EndForm closes a space, or opens it again.
type EndForm struct {
	Reason string
	Once   string
	Error  error
}

// happened are the things that have just happened on the page of a space.
var happened = map[string]string{"seat": "space.said.seat", "left": "space.said.left"}

// letterbox is the host of the letterbox through which the space's masks speak; empty
// where they come to the hall themselves.
func (p SpacePage) letterbox() string {
	if p.Safe == nil || p.Space.Pace != space.Careful {
		return ""
	}
	_, host, _ := strings.Cut(p.Safe.Box, "://")
	return host
}

// scripts are the modules of the page.
func (p SpacePage) scripts() []string {
	if p.Safe == nil {
		return nil
	}
	return Scripts()
}
