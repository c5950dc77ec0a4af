package web

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/forum"
	"guildhall/internal/lang"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/source"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerFront(m *answer.Mux) {
	m.Handle("GET /{$}", d.front)
	m.Handle("GET /about", d.about)
	m.Handle("GET /source", d.source)
	m.Mount("GET /source/guildhall.tar.gz", source.Handler())
}

// How many rows the front page shows of each.
const (
	frontTalk     = 8
	frontArticles = 6
	frontTopics   = 14
	frontAlarms   = 3
	frontAsked    = 3
)

// front shows the hall's door.
func (d *Door) front(w *answer.Writer, _ *answer.Request) error {
	return w.Page(things("front", "stewards", terms.AllTerms, "consultations"), func(ctx context.Context) (templ.Component, error) {
		var p forumpage.FrontPage
		var alarms []terms.Alarm
		err := d.DB.View(ctx, func(ctx context.Context) (err error) {
			if p.Talk, err = d.Forum.Discussions(ctx, reading(ctx), forum.Filter{Limit: frontTalk}); err != nil {
				return err
			}
			if p.Articles, err = d.Forum.Articles(ctx, reading(ctx), forum.Filter{Limit: frontArticles}); err != nil {
				return err
			}
			if p.Motion, err = d.Moderation.Pending(ctx); err != nil {
				return err
			}
			if p.Topics, err = d.Forum.Topics(ctx); err != nil {
				return err
			}
			if alarms, err = d.Terms.Alarms(ctx, frontAlarms); err != nil {
				return err
			}
			open, _, err := d.Consultations.Consultations(ctx)
			p.Asked = ways(open[:min(len(open), frontAsked)])
			return err
		})
		if err != nil {
			return nil, err
		}
		p.Terms = recent(alarms, d.Now())
		p.Names = names(viewer.From(ctx).Lang, p.Topics)
		p.Topics = p.Topics[:min(len(p.Topics), frontTopics)]
		p.About = d.About
		return forumpage.Front(p), nil
	})
}

// lately is how long an alarm stands on the front page.
const lately = 60 * 24 * time.Hour

// recent names the documents that changed lately, for the front page.
func recent(alarms []terms.Alarm, now time.Time) (list []forumpage.TermsLine) {
	for _, a := range alarms {
		if now.Sub(a.RaisedAt) < lately {
			list = append(list, forumpage.TermsLine{Href: termspage.VersionHref(a.Document, a.Record), Platform: a.Platform, Title: a.Title, At: a.At, Clauses: a.Clauses})
		}
	}
	return list
}

// names gives the topics' names in a language.
func names(l lang.Lang, ts []forum.Topic) map[forum.TopicKey]string {
	m := make(map[forum.TopicKey]string, len(ts))
	for _, t := range ts {
		m[t.Key] = t.Name(l)
	}
	return m
}

// topicNames gives the names of all topics in the reader's language.
func (d *Door) topicNames(ctx context.Context) (map[forum.TopicKey]string, error) {
	ts, err := d.Forum.Topics(ctx)
	return names(viewer.From(ctx).Lang, ts), err
}

// namesOf gives the names of some topics in the reader's language.
func (d *Door) namesOf(ctx context.Context, keys []forum.TopicKey) (map[forum.TopicKey]string, error) {
	ts, err := d.Forum.TopicsOf(ctx, keys)
	return names(viewer.From(ctx).Lang, ts), err
}

// about says what this hall is.
func (d *Door) about(w *answer.Writer, _ *answer.Request) error {
	return w.Page(nil, func(context.Context) (templ.Component, error) {
		return forumpage.About(forumpage.AboutPage{About: d.About}), nil
	})
}

// source offers the source of the program that answers.
func (d *Door) source(w *answer.Writer, _ *answer.Request) error {
	return w.Page(nil, func(context.Context) (templ.Component, error) {
		return forumpage.Source(forumpage.SourcePage{Bytes: source.Size()}), nil
	})
}
