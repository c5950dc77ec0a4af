package account

import (
	"context"
	"net/http"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

func (d *Door) registerExport(m *answer.Mux) {
	m.Handle("GET /account/take", d.takePage)
	m.Handle("GET /account/export", d.export)
}

func (d *Door) takePage(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Take())
}

// export streams everything that is the member's as a zip. An answer that fails
// half-way is cut off, so that nobody takes a part for the whole.
func (d *Door) export(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.exporting.Take(string(s.Account)); err != nil {
		return err
	}
	head, err := d.exportHead(r.Context(), s)
	if err != nil {
		return err
	}
	out := w.Attachment("application/zip", head.Face.Handle+".zip")
	return d.writeZip(r.Context(), out, head)
}

// text is an article or a post of the member's with all that belongs to it.
type text struct {
	Kind            forum.Kind       `json:"kind"`
	ID              string           `json:"id"`
	Address         string           `json:"address"`
	Title           string           `json:"title"` // of a post: its discussion's
	Lang            string           `json:"lang"`
	Topics          []forum.TopicKey `json:"topics,omitempty"`
	Platform        string           `json:"platform,omitempty"`
	ReplyTo         string           `json:"reply_to,omitempty"`
	At              time.Time        `json:"at"`
	State           string           `json:"state"`
	Reason          string           `json:"reason,omitempty"` // a steward's, for hiding it
	Recommendations int              `json:"recommendations"`
	Imported        bool             `json:"imported,omitempty"`
	Revisions       []revision       `json:"revisions"` // newest first
	Decisions       []decision       `json:"decisions,omitempty"`

	html string
}

type revision struct {
	N      int       `json:"n"`
	At     time.Time `json:"at"`
	Title  string    `json:"title,omitempty"`
	Source string    `json:"markdown"`
}

// decision is what stewards did about one of her texts, without who did it.
type decision struct {
	Deed   string    `json:"deed"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	Undone bool      `json:"undone,omitempty"`
}

var states = map[forum.State]string{forum.Shown: "shown", forum.Hushed: "hidden", forum.Waits: "waiting"}

// batch is how many texts are read at a time.
const batch = 100

// eachText hands over every text of a face: articles, then posts, newest first.
func (d *Door) eachText(ctx context.Context, id face.ID, do func(text) error) error {
	if err := d.eachArticle(ctx, forum.Actor{Face: id}, do); err != nil {
		return err
	}
	return d.eachPost(ctx, forum.Actor{Face: id}, do)
}

func (d *Door) eachArticle(ctx context.Context, a forum.Actor, do func(text) error) error {
	f := forum.Filter{Face: a.Face, Limit: batch}
	for {
		list, err := d.Forum.Articles(ctx, a, f)
		if err != nil {
			return err
		}
		for _, item := range list {
			t, err := d.Forum.Article(ctx, a, item.ID)
			if err != nil {
				return err
			}
			x := text{
				Kind: forum.KindArticle, ID: string(t.ID), Address: d.URL + "/articles/" + string(t.ID), Title: t.Title, Lang: t.Lang,
				Topics: t.Topics, Platform: t.Platform, At: t.At, State: states[t.State], Recommendations: t.Recommendations,
				Imported: t.Imported, html: string(t.HTML),
			}
			if t.Hush != nil {
				x.Reason = t.Hush.Reason
			}
			if err := d.complete(ctx, a, t.ID.Thing(), &x); err != nil {
				return err
			}
			if err := do(x); err != nil {
				return err
			}
			f.Before = t.Mark()
		}
		if len(list) < batch {
			return nil
		}
	}
}

func (d *Door) eachPost(ctx context.Context, a forum.Actor, do func(text) error) error {
	f := forum.PostFilter{Face: a.Face, Limit: batch}
	for {
		list, err := d.Forum.Posts(ctx, a, f)
		if err != nil {
			return err
		}
		for _, p := range list {
			x := text{
				Kind: forum.KindPost, ID: string(p.ID), Address: d.URL + "/posts/" + string(p.ID), Title: p.Title, Lang: p.Lang,
				ReplyTo: string(p.ReplyTo), At: p.At, State: states[p.State], Recommendations: p.Recommendations,
				Imported: p.Imported, html: string(p.HTML),
			}
			if p.Hush != nil {
				x.Reason = p.Hush.Reason
			}
			if err := d.complete(ctx, a, p.ID.Thing(), &x); err != nil {
				return err
			}
			if err := do(x); err != nil {
				return err
			}
			f.Before = p.Mark()
		}
		if len(list) < batch {
			return nil
		}
	}
}

// complete adds the history of a text and what stewards decided about it.
func (d *Door) complete(ctx context.Context, a forum.Actor, t forum.Thing, x *text) error {
	vs, err := d.Forum.Revisions(ctx, a, t)
	if err != nil {
		return err
	}
	for _, v := range vs {
		x.Revisions = append(x.Revisions, revision{v.N, v.At.UTC(), v.Title, v.Source})
	}
	ds, err := d.Moderation.About(ctx, moderation.Target{Kind: string(t.Kind), ID: t.ID})
	for _, v := range ds {
		x.Decisions = append(x.Decisions, decision{string(v.Deed), v.Reason, v.At.UTC(), v.UndoneBy != ""})
	}
	x.At = x.At.UTC()
	return err
}
