package web

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"
	"time"

	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerFeeds(m *answer.Mux) {
	m.Handle("GET /feed.atom", d.feed(atom, d.siteFeed))
	m.Handle("GET /feed.json", d.feed(jsonFeed, d.siteFeed))
	m.Handle("GET /topics/{key}/feed.atom", d.feed(atom, d.topicFeed))
	m.Handle("GET /topics/{key}/feed.json", d.feed(jsonFeed, d.topicFeed))
	m.Handle("GET /discussions/{id}/feed.atom", d.feed(atom, d.discussionFeed))
	m.Handle("GET /discussions/{id}/feed.json", d.feed(jsonFeed, d.discussionFeed))
}

// feed is what both formats are made from.
type feed struct {
	Title string
	Path  string // of the page it follows
	Own   string // path of the feed without its ending
	Items []item
}

type item struct {
	Path, Title, HTML, Author, Lang string
	At, Edited                      time.Time
}

// updated is when the newest of its items last changed.
func (f feed) updated() (t time.Time) {
	for _, i := range f.Items {
		if i.changed().After(t) {
			t = i.changed()
		}
	}
	return t
}

func (i item) changed() time.Time {
	if i.Edited.IsZero() {
		return i.At
	}
	return i.Edited
}

// format writes a feed.
type format struct {
	mediaType string
	write     func(out io.Writer, hall string, f feed) error
}

var (
	atom     = format{shell.Atom, writeAtom}
	jsonFeed = format{shell.JSON, writeJSON}
)

const feedLength = 30

// feed answers with one feed in one format. Feeds are the same for everybody.
func (d *Door) feed(as format, gather gatherer) answer.Handler {
	return d.feedOn(as, func(r *answer.Request) []answer.Thing {
		if id := r.PathValue("id"); id != "" {
			return things("discussion:" + id)
		} else if key := r.PathValue("key"); key != "" {
			return things("topic:"+key, "topics")
		}
		return things("front")
	}, gather)
}

// gatherer reads what stands in a feed.
type gatherer func(ctx context.Context, r *answer.Request) (feed, error)

// feedOn answers with a feed that changes when one of the watched things does.
func (d *Door) feedOn(as format, watch func(*answer.Request) []answer.Thing, gather gatherer) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		return w.Data(as.mediaType+"; charset=utf-8", watch(r), func(ctx context.Context, out io.Writer) error {
			var f feed
			err := d.DB.View(ctx, func(ctx context.Context) (err error) {
				f, err = gather(ctx, r)
				return err
			})
			if err != nil {
				return err
			}
			for i := range f.Items {
				f.Items[i].Path = d.URL + f.Items[i].Path
				f.Items[i].HTML = strings.ReplaceAll(f.Items[i].HTML, `="/`, `="`+d.URL+"/")
			}
			f.Path, f.Own = d.URL+f.Path, d.URL+f.Own
			return as.write(out, viewer.From(ctx).HallName(), f)
		})
	}
}

func (d *Door) siteFeed(ctx context.Context, _ *answer.Request) (feed, error) {
	f := feed{Title: viewer.From(ctx).HallName(), Path: "/", Own: "/feed"}
	as, err := d.Forum.Articles(ctx, forum.Actor{}, forum.Filter{Limit: feedLength})
	if err != nil {
		return f, err
	}
	f.Items = articleItems(as)
	ds, err := d.Forum.Discussions(ctx, forum.Actor{}, forum.Filter{Limit: feedLength})
	f.Items = append(f.Items, discussionItems(ds)...)
	return f, err
}

func (d *Door) topicFeed(ctx context.Context, r *answer.Request) (feed, error) {
	t, err := d.Forum.Topic(ctx, forum.TopicKey(r.PathValue("key")))
	if err != nil {
		return feed{}, err
	}
	path := forumpage.TopicHref(t.Key)
	f := feed{Title: t.Name(viewer.From(ctx).Lang), Path: path, Own: path + "/feed"}
	as, err := d.Forum.Articles(ctx, forum.Actor{}, forum.Filter{Topic: t.Key, Limit: feedLength})
	if err != nil {
		return f, err
	}
	f.Items = articleItems(as)
	ds, err := d.Forum.Discussions(ctx, forum.Actor{}, forum.Filter{Topic: t.Key, Limit: feedLength})
	f.Items = append(f.Items, discussionItems(ds)...)
	return f, err
}

