package forum

import (
	"context"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

// All SQL of articles and discussions; store_post.go has that of posts,
// store_mark.go that of what is attached to them, store_topic.go of topics.
const (
	articleColumns = `a.id, a.slug, a.title, a.lang, a.face_id, a.platform, a.topics, a.excerpt, a.words, a.at, a.edited_at,
		a.revision, a.state, a.recommendations, a.discussion_id, a.imported, a.source, d.posts`
	articleFrom = ` FROM forum_article a JOIN forum_discussion d ON d.id = a.discussion_id `

	discussionColumns = `d.id, d.slug, d.title, d.lang, d.article_id, d.face_id, d.topics, d.excerpt, d.at, d.posts, d.last_seq,
		d.active_at, d.last_post_id, d.last_face_id, d.faces, d.revision, d.held, d.closed, d.summary, d.merged_into, d.imported, d.source, d.restated`
)

var (
	qArticleMake = db.SQL("forum.articleMake", `
		INSERT INTO forum_article (id, slug, title, lang, face_id, platform, platform_key, topics, excerpt, words, at, edited_at,
			revision, state, recommendations, discussion_id, imported, source, html)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 1, $12, 0, $13, $14, $15, $16)`)
	qArticle       = db.SQL("forum.article", `SELECT `+articleColumns+`, a.html`+articleFrom+`WHERE a.id = $1`)
	qArticleAmong  = db.SQL("forum.articleAmong", `SELECT `+articleColumns+articleFrom+`WHERE a.id = $1 AND a.state = 0`)
	qArticleTitled = db.SQL("forum.articleTitled", `SELECT id FROM forum_article WHERE face_id = $1 AND at >= $2 AND title = $3 LIMIT 1`)
	qArticles      = db.SQL("forum.articles", `SELECT `+articleColumns+articleFrom+`
		WHERE a.state = 0 AND (a.at, a.id) < ($1, $2) AND ($3 = '' OR a.lang = $3) ORDER BY a.at DESC, a.id DESC LIMIT $4`)
	qArticlesByTopic = db.SQL("forum.articlesByTopic", `SELECT `+articleColumns+`
		FROM forum_article_topic t JOIN forum_article a ON a.id = t.article_id JOIN forum_discussion d ON d.id = a.discussion_id
		WHERE t.topic_key = $5 AND (t.at, t.article_id) < ($1, $2) AND a.state = 0 AND ($3 = '' OR a.lang = $3)
		ORDER BY t.at DESC, t.article_id DESC LIMIT $4`)
	qArticlesByFace = db.SQL("forum.articlesByFace", `SELECT `+articleColumns+articleFrom+`
		WHERE a.face_id = $5 AND (a.at, a.id) < ($1, $2) AND (a.state = 0 OR $6 = 1 AND a.state < 3) AND ($3 = '' OR a.lang = $3) ORDER BY a.at DESC, a.id DESC LIMIT $4`)
	qArticlesByPlatform = db.SQL("forum.articlesByPlatform", `SELECT `+articleColumns+articleFrom+`
		WHERE a.platform_key = $5 AND (a.at, a.id) < ($1, $2) AND a.state = 0 AND ($3 = '' OR a.lang = $3) ORDER BY a.at DESC, a.id DESC LIMIT $4`)
	qArticleEdit = db.SQL("forum.articleEdit", `
		UPDATE forum_article SET slug = $2, title = $3, platform = $4, platform_key = $5, topics = $6, excerpt = $7, words = $8,
			edited_at = $9, revision = $10, html = $11 WHERE id = $1`)
	qArticleState = db.SQL("forum.articleState", `UPDATE forum_article SET state = $2 WHERE id = $1`)

	qArticleTopicMake  = db.SQL("forum.articleTopicMake", `INSERT INTO forum_article_topic (topic_key, at, article_id) VALUES ($1, $2, $3)`)
	qArticleTopicErase = db.SQL("forum.articleTopicErase", `DELETE FROM forum_article_topic WHERE article_id = $1`)

	qLinkMake  = db.SQL("forum.linkMake", `INSERT INTO forum_article_link (article_id, to_id) VALUES ($1, $2)`)
	qLinkErase = db.SQL("forum.linkErase", `DELETE FROM forum_article_link WHERE article_id = $1`)

	qDiscussionMake = db.SQL("forum.discussionMake", `
		INSERT INTO forum_discussion (id, slug, title, lang, article_id, face_id, topics, excerpt, at, posts, last_seq, active_at,
			last_post_id, last_face_id, faces, revision, listed, held, closed, summary, merged_into, imported, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $9, '', '', 0, 1, 0, $10, 0, 0, '', $11, $12)`)
	qDiscussion  = db.SQL("forum.discussion", `SELECT `+discussionColumns+` FROM forum_discussion d WHERE d.id = $1`)
	qDiscussions = db.SQL("forum.discussions", `SELECT `+discussionColumns+` FROM forum_discussion d
		WHERE d.listed = 1 AND (d.active_at, d.id) < ($1, $2) AND ($3 = '' OR d.lang = $3) ORDER BY d.active_at DESC, d.id DESC LIMIT $4`)
	qDiscussionsByTopic = db.SQL("forum.discussionsByTopic", `SELECT `+discussionColumns+`
		FROM forum_discussion_topic t JOIN forum_discussion d ON d.id = t.discussion_id
		WHERE t.topic_key = $5 AND (t.active_at, t.discussion_id) < ($1, $2) AND d.listed = 1 AND ($3 = '' OR d.lang = $3)
		ORDER BY t.active_at DESC, t.discussion_id DESC LIMIT $4`)
	qDiscussionsByFace = db.SQL("forum.discussionsByFace", `SELECT `+discussionColumns+` FROM forum_discussion d
		WHERE d.face_id = $5 AND (d.at, d.id) < ($1, $2) AND d.article_id = '' AND (d.listed = 1 OR $6 = 1) AND ($3 = '' OR d.lang = $3)
		ORDER BY d.at DESC, d.id DESC LIMIT $4`)
	qDiscussionNext = db.SQL("forum.discussionNext", `
		UPDATE forum_discussion SET last_seq = last_seq + $2 WHERE id = $1 RETURNING last_seq`)
	qDiscussionSpoken = db.SQL("forum.discussionSpoken", `
		UPDATE forum_discussion SET posts = posts + $2, faces = faces + $3, last_post_id = $4, last_face_id = $5, listed = $6,
			active_at = CASE WHEN active_at < $7 OR posts = 0 THEN $7 ELSE active_at END WHERE id = $1 RETURNING active_at`)
	qDiscussionCounts = db.SQL("forum.discussionCounts", `
		UPDATE forum_discussion SET posts = $2, faces = $3, last_post_id = $4, last_face_id = $5, listed = $6, active_at = $7
		WHERE id = $1`)
	qDiscussionTitle = db.SQL("forum.discussionTitle", `
		UPDATE forum_discussion SET slug = $2, title = $3, topics = $4, revision = $5 WHERE id = $1`)
	qDiscussionExcerpt = db.SQL("forum.discussionExcerpt", `UPDATE forum_discussion SET excerpt = $2 WHERE id = $1`)
	qDiscussionHeld    = db.SQL("forum.discussionHeld", `UPDATE forum_discussion SET held = $2 WHERE id = $1`)
	qDiscussionClosed  = db.SQL("forum.discussionClosed", `UPDATE forum_discussion SET closed = $2 WHERE id = $1`)
	qDiscussionMerged  = db.SQL("forum.discussionMerged", `UPDATE forum_discussion SET merged_into = $2 WHERE id = $1`)
	qDiscussionSummary = db.SQL("forum.discussionSummary", `UPDATE forum_discussion SET summary = $2 WHERE id = $1`)

	qDiscussionTopicMake  = db.SQL("forum.discussionTopicMake", `INSERT INTO forum_discussion_topic (topic_key, active_at, discussion_id) VALUES ($1, $2, $3)`)
	qDiscussionTopicErase = db.SQL("forum.discussionTopicErase", `DELETE FROM forum_discussion_topic WHERE discussion_id = $1`)
	qDiscussionTopicMove  = db.SQL("forum.discussionTopicMove", `UPDATE forum_discussion_topic SET active_at = $2 WHERE discussion_id = $1`)

	qFaceMake   = db.SQL("forum.faceMake", `INSERT INTO forum_discussion_face (discussion_id, face_id) VALUES ($1, $2) ON CONFLICT (discussion_id, face_id) DO NOTHING`)
	qFacesErase = db.SQL("forum.facesErase", `DELETE FROM forum_discussion_face WHERE discussion_id = $1`)
	qFacesMake  = db.SQL("forum.facesMake", `
		INSERT INTO forum_discussion_face (discussion_id, face_id)
		SELECT DISTINCT discussion_id, face_id FROM forum_post WHERE discussion_id = $1 AND state = 0`)
)

type scanner = func(...any) error

func scanArticle(scan scanner, more ...any) (Article, error) {
	var a Article
	var topics string
	var at, edited, imported int64
	dest := append([]any{&a.ID, &a.Slug, &a.Title, &a.Lang, &a.Author.ID, &a.Platform, &topics, &a.Excerpt, &a.Words, &at, &edited,
		&a.Revision, &a.State, &a.Recommendations, &a.Discussion, &imported, &a.Source, &a.Posts}, more...)
	err := scan(dest...)
	a.Topics, a.At, a.EditedAt, a.Imported = keys(topics), db.Time(at), moment(edited), imported == 1
	return a, err
}

func scanDiscussion(scan scanner) (Discussion, error) {
	var d Discussion
	var topics string
	var at, active, held, closed, summary, imported, restated int64
	err := scan(&d.ID, &d.Slug, &d.Title, &d.Lang, &d.Article, &d.Opener.ID, &topics, &d.Excerpt, &at, &d.Posts, &d.LastSeq,
		&active, &d.LastPost, &d.LastBy.ID, &d.Faces, &d.Revision, &held, &closed, &summary, &d.MergedInto, &imported, &d.Source, &restated)
	d.Topics, d.At, d.ActiveAt = keys(topics), db.Time(at), db.Time(active)
	d.Held, d.Closed, d.HasSummary, d.Imported = held == 1, closed == 1, summary == 1, imported == 1
	d.restated = restated == 1
	return d, err
}

// rowScanner gives Row's shape to a scan of one row.
func (r *Room) row(ctx context.Context, q *db.Query, read func(scanner) error, args ...any) (found bool, err error) {
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		found = true
		return read(scan)
	}, args...)
	return found, err
}

