package web

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerTopics(m *answer.Mux) {
	m.Handle("GET /topics", d.topics)
	m.Handle("GET /topics/{key}", d.topic)
	d.registerTopicKeeping(m)
}

// topics lists all topics.
func (d *Door) topics(w *answer.Writer, _ *answer.Request) error {
	return w.Page(things("topics"), func(ctx context.Context) (templ.Component, error) {
		ts, err := d.Forum.Topics(ctx)
		if err != nil {
			return nil, err
		}
		l := viewer.From(ctx).Lang
		p := forumpage.TopicsPage{Topics: ts, Names: names(l, ts), About: map[forum.TopicKey]string{}}
		for _, t := range ts {
			p.About[t.Key] = t.AboutIn(l)
		}
		return forumpage.TopicsList(p), nil
	})
}

// topic shows what was written about one topic.
func (d *Door) topic(w *answer.Writer, r *answer.Request) error {
	key := forum.TopicKey(r.PathValue("key"))
	return w.Page(things("topic:"+string(key), "topics"), func(ctx context.Context) (templ.Component, error) {
		var p forumpage.TopicPage
		err := d.DB.View(ctx, func(ctx context.Context) error { return d.readTopic(ctx, key, &p) })
		if err != nil {
			return nil, err
		}
		if p.Topic.Key != key { // it was merged
			return nil, answer.Elsewhere(forumpage.TopicHref(p.Topic.Key))
		}
		return forumpage.Topic(p), nil
	})
}

func (d *Door) readTopic(ctx context.Context, key forum.TopicKey, p *forumpage.TopicPage) (err error) {
	who, l := reading(ctx), viewer.From(ctx).Lang
	if p.Topic, err = d.Forum.Topic(ctx, key); err != nil {
		return err
	}
	p.Name, p.About = p.Topic.Name(l), p.Topic.AboutIn(l)
	if p.Articles, err = d.Forum.Articles(ctx, who, forum.Filter{Topic: key}); err != nil {
		return err
	}
	if p.Discussions, err = d.Forum.Discussions(ctx, who, forum.Filter{Topic: key}); err != nil {
		return err
	}
	if who.Face != "" {
		p.Following, err = d.Forum.Following(ctx, who, key.Thing())
	}
	return err
}
