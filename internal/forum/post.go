package forum

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
)

// draft is a post that is ready to be stored.
type draft struct {
	NewPost
	by          face.ID
	at          time.Time
	rendered    markdown.Text
	fingerprint string
}

// draft renders a post, before the transaction: rendering is the dear part.
func (r *Room) draft(by Actor, n NewPost) (d draft, err error) {
	d = draft{NewPost: n, by: by.Face, at: r.moment()}
	if n.Imported {
		d.by, d.at = whom(n.Face, by.Face), when(n.At, d.at)
	}
	if d.rendered, err = r.render(n.Text, KindPost, by.MaxLinks); err != nil {
		return d, err
	}
	d.fingerprint = fingerprint(n.Text)
	return d, nil
}

// Reply adds a post to a discussion. Faults: SignIn; NotFound; Forbidden when the
// discussion is closed or merged away; Invalid on "text"; Conflict when the same
// face posted the same text within a day.
func (r *Room) Reply(ctx context.Context, by Actor, id DiscussionID, n NewPost) (p Post, err error) {
	defer fault.Wrap(&err, "forum.Reply(%s)", id)
	if err = MayWrite(by); err != nil {
		return Post{}, err
	}
	if err = mayImport(by, n.Imported); err != nil {
		return Post{}, err
	}
	w, err := r.draft(by, n)
	if err != nil {
		return Post{}, err
	}
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		d, err := r.discussionTx(ctx, by, id)
		if err != nil {
			return err
		}
		if err := MayReply(by, d); err != nil {
			return err
		}
		p, err = r.postTx(ctx, d, w)
		return err
	})
	if err != nil {
		return Post{}, err
	}
	return p, r.named(ctx, &p.Author)
}

func (r *Room) postTx(ctx context.Context, d Discussion, w draft) (p Post, err error) {
	if err = r.fitsTx(ctx, w); err != nil {
		return p, err
	}
	var seq int
	if _, err = r.db.Row(ctx, qDiscussionNext, []any{string(d.ID), 1}, &seq); err != nil {
		return p, err
	}
	state := Shown
	if w.Held != "" {
		state = Waits
	}
	p = Post{
		ID: PostID(r.ids.New()), Discussion: d.ID, Seq: seq, Author: face.Face{ID: w.by}, At: w.at, Revision: 1,
		ReplyTo: w.ReplyTo, HTML: w.rendered.HTML, State: state, Imported: w.Imported,
	}
	if err = r.storeTx(ctx, p, w); err != nil {
		return p, err
	}
	if state == Waits {
		p.Hold = &Hold{At: w.at, Reason: w.Held}
		r.touchedDiscussion(ctx, d) // its pages show that something waits
		return p, r.holdTx(ctx, p.ID.Thing(), w.Held, w.at)
	}
	return p, r.spokenTx(ctx, d, p)
}

// fitsTx refuses an answer to nothing and the same text again.
func (r *Room) fitsTx(ctx context.Context, w draft) error {
	if w.ReplyTo != "" {
		if _, found, err := r.place(ctx, w.ReplyTo); err != nil {
			return err
		} else if !found {
			return fault.On("reply_to", fault.Invalid, "forum.reply.target")
		}
	}
	if w.Imported {
		return nil
	}
	var id string
	found, err := r.db.Row(ctx, qPostAgain, []any{string(w.by), db.Micros(w.at.Add(-again)), w.fingerprint}, &id)
	if err != nil {
		return err
	}
	if found {
		return fault.On("text", fault.Conflict, "forum.reply.duplicate")
	}
	return nil
}

// storeTx writes a post's row and first revision.
func (r *Room) storeTx(ctx context.Context, p Post, w draft) error {
	err := r.postMakeTx(ctx, newPost{
		discussion: p.Discussion, seq: p.Seq, id: p.ID, face: p.Author.ID, at: db.Micros(p.At), revision: 1, replyTo: p.ReplyTo,
		state: p.State, imported: p.Imported, fingerprint: w.fingerprint, html: p.HTML,
	})
	if err != nil {
		return err
	}
	return r.revisionMakeTx(ctx, Revision{Thing: p.ID.Thing(), N: 1, By: p.Author, At: p.At, Source: w.Text})
}

