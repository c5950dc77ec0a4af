package forum

import (
	"context"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/markdown"
)

// Discussion reads one discussion, with its closure and summary. One that was
// merged away says where in MergedInto. Faults: NotFound.
func (r *Room) Discussion(ctx context.Context, a Actor, id DiscussionID) (d Discussion, err error) {
	defer fault.Wrap(&err, "forum.Discussion(%s)", id)
	d, found, err := r.discussionRow(ctx, id)
	if err != nil {
		return Discussion{}, err
	}
	if !found {
		return Discussion{}, fault.New(fault.NotFound, "forum.discussion.none")
	}
	if err = MayReadDiscussion(a, d); err != nil {
		return Discussion{}, err
	}
	if d.Closed {
		if d.Closure, err = r.closureRow(ctx, id); err != nil {
			return Discussion{}, err
		}
	}
	people := []*face.Face{&d.Opener, &d.LastBy}
	if d.HasSummary {
		s, found, err := r.summaryRow(ctx, id)
		if err != nil {
			return Discussion{}, err
		}
		if found {
			d.Summary = &s
			people = append(people, &s.By)
		}
	}
	return d, r.named(ctx, people...)
}

// Discussions lists discussions with at least one shown post, most recently
// active first; those opened by a face, newest first, and its owner and stewards
// see waiting ones too.
func (r *Room) Discussions(ctx context.Context, a Actor, f Filter) (list []Discussion, err error) {
	defer fault.Wrap(&err, "forum.Discussions")
	at, id := readMark(f.Before)
	args := []any{at, id, f.Lang, limit(f.Limit)}
	q := qDiscussions
	switch {
	case f.Topic != "":
		q, args = qDiscussionsByTopic, append(args, string(f.Topic))
	case f.Face != "":
		q, args = qDiscussionsByFace, append(args, string(f.Face), bit(a.sees(f.Face)))
	}
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		d, err := scanDiscussion(scan)
		list = append(list, d)
		return err
	}, args...)
	if err != nil {
		return nil, err
	}
	people := append(authors(list, func(d *Discussion) *face.Face { return &d.Opener }),
		authors(list, func(d *Discussion) *face.Face { return &d.LastBy })...)
	return list, r.named(ctx, people...)
}

// Open opens a discussion with its first post. Faults: SignIn; Invalid on
// "title", "lang", "topics" or "text"; Conflict for a text the same face posted
// within a day; Forbidden for an import by somebody who is not a steward.
func (r *Room) Open(ctx context.Context, by Actor, n NewDiscussion) (d Discussion, err error) {
	defer fault.Wrap(&err, "forum.Open")
	if err = MayWrite(by); err != nil {
		return Discussion{}, err
	}
	if err = mayImport(by, n.Imported); err != nil {
		return Discussion{}, err
	}
	o := opening{id: DiscussionID(r.ids.New()), held: n.First.Held != "", imported: n.Imported}
	if o.title, err = title(n.Title); err != nil {
		return Discussion{}, err
	}
	if o.lang, err = tongue(n.Lang); err != nil {
		return Discussion{}, err
	}
	if o.topics, err = r.chosen(ctx, n.Topics); err != nil {
		return Discussion{}, err
	}
	if o.source, err = origin(n.Source); err != nil {
		return Discussion{}, err
	}
	n.First.Imported = n.Imported
	first, err := r.draft(by, n.First)
	if err != nil {
		return Discussion{}, err
	}
	o.opener, o.at, o.excerpt = first.by, first.at, first.rendered.Excerpt(excerptLen)
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		if err := r.openTx(ctx, o); err != nil {
			return err
		}
		d, _, err := r.discussionRow(ctx, o.id)
		if err != nil {
			return err
		}
		_, err = r.postTx(ctx, d, first)
		return err
	})
	if err != nil {
		return Discussion{}, err
	}
	return r.Discussion(ctx, Actor{Face: first.by}, o.id)
}

// opening is what is written of a new discussion.
type opening struct {
	id       DiscussionID
	title    string
	lang     string
	opener   face.ID
	topics   []TopicKey
	excerpt  string
	at       time.Time
	held     bool
	imported bool
	source   string
}

func (r *Room) openTx(ctx context.Context, o opening) error {
	if _, err := r.db.Exec(ctx, qDiscussionMake, string(o.id), ident.Slug(o.title), o.title, o.lang, "", string(o.opener),
		unkeys(o.topics), o.excerpt, db.Micros(o.at), bit(o.held), bit(o.imported), o.source); err != nil {
		return err
	}
	if err := r.discussedTx(ctx, o.id, o.topics, o.at); err != nil {
		return err
	}
	return r.revisionMakeTx(ctx, Revision{Thing: o.id.Thing(), N: 1, By: face.Face{ID: o.opener}, At: o.at, Title: o.title})
}

