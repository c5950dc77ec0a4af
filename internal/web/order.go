package web

import (
	"context"
	"path"
	"strings"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
	moderationpage "guildhall/internal/web/page/moderation"
)

func (d *Door) registerOrder(m *answer.Mux) {
	m.Handle("GET /moderation/discussions/{id}", d.order, answer.Params("page"))
	m.Handle("POST /discussions/{id}/closure", d.close, answer.Params("page"))
	m.Handle("POST /discussions/{id}/closure/undo", d.reopen, answer.Params("page"))
	m.Handle("POST /discussions/{id}/split", d.split, answer.Params("page"))
	m.Handle("POST /discussions/{id}/merge", d.merge, answer.Params("page"))
	m.Handle("POST /discussions/{id}/title", d.retitle, answer.Params("page"))
	m.Handle("POST /moves/{id}/undo", d.unmove, answer.Params("page"))
}

// order shows what a steward may do with a whole discussion.
func (d *Door) order(w *answer.Writer, r *answer.Request) error {
	p, err := d.orderPage(r)
	if err != nil {
		return err
	}
	return w.Show(200, moderationpage.Order(p))
}

func (d *Door) orderPage(r *answer.Request) (p moderationpage.OrderPage, err error) {
	if err = d.steward(r); err != nil {
		return p, err
	}
	n := 1
	if r.URL.Query().Has("page") {
		if n, err = r.Page(); err != nil {
			return p, err
		}
	}
	who, id := actor(r.Viewer), forum.DiscussionID(r.PathValue("id"))
	if p.Page, err = d.Forum.Page(r.Context(), who, id, n); err != nil {
		return p, err
	}
	if p.Topics, err = d.Forum.Topics(r.Context()); err != nil {
		return p, err
	}
	if p.Names, err = d.topicNames(r.Context()); err != nil {
		return p, err
	}
	p.Moves, err = d.Forum.Moves(r.Context(), id)
	p.Once = answer.NewOnce()
	return p, err
}

// orderly does a deed about a discussion, or shows the page again.
func (d *Door) orderly(w *answer.Writer, r *answer.Request, deed moderation.Deed, do func(ctx context.Context, id forum.DiscussionID) (to string, err error)) error {
	p, err := d.orderPage(r)
	if err != nil {
		return err
	}
	id := forum.DiscussionID(r.PathValue("id"))
	err = w.Once(func(ctx context.Context) (string, error) {
		to, err := do(ctx, id)
		if err != nil || deed == "" {
			return to, err
		}
		_, err = d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), deed, target(id.Thing()), r.Text("reason"))
		return to, err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		p.Sent = path.Base(r.URL.Path)
		f := *fault.From(err)
		if f.Field != "" {
			f.Field = p.Sent + "-" + f.Field
		}
		p.Error, p.Once = &f, r.Once()
		p.Reason, p.Title, p.Into = r.Text("reason"), r.Text("title"), r.Text("into")
		p.Chosen = map[string]bool{}
		for _, id := range r.Texts("posts") {
			p.Chosen[id] = true
		}
		return w.Again(err, moderationpage.Order(p))
	}
	return err
}

func (d *Door) close(w *answer.Writer, r *answer.Request) error {
	return d.orderly(w, r, moderation.Lock, func(ctx context.Context, id forum.DiscussionID) (string, error) {
		return home(id.Thing()), d.Forum.Close(ctx, actor(r.Viewer), id, r.Text("reason"))
	})
}

// reopen takes the newest closing back.
func (d *Door) reopen(w *answer.Writer, r *answer.Request) error {
	return d.orderly(w, r, "", func(ctx context.Context, id forum.DiscussionID) (string, error) {
		if err := d.Forum.Reopen(ctx, actor(r.Viewer), id); err != nil {
			return "", err
		}
		_, err := d.takenBack(ctx, r, moderation.Lock, target(id.Thing()))
		return home(id.Thing()), err
	})
}

// takenBack writes that the newest deed of a kind about a thing is undone; there was
// none that stands, when it tells no.
func (d *Door) takenBack(ctx context.Context, r *answer.Request, deed moderation.Deed, t moderation.Target) (undone bool, err error) {
	about, err := d.Moderation.About(ctx, t)
	if err != nil {
		return false, err
	}
	for _, x := range about {
		if x.Deed == deed && x.UndoneBy == "" {
			_, err := d.Moderation.Reverse(ctx, face.ID(r.Viewer.FaceID), x.ID, r.Text("reason"))
			return true, err
		}
	}
	return false, nil
}

func (d *Door) split(w *answer.Writer, r *answer.Request) error {
	return d.orderly(w, r, moderation.Split, func(ctx context.Context, id forum.DiscussionID) (string, error) {
		var posts []forum.PostID
		for _, p := range r.Texts("posts") {
			posts = append(posts, forum.PostID(p))
		}
		dis, err := d.Forum.Split(ctx, actor(r.Viewer), id, posts, r.Text("title"), r.Text("reason"))
		return forumpage.DiscussionHref(dis, 1), err
	})
}

func (d *Door) merge(w *answer.Writer, r *answer.Request) error {
	return d.orderly(w, r, moderation.Merge, func(ctx context.Context, id forum.DiscussionID) (string, error) {
		into := discussionIn(r.Text("into"))
		if into == "" {
			return "", fault.On("into", fault.Invalid, "order.into.none")
		}
		if _, err := d.Forum.Discussion(ctx, actor(r.Viewer), into); fault.Is(err, fault.NotFound) {
			return "", fault.On("into", fault.Invalid, "order.into.unknown")
		}
		return home(into.Thing()), d.Forum.Merge(ctx, actor(r.Viewer), id, into, r.Text("reason"))
	})
}

// discussionIn finds the id in an address that a steward has pasted.
func discussionIn(address string) forum.DiscussionID {
	_, rest, ok := strings.Cut(address, "/discussions/")
	if !ok {
		rest = address
	}
	id, _, _ := strings.Cut(rest, "/")
	id, _, _ = strings.Cut(id, "?")
	return forum.DiscussionID(strings.TrimSpace(id))
}

func (d *Door) retitle(w *answer.Writer, r *answer.Request) error {
	return d.orderly(w, r, "", func(ctx context.Context, id forum.DiscussionID) (string, error) {
		var topics []forum.TopicKey
		for _, k := range r.Texts("topics") {
			topics = append(topics, forum.TopicKey(k))
		}
		by, err := d.weighChange(ctx, r, r.Text("title"))
		if err != nil {
			return "", err
		}
		dis, err := d.Forum.Retitle(ctx, by, id, number(r.Text("base")), r.Text("title"), topics)
		return forumpage.DiscussionHref(dis, 1), err
	})
}

// unmove puts split or merged posts back.
func (d *Door) unmove(w *answer.Writer, r *answer.Request) error {
	if err := d.steward(r); err != nil {
		return err
	}
	return w.Once(func(ctx context.Context) (string, error) {
		m, err := d.Forum.Move(ctx, forum.MoveID(r.PathValue("id")))
		if err != nil {
			return "", err
		}
		if err := d.Forum.Unmove(ctx, actor(r.Viewer), m.ID); err != nil {
			return "", err
		}
		// What is written down is what was done, whatever the form says.
		deed := moderation.Split
		if m.Kind == forum.MergeMove {
			deed = moderation.Merge
		}
		_, err = d.takenBack(ctx, r, deed, target(m.From.Thing()))
		return home(m.From.Thing()), err
	})
}
