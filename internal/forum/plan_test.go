package forum

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

// What every page asks must walk an index: neither sort nor read a whole table.
func TestPlan_listsWalkAnIndex(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	place := regexp.MustCompile(`\$(\d+)`)
	for _, q := range []*db.Query{
		qPage, qBound, qPost, qPlace, qPostAgain, qDiscussion, qDiscussions, qDiscussionsByTopic, qDiscussionsByFace, qArticle, qArticles,
		qArticlesByTopic, qArticlesByFace, qPosts, qPostsByFace, qPostsByTopic, qPostsByDiscussion, qRecommended, qSummary, qFollowing,
		qMoves, qNearTopic, qNearPlatform, qNearLinks, qDocumentPosts, qDocumentArticles, qDocumentRange,
	} {
		text := q.Text(db.SQLite)
		args := 0
		for _, m := range place.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			args = max(args, n)
		}
		explain := db.SQL("plan."+q.Name(), "EXPLAIN QUERY PLAN "+text)
		err := d.Rows(context.Background(), explain, func(scan func(...any) error) error {
			var id, parent, unused int
			var detail string
			if err := scan(&id, &parent, &unused, &detail); err != nil {
				return err
			}
			if strings.Contains(detail, "TEMP B-TREE") || strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "INDEX") {
				t.Errorf("%s: %s", q.Name(), detail)
			}
			return nil
		}, make([]any, args)...)
		if err != nil {
			t.Error(err)
		}
	}
}