// Retitle gives a discussion another title and other topics. base is the
// Revision the actor saw. Faults: SignIn, Forbidden, NotFound; Invalid on
// "title" or "topics"; Conflict with a Clash.
func (r *Room) Retitle(ctx context.Context, by Actor, id DiscussionID, base int, to string, topics []TopicKey) (d Discussion, err error) {
	defer fault.Wrap(&err, "forum.Retitle(%s)", id)
	if to, err = title(to); err != nil {
		return Discussion{}, err
	}
	if topics, err = r.chosen(ctx, topics); err != nil {
		return Discussion{}, err
	}
	err = r.editing(ctx, func(ctx context.Context) error { return r.retitleTx(ctx, by, id, base, to, topics) })
	if err != nil {
		return Discussion{}, err
	}
	return r.Discussion(ctx, by, id)
}

func (r *Room) retitleTx(ctx context.Context, by Actor, id DiscussionID, base int, to string, topics []TopicKey) error {
	d, err := r.discussionTx(ctx, by, id)
	if err != nil {
		return err
	}
	if err := MayRetitle(by, d); err != nil {
		return err
	}
	if err := r.clashTx(ctx, id.Thing(), base, d.Revision); err != nil {
		return err
	}
	n, err := r.nextTx(ctx, Revision{Thing: id.Thing(), N: d.Revision, By: face.Face{ID: by.Face}, At: r.moment(), Title: to})
	if err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qDiscussionTitle, string(id), ident.Slug(to), to, unkeys(topics), n); err != nil {
		return err
	}
	if err := r.discussedTx(ctx, id, topics, d.ActiveAt); err != nil {
		return err
	}
	if err := r.recountTopicsTx(ctx, d.Topics, topics); err != nil {
		return err
	}
	old := d
	old.Topics = append(d.Topics, topics...)
	r.touchedDiscussion(ctx, old)
	return r.happened(ctx, EventEdited, string(id), Of{KindDiscussion})
}

// discussionTx reads a discussion that the actor may see.
func (r *Room) discussionTx(ctx context.Context, a Actor, id DiscussionID) (Discussion, error) {
	d, found, err := r.discussionRow(ctx, id)
	if err != nil {
		return d, err
	}
	if !found {
		return d, fault.New(fault.NotFound, "forum.discussion.none")
	}
	return d, MayReadDiscussion(a, d)
}

// touchedDiscussion tells which pages show a discussion.
func (r *Room) touchedDiscussion(ctx context.Context, d Discussion, faces ...face.ID) {
	things := []string{"front", "discussion:" + string(d.ID)}
	if d.Article != "" {
		things = append(things, "article:"+string(d.Article))
	}
	for _, k := range d.Topics {
		things = append(things, "topic:"+string(k))
	}
	for _, f := range faces {
		things = append(things, "face:"+string(f))
	}
	r.touched(ctx, things...)
}

// recountTx counts a discussion's shown posts anew, after some were hidden,
// erased or moved.
func (r *Room) recountTx(ctx context.Context, id DiscussionID) error {
	d, found, err := r.discussionRow(ctx, id)
	if err != nil || !found {
		return err
	}
	var posts, faces, last int
	var active int64
	if _, err := r.db.Row(ctx, qPostCounts, []any{string(id)}, &posts, &faces, &active, &last); err != nil {
		return err
	}
	var lastID, lastBy string
	if _, err := r.db.Row(ctx, qPostAt, []any{string(id), last}, &lastID, &lastBy); err != nil {
		return err
	}
	if posts == 0 {
		active, lastID, lastBy = db.Micros(d.At), "", ""
	}
	listed := posts > 0 && !d.Held && d.MergedInto == ""
	if _, err := r.db.Exec(ctx, qDiscussionCounts, string(id), posts, faces, lastID, lastBy, bit(listed), active); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qDiscussionTopicMove, string(id), active); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qFacesErase, string(id)); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qFacesMake, string(id)); err != nil {
		return err
	}
	if err := r.excerptTx(ctx, d); err != nil {
		return err
	}
	return r.recountTopicsTx(ctx, d.Topics)
}

// excerptTx takes the excerpt from the first post that is shown.
func (r *Room) excerptTx(ctx context.Context, d Discussion) error {
	if d.Article != "" {
		return nil // lists show the article's own
	}
	var html string
	if _, err := r.db.Row(ctx, qFirstHTML, []any{string(d.ID)}, &html); err != nil {
		return err
	}
	_, err := r.db.Exec(ctx, qDiscussionExcerpt, string(d.ID), markdown.Excerpt(plain(markdown.HTML(html)), excerptLen))
	return err
}
