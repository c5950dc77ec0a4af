package web

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"guildhall/internal/consultation"
	"guildhall/internal/forum"
	"guildhall/internal/platform"
	"guildhall/internal/reply"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
	platformpage "guildhall/internal/web/page/platform"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerArticles(m *answer.Mux) {
	m.Handle("GET /articles", d.articles, answer.Params("before"))
	m.Handle("GET /articles/{id}", d.article)
	m.Handle("GET /articles/{id}/{slug}", d.article)
}

const (
	listLength    = 30
	relatedLength = 4
)

// articles lists all articles, newest first.
func (d *Door) articles(w *answer.Writer, r *answer.Request) error {
	before := r.Query("before")
	return w.Page(things("front"), func(ctx context.Context) (templ.Component, error) {
		as, err := d.Forum.Articles(ctx, reading(ctx), forum.Filter{Before: before, Limit: listLength})
		if err != nil {
			return nil, err
		}
		p := forumpage.ArticlesPage{Articles: as}
		if len(as) == listLength {
			p.Older = older("/articles", as[len(as)-1].Mark())
		}
		return forumpage.Articles(p), nil
	})
}

// older is the address of what follows mark in a list.
func older(path, mark string) string { return path + "?before=" + url.QueryEscape(mark) }

// article shows an article with the beginning of its discussion. An address
// with an old title leads to the one with the new.
func (d *Door) article(w *answer.Writer, r *answer.Request) error {
	id := forum.ArticleID(r.PathValue("id"))
	a, err := d.Forum.Article(r.Context(), actor(r.Viewer), id)
	if err != nil {
		return err
	}
	if r.PathValue("slug") != a.Slug {
		return w.Moved(forumpage.ArticleHref(a))
	}
	return w.Page(things("article:"+string(id), "discussion:"+string(a.Discussion), "topics", "began:article:"+string(id)), func(ctx context.Context) (templ.Component, error) {
		var p forumpage.ArticlePage
		err := d.DB.View(ctx, func(ctx context.Context) error { return d.readArticle(ctx, w, id, &p) })
		if err != nil {
			return nil, err
		}
		p.Reply = d.replyForm(p.Page.Discussion)
		p.Reply.Done = draftDone(w, r)
		if err := d.cameOf(ctx, w, p.Page, &p.Reply); err != nil {
			return nil, err
		}
		return forumpage.Article(p), nil
	})
}

func (d *Door) readArticle(ctx context.Context, w *answer.Writer, id forum.ArticleID, p *forumpage.ArticlePage) (err error) {
	who := reading(ctx)
	if p.Article, err = d.Forum.Article(ctx, who, id); err != nil {
		return err
	}
	if p.Related, err = d.Forum.Related(ctx, id, relatedLength); err != nil {
		return err
	}
	for _, r := range p.Related {
		w.Shows(answer.Thing("article:" + string(r.Article.ID)))
	}
	if p.Page, err = d.Forum.Page(ctx, who, p.Article.Discussion, 1); err != nil {
		return err
	}
	if p.Names, err = d.topicNames(ctx); err != nil {
		return err
	}
	if p.Asked, err = d.asked(ctx, consultation.Origin{Kind: fromArticle, ID: string(id)}); err != nil {
		return err
	}
	of, err := d.platformNamed(ctx, p.Article.Platform)
	if err != nil {
		return err
	}
	if p.Below, err = d.below(ctx, w, reply.Article, string(id), of); err != nil {
		return err
	}
	if p.About, err = d.aboutPlatform(ctx, w, platform.ID(of)); err != nil {
		return err
	}
	showsFaces(w, p.Article.Author.ID)
	showsPage(w, p.Page)
	if who.Face == "" {
		return nil
	}
	p.MayEdit = forum.MayEditArticle(who, p.Article) == nil
	if p.Following, err = d.Forum.Following(ctx, who, p.Article.Discussion.Thing()); err != nil {
		return err
	}
	p.Mine, err = d.mine(ctx, who, id.Thing(), p.Article.Discussion.Thing())
	return err
}

// mine gathers what the reader recommends within some things.
func (d *Door) mine(ctx context.Context, who forum.Actor, within ...forum.Thing) (map[string]bool, error) {
	all := map[string]bool{}
	for _, t := range within {
		m, err := d.Forum.Recommended(ctx, who, t)
		if err != nil {
			return nil, err
		}
		for id, is := range m {
			all[id] = is
		}
	}
	return all, nil
}

// aboutPlatform leads to a platform; nothing to none.
func (d *Door) aboutPlatform(ctx context.Context, w *answer.Writer, id platform.ID) ([]forumpage.Asked, error) {
	if id == "" {
		return nil, nil
	}
	w.Shows(answer.Thing("platform:" + string(id)))
	p, err := d.Platforms.Platform(ctx, proposer(viewer.From(ctx)), id)
	return []forumpage.Asked{{Title: p.Name, Href: platformpage.Href(id)}}, err
}

// writtenHere are the newest articles about a platform, those that say so.
func (d *Door) writtenHere(ctx context.Context, w *answer.Writer, id platform.ID) (templ.Component, error) {
	p, err := d.Platforms.Platform(ctx, proposer(viewer.From(ctx)), id)
	if err != nil {
		return nil, err
	}
	w.Shows("front")
	as, err := d.Forum.Articles(ctx, reading(ctx), forum.Filter{Platform: p.Name, Limit: listLength})
	var list []forumpage.Asked
	for _, a := range as {
		w.Shows(answer.Thing("article:" + string(a.ID)))
		list = append(list, forumpage.Asked{Title: a.Title, Href: forumpage.ArticleHref(a)})
	}
	return forumpage.Ways(viewer.From(ctx).Lang.T("shell.nav.articles"), list), err
}
