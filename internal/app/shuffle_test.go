package app

import (
	"context"
	"slices"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/job"
)

var qNaming = db.SQLFor("apptest.naming",
	`SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'`,
	`SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'`)

// ordered are the tables that name somebody and keep their order, with the
// reason.
var ordered = map[string]string{
	"forum_article":             "public, with its moment",
	"forum_discussion":          "public, with its moment",
	"forum_post":                "public, with its moment",
	"forum_revision":            "public, with its moment",
	"forum_summary":             "public, with its moment",
	"forum_hush":                "a steward's deed, with its moment",
	"forum_closure":             "a steward's deed, with its moment",
	"forum_move":                "a steward's deed, with its moment",
	"forum_discussion_face":     "follows from the posts",
	"forum_recommendation":      "may be millions of rows; docs/THREATS.md says so",
	"space_revision":            "a steward's deed, with its moment",
	"space_closure":             "a steward's deed, with its moment",
	"space_seat":                "its own room does it (space.Keep)",
	"pass_seat":                 "its own room does it (pass.Keep)",
	"platform":                  "public, with its moment",
	"platform_verdict":          "a steward's deed, with its moment",
	"terms_declaration":         "a steward's deed, with its moment",
	"platform_correction":       "a steward's deed, with its moment",
	"representative_suspension": "a steward's deed, with its moment",
	"consultation_letter":       "public, as both that it ties are",
	"consultation_removal":      "a steward's deed, with its moment",
	"question":                  "public, with its moment",
	"question_variant":          "public, with its moment",
	"question_entry":            "a steward's deed, with its moment",
	"reply_hush":                "a steward's deed, with its moment",
	"reply_correction":          "a steward's deed, with its moment",
	"question_withdrawal":       "a representative's deed, with its moment",
	"question_judgement":        "public, under a question that is",
	"question_move":             "a steward's deed, with its moment",
	"question_hush":             "a steward's deed, with its moment",
	"moderation_steward":        "public, with its moment",
	"moderation_motion":         "public, with its moment",
	"moderation_decision":       "a steward's deed, with its moment",
	"question_revision":         "public, with its moment",
	"consultation_revision":     "a deed of who keeps it, with its moment",
}

// Whoever adds a table that names members decides what its order may tell.
func TestShuffle_everyTableThatNamesSomebody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		naming := map[string]bool{}
		who := []string{"account_id", "face_id", "by_face", "blocked_face", "member_id"}
		err := d.Rows(context.Background(), qNaming, func(scan func(...any) error) error {
			var table, column string
			err := scan(&table, &column)
			if slices.Contains(who, column) {
				naming[table] = true
			}
			return err
		})
		if err != nil || len(naming) < 15 {
			t.Fatalf("%d tables, %v", len(naming), err)
		}
		listed := slices.Concat(shuffled...)
		for table := range naming {
			if inList, kept := slices.Contains(listed, table), ordered[table] != ""; inList == kept {
				t.Errorf("%s: shuffled %v, kept in order for a reason %v", table, inList, kept)
			}
		}
	})
}

var qRowids = db.SQLFor("apptest.rowids", `SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr = 0`, `SELECT '' WHERE FALSE`)

// On SQLite row numbers would keep the order of writing.
func TestShuffle_noRowNumbersOnSQLite(t *testing.T) {
	t.Parallel()
	numbered := 0
	err := dbtest.Open(t, db.SQLite).Rows(context.Background(), qRowids, func(scan func(...any) error) error {
		var table string
		err := scan(&table)
		if numbered++; slices.Contains(slices.Concat(shuffled...), table) {
			t.Errorf("%s has row numbers", table)
		}
		return err
	})
	if err != nil || numbered == 0 {
		t.Errorf("%d tables have row numbers, %v", numbered, err)
	}
}

// The night's work leaves every row where it belongs.
func TestShuffle_aWholeHall(t *testing.T) {
	t.Parallel()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			c, place := defaults(), dbtest.Config(t, e)
			c.Database = place.URL
			h, err := Open(ctx, t.TempDir(), c, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { h.Close() })
			var cookies []string
			for range 3 {
				cookie, err := h.TestOnlyMember(ctx)
				if err != nil {
					t.Fatal(err)
				}
				cookies = append(cookies, cookie)
			}
			for range 2 { // tonight and tomorrow
				if err := h.shuffle(ctx, job.Job{}); err != nil {
					t.Fatal(err)
				}
			}
			if n, err := h.Members.Count(ctx); err != nil || n != 3 {
				t.Errorf("%d members, %v", n, err)
			}
			site := h.Handler()
			for _, cookie := range cookies {
				if code, _ := read(t, site, "/account", cookie, "en"); code != 200 {
					t.Errorf("a member is answered %d", code)
				}
			}
		})
	}
}
