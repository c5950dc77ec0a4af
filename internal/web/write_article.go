package web

import (
	"context"
	"strings"

	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
)

func (d *Door) articleForm(ctx context.Context, r *answer.Request) (forumpage.TextForm, error) {
	l := r.Viewer.Lang
	return d.withTopics(ctx, forumpage.TextForm{
		Heading: l.T("write.article"), Action: "/articles", Draft: "article", Once: answer.NewOnce(),
		HasTitle: true, HasPlatform: true, HasLang: true, HasPictures: true, Lang: l.String(),
	})
}

// newArticle shows the form of a new article, filled in with what another app
// has shared.
func (d *Door) newArticle(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	f, err := d.articleForm(r.Context(), r)
	if err != nil {
		return err
	}
	f.Title = r.Query("title")
	f.Text = strings.TrimSpace(r.Query("text") + "\n\n" + r.Query("url"))
	return w.Show(200, forumpage.Write(f))
}

// publish puts an article up.
func (d *Door) publish(w *answer.Writer, r *answer.Request) error {
	f, err := d.articleForm(r.Context(), r)
	if err != nil {
		return err
	}
	return d.take(w, r, sent(r, f), func(ctx context.Context, f forumpage.TextForm) (string, error) {
		by, held, err := d.weigh(ctx, r, f.Text)
		if err != nil {
			return "", err
		}
		a, err := d.Forum.Publish(ctx, by, forum.NewArticle{Title: f.Title, Lang: f.Lang, Topics: f.Chosen,
			Platform: f.Platform, Text: f.Text, Held: held})
		if err == nil {
			err = d.cameWritten(ctx, f.Text, a.ID)
		}
		return forumpage.ArticleHref(a), err
	})
}

func (d *Door) articleEditForm(ctx context.Context, r *answer.Request) (f forumpage.TextForm, a forum.Article, err error) {
	id := forum.ArticleID(r.PathValue("id"))
	if a, err = d.Forum.Article(ctx, actor(r.Viewer), id); err != nil {
		return f, a, err
	}
	if err = forum.MayEditArticle(actor(r.Viewer), a); err != nil {
		return f, a, err
	}
	if f, err = d.articleForm(ctx, r); err != nil {
		return f, a, err
	}
	f.Heading = r.Viewer.Lang.T("write.article.edit")
	f.Action, f.Draft = "/articles/"+string(id)+"/revisions", "article:"+string(id)
	f.HasLang, f.Lang = false, a.Lang
	return f, a, nil
}

// editArticle shows the form of a change.
func (d *Door) editArticle(w *answer.Writer, r *answer.Request) error {
	f, a, err := d.articleEditForm(r.Context(), r)
	if err != nil {
		return err
	}
	s, err := d.Forum.Revision(r.Context(), actor(r.Viewer), a.ID.Thing(), 0)
	if err != nil {
		return err
	}
	f.Title, f.Text, f.Platform, f.Chosen, f.Base = a.Title, s.Source, a.Platform, a.Topics, s.N
	return w.Show(200, forumpage.Write(f))
}

// reviseArticle writes a change.
func (d *Door) reviseArticle(w *answer.Writer, r *answer.Request) error {
	f, a, err := d.articleEditForm(r.Context(), r)
	if err != nil {
		return err
	}
	return d.take(w, r, sent(r, f), func(ctx context.Context, f forumpage.TextForm) (string, error) {
		by, err := d.weighChange(ctx, r, f.Text)
		if err != nil {
			return "", err
		}
		a, err := d.Forum.EditArticle(ctx, by, a.ID, f.Base, forum.ArticleEdit{Title: f.Title, Topics: f.Chosen,
			Platform: f.Platform, Text: f.Text})
		if err == nil {
			err = d.cameWritten(ctx, f.Text, a.ID)
		}
		return forumpage.ArticleHref(a), err
	})
}