func (d *Door) discussionFeed(ctx context.Context, r *answer.Request) (feed, error) {
	dis, err := d.Forum.Discussion(ctx, forum.Actor{}, forum.DiscussionID(r.PathValue("id")))
	if err != nil {
		return feed{}, err
	}
	f := feed{Title: dis.Title, Path: forumpage.DiscussionHref(dis, 1), Own: "/discussions/" + string(dis.ID) + "/feed"}
	ps, err := d.Forum.Posts(ctx, forum.Actor{}, forum.PostFilter{Discussion: dis.ID, Limit: feedLength})
	for _, p := range ps {
		f.Items = append(f.Items, item{Path: forumpage.PostHref(p.ID), Title: p.Title, HTML: string(p.HTML),
			Author: p.Author.Name, Lang: p.Lang, At: p.At, Edited: p.EditedAt})
	}
	return f, err
}

func articleItems(as []forum.Article) (is []item) {
	for _, a := range as {
		is = append(is, item{Path: forumpage.ArticleHref(a), Title: a.Title, HTML: "<p>" + escape(a.Excerpt) + "</p>",
			Author: a.Author.Name, Lang: a.Lang, At: a.At, Edited: a.EditedAt})
	}
	return is
}

func discussionItems(ds []forum.Discussion) (is []item) {
	for _, d := range ds {
		is = append(is, item{Path: forumpage.DiscussionHref(d, 1), Title: d.Title, HTML: "<p>" + escape(d.Excerpt) + "</p>",
			Author: d.Opener.Name, Lang: d.Lang, At: d.At, Edited: d.ActiveAt})
	}
	return is
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

// The elements of Atom (RFC 4287).
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Links   []atomLink  `xml:"link"`
		Author  atomPerson  `xml:"author"`
		Entries []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		Lang      string      `xml:"xml:lang,attr,omitempty"`
		ID        string      `xml:"id"`
		Title     string      `xml:"title"`
		Published string      `xml:"published"`
		Updated   string      `xml:"updated"`
		Link      atomLink    `xml:"link"`
		Author    *atomPerson `xml:"author,omitempty"`
		Content   atomText    `xml:"content"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
)

func writeAtom(out io.Writer, hall string, f feed) error {
	a := atomFeed{ID: f.Path, Title: f.Title, Updated: f.updated().Format(time.RFC3339), Author: atomPerson{hall},
		Links: []atomLink{{Href: f.Path}, {Rel: "self", Href: f.Own + ".atom"}}}
	for _, i := range f.Items {
		e := atomEntry{Lang: i.Lang, ID: i.Path, Title: i.Title, Link: atomLink{Href: i.Path}, Content: atomText{"html", i.HTML},
			Published: i.At.Format(time.RFC3339), Updated: i.changed().Format(time.RFC3339)}
		if i.Author != "" {
			e.Author = &atomPerson{i.Author}
		}
		a.Entries = append(a.Entries, e)
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(out).Encode(a)
}

// The parts of JSON Feed 1.1 (jsonfeed.org).
type (
	feedJSON struct {
		Version string     `json:"version"`
		Title   string     `json:"title"`
		Home    string     `json:"home_page_url"`
		Own     string     `json:"feed_url"`
		Items   []itemJSON `json:"items"`
	}
	itemJSON struct {
		ID        string       `json:"id"`
		URL       string       `json:"url"`
		Title     string       `json:"title,omitempty"`
		HTML      string       `json:"content_html"`
		Published string       `json:"date_published"`
		Modified  string       `json:"date_modified,omitempty"`
		Authors   []authorJSON `json:"authors,omitempty"`
		Language  string       `json:"language,omitempty"`
	}
	authorJSON struct {
		Name string `json:"name"`
	}
)

func writeJSON(out io.Writer, _ string, f feed) error {
	j := feedJSON{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Home: f.Path, Own: f.Own + ".json", Items: []itemJSON{}}
	for _, i := range f.Items {
		e := itemJSON{ID: i.Path, URL: i.Path, Title: i.Title, HTML: i.HTML, Published: i.At.Format(time.RFC3339), Language: i.Lang}
		if !i.Edited.IsZero() {
			e.Modified = i.Edited.Format(time.RFC3339)
		}
		if i.Author != "" {
			e.Authors = []authorJSON{{i.Author}}
		}
		j.Items = append(j.Items, e)
	}
	return json.NewEncoder(out).Encode(j)
}
