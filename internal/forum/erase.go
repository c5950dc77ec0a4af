package forum

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

var (
	qEraseFollows     = db.SQL("forum.eraseFollows", `DELETE FROM forum_follow WHERE face_id = $1`)
	qEraseRecommended = db.SQL("forum.eraseRecommended", `
		SELECT DISTINCT kind, within_id FROM forum_recommendation WHERE face_id = $1`)
	qErasePostCounts = db.SQL("forum.erasePostCounts", `
		UPDATE forum_post SET recommendations = recommendations - 1
		WHERE id IN (SELECT thing_id FROM forum_recommendation WHERE face_id = $1 AND kind = 'post')`)
	qEraseArticleCounts = db.SQL("forum.eraseArticleCounts", `
		UPDATE forum_article SET recommendations = recommendations - 1
		WHERE id IN (SELECT thing_id FROM forum_recommendation WHERE face_id = $1 AND kind = 'article')`)
	qEraseRecommendations = db.SQL("forum.eraseRecommendations", `DELETE FROM forum_recommendation WHERE face_id = $1`)

	qEraseSpoken  = db.SQL("forum.eraseSpoken", `SELECT DISTINCT discussion_id FROM forum_post WHERE face_id = $1`)
	qEraseOpened  = db.SQL("forum.eraseOpened", `SELECT id FROM forum_discussion WHERE face_id = $1`)
	qEraseWritten = db.SQL("forum.eraseWritten", `SELECT id FROM forum_article WHERE face_id = $1`)

	qErasePostRevisions = db.SQL("forum.erasePostRevisions", `
		DELETE FROM forum_revision WHERE kind = 'post' AND thing_id IN (SELECT id FROM forum_post WHERE face_id = $1)`)
	qEraseArticleRevisions = db.SQL("forum.eraseArticleRevisions", `
		DELETE FROM forum_revision WHERE kind = 'article' AND thing_id IN (SELECT id FROM forum_article WHERE face_id = $1)`)
	qEraseHushes = db.SQL("forum.eraseHushes", `
		DELETE FROM forum_hush WHERE thing_id IN (SELECT id FROM forum_post WHERE face_id = $1 UNION SELECT id FROM forum_article WHERE face_id = $1)`)
	qEraseHolds = db.SQL("forum.eraseHolds", `
		DELETE FROM forum_hold WHERE thing_id IN (SELECT id FROM forum_post WHERE face_id = $1 UNION SELECT id FROM forum_article WHERE face_id = $1)`)
	qErasePosts = db.SQL("forum.erasePosts", `
		UPDATE forum_post SET state = 3, html = '', text_hash = '', edited_at = 0 WHERE face_id = $1 AND state <> 4`)
	qEraseLinks = db.SQL("forum.eraseLinks", `
		DELETE FROM forum_article_link WHERE article_id IN (SELECT id FROM forum_article WHERE face_id = $1)`)
	qEraseArticles = db.SQL("forum.eraseArticles", `
		UPDATE forum_article SET state = 3, slug = '', title = '', html = '', excerpt = '', words = 0, platform = '', platform_key = '',
			source = '', edited_at = 0 WHERE face_id = $1`)
	qEraseTitle          = db.SQL("forum.eraseTitle", `UPDATE forum_discussion SET slug = '', title = '', source = '' WHERE id = $1`)
	qEraseTitleRevisions = db.SQL("forum.eraseTitleRevisions", `DELETE FROM forum_revision WHERE kind = 'discussion' AND thing_id = $1`)
)

// Erase takes away what a face leaves behind: follows and recommendations, and,
// if texts is set, every text it wrote, with all revisions. Stubs stay, so that
// others' posts keep their places; a discussion keeps its title while somebody
// else's post stands in it. What others quoted stays theirs. Faults: none but
// Unavailable.
func (r *Room) Erase(ctx context.Context, id face.ID, texts bool) (err error) {
	defer fault.Wrap(&err, "forum.Erase")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		if err := r.eraseMarksTx(ctx, id); err != nil {
			return err
		}
		if texts {
			if err := r.eraseTextsTx(ctx, id); err != nil {
				return err
			}
		}
		r.touched(ctx, "front", "face:"+string(id))
		return r.happened(ctx, EventErased, string(id), Erasure{texts})
	})
}

// eraseMarksTx erases follows and recommendations.
func (r *Room) eraseMarksTx(ctx context.Context, id face.ID) error {
	err := r.db.Rows(ctx, qEraseRecommended, func(scan func(...any) error) error {
		var kind, within string
		err := scan(&kind, &within)
		if kind == string(KindPost) {
			kind = string(KindDiscussion)
		}
		r.touched(ctx, kind+":"+within)
		return err
	}, string(id))
	if err != nil {
		return err
	}
	return r.execAll(ctx, id, qEraseFollows, qErasePostCounts, qEraseArticleCounts, qEraseRecommendations)
}

func (r *Room) execAll(ctx context.Context, id face.ID, queries ...*db.Query) error {
	for _, q := range queries {
		if _, err := r.db.Exec(ctx, q, string(id)); err != nil {
			return err
		}
	}
	return nil
}

func (r *Room) eraseTextsTx(ctx context.Context, id face.ID) error {
	spoken, err := r.texts(ctx, qEraseSpoken, string(id))
	if err != nil {
		return err
	}
	opened, err := r.texts(ctx, qEraseOpened, string(id))
	if err != nil {
		return err
	}
	written, err := r.texts(ctx, qEraseWritten, string(id))
	if err != nil {
		return err
	}
	if err := r.execAll(ctx, id, qErasePostRevisions, qEraseArticleRevisions, qEraseHushes, qEraseHolds, qOutcomeErase, qRestateErase, qErasePosts, qEraseLinks); err != nil {
		return err
	}
	for _, a := range written {
		if err := r.eraseAboutTx(ctx, ArticleID(a)); err != nil {
			return err
		}
	}
	if err := r.execAll(ctx, id, qEraseArticles); err != nil {
		return err
	}
	done := map[string]bool{}
	for _, d := range append(spoken, opened...) {
		if done[d] {
			continue
		}
		done[d] = true
		if err := r.eraseDiscussionTx(ctx, DiscussionID(d), id); err != nil {
			return err
		}
	}
	return nil
}

// eraseAboutTx takes an article off its topics, before its row forgets them.
func (r *Room) eraseAboutTx(ctx context.Context, id ArticleID) error {
	a, _, err := r.articleRow(ctx, id)
	if err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qArticleTopicErase, string(id)); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qDiscussionHeld, string(a.Discussion), 0); err != nil { // a hush goes with its text
		return err
	}
	r.touchedArticle(ctx, id, a.Discussion, a.Author.ID, a.Topics)
	return r.recountTopicsTx(ctx, a.Topics)
}

// eraseDiscussionTx counts a discussion anew, and takes its title away when it
// was hers and stands over nobody else's posts.
func (r *Room) eraseDiscussionTx(ctx context.Context, id DiscussionID, by face.ID) error {
	if err := r.recountTx(ctx, id); err != nil {
		return err
	}
	d, _, err := r.discussionRow(ctx, id)
	if err != nil {
		return err
	}
	r.touchedDiscussion(ctx, d)
	if d.Opener.ID != by || d.Article == "" && d.Posts > 0 {
		return nil
	}
	if _, err := r.db.Exec(ctx, qEraseTitle, string(id)); err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, qEraseTitleRevisions, string(id))
	return err
}
