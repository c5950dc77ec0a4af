package web

import (
	"context"

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
	thing      forum.Thing
	title      string
	back, path string // addresses of the text and of its history
	mayEdit    bool
}

var texts = []text{
	{"/articles/{id}", (*Door).findArticle},
	{"/posts/{id}", (*Door).findPost},
	{"/discussions/{id}/summary", (*Door).findSummary},
}

func (d *Door) registerRevisions(m *answer.Mux) {
	for _, t := range texts {
		m.Handle("GET "+t.path+"/revisions", d.revisions(t))
		m.Handle("GET "+t.path+"/revisions/{n}", d.difference(t))
		m.Handle("POST "+t.path+"/revisions/{n}/restoration", d.restore(t))
	}
}

func (d *Door) findArticle(ctx context.Context, r *answer.Request) (f found, err error) {
	a, err := d.Forum.Article(ctx, actor(r.Viewer), forum.ArticleID(r.PathValue("id")))
	return found{a.ID.Thing(), a.Title, forumpage.ArticleHref(a), "/articles/" + string(a.ID) + "/revisions",
		forum.MayEditArticle(actor(r.Viewer), a) == nil}, err
}

func (d *Door) findPost(ctx context.Context, r *answer.Request) (f found, err error) {
	p, err := d.Forum.Post(ctx, actor(r.Viewer), forum.PostID(r.PathValue("id")))
	if err != nil {
		return f, err
	}
	dis, err := d.Forum.Discussion(ctx, actor(r.Viewer), p.Discussion)
	return found{p.ID.Thing(), dis.Title, forumpage.PostHref(p.ID), forumpage.PostHref(p.ID) + "/revisions",
		forum.MayEdit(actor(r.Viewer), p) == nil}, err
}

func (d *Door) findSummary(ctx context.Context, r *answer.Request) (f found, err error) {
	dis, err := d.Forum.Discussion(ctx, actor(r.Viewer), forum.DiscussionID(r.PathValue("id")))
	return found{dis.ID.Summary(), dis.Title, forumpage.DiscussionHref(dis, 1), "/discussions/" + string(dis.ID) + "/summary/revisions",
		forum.MaySteward(actor(r.Viewer)) == nil}, err
}

// revisions lists the states of a text.
func (d *Door) revisions(t text) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		f, err := t.find(d, r.Context(), r)
		if err != nil {
			return err
		}
		rs, err := d.Forum.Revisions(r.Context(), actor(r.Viewer), f.thing)
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
		if n < 1 {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		f, err := t.find(d, r.Context(), r)
		if err != nil {
			return err
		}
		diff, err := d.Forum.Diff(r.Context(), actor(r.Viewer), f.thing, n-1, n)
		if err != nil {
			return err
		}
		newest, err := d.Forum.Revision(r.Context(), actor(r.Viewer), f.thing, 0)
		if err != nil {
			return err
		}
		return w.Show(200, forumpage.Difference(forumpage.DifferencePage{Title: f.title, Back: f.back, Path: f.path, Difference: diff,
			MayUndo: f.mayEdit, Base: newest.N, Once: answer.NewOnce()}))
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
			v, err := d.Forum.Revision(ctx, actor(r.Viewer), f.thing, number(r.PathValue("n")))
			if err != nil {
				return "", err
			}
			by, err := d.weighChange(ctx, r, v.Source)
			if err != nil {
				return "", err
			}
			return f.back, d.Forum.Restore(ctx, by, f.thing, number(r.Text("base")), v.N)
		})
	}
}
