package forum

import (
	"context"
	"database/sql"
	"sync"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

const postColumns = `p.discussion_id, p.seq, p.id, p.face_id, p.at, p.edited_at, p.revision, p.reply_to, p.state, p.moved_id,
	p.recommendations, p.imported, p.html`

var (
	qPostMake = db.SQL("forum.postMake", `
		INSERT INTO forum_post (discussion_id, seq, id, face_id, at, edited_at, revision, reply_to, state, moved_id,
			recommendations, imported, text_hash, html)
		VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, 0, $10, $11, $12)`)
	// The hot query of the hall: one range of a clustered table.
	qPage = db.SQL("forum.page", `
		SELECT seq, id, face_id, at, edited_at, revision, reply_to, state, moved_id, recommendations, imported, html
		FROM forum_post WHERE discussion_id = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq`)
	qPost      = db.SQL("forum.post", `SELECT `+postColumns+` FROM forum_post p WHERE p.id = $1`)
	qPlace     = db.SQL("forum.place", `SELECT discussion_id, seq FROM forum_post WHERE id = $1`)
	qPostAgain = db.SQL("forum.postAgain", `
		SELECT id FROM forum_post WHERE face_id = $1 AND at >= $2 AND text_hash = $3 AND text_hash <> '' LIMIT 1`)
	qPostAfter = db.SQL("forum.postAfter", `SELECT COALESCE(MIN(seq), 0) FROM forum_post WHERE discussion_id = $1 AND at >= $2`)
	qPostEdit  = db.SQL("forum.postEdit", `UPDATE forum_post SET edited_at = $2, revision = $3, text_hash = $4, html = $5 WHERE id = $1`)
	qPostState = db.SQL("forum.postState", `UPDATE forum_post SET state = $2 WHERE id = $1`)
	qPostMove  = db.SQL("forum.postMove", `UPDATE forum_post SET discussion_id = $2, seq = $3 WHERE id = $1`)
	qStubErase = db.SQL("forum.stubErase", `DELETE FROM forum_post WHERE discussion_id = $1 AND seq = $2 AND state = 4 AND moved_id = $3`)
	qPostIDs   = db.SQL("forum.postIDs", `SELECT id, seq FROM forum_post WHERE discussion_id = $1 AND state <> 4 ORDER BY seq`)
	qFirstHTML = db.SQL("forum.firstHTML", `SELECT html FROM forum_post WHERE discussion_id = $1 AND state = 0 ORDER BY seq LIMIT 1`)

	qPostCounts = db.SQL("forum.postCounts", `
		SELECT COUNT(*), COUNT(DISTINCT face_id), COALESCE(MAX(at), 0), COALESCE(MAX(seq), 0)
		FROM forum_post WHERE discussion_id = $1 AND state = 0`)
	qPostAt = db.SQL("forum.postAt", `SELECT id, face_id FROM forum_post WHERE discussion_id = $1 AND seq = $2`)

	qPosts = db.SQL("forum.posts", `SELECT `+postColumns+`, d.title, d.slug, d.lang
		FROM forum_post p JOIN forum_discussion d ON d.id = p.discussion_id
		WHERE (p.at, p.id) < ($1, $2) AND p.state = 0 AND d.held = 0 ORDER BY p.at DESC, p.id DESC LIMIT $3`)
	qPostsByFace = db.SQL("forum.postsByFace", `SELECT `+postColumns+`, d.title, d.slug, d.lang
		FROM forum_post p JOIN forum_discussion d ON d.id = p.discussion_id
		WHERE p.face_id = $4 AND (p.at, p.id) < ($1, $2) AND (p.state = 0 AND d.held = 0 OR $5 = 1 AND p.state < 3) ORDER BY p.at DESC, p.id DESC LIMIT $3`)
	qPostsByTopic = db.SQL("forum.postsByTopic", `SELECT `+postColumns+`, d.title, d.slug, d.lang
		FROM forum_discussion_topic t JOIN forum_discussion d ON d.id = t.discussion_id JOIN forum_post p ON p.id = d.last_post_id
		WHERE t.topic_key = $4 AND t.active_at <= $1 AND (p.at, p.id) < ($1, $2) AND d.listed = 1 AND p.state = 0
		ORDER BY t.active_at DESC, t.discussion_id DESC LIMIT $3`)
	qPostsByDiscussion = db.SQL("forum.postsByDiscussion", `SELECT `+postColumns+`, d.title, d.slug, d.lang
		FROM forum_discussion d JOIN forum_post p ON p.discussion_id = d.id
		WHERE d.id = $4 AND (p.at, p.id) < ($1, $2) AND p.state = 0 AND d.held = 0 ORDER BY p.seq DESC LIMIT $3`)
)

// postRow reads one post, stubs included.
func (r *Room) postRow(ctx context.Context, id PostID) (p Post, found bool, err error) {
	found, err = r.row(ctx, qPost, func(scan scanner) (err error) {
		p, err = scanPost(scan)
		return err
	}, id)
	return p, found, err
}

func scanPost(scan scanner, more ...any) (Post, error) {
	var p Post
	var at, edited, imported int64
	var html string
	dest := append([]any{&p.Discussion, &p.Seq, &p.ID, &p.Author.ID, &at, &edited, &p.Revision, &p.ReplyTo, &p.State, &p.MovedTo,
		&p.Recommendations, &imported, &html}, more...)
	err := scan(dest...)
	p.At, p.EditedAt, p.Imported, p.HTML = db.Time(at), moment(edited), imported == 1, markdown.HTML(html)
	return p, err
}

// pageTexts are the columns of qPage that are texts, in its order.
type pageTexts [5]sql.RawBytes

// rawPages are lent to pages while their texts are gathered.
var rawPages = sync.Pool{New: func() any { return new([]byte) }}

// largeRaw is what of them is kept between two pages.
const largeRaw = 256 << 10 // bytes

// pageRows reads the posts of one page into one slice, and all their texts into
// one string: a string for each of them would be half of what a page allocates.
// Numbers are scanned as drivers give them: into an int, database/sql would write
// and parse digits.
func (r *Room) pageRows(ctx context.Context, id DiscussionID, from, to int) ([]Post, error) {
	posts := make([]Post, 0, PageSize)
	var long [PageSize][len(pageTexts{})]int
	raw := rawPages.Get().(*[]byte)
	defer func() {
		if cap(*raw) <= largeRaw {
			rawPages.Put(raw)
		}
	}()
	*raw = (*raw)[:0]
	var seq, at, edited, revision, state, recommendations, imported int64
	var t pageTexts
	dest := []any{&seq, &t[0], &t[1], &at, &edited, &revision, &t[2], &state, &t[3], &recommendations, &imported, &t[4]}
	err := r.db.Rows(ctx, qPage, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		for i, b := range t {
			long[len(posts)][i] = len(b)
			*raw = append(*raw, b...)
		}
		posts = append(posts, Post{
			Discussion: id, Seq: int(seq), At: db.Time(at), EditedAt: moment(edited), Revision: int(revision), State: State(state),
			Recommendations: int(recommendations), Imported: imported == 1,
		})
		return nil
	}, string(id), from, to)
	share(posts, long[:len(posts)], string(*raw))
	return posts, err
}

// newPost is what is inserted of a post.
type newPost struct {
	discussion  DiscussionID
	seq         int
	id          PostID
	face        face.ID
	at          int64
	revision    int
	replyTo     PostID
	state       State
	movedTo     PostID
	imported    bool
	fingerprint string
	html        markdown.HTML
}

func (r *Room) postMakeTx(ctx context.Context, p newPost) error {
	_, err := r.db.Exec(ctx, qPostMake, string(p.discussion), p.seq, string(p.id), string(p.face), p.at, p.revision, string(p.replyTo),
		int64(p.state), string(p.movedTo), bit(p.imported), p.fingerprint, string(p.html))
	if err == nil && p.seq%PageSize == 0 && r.binds() {
		err = r.unboundMakeTx(ctx, pageID{p.discussion, p.seq / PageSize})
	}
	return err
}

func scanListed(scan scanner) (l Listed, err error) {
	l.Post, err = scanPost(scan, &l.Title, &l.Slug, &l.Lang)
	return l, err
}
