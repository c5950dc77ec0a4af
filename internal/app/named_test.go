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
	"call.to_face":                       "who calls her rings on her screen, and is gone a minute later",
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
	"message_disclosed.face_id":          "between two it would say at once who has reported her; it goes with the decision, of which she is told",
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

// kept are all columns of what carries notices. None of them leads to a mask, none holds a
// time but the five minutes of the next rung, and none counts what somebody has seen.
var kept = map[string]string{
	"notice_setting": "checks digest_at face_id modes quiet_from quiet_to until wait words zone",
	"notice_device":  "auth endpoint face_id id lang p256dh rung session state token way",
	"notice":         "due face_id id kind n rung",
	"notice_step":    "device_id notice_id state status told",
}

func TestNotice_columns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found := map[string][]string{}
		err := d.Rows(context.Background(), qNaming, func(scan func(...any) error) error {
			var table, column string
			err := scan(&table, &column)
			if strings.HasPrefix(table, "notice") {
				found[table] = append(found[table], column)
			}
			return err
		})
		if err != nil || len(found) != len(kept) {
			t.Fatalf("%d tables, %v", len(found), err)
		}
		for table, columns := range found {
			slices.Sort(columns)
			if got := strings.Join(columns, " "); got != kept[table] {
				t.Errorf("%s has %s: say in docs/LEAKS.md what that tells", table, got)
			}
		}
	})
}
