package web

import (
	"context"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/lang"
	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	moderationpage "guildhall/internal/web/page/moderation"
)

func (d *Door) registerTopicKeeping(m *answer.Mux) {
	m.Handle("GET /moderation/topics", d.keepTopics)
	m.Handle("POST /topics", d.addTopic)
	m.Handle("POST /topics/merges", d.mergeTopics)
}

// keepTopics is where stewards add topics and merge them.
func (d *Door) keepTopics(w *answer.Writer, r *answer.Request) error {
	p, err := d.topicsPage(r)
	if err != nil {
		return err
	}
	return w.Show(200, moderationpage.KeepTopics(p))
}

func (d *Door) topicsPage(r *answer.Request) (p moderationpage.TopicsPage, err error) {
	if err = d.steward(r); err != nil {
		return p, err
	}
	ts, err := d.Forum.Topics(r.Context())
	if err != nil {
		return p, err
	}
	for _, t := range ts {
		p.Topics = append(p.Topics, moderationpage.TopicChoice{Key: string(t.Key), Name: t.Name(r.Viewer.Lang)})
	}
	p.Once, p.Names, p.About = r.Once(), map[string]string{}, map[string]string{}
	for _, l := range lang.All() {
		p.Names[l.String()], p.About[l.String()] = r.Text("name-"+l.String()), r.Text("about-"+l.String())
	}
	p.From, p.Into, p.Reason = r.Text("from"), r.Text("into"), r.Text("reason")
	return p, nil
}

// topicDeed does a deed about topics, or shows the page again.
func (d *Door) topicDeed(w *answer.Writer, r *answer.Request, do func(ctx context.Context, p moderationpage.TopicsPage) error) error {
	p, err := d.topicsPage(r)
	if err != nil {
		return err
	}
	err = w.Once(func(ctx context.Context) (string, error) { return "/topics", do(ctx, p) })
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	p.Error = err
	return w.Again(err, moderationpage.KeepTopics(p))
}

func (d *Door) addTopic(w *answer.Writer, r *answer.Request) error {
	return d.topicDeed(w, r, func(ctx context.Context, p moderationpage.TopicsPage) error {
		_, err := d.Forum.AddTopic(ctx, actor(r.Viewer), forum.NewTopic{Names: p.Names, About: p.About})
		return err
	})
}

func (d *Door) mergeTopics(w *answer.Writer, r *answer.Request) error {
	return d.topicDeed(w, r, func(ctx context.Context, p moderationpage.TopicsPage) error {
		from, into := forum.TopicKey(p.From), forum.TopicKey(p.Into)
		if err := d.Forum.MergeTopic(ctx, actor(r.Viewer), from, into); err != nil {
			return err
		}
		_, err := d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), moderation.MergeTopic, target(from.Thing()), p.Reason)
		return err
	})
}
