package web

import (
	"context"
	"slices"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/question"
	"guildhall/internal/web/answer"
	questionpage "guildhall/internal/web/page/question"
)

func (d *Door) registerGathering(m *answer.Mux) {
	m.Handle("GET /discussions/{id}/questions", d.gathering, answer.Params("page"))
	m.Handle("POST /discussions/{id}/questions", d.gather)
}

// gathering shows which questions the posts of a page became, and stewards the
// form that makes more of them.
func (d *Door) gathering(w *answer.Writer, r *answer.Request) error {
	n, err := r.Page()
	if err != nil {
		return err
	}
	p, err := d.gatherPage(r, n)
	if err != nil {
		return err
	}
	p.Once, p.Asking.Owes = answer.NewOnce(), question.ByPlatform
	return w.Show(200, questionpage.Gather(p))
}

func (d *Door) gatherPage(r *answer.Request, n int) (p questionpage.GatherPage, err error) {
	ctx := r.Context()
	page, err := d.Forum.Page(ctx, actor(r.Viewer), forum.DiscussionID(r.PathValue("id")), n)
	if err != nil {
		return p, err
	}
	p.Discussion, p.N, p.Picked, p.Places = page.Discussion, page.N, map[string]bool{}, map[string][]question.Place{}
	var ids []string
	for _, x := range page.Posts {
		if x.State == forum.Shown {
			p.Posts = append(p.Posts, x)
			ids = append(ids, string(x.ID))
		}
	}
	places, err := d.Questions.OfPosts(ctx, ids)
	if err != nil {
		return p, err
	}
	for _, x := range places {
		p.Places[x.Post] = append(p.Places[x.Post], x)
		i := slices.IndexFunc(p.Questions, func(g questionpage.Gathered) bool { return g.ID == x.Question })
		if i < 0 {
			p.Questions = append(p.Questions, questionpage.Gathered{ID: x.Question, Title: x.Title})
			i = len(p.Questions) - 1
		}
		p.Questions[i].Posts++
	}
	p.Cases = len(p.Places)
	p.Platforms, err = d.Platforms.Platforms(ctx, proposer(r.Viewer))
	return p, err
}

// gather makes the chosen posts cases of a question that is there, or of a new one.
func (d *Door) gather(w *answer.Writer, r *answer.Request) error {
	if err := question.MayKeep(asker(r.Viewer)); err != nil {
		return err
	}
	n := max(1, number(r.Text("page")))
	into, chosen := r.Text("into"), r.Texts("posts")
	asking := question.Asking{Title: r.Text("title"), Lang: r.Viewer.Lang.String(), Platform: r.Text("platform"), Owes: question.Owes(r.Text("owes"))}
	err := w.Once(func(ctx context.Context) (string, error) {
		posts, lang, err := d.said(ctx, r, chosen)
		if err != nil {
			return "", err
		}
		if into != "" {
			id, err := d.Questions.Stands(ctx, namedQuestion(into))
			if fault.Is(err, fault.NotFound) {
				return "", fault.On("into", fault.Invalid, "question.none")
			}
			if err != nil {
				return "", err
			}
			_, err = d.Questions.Gather(ctx, asker(r.Viewer), id, posts)
			return questionpage.Href(id), err
		}
		asking.Lang = lang
		q, _, err := d.Questions.AskFrom(ctx, asker(r.Viewer), asking, posts)
		return questionpage.Href(q.ID), err
	})
	if err == nil || !mendable(err) {
		return err
	}
	p, perr := d.gatherPage(r, n)
	if perr != nil {
		return perr
	}
	p.Into, p.Asking, p.Error, p.Once = into, asking, err, r.Once()
	for _, id := range chosen {
		p.Picked[id] = true
	}
	return w.Again(err, questionpage.Gather(p))
}

// said reads who said the chosen posts of a discussion, and when.
func (d *Door) said(ctx context.Context, r *answer.Request, chosen []string) (posts []question.Said, lang string, err error) {
	id := forum.DiscussionID(r.PathValue("id"))
	dis, err := d.Forum.Discussion(ctx, actor(r.Viewer), id)
	if err != nil {
		return nil, "", err
	}
	for _, c := range chosen {
		x, err := d.Forum.Post(ctx, actor(r.Viewer), forum.PostID(c))
		if fault.Is(err, fault.NotFound) || err == nil && (x.Discussion != id || x.State != forum.Shown) {
			return nil, "", fault.On("posts", fault.Invalid, "question.choose_posts", question.MaxBulk)
		}
		if err != nil {
			return nil, "", err
		}
		posts = append(posts, question.Said{Post: c, Face: x.Author.ID, At: x.At})
	}
	return posts, dis.Lang, nil
}