func (r *Room) articleRow(ctx context.Context, id ArticleID) (a Article, found bool, err error) {
	found, err = r.row(ctx, qArticle, func(scan scanner) (err error) {
		var html string
		a, err = scanArticle(scan, &html)
		a.HTML = markdown.HTML(html)
		return err
	}, id)
	return a, found, err
}

func (r *Room) discussionRow(ctx context.Context, id DiscussionID) (d Discussion, found bool, err error) {
	found, err = r.row(ctx, qDiscussion, func(scan scanner) (err error) {
		d, err = scanDiscussion(scan)
		return err
	}, id)
	return d, found, err
}

// moment reads a time of which 0 means none.
func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return db.Time(us)
}

// keys reads the keys of a topics column.
func keys(s string) []TopicKey {
	if s == "" {
		return nil
	}
	var out []TopicKey
	for k := range strings.SplitSeq(s, " ") {
		out = append(out, TopicKey(k))
	}
	return out
}

// unkeys writes the keys of a topics column.
func unkeys(list []TopicKey) string {
	var b strings.Builder
	for i, k := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(k))
	}
	return b.String()
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// named fills in the faces of a list, from memory nearly always.
func (r *Room) named(ctx context.Context, faces ...*face.Face) error {
	return r.faces.Fill(ctx, faces...)
}

// texts reads the single text column of all rows.
func (r *Room) texts(ctx context.Context, q *db.Query, args ...any) (list []string, err error) {
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		list = append(list, s)
		return err
	}, args...)
	return list, err
}
