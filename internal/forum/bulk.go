package forum

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// AppendMany adds posts to a discussion in order, in the names and at the moments
// they give: for imports and fill. It is one transaction (the caller's, if ctx
// carries one), one event and one touch for all, and does not look for
// duplicates. Faults: SignIn, Forbidden, NotFound; Invalid on "text" of the post
// whose number is the argument.
func (r *Room) AppendMany(ctx context.Context, by Actor, id DiscussionID, posts []NewPost) (ids []PostID, err error) {
	defer fault.Wrap(&err, "forum.AppendMany(%s)", id)
	if err = MaySteward(by); err != nil || len(posts) == 0 {
		return nil, err
	}
	drafts, err := r.draftMany(ctx, posts)
	if err != nil {
		return nil, err
	}
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		d, err := r.discussionTx(ctx, by, id)
		if err != nil {
			return err
		}
		var last int
		if _, err := r.db.Row(ctx, qDiscussionNext, []any{string(id), len(posts)}, &last); err != nil {
			return err
		}
		ids, err = r.appendTx(ctx, by, d, last-len(posts), drafts)
		return err
	})
	return ids, err
}

// draftMany renders on all cores.
func (r *Room) draftMany(ctx context.Context, posts []NewPost) ([]draft, error) {
	drafts := make([]draft, len(posts))
	g, _ := errgroup.WithContext(ctx)
	workers := min(runtime.NumCPU(), (len(posts)+15)/16)
	for w := range workers {
		g.Go(func() error {
			for i := w; i < len(posts); i += workers {
				text, err := r.render(posts[i].Text, KindPost, 0)
				if err != nil {
					return fault.On("text", fault.Invalid, "forum.append.post", i+1).Because(fmt.Errorf("post %d: %w", i+1, err))
				}
				drafts[i] = draft{NewPost: posts[i], rendered: text}
			}
			return nil
		})
	}
	return drafts, g.Wait()
}

func (r *Room) appendTx(ctx context.Context, by Actor, d Discussion, before int, posts []draft) ([]PostID, error) {
	ids := make([]PostID, len(posts))
	var faces []face.ID
	seen := map[face.ID]bool{}
	var newest time.Time
	now := r.moment()
	for i, n := range posts {
		ids[i] = PostID(r.ids.New())
		p := Post{
			ID: ids[i], Discussion: d.ID, Seq: before + 1 + i, Author: face.Face{ID: whom(n.Face, by.Face)}, At: when(n.At, now),
			Revision: 1, ReplyTo: n.ReplyTo, HTML: n.rendered.HTML, State: Shown, Imported: n.Imported,
		}
		if n.Answers > 0 && n.Answers <= i {
			p.ReplyTo = ids[n.Answers-1]
		}
		if err := r.storeTx(ctx, p, n); err != nil {
			return nil, err
		}
		if !seen[p.Author.ID] {
			seen[p.Author.ID] = true
			faces = append(faces, p.Author.ID)
		}
		if p.At.After(newest) {
			newest = p.At
		}
	}
	last := whom(posts[len(posts)-1].Face, by.Face)
	for i, f := range faces { // the last one counts as the last to speak
		if f == last {
			faces = append(append(faces[:i:i], faces[i+1:]...), last)
			break
		}
	}
	if err := r.countSpokenTx(ctx, d, len(posts), faces, ids[len(ids)-1], newest); err != nil {
		return nil, err
	}
	r.touchedDiscussion(ctx, d, faces...)
	return ids, r.happened(ctx, EventAppended, string(d.ID), Range{before + 1, before + len(posts)})
}
