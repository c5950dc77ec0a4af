package termspage

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guildhall/internal/terms"
	"guildhall/internal/terms/clause"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// ListPage is the list of watched documents.
type ListPage struct {
	Documents []terms.Document
	Alarms    []terms.Alarm
}

// TimelinePage is one document with a stretch of its versions.
type TimelinePage struct {
	Document terms.Document
	Records  []terms.Record
	Older    string // address of the older ones; empty: none
	Said     []terms.Said
	Reason   string // as a steward typed it
	Once     string
	Error    error
}

// ClausePage is one clause with its history.
type ClausePage struct {
	Following bool
	Document  terms.Document
	Clause    terms.Clause
	Asked     []forumpage.Asked // consultations that began from it
	// Questions are those about it.
	Questions []forumpage.Asked
	Ask       string          // where to ask another
	Below     templ.Component // what stands directly below it; nil: nothing
}

// DeclarePage is a document to be watched, as a steward types it: a new one, or
// another word on one that is there.
type DeclarePage struct {
	Document  terms.Document // the zero value is a new one
	Whole     bool           // the form can say all that is said of it
	Platforms []shell.Option
	Platform  string // the id of the one that was chosen
	Draft     terms.Draft
	Seen      *terms.Seen // nil before a look
	Saving    bool        // she pressed that this be watched
	Elsewhere string      // the platform's domain, when the address lies on another
	Reason    string
	Once      string
	Error     error
}

// clausesShown is how many clauses of what would be watched a page shows.
const clausesShown = 300

// keepHref is where a form about a document is sent.
func keepHref(id terms.DocumentID) string {
	if id == "" {
		return "/terms"
	}
	return DocumentHref(id) + "/declaration"
}

// ranges writes selections in one line.
func ranges(rs []terms.Range) string {
	return strings.ReplaceAll(terms.Typed(rs), "\n", ", ")
}

// namesShown is how many clauses of an alarm the list names.
const namesShown = 3

// DocumentHref is a document's address.
func DocumentHref(id terms.DocumentID) string { return "/terms/" + url.PathEscape(string(id)) }

// VersionHref is the address of a version beside the one it was compared with.
func VersionHref(id terms.DocumentID, n int) string {
	return DocumentHref(id) + "/versions/" + strconv.Itoa(n)
}

// TextHref is the address of a version's text as it was kept.
func TextHref(id terms.DocumentID, n int) string { return VersionHref(id, n) + "/text" }

// ClauseHref is a clause's lasting address.
func ClauseHref(document terms.DocumentID, id terms.ClauseID) string {
	return DocumentHref(document) + "/clauses/" + string(id)
}

// name calls a document by its platform and title.
func name(ctx context.Context, platform, title string) string {
	return shell.T(ctx, "terms.name", platform, title)
}

// tone is how a class of a record looks.
func tone(r terms.Record) string {
	if r.Alarm {
		return "new"
	}
	return ""
}

// class says what a record is; one that stands and is not yet an alarm waits.
func class(ctx context.Context, r terms.Record) string {
	if r.Class == "substantive" && !r.Alarm {
		return shell.T(ctx, "terms.class.waits")
	}
	if r.N == 0 && r.Class == "none" { // there was nothing before
		return shell.T(ctx, "terms.sort.first")
	}
	return shell.T(ctx, "terms.class."+r.Class)
}

// why says in a sentence why a record has its class; empty when the class says it.
func why(ctx context.Context, r terms.Record) string {
	if r.Trouble != "" {
		return shell.T(ctx, "terms.trouble."+r.Trouble)
	}
	if r.Class == "none" {
		return ""
	}
	if r.Class == "substantive" && !r.Alarm {
		return shell.T(ctx, "terms.class.waits.why")
	}
	return shell.T(ctx, "terms.class."+r.Class+".why")
}

// unread says why a document could not be fetched. The sentences of the way out
// that name a number are said without it.
func unread(ctx context.Context, key string) string {
	if key == "fetch.answered" || key == "fetch.too_large" {
		return shell.T(ctx, "terms.check.other")
	}
	return shell.T(ctx, key)
}

// feeds are the feeds of alarms.
func feeds(ctx context.Context) []shell.Feed {
	title := viewer.From(ctx).Lang.T("terms.feed")
	return []shell.Feed{{Title: title, URL: "/terms/feed.atom", Type: shell.Atom}, {Title: title, URL: "/terms/feed.json", Type: shell.JSON}}
}

// parts parts the changes of a difference: what matters, and what is shown on
// demand.
func parts(d terms.Difference) (loud, quiet []terms.Side) {
	for _, s := range d.Changes {
		if s.Class.String() == "substantive" {
			loud = append(loud, s)
		} else {
			quiet = append(quiet, s)
		}
	}
	return loud, quiet
}

// langOf names the language of a text, where it is known.
func langOf(code string) templ.Attributes {
	if code == "" {
		return nil
	}
	return templ.Attributes{"lang": code}
}

// spoken is a clause in one line, with its number.
func spoken(c clause.Clause) string {
	return strings.TrimSpace(c.Label + " " + c.Text)
}
