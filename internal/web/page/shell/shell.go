package shell

import (
	"context"
	"net/url"

	"guildhall/internal/lang"
	"guildhall/internal/web/asset"
	"guildhall/internal/web/viewer"
)

// Props is what a page says of itself. Every text is already in the reader's
// language.
type Props struct {
	Title       string   // of the page alone; the hall's name is added; empty on the front page
	Description string   // one sentence for search engines and link previews
	Canonical   string   // path of the page's own address; empty: none, and search engines are asked to pass by
	Here        string   // the way of the header one stands on: articles, discussions, topics, search, write
	Wide        bool     // the page sets its own measure
	Failed      bool     // a form came back with errors: the title says so first
	DraftDone   string   // form key whose draft the hall has accepted and the browser may forget
	Scripts     []string // further modules of this page, such as "account.js"
	Feeds       []Feed
}

// Feed is one address to follow a page by.
type Feed struct {
	Title string
	URL   string
	Type  string // media type: Atom or JSON
}

// The media types of feeds.
const (
	Atom = "application/atom+xml"
	JSON = "application/feed+json"
)

// T is the text of key in the language of the page's reader.
func T(ctx context.Context, key string, args ...any) string {
	return viewer.From(ctx).Lang.T(key, args...)
}

// N is the text of key for n things in the language of the page's reader.
func N(ctx context.Context, key string, n int, args ...any) string {
	return viewer.From(ctx).Lang.N(key, n, args...)
}

// title is what stands in the browser's tab.
func (p Props) title(v viewer.Viewer) string {
	t := v.HallName()
	if p.Title != "" {
		t = p.Title + " – " + t
	}
	if p.Failed {
		t = v.Lang.T("shell.failed") + ": " + t
	}
	return t
}

// way is one entry of the header.
type way struct{ here, key, href string }

var ways = []way{
	{"articles", "shell.nav.articles", "/articles"},
	{"discussions", "shell.nav.discussions", "/discussions"},
	{"topics", "shell.nav.topics", "/topics"},
	{"questions", "question.list.title", "/questions"},
	{"spaces", "space.list.title", "/spaces"},
}

// mainClass lets text keep its measure unless the page asks for the width.
func mainClass(wide bool) string {
	if wide {
		return "main hall"
	}
	return "main"
}

// back is where signing in returns to: never another site, never a form's target.
func back(path string) string {
	if path == "" || path == "/" {
		return ""
	}
	return "?back=" + url.QueryEscape(path)
}

var languages = lang.All()

func themeColour(theme string) string {
	if theme == viewer.Dark {
		return asset.Night
	}
	return asset.Paper
}

// ManifestWords are what the hall is called once it is installed.
func ManifestWords(v viewer.Viewer) asset.Words {
	l := v.Lang
	return asset.Words{
		Name: v.HallName(), Description: l.T("shell.footer.tagline"), Lang: l.Tag(), Dir: l.Dir(),
		Discussions: l.T("shell.nav.discussions"), Write: l.T("shell.nav.write"),
	}
}
