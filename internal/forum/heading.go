package forum

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// Discussions under an article are found by the article.
const heading = `SELECT id, id, 0, title, '', face_id, topics, lang, at, listed FROM forum_discussion `

var (
	qHeading  = db.SQL("forum.heading", heading+`WHERE id = $1 AND article_id = ''`)
	qHeadings = db.SQL("forum.headings", heading+`WHERE id > $1 AND article_id = '' ORDER BY id LIMIT $2`)
)

// Heading reads a discussion that stands on its own as a document without a text.
// Faults: NotFound, also for the discussion of an article.
func (r *Room) Heading(ctx context.Context, id DiscussionID) (d Document, err error) {
	defer fault.Wrap(&err, "forum.Heading(%s)", id)
	list, err := r.documents(ctx, KindDiscussion, qHeading, string(id))
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "forum.discussion.none")
	}
	if err != nil {
		return Document{}, err
	}
	return list[0], nil
}

// Headings reads those of all discussions that stand on their own, n at a time,
// in the order of their ids after one.
func (r *Room) Headings(ctx context.Context, after DiscussionID, n int) (list []Document, err error) {
	defer fault.Wrap(&err, "forum.Headings")
	return r.documents(ctx, KindDiscussion, qHeadings, string(after), n)
}
