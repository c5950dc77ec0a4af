package web

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
)

func (d *Door) registerDiscussions(m *answer.Mux) {
	m.Handle("GET /discussions", d.discussions, answer.Params("before"))
	m.Handle("GET /discussions/{id}", d.discussion, answer.Params("page"))
	m.Handle("GET /discussions/{id}/{slug}", d.discussion, answer.Params("page"))
	m.Handle("GET /discussions/{id}/on", d.discussionOn, answer.Params("date"))
	m.Handle("GET /discussions/{id}/at/{seq}", d.discussionAt)
	m.Handle("GET /posts/{id}", d.post)
}

// discussions lists all discussions, the liveliest first.
func (d *Door) discussions(w *answer.Writer, r *answer.Request) error {
	before := r.Query("before")
	return w.Page(things("front"), func(ctx context.Context) (templ.Component, error) {
		ds, err := d.Forum.Discussions(ctx, reading(ctx), forum.Filter{Before: before, Limit: listLength})
		if err != nil {
			return nil, err
		}
		p := forumpage.DiscussionsPage{Discussions: ds}
		if len(ds) == listLength {
			p.Older = older("/discussions", ds[len(ds)-1].Mark())
		}
		return forumpage.Discussions(p), nil
	})
}

// discussion shows one page of a discussion.
func (d *Door) discussion(w *answer.Writer, r *answer.Request) error {
	id := forum.DiscussionID(r.PathValue("id"))
	n, err := r.Page()
	if err != nil {
		return err
	}
	slug := r.PathValue("slug")
	return w.Page(things("discussion:"+string(id), "topics"), func(ctx context.Context) (templ.Component, error) {
		var p forumpage.DiscussionPage
		if err := d.DB.View(ctx, func(ctx context.Context) error { return d.readDiscussion(ctx, w, id, n, &p) }); err != nil {
			return nil, err
		}
		if to := properHome(p, slug); to != "" {
			return nil, answer.Elsewhere(to)
		}
		p.Reply = d.replyForm(p.Page.Discussion)
		p.Reply.Done = draftDone(w, r)
		p.Reply.Folded = p.Folded
		if err := d.cameOf(ctx, w, p.Page, &p.Reply); err != nil {
			return nil, err
		}
		return forumpage.Discussion(p), nil
	})
}

// properHome is where a discussion lives when it was asked for elsewhere: under
// an old title, or before it was merged into another.
func properHome(p forumpage.DiscussionPage, slug string) string {
	dis := p.Page.Discussion
	if dis.MergedInto != "" {
		return "/discussions/" + string(dis.MergedInto)
	}
	if slug != dis.Slug {
		return forumpage.DiscussionHref(dis, p.Page.N)
	}
	return ""
}

func (d *Door) readDiscussion(ctx context.Context, w *answer.Writer, id forum.DiscussionID, n int, p *forumpage.DiscussionPage) (err error) {
	who := reading(ctx)
	if p.Page, err = d.Forum.Page(ctx, who, id, n); err != nil {
		return err
	}
	dis := p.Page.Discussion
	if p.Names, err = d.namesOf(ctx, dis.Topics); err != nil {
		return err
	}
	if dis.Article != "" {
		a, err := d.Forum.Article(ctx, who, dis.Article)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			p.Article = &a
			w.Shows(answer.Thing("article:" + string(a.ID)))
		}
	}
	if p.Moves, err = d.Forum.Moves(ctx, id); err != nil {
		return err
	}
	showsPage(w, p.Page)
	if who.Face == "" {
		return nil
	}
	if p.Following, err = d.Forum.Following(ctx, who, id.Thing()); err != nil {
		return err
	}
	if p.Folded, err = d.folded(ctx, who.Face); err != nil {
		return err
	}
	p.Mine, err = d.Forum.Recommended(ctx, who, id.Thing())
	return err
}

// folded are the faces the reader has blocked.
func (d *Door) folded(ctx context.Context, by face.ID) (map[face.ID]bool, error) {
	ids, err := d.Moderation.Blocked(ctx, by)
	m := make(map[face.ID]bool, len(ids))
	for _, id := range ids {
		m[id] = true
	}
	return m, err
}

// showsPage notes whose faces a page of posts shows, so that a new name or
// picture renews it.
func showsPage(w *answer.Writer, p forum.Page) {
	seen := map[face.ID]bool{}
	for i := range p.Posts {
		if id := p.Posts[i].Author.ID; !seen[id] {
			seen[id] = true
			showsFaces(w, id)
		}
	}
}

func showsFaces(w *answer.Writer, ids ...face.ID) {
	for _, id := range ids {
		w.Shows(answer.Thing("face:" + string(id)))
	}
}

// discussionOn leads to the first post of a day or after it.
func (d *Door) discussionOn(w *answer.Writer, r *answer.Request) error {
	day, err := time.ParseInLocation("2006-01-02", r.Query("date"), r.Viewer.Location())
	if err != nil {
		return fault.On("date", fault.Invalid, "page.jump.no_date")
	}
	id := forum.DiscussionID(r.PathValue("id"))
	seq, err := d.Forum.FirstAfter(r.Context(), id, day)
	if err != nil {
		return err
	}
	if seq == 0 { // nothing was said since: to the last
		seq = math.MaxInt
	}
	return d.toSeq(w, r, id, seq)
}

// discussionAt leads to a post by its number.
func (d *Door) discussionAt(w *answer.Writer, r *answer.Request) error {
	seq, err := strconv.Atoi(r.PathValue("seq"))
	if err != nil || seq < 1 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return d.toSeq(w, r, forum.DiscussionID(r.PathValue("id")), seq)
}

// post leads from a post's lasting address to where it stands now.
func (d *Door) post(w *answer.Writer, r *answer.Request) error {
	id, seq, err := d.Forum.Place(r.Context(), forum.PostID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.toSeq(w, r, id, seq)
}

func (d *Door) toSeq(w *answer.Writer, r *answer.Request, id forum.DiscussionID, seq int) error {
	dis, err := d.Forum.Discussion(r.Context(), actor(r.Viewer), id)
	if err != nil {
		return err
	}
	seq = min(seq, max(dis.LastSeq, 1))
	return w.Redirect(fmt.Sprintf("%s#%s", forumpage.DiscussionHref(dis, forum.PageOf(seq)), forumpage.Anchor(seq)))
}

// replyForm is the empty box under a discussion.
func (d *Door) replyForm(dis forum.Discussion) forumpage.ReplyForm {
	return forumpage.ReplyForm{Action: "/discussions/" + string(dis.ID) + "/posts", Once: answer.NewOnce()}
}
