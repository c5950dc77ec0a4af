package web

import (
	"net/http"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/search"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/page/search"
	"guildhall/internal/web/page/shell"
)

func (d *Door) registerSearch(m *answer.Mux) {
	m.Handle("GET /search", d.find, answer.Params("q", "kind", "topic", "lang", "author", "since", "until", "sort", "page"))
}

// find shows the form, filled in as it was sent, and what was found. There are
// too many questions to keep the answers.
func (d *Door) find(w *answer.Writer, r *answer.Request) error {
	page, err := r.Page()
	if err != nil {
		return err
	}
	p := searchpage.Page{Asked: asked(r)}
	topics, err := d.Forum.Topics(r.Context())
	if err != nil {
		return err
	}
	p.Topics = topicOptions(r, topics, p.Asked.Topic)
	q := query(p.Asked, r.Viewer.Location(), page)
	p.NoDay = p.Asked.Since != r.Query("since") || p.Asked.Until != r.Query("until")
	if p.Done = !q.Empty() && !p.NoDay; p.Done {
		if p.Result, err = d.Search.Find(r.Context(), q); err != nil {
			return err
		}
		if page > max(p.Result.Pages, 1) {
			return fault.New(fault.NotFound, "fault.not_found")
		}
	}
	return w.Show(http.StatusOK, searchpage.Search(p))
}

func asked(r *answer.Request) searchpage.Asked {
	return searchpage.Asked{
		Text: r.Query("q"), Kind: search.ParseKind(r.Query("kind")).String(), Topic: r.Query("topic"), Lang: r.Query("lang"),
		Author: r.Query("author"), Since: day(r.Query("since")), Until: day(r.Query("until")), Newest: searchpage.Newest(r.Query("sort")),
	}
}

// day drops what is no date.
func day(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}

// query turns the form into what the room understands; days are the reader's own.
func query(a searchpage.Asked, zone *time.Location, page int) search.Query {
	q := search.Query{
		Text: a.Text, Kind: search.ParseKind(a.Kind), Topic: a.Topic, Lang: a.Lang, Author: a.Author, Newest: a.Newest, Page: page,
	}
	if t, err := time.ParseInLocation(time.DateOnly, a.Since, zone); err == nil {
		q.Since = t
	}
	if t, err := time.ParseInLocation(time.DateOnly, a.Until, zone); err == nil {
		q.Until = t.AddDate(0, 0, 1)
	}
	return q
}

// topicOptions are the topics to choose from; one that nobody knows stays
// chosen, so that the form says what was asked.
func topicOptions(r *answer.Request, topics []forum.Topic, chosen string) []shell.Option {
	l := r.Viewer.Lang
	out := []shell.Option{{Label: l.T("search.topic.any")}}
	known := chosen == ""
	for _, t := range topics {
		if t.MergedInto == "" {
			out = append(out, shell.Option{Value: string(t.Key), Label: t.Name(l)})
			known = known || string(t.Key) == chosen
		}
	}
	if !known {
		out = append(out, shell.Option{Value: chosen, Label: chosen})
	}
	return out
}
