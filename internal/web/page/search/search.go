package searchpage

import (
	"context"
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"guildhall/internal/lang"
	"guildhall/internal/search"
	"guildhall/internal/web/page/shell"
)

// Asked is the form as it was filled in.
type Asked struct {
	Text, Kind, Topic, Lang, Author string
	Since, Until                    string // as date fields write them: 2026-06-03
	Newest                          bool
}

// Page is the form with what was found.
type Page struct {
	Asked  Asked
	Topics []shell.Option
	Done   bool // something was looked for
	NoDay  bool // a day was asked for that is none: nothing was looked for
	Result search.Result
}

// The values of the field that orders results.
const (
	byRelevance = "relevance"
	byDate      = "newest"
)

// Newest tells whether the value of the field "sort" asks for the newest first.
func Newest(value string) bool { return value == byDate }

// filtered tells whether anything but the words narrows the search.
func (a Asked) filtered() bool {
	a.Text = ""
	return a != Asked{}
}

// Href is the address of a page of what was asked.
func (a Asked) Href(page int) string {
	v := url.Values{}
	for name, value := range map[string]string{
		"q": a.Text, "kind": a.Kind, "topic": a.Topic, "lang": a.Lang, "author": a.Author, "since": a.Since, "until": a.Until,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if a.Newest {
		v.Set("sort", byDate)
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	return "/search?" + v.Encode()
}

// with is what was asked with other words.
func (a Asked) with(text string) Asked {
	a.Text = text
	return a
}

// everywhere is what was asked without filters.
func (a Asked) everywhere() Asked { return Asked{Text: a.Text} }

func (a Asked) sort() string {
	if a.Newest {
		return byDate
	}
	return byRelevance
}

func kinds(l lang.Lang) []shell.Option {
	return []shell.Option{
		{Value: "", Label: l.T("search.kind.any")},
		{Value: search.Article.String(), Label: l.T("shell.nav.articles")},
		{Value: search.Discussion.String(), Label: l.T("shell.nav.discussions")},
		{Value: search.Post.String(), Label: l.T("search.kind.posts")},
		{Value: search.Question.String(), Label: l.T("question.list.title")},
		{Value: search.Person.String(), Label: l.T("search.kind.people")},
	}
}

func languages(l lang.Lang) []shell.Option {
	out := []shell.Option{{Label: l.T("search.lang.any")}}
	for _, other := range lang.All() {
		out = append(out, shell.Option{Value: other.String(), Label: other.Name()})
	}
	return out
}

func sorts(l lang.Lang) []shell.Option {
	return []shell.Option{{Value: byRelevance, Label: l.T("search.sort.relevance")}, {Value: byDate, Label: l.T("search.sort.newest")}}
}

// narrowed heads the filters: which are set stands there also while they are
// folded away above the results.
func narrowed(l lang.Lang, p Page) string {
	a := p.Asked
	var set []string
	for _, f := range []struct {
		value   string
		options []shell.Option
	}{{a.Kind, kinds(l)}, {a.Topic, p.Topics}, {a.Lang, languages(l)}} {
		for _, o := range f.options {
			if o.Value == f.value && f.value != "" {
				set = append(set, o.Label)
			}
		}
	}
	for _, s := range []string{a.Author, a.Since, a.Until} {
		if s != "" {
			set = append(set, s)
		}
	}
	if a.Newest {
		set = append(set, l.T("search.sort.newest"))
	}
	if len(set) == 0 {
		return l.T("search.filters")
	}
	return l.T("search.filters.set", l.List(set))
}

// kind names what sort of thing a result is.
func kind(l lang.Lang, k search.Kind) string {
	switch k {
	case search.Article:
		return l.T("search.is.article")
	case search.Discussion:
		return l.T("search.is.discussion")
	case search.Person:
		return l.T("search.is.person")
	case search.Question:
		return l.T("search.is.question")
	}
	return l.T("search.is.post")
}

// href is where a result leads.
func href(h search.Hit) string {
	switch h.Kind {
	case search.Article:
		return "/articles/" + url.PathEscape(h.ID)
	case search.Discussion:
		return "/discussions/" + url.PathEscape(h.ID)
	case search.Question:
		return "/questions/" + url.PathEscape(h.ID)
	case search.Person:
		return "/people/" + url.PathEscape(h.Author.Handle)
	}
	return "/posts/" + url.PathEscape(h.ID)
}

// count says how much was found, and what of it can be reached.
func count(l lang.Lang, r search.Result) string {
	if r.Estimate {
		return l.N("search.about", r.Count, search.MaxRanked)
	}
	return l.N("search.count", r.Count)
}

func title(l lang.Lang, p Page) string {
	if p.Asked.Text == "" {
		return l.T("shell.nav.search")
	}
	return l.T("search.title", p.Asked.Text)
}

// pieces shows a text with what was looked for marked. It is no template, for
// those put blanks where lines end, and a mark may be a part of a word.
func pieces(ps []search.Piece) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for _, p := range ps {
			text := templ.EscapeString(p.Text)
			if p.Mark {
				text = "<mark>" + text + "</mark>"
			}
			b.WriteString(text)
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}
