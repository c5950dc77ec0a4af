package forum

import (
	"context"
	"slices"

	"guildhall/internal/db"
)

var (
	qTopicMake     = db.SQL("forum.topicMake", `INSERT INTO forum_topic (topic_key, merged_into, articles, discussions) VALUES ($1, '', 0, 0)`)
	qTopicNameMake = db.SQL("forum.topicNameMake", `INSERT INTO forum_topic_name (topic_key, lang, name, about) VALUES ($1, $2, $3, $4)`)
	qTopics        = db.SQL("forum.topics", `
		SELECT t.topic_key, t.merged_into, t.articles, t.discussions, n.lang, n.name, n.about
		FROM forum_topic t JOIN forum_topic_name n ON n.topic_key = t.topic_key ORDER BY t.topic_key, n.lang`)
	qTopicCount = db.SQL("forum.topicCount", `
		UPDATE forum_topic SET articles = articles + $2, discussions = discussions + $3 WHERE topic_key = $1`)
	qTopicRecount = db.SQL("forum.topicRecount", `
		UPDATE forum_topic SET
			articles = (SELECT COUNT(*) FROM forum_article_topic x JOIN forum_article a ON a.id = x.article_id
				WHERE x.topic_key = forum_topic.topic_key AND a.state = 0),
			discussions = (SELECT COUNT(*) FROM forum_discussion_topic x JOIN forum_discussion d ON d.id = x.discussion_id
				WHERE x.topic_key = forum_topic.topic_key AND d.listed = 1)
		WHERE topic_key = $1`)
	qTopicArticleKeys = db.SQL("forum.topicArticleKeys", `
		SELECT a.id, a.topics FROM forum_article_topic x JOIN forum_article a ON a.id = x.article_id WHERE x.topic_key = $1`)
	qTopicDiscussionKeys = db.SQL("forum.topicDiscussionKeys", `
		SELECT d.id, d.topics FROM forum_discussion_topic x JOIN forum_discussion d ON d.id = x.discussion_id WHERE x.topic_key = $1`)
	qArticleTopics    = db.SQL("forum.articleTopics", `UPDATE forum_article SET topics = $2 WHERE id = $1`)
	qDiscussionTopics = db.SQL("forum.discussionTopics", `UPDATE forum_discussion SET topics = $2 WHERE id = $1`)
	qTopicMerged      = db.SQL("forum.topicMerged", `UPDATE forum_topic SET merged_into = $2 WHERE topic_key = $1 OR merged_into = $1`)
	qTopicArticles    = db.SQL("forum.topicArticles", `
		INSERT INTO forum_article_topic (topic_key, at, article_id)
		SELECT $2, at, article_id FROM forum_article_topic WHERE topic_key = $1 ON CONFLICT (topic_key, at, article_id) DO NOTHING`)
	qTopicArticlesErase = db.SQL("forum.topicArticlesErase", `DELETE FROM forum_article_topic WHERE topic_key = $1`)
	qTopicDiscussions   = db.SQL("forum.topicDiscussions", `
		INSERT INTO forum_discussion_topic (topic_key, active_at, discussion_id)
		SELECT $2, active_at, discussion_id FROM forum_discussion_topic WHERE topic_key = $1
		ON CONFLICT (topic_key, active_at, discussion_id) DO NOTHING`)
	qTopicDiscussionsErase = db.SQL("forum.topicDiscussionsErase", `DELETE FROM forum_discussion_topic WHERE topic_key = $1`)
	qTopicFollows          = db.SQL("forum.topicFollows", `
		INSERT INTO forum_follow (face_id, kind, thing_id)
		SELECT face_id, kind, $2 FROM forum_follow WHERE kind = 'topic' AND thing_id = $1 ON CONFLICT (face_id, kind, thing_id) DO NOTHING`)
	qTopicFollowsErase = db.SQL("forum.topicFollowsErase", `DELETE FROM forum_follow WHERE kind = 'topic' AND thing_id = $1`)
)

// topicRows reads all topics, also those merged away.
func (r *Room) topicRows(ctx context.Context) (map[TopicKey]*Topic, error) {
	all := map[TopicKey]*Topic{}
	err := r.db.Rows(ctx, qTopics, func(scan func(...any) error) error {
		var t Topic
		var lang, name, about string
		if err := scan(&t.Key, &t.MergedInto, &t.Articles, &t.Discussions, &lang, &name, &about); err != nil {
			return err
		}
		have := all[t.Key]
		if have == nil {
			have = &t
			have.Names, have.About = map[string]string{}, map[string]string{}
			all[t.Key] = have
		}
		have.Names[lang] = name
		if about != "" {
			have.About[lang] = about
		}
		return nil
	})
	return all, err
}

// rekeyTx writes into for from in the topics columns that read gives.
func (r *Room) rekeyTx(ctx context.Context, read, write *db.Query, from, into TopicKey) error {
	changed := map[string]string{}
	err := r.db.Rows(ctx, read, func(scan func(...any) error) error {
		var id, topics string
		if err := scan(&id, &topics); err != nil {
			return err
		}
		var out []TopicKey
		for _, k := range keys(topics) {
			if k == from {
				k = into
			}
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
		changed[id] = unkeys(out)
		return nil
	}, string(from))
	if err != nil {
		return err
	}
	for id, topics := range changed {
		if _, err := r.db.Exec(ctx, write, id, topics); err != nil {
			return err
		}
	}
	return nil
}
