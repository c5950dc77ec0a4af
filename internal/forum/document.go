package forum

import (
	"context"
	"html"
	"strings"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
)

const (
	postDocument = `SELECT p.id, p.discussion_id, p.seq, d.title, p.html, p.face_id, d.topics, d.lang, p.at,
		CASE WHEN p.state = 0 AND d.held = 0 THEN 1 ELSE 0 END
		FROM forum_post p JOIN forum_discussion d ON d.id = p.discussion_id `
	articleDocument = `SELECT a.id, a.discussion_id, 0, a.title, a.html, a.face_id, a.topics, a.lang, a.at,
		CASE WHEN a.state = 0 THEN 1 ELSE 0 END, a.platform FROM forum_article a `
)

var (
	qDocumentPost     = db.SQL("forum.documentPost", postDocument+`WHERE p.id = $1`)
	qDocumentArticle  = db.SQL("forum.documentArticle", articleDocument+`WHERE a.id = $1`)
	qDocumentPosts    = db.SQL("forum.documentPosts", postDocument+`WHERE p.id > $1 AND p.state <> 4 ORDER BY p.id LIMIT $2`)
	qDocumentArticles = db.SQL("forum.documentArticles", articleDocument+`WHERE a.id > $1 ORDER BY a.id LIMIT $2`)
	qDocumentRange    = db.SQL("forum.documentRange", postDocument+`
		WHERE p.discussion_id = $1 AND p.seq BETWEEN $2 AND $3 AND p.state <> 4 ORDER BY p.seq`)
)

func scanDocument(scan scanner, k Kind) (Document, error) {
	d := Document{Kind: k}
	var html, topics string
	var at, shown int64
	dest := []any{&d.ID, &d.Discussion, &d.Seq, &d.Title, &html, &d.Author, &topics, &d.Lang, &at, &shown}
	if k == KindArticle {
		dest = append(dest, &d.Platform)
	}
	err := scan(dest...)
	d.Text, d.Topics, d.At, d.Shown = plain(markdown.HTML(html)), keys(topics), db.Time(at), shown == 1
	return d, err
}

func (r *Room) documents(ctx context.Context, k Kind, q *db.Query, args ...any) (list []Document, err error) {
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		d, err := scanDocument(scan, k)
		list = append(list, d)
		return err
	}, args...)
	return list, err
}

// Document reads a post or an article as a plain text, also one that is not
// shown: see Shown. Faults: NotFound.
func (r *Room) Document(ctx context.Context, t Thing) (d Document, err error) {
	defer fault.Wrap(&err, "forum.Document(%s %s)", t.Kind, t.ID)
	q := qDocumentPost
	if t.Kind == KindArticle {
		q = qDocumentArticle
	}
	list, err := r.documents(ctx, t.Kind, q, t.ID)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	if err != nil {
		return Document{}, err
	}
	return list[0], nil
}

// Documents reads all posts and articles, up to n at a time, for an index that
// begins anew: start with an empty cursor, go on with the one returned until it
// is empty.
func (r *Room) Documents(ctx context.Context, cursor string, n int) (list []Document, next string, err error) {
	defer fault.Wrap(&err, "forum.Documents")
	k, id, _ := strings.Cut(cursor, ":")
	if k != string(KindPost) {
		if list, err = r.documents(ctx, KindArticle, qDocumentArticles, id, n); err != nil {
			return nil, "", err
		}
		if len(list) == n {
			return list, string(KindArticle) + ":" + list[n-1].ID, nil
		}
		return list, string(KindPost) + ":", nil
	}
	list, err = r.documents(ctx, KindPost, qDocumentPosts, id, n)
	if err != nil || len(list) < n {
		return list, "", err
	}
	return list, string(KindPost) + ":" + list[n-1].ID, nil
}

// DocumentsIn reads the posts of a discussion from one number to another, both
// included: what forum.appended told, or all of one that is shown again.
func (r *Room) DocumentsIn(ctx context.Context, id DiscussionID, from, to int) (list []Document, err error) {
	defer fault.Wrap(&err, "forum.DocumentsIn(%s)", id)
	return r.documents(ctx, KindPost, qDocumentRange, string(id), from, to)
}

// plain takes the tags out of HTML that package markdown wrote: there every < is
// a tag's, and every block ends in a line end or a closing tag of its own.
func plain(h markdown.HTML) string {
	var b strings.Builder
	b.Grow(len(h))
	s := string(h)
	for s != "" {
		text, rest, found := strings.Cut(s, "<")
		b.WriteString(text)
		if !found {
			break
		}
		tag, after, _ := strings.Cut(rest, ">")
		name := strings.TrimPrefix(tag, "/")
		if end := strings.IndexAny(name, " /"); end >= 0 {
			name = name[:end]
		}
		if !inline[name] {
			b.WriteByte('\n')
		}
		s = after
	}
	var lines []string
	for l := range strings.SplitSeq(html.UnescapeString(b.String()), "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

// inline are the elements that do not part words.
var inline = map[string]bool{
	"a": true, "em": true, "strong": true, "code": true, "del": true, "s": true, "sup": true, "sub": true, "b": true, "i": true,
	"span": true, "bdi": true, "mark": true, "kbd": true, "abbr": true,
}
