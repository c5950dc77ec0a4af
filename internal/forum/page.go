package forum

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// Page reads page n (from 1) of a discussion: the posts numbered (n-1)*50+1 to
// n*50, stubs included. Faults: NotFound for a discussion or page that is not
// there.
func (r *Room) Page(ctx context.Context, a Actor, id DiscussionID, n int) (page Page, err error) {
	defer fault.Wrap(&err, "forum.Page(%s, %d)", id, n)
	d, err := r.Discussion(ctx, a, id)
	if err != nil {
		return Page{}, err
	}
	if n < 1 || n > d.Pages() {
		return Page{}, fault.New(fault.NotFound, "forum.page.none")
	}
	posts, err := r.pagePosts(ctx, &d, n)
	if err != nil {
		return Page{}, err
	}
	for i := range posts {
		if err := r.veil(ctx, a, &posts[i]); err != nil {
			return Page{}, err
		}
	}
	if err := r.named(ctx, authors(posts, func(p *Post) *face.Face { return &p.Author })...); err != nil {
		return Page{}, err
	}
	restates, err := r.pageRestates(ctx, d, n)
	return Page{Discussion: d, N: n, Posts: posts, Restates: restates}, err
}

// veil takes away what this reader may not see of a post, and adds why.
func (r *Room) veil(ctx context.Context, a Actor, p *Post) (err error) {
	if p.State == Shown {
		return nil
	}
	see := maySee(a, p.State, string(p.Author.ID))
	switch {
	case p.State == Hushed:
		p.Hush, err = r.hushRow(ctx, string(p.ID))
	case p.State == Waits && see:
		p.Hold, err = r.holdRow(ctx, string(p.ID))
	}
	if !see {
		p.HTML = ""
	}
	if p.State == Waits && !see {
		p.Author = face.Face{} // that somebody waits is enough
	}
	return err
}

// Post reads one post; of a stub what stands there, with MovedTo. Faults:
// NotFound when there is none for this reader.
func (r *Room) Post(ctx context.Context, a Actor, id PostID) (p Post, err error) {
	defer fault.Wrap(&err, "forum.Post(%s)", id)
	p, err = r.postTxMay(ctx, a, id)
	if err != nil {
		return Post{}, err
	}
	if err = r.veil(ctx, a, &p); err != nil {
		return Post{}, err
	}
	return p, r.named(ctx, &p.Author)
}

// postTxMay reads a post of a discussion that the actor may see.
func (r *Room) postTxMay(ctx context.Context, a Actor, id PostID) (Post, error) {
	p, found, err := r.postRow(ctx, id)
	if err != nil {
		return p, err
	}
	if !found || p.State == Waits && MaySeePost(a, p) != nil {
		return p, fault.New(fault.NotFound, "forum.post.none")
	}
	_, err = r.discussionTx(ctx, a, p.Discussion)
	return p, err
}

// Place tells where a post stands now; the page is PageOf(seq). Faults: NotFound.
func (r *Room) Place(ctx context.Context, id PostID) (in DiscussionID, seq int, err error) {
	defer fault.Wrap(&err, "forum.Place(%s)", id)
	at, found, err := r.place(ctx, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "forum.post.none")
	}
	return at.Discussion, at.Seq, err
}

func (r *Room) place(ctx context.Context, id PostID) (p Placed, found bool, err error) {
	found, err = r.db.Row(ctx, qPlace, []any{string(id)}, &p.Discussion, &p.Seq)
	return p, found, err
}

// FirstAfter tells the number of the first post written at t or later; 0 when
// there is none. Posts that were moved in stand where they were put, so this is
// the lowest number, not the earliest moment.
func (r *Room) FirstAfter(ctx context.Context, id DiscussionID, t time.Time) (seq int, err error) {
	defer fault.Wrap(&err, "forum.FirstAfter(%s)", id)
	_, err = r.db.Row(ctx, qPostAfter, []any{string(id), db.Micros(t)}, &seq)
	return seq, err
}

// Posts lists shown posts, newest first: of the hall, or as f chooses. In a list
// by face its owner and stewards see hidden and waiting ones too.
func (r *Room) Posts(ctx context.Context, a Actor, f PostFilter) (list []Listed, err error) {
	defer fault.Wrap(&err, "forum.Posts")
	at, id := readMark(f.Before)
	args := []any{at, id, limit(f.Limit)}
	q := qPosts
	switch {
	case f.Discussion != "":
		q, args = qPostsByDiscussion, append(args, string(f.Discussion))
	case f.Topic != "":
		q, args = qPostsByTopic, append(args, string(f.Topic))
	case f.Face != "":
		q, args = qPostsByFace, append(args, string(f.Face), bit(a.sees(f.Face)))
	}
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		l, err := scanListed(scan)
		list = append(list, l)
		return err
	}, args...)
	if err != nil {
		return nil, err
	}
	return list, r.named(ctx, authors(list, func(l *Listed) *face.Face { return &l.Author })...)
}
