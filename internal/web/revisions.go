package web

import (
	"context"
	"slices"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
)

// text is a kind of text that keeps its revisions: where it lives, and who may
// change it.
type text struct {
	path string // of its routes, with {id}
	find func(d *Door, ctx context.Context, r *answer.Request) (found, error)
}

// found is one such text.
type found struct {
	title      string
	back, path string // addresses of the text and of its history
	mayEdit    bool
	revisions  func(ctx context.Context) ([]forumpage.Revision, error) // the newest first
	difference func(ctx context.Context, n int) (forum.Difference, error)
	restore    func(ctx context.Context, base, n int) error
}

var texts = []text{
	{"/articles/{id}", (*Door).findArticle},
	{"/posts/{id}", (*Door).findPost},
	{"/discussions/{id}/summary", (*Door).findSummary},
	{"/questions/{id}", (*Door).findQuestion},
	{"/consultations/{id}", (*Door).findConsultation},
}

func (d *Door) registerRevisions(m *answer.Mux) {
	for _, t := range texts {
		m.Handle("GET "+t.path+"/revisions", d.revisions(t))
		m.Handle("GET "+t.path+"/revisions/{n}", d.difference(t))
		m.Handle("POST "+t.path+"/revisions/{n}/restoration", d.restore(t))
	}
}

// inForum is a text of the forum, of which that keeps the revisions.
func (d *Door) inForum(r *answer.Request, t forum.Thing, f found) found {
	who := actor(r.Viewer)
	f.path = f.back
	f.revisions = func(ctx context.Context) (list []forumpage.Revision, err error) {
		all, err := d.Forum.Revisions(ctx, who, t)
		for _, v := range all {
			list = append(list, forumpage.Revision{Revision: v})
		}
		return list, err
	}
	f.difference = func(ctx context.Context, n int) (forum.Difference, error) { return d.Forum.Diff(ctx, who, t, n-1, n) }
	f.restore = func(ctx context.Context, base, n int) error {
		v, err := d.Forum.Revision(ctx, who, t, n)
		if err != nil {
			return err
		}
		by, err := d.weighChange(ctx, r, v.Source)
		if err != nil {
			return err
		}
		return d.Forum.Restore(ctx, by, t, base, v.N)
	}
	return f
}

func (d *Door) findArticle(ctx context.Context, r *answer.Request) (f found, err error) {
	a, err := d.Forum.Article(ctx, actor(r.Viewer), forum.ArticleID(r.PathValue("id")))
	f = d.inForum(r, a.ID.Thing(), found{title: a.Title, back: forumpage.ArticleHref(a), mayEdit: forum.MayEditArticle(actor(r.Viewer), a) == nil})
	f.path = "/articles/" + string(a.ID) + "/revisions"
	return f, err
}

func (d *Door) findPost(ctx context.Context, r *answer.Request) (f found, err error) {
	p, err := d.Forum.Post(ctx, actor(r.Viewer), forum.PostID(r.PathValue("id")))
	if err != nil {
		return f, err
	}
	dis, err := d.Forum.Discussion(ctx, actor(r.Viewer), p.Discussion)
	f = d.inForum(r, p.ID.Thing(), found{title: dis.Title, back: forumpage.PostHref(p.ID), mayEdit: forum.MayEdit(actor(r.Viewer), p) == nil})
	f.path += "/revisions"
	return f, err
}

func (d *Door) findSummary(ctx context.Context, r *answer.Request) (f found, err error) {
	dis, err := d.Forum.Discussion(ctx, actor(r.Viewer), forum.DiscussionID(r.PathValue("id")))
	f = d.inForum(r, dis.ID.Summary(), found{title: dis.Title, back: forumpage.DiscussionHref(dis, 1), mayEdit: forum.MaySteward(actor(r.Viewer)) == nil})
	f.path = "/discussions/" + string(dis.ID) + "/summary/revisions"
	return f, err
}

// revisions lists the states of a text.
func (d *Door) revisions(t text) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		f, err := t.find(d, r.Context(), r)
		if err != nil {
			return err
		}
		rs, err := f.revisions(r.Context())
		if err != nil {
			return err
		}
		return w.Show(200, forumpage.Revisions(forumpage.RevisionsPage{Title: f.title, Back: f.back, Path: f.path, Revisions: rs, MayEdit: f.mayEdit}))
	}
}

// difference shows what one revision changed.
func (d *Door) difference(t text) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		n := number(r.PathValue("n"))
		f, err := t.find(d, r.Context(), r)
		if err != nil {
			return err
		}
		all, err := f.revisions(r.Context())
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(v forumpage.Revision) bool { return v.N == n })
		if i < 0 {
			return fault.New(fault.NotFound, "forum.revision.none")
		}
		p := forumpage.DifferencePage{Title: f.title, Back: f.back, Path: f.path, Of: all[i], MayUndo: f.mayEdit, Base: all[0].N, Once: answer.NewOnce()}
		if p.Difference, err = f.difference(r.Context(), n); err != nil {
			return err
		}
		return w.Show(200, forumpage.Difference(p))
	}
}

// restore makes an earlier state the newest one.
func (d *Door) restore(t text) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := d.speak(r); err != nil {
			return err
		}
		f, err := t.find(d, r.Context(), r)
		if err != nil {
			return err
		}
		return w.Once(func(ctx context.Context) (string, error) {
			return f.back, f.restore(ctx, number(r.Text("base")), number(r.PathValue("n")))
		})
	}
}
