package db_test

import (
	"context"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
)

var (
	qFace    = db.SQL("dbtest.face", `INSERT INTO face (id, kind, handle, name, picture, since) VALUES ($1, 'open', $1, $2, '', 2020)`)
	qAccount = db.SQL("dbtest.account", `INSERT INTO member_account (id, face_id, user_handle, login_hash, vault, code_hash, generation, joined_half, seen_half, lang, zone, theme)
		VALUES ($1, $1, $1, $2, $3, 'h', 0, '2020-1', '2020-1', 'en', '', '')`)
	qPasskey = db.SQL("dbtest.passkey", `INSERT INTO member_passkey (id, account_id, public_key, backup_eligible, transports, label) VALUES ($1, $1, $2, 0, '', '')`)
)

// Everything arrives as it was: texts of all scripts, bytes, absent values, and
// rows that refer to others.
func TestCopyTo_bothWays(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, way := range [][2]db.Engine{{db.SQLite, db.Postgres}, {db.Postgres, db.SQLite}, {db.SQLite, db.SQLite}} {
		t.Run(way[0].String()+" to "+way[1].String(), func(t *testing.T) {
			t.Parallel()
			from, to := dbtest.Open(t, way[0]), dbtest.Open(t, way[1])
			err := from.Tx(ctx, func(ctx context.Context) error {
				for i := range 2500 {
					id := string(rune('a'+i%26)) + string(rune('0'+i%10)) + string(rune('À'+i))
					if _, err := from.Exec(ctx, qFace, id, "Zoë الهدهد 🦤 'x'\\\n\t"); err != nil {
						return err
					}
				}
				if _, err := from.Exec(ctx, qAccount, "m1", nil, []byte{0, 1, 2, 255}); err != nil {
					return err
				}
				if _, err := from.Exec(ctx, qAccount, "m2", "login", nil); err != nil {
					return err
				}
				_, err := from.Exec(ctx, qPasskey, "m1", []byte{})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			done, err := from.CopyTo(ctx, to)
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int64{}
			for _, c := range done {
				got[c.Table] = c.Rows
			}
			if got["face"] != 2500 || got["member_account"] != 2 || got["member_passkey"] != 1 || got["event_head"] != 1 {
				t.Errorf("copied %v", got)
			}
			if _, err := from.CopyTo(ctx, to); !fault.Is(err, fault.Conflict) {
				t.Errorf("copying over: %v", err)
			}
			if counts, err := to.Check(ctx); err != nil || len(counts) != len(done) {
				t.Errorf("check: %v %v", counts, err)
			}
		})
	}
}
