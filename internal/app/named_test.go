package app

import (
	"context"
	"slices"
	"strings"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

// unnamed are columns that hold a member and are not counted for her, with the
// reason. Her page says so under "Not counted here".
var unnamed = map[string]string{
	"connection_ask.to_face":             "who wishes to know her stands on her page; whom she has declined she has declined",
	"connection_introduction.one_face":   "stands on her page",
	"connection_introduction.other_face": "stands on her page",
	"member_account.face_id":             "counted by its account",
	"forum_revision.face_id":             "one for each version of a text of hers",
	"question_revision.face_id":          "one for each version of a question's words",
	"consultation_revision.face_id":      "one for each version of an introduction",
	"forum_discussion_face.face_id":      "follows from her posts",
	"forum_discussion.last_face_id":      "follows from her posts",
	"moderation_block.blocked_face":      "whoever is blocked cannot tell",
	"moderation_steward.appointed_by":    "who appointed whom is the other's page too: counted as a decision",
	"moderation_decision.undone_by":      "undoing is a decision of its own",
	"question_move.undone_by":            "undoing is a decision of its own",
	"news_spread.after_face":             "how far a job has come",
}

// Whoever adds a column that holds members shows it to them, or says why not.
func TestNamed_everyColumnThatNamesSomebody(t *testing.T) {
	t.Parallel()
	counted := map[string]bool{}
	for _, n := range slices.Concat(namedByAccount, namedByFace) {
		counted[n.table+"."+n.column] = true
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seen := 0
		err := d.Rows(context.Background(), qNaming, func(scan func(...any) error) error {
			var table, column string
			err := scan(&table, &column)
			names := strings.HasSuffix(column, "face_id") || strings.HasSuffix(column, "_face") || strings.HasSuffix(column, "account_id") ||
				slices.Contains([]string{"steward_id", "appointed_by", "made_by", "undone_by"}, column)
			if !names {
				return err
			}
			seen++
			if column = table + "." + column; counted[column] == (unnamed[column] != "") {
				t.Errorf("%s names members: counted for them %v, left out for a reason %q", column, counted[column], unnamed[column])
			}
			return err
		})
		if err != nil || seen < 50 {
			t.Fatalf("%d columns, %v", seen, err)
		}
	})
}