// spokenTx counts one more shown post of a discussion, and tells everybody.
func (r *Room) spokenTx(ctx context.Context, d Discussion, p Post) error {
	if err := r.countSpokenTx(ctx, d, 1, []face.ID{p.Author.ID}, p.ID, p.At); err != nil {
		return err
	}
	r.touchedDiscussion(ctx, d, p.Author.ID)
	return r.happened(ctx, EventPosted, string(p.ID), Placed{d.ID, p.Seq})
}

// countSpokenTx adds shown posts to the counts of a discussion.
func (r *Room) countSpokenTx(ctx context.Context, d Discussion, posts int, faces []face.ID, last PostID, at time.Time) error {
	fresh := 0
	for _, f := range faces {
		n, err := r.db.Exec(ctx, qFaceMake, string(d.ID), string(f))
		if err != nil {
			return err
		}
		fresh += int(n)
	}
	listed := !d.Held && d.MergedInto == ""
	var active int64
	if _, err := r.db.Row(ctx, qDiscussionSpoken, []any{string(d.ID), posts, fresh, string(last), string(faces[len(faces)-1]),
		bit(listed), db.Micros(at)}, &active); err != nil {
		return err
	}
	if len(d.Topics) > 0 {
		if _, err := r.db.Exec(ctx, qDiscussionTopicMove, string(d.ID), active); err != nil {
			return err
		}
	}
	if listed && d.Posts == 0 {
		return r.countTx(ctx, d.Topics, 0, 1)
	}
	return nil
}

// Edit changes a post. base is the Revision its author saw. The same text again
// changes nothing. Faults: SignIn, Forbidden, NotFound; Invalid on "text";
// Conflict with a Clash when it was changed meanwhile.
func (r *Room) Edit(ctx context.Context, by Actor, id PostID, base int, text string) (p Post, err error) {
	defer fault.Wrap(&err, "forum.Edit(%s)", id)
	if err = MayWrite(by); err != nil {
		return Post{}, err
	}
	t, err := r.render(text, KindPost, by.MaxLinks)
	if err != nil {
		return Post{}, err
	}
	err = r.editing(ctx, func(ctx context.Context) error { return r.editTx(ctx, by, id, base, text, t) })
	if err != nil {
		return Post{}, err
	}
	return r.Post(ctx, by, id)
}

func (r *Room) editTx(ctx context.Context, by Actor, id PostID, base int, text string, t markdown.Text) error {
	p, found, err := r.postRow(ctx, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "forum.post.none")
	}
	if err := MayEdit(by, p); err != nil {
		return err
	}
	if err := r.clashTx(ctx, id.Thing(), base, p.Revision); err != nil {
		return err
	}
	if err := r.rewordTx(ctx, id, t); err != nil {
		return err
	}
	now := r.moment()
	n, err := r.nextTx(ctx, Revision{Thing: id.Thing(), N: p.Revision, By: face.Face{ID: by.Face}, At: now, Source: text})
	if err != nil || n == p.Revision {
		return err
	}
	if _, err := r.db.Exec(ctx, qPostEdit, string(id), db.Micros(now), n, fingerprint(text), string(t.HTML)); err != nil {
		return err
	}
	d, _, err := r.discussionRow(ctx, p.Discussion)
	if err != nil {
		return err
	}
	if err := r.excerptTx(ctx, d); err != nil {
		return err
	}
	r.touchedDiscussion(ctx, d, p.Author.ID)
	if err := r.holdChangedTx(ctx, by, id.Thing(), p.State, now); err != nil {
		return err
	}
	return r.happened(ctx, EventEdited, string(id), Of{KindPost})
}
