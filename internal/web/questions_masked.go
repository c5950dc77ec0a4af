package web

import (
	"context"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/question"
	"guildhall/internal/space"
	"guildhall/internal/web/answer"
	questionpage "guildhall/internal/web/page/question"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerTakingUp(m *answer.Mux) {
	m.Handle("GET /spaces/{id}/questions", d.takingUp)
	m.Handle("POST /spaces/{id}/questions", d.takeUp)
}

// takingUp shows stewards the form by which masks' posts become cases.
func (d *Door) takingUp(w *answer.Writer, r *answer.Request) error {
	p, err := d.takeUpPage(r)
	if err != nil {
		return err
	}
	p.Once, p.Asking.Owes = answer.NewOnce(), question.ByPlatform
	return w.Show(200, questionpage.TakeUp(p))
}

func (d *Door) takeUpPage(r *answer.Request) (p questionpage.TakeUpPage, err error) {
	s, err := d.safeSpace(r)
	if err != nil {
		return p, err
	}
	kept, err := d.keptAmongThem(r.Context(), s)
	if err != nil {
		return p, err
	}
	if err := question.MayTakeUp(asker(r.Viewer), kept); err != nil {
		return p, err
	}
	p.Space, p.Name = string(s.ID), s.Name
	p.Platforms, err = d.Platforms.Platforms(r.Context(), proposer(r.Viewer))
	return p, err
}

// keptAmongThem tells whether those who speak in a space agree, or have ever agreed, to
// keep it among themselves: what they said then stays there also when that ends.
func (d *Door) keptAmongThem(ctx context.Context, s space.Space) (bool, error) {
	list, err := d.Spaces.Revisions(ctx, s.ID)
	for _, v := range list {
		if v.Label == space.MembersOnly {
			return true, err
		}
	}
	return s.Label == space.MembersOnly, err
}

// takeUp makes masks' posts cases of a question that is there, or of a new one.
func (d *Door) takeUp(w *answer.Writer, r *answer.Request) error {
	p, err := d.takeUpPage(r)
	if err != nil {
		return err
	}
	p.Posts, p.Into, p.Once = r.Text("posts"), r.Text("into"), r.Once()
	p.Asking = question.Asking{Title: r.Text("title"), Lang: r.Viewer.Lang.String(), Platform: r.Text("platform"), Owes: question.Owes(r.Text("owes"))}
	err = w.Once(func(ctx context.Context) (string, error) {
		posts, err := d.masked(ctx, p.Space, p.Posts)
		if err != nil {
			return "", err
		}
		if p.Into == "" {
			q, _, err := d.Questions.AskFrom(ctx, asker(r.Viewer), p.Asking, posts)
			return questionpage.Href(q.ID), err
		}
		id, err := d.Questions.Stands(ctx, namedQuestion(p.Into))
		if fault.Is(err, fault.NotFound) {
			return "", fault.On("into", fault.Invalid, "question.none")
		}
		if err != nil {
			return "", err
		}
		_, err = d.Questions.Gather(ctx, asker(r.Viewer), id, posts)
		return questionpage.Href(id), err
	})
	if err == nil || !mendable(err) {
		return err
	}
	p.Error = err
	return w.Again(err, questionpage.TakeUp(p))
}

// masked reads who said the posts whose addresses or ids were given, one a line.
func (d *Door) masked(ctx context.Context, space, lines string) (posts []question.Said, err error) {
	var ids []string
	for _, l := range strings.Fields(lines) {
		ids = append(ids, l[strings.LastIndexByte(l, '#')+1:])
	}
	if len(ids) == 0 || len(ids) > question.MaxBulk {
		return nil, fault.On("posts", fault.Invalid, "question.choose_posts", question.MaxBulk)
	}
	found, err := d.Masks.Quoted(ctx, space, ids...)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		q, ok := found[id]
		if !ok {
			return nil, fault.On("posts", fault.Invalid, "question.take_up.no_post", i+1)
		}
		posts = append(posts, question.Said{Post: id, Space: space, Mask: q.Mask, At: epoch.StartOfDay(q.Day)})
	}
	return posts, nil
}

// maskedCase adds to a case what a mask's post says now, as long as its space may be read
// out.
func (d *Door) maskedCase(ctx context.Context, w *answer.Writer, c *questionpage.Case) error {
	w.Shows(answer.Thing("space:"+c.Space), answer.Thing("masked:"+c.Space))
	s, err := d.Spaces.Space(ctx, space.ID(c.Space))
	if err != nil {
		return err
	}
	c.Masked = &questionpage.Masked{Space: s.Name}
	kept, err := d.keptAmongThem(ctx, s)
	if err != nil || kept || d.Masks == nil || question.MayReadVariant(asker(viewer.From(ctx)), c.Variant) != nil {
		return err
	}
	found, err := d.Masks.Quoted(ctx, c.Space, c.Variant.Post)
	if q, ok := found[c.Variant.Post]; ok {
		c.Masked.Name, c.Masked.Lang, c.Masked.HTML = q.Name, q.Lang, q.HTML
	}
	return err
}
