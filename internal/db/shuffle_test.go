package db_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

var (
	qDevice   = db.SQL("dbtest.device", `INSERT INTO member_device (account_id, device, label) VALUES ($1, $2, '')`)
	qPhysical = db.SQLFor("dbtest.physical", `SELECT id FROM member_account`, `SELECT id FROM member_account ORDER BY ctid`)
	qXmin     = db.SQLFor("dbtest.xmin", `SELECT 1`, `SELECT count(DISTINCT xmin::text) FROM member_account`)
	qAccounts = db.SQL("dbtest.accounts", `SELECT (SELECT count(*) FROM member_account), (SELECT count(*) FROM member_device d, member_account a WHERE a.id = d.account_id)`)
	qVault    = db.SQL("dbtest.vault", `SELECT vault FROM member_account WHERE id = $1`)
)

var accountTables = []string{"member_account", "member_device", "member_passkey", "member_recovery", "member_standing"}

// tau is Kendall's: 1 when a list is in order, -1 when it is in the opposite
// one, about 0 when the order says nothing. The items are all of 0…n-1.
func tau(list []int) float64 {
	s, n := 0, len(list)
	for i := range list {
		for j := range i {
			if list[j] < list[i] {
				s++
			} else {
				s--
			}
		}
	}
	return float64(s) / float64(n*(n-1)/2)
}

func joinMany(t *testing.T, d *db.DB, n int) (ids []string) {
	t.Helper()
	ctx := context.Background()
	for range n {
		id := strings.ToLower(rand.Text())
		ids = append(ids, id)
		err := d.Tx(ctx, func(ctx context.Context) error { // each joins by herself
			if _, err := d.Exec(ctx, qAccount, id, "login"+id, vaultOf(id)); err != nil {
				return err
			}
			_, err := d.Exec(ctx, qDevice, id, "phone")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

func vaultOf(id string) []byte { return bytes.Repeat([]byte(id[:16]), 64) }

// places tells in which order the accounts lie: as a scan meets them, and on
// SQLite also by where their ids stand in the file.
func places(t *testing.T, d *db.DB, dir string, ids []string) map[string][]int {
	t.Helper()
	ctx := context.Background()
	joined := map[string]int{}
	for i, id := range ids {
		joined[id] = i
	}
	var scan []int
	err := d.Rows(ctx, qPhysical, func(s func(...any) error) error {
		var id string
		err := s(&id)
		scan = append(scan, joined[id])
		return err
	})
	if err != nil || len(scan) != len(ids) {
		t.Fatalf("%d of %d accounts: %v", len(scan), len(ids), err)
	}
	all := map[string][]int{"scan": scan}
	if d.Engine() == db.SQLite {
		if err := d.Forget(ctx); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "hall.db"))
		if err != nil {
			t.Fatal(err)
		}
		// Whatever holds an id: the table, its indexes, the devices.
		for i := 0; i+26 <= len(b); i++ {
			if n, ok := joined[string(b[i:i+26])]; ok {
				all["file"] = append(all["file"], n)
			}
		}
	}
	return all
}

// Whoever holds the database cannot tell from where the rows lie who joined
// before whom. Measured after the night's maintenance.
func TestShuffle_hidesWhoJoinedAfterWhom(t *testing.T) {
	t.Parallel()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			c := dbtest.Config(t, e)
			d, err := db.Open(ctx, c)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			if err := d.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			ids := joinMany(t, d, 1000)
			before := places(t, d, c.Dir, ids)
			if e == db.Postgres && tau(before["scan"]) < 0.9 {
				t.Errorf("the leak that this is about is not there: %.3f", tau(before["scan"]))
			}
			if err := d.Shuffle(ctx, accountTables...); err != nil {
				t.Fatal(err)
			}
			for where, order := range places(t, d, c.Dir, ids) {
				// File order repeats each id, so that tau is taken over pairs of
				// different accounts only, near enough.
				if v := tau(order); v > 0.1 || v < -0.1 {
					t.Errorf("%s: tau %.3f, before %.3f", where, v, tau(before[where]))
				} else {
					t.Logf("%s: tau %.3f, before %.3f", where, v, tau(before[where]))
				}
			}
			var xmins, accounts, devices int64
			if _, err := d.Row(ctx, qXmin, nil, &xmins); err != nil || xmins != 1 {
				t.Errorf("%d transactions wrote the accounts, %v", xmins, err)
			}
			if _, err := d.Row(ctx, qAccounts, nil, &accounts, &devices); err != nil || accounts != 1000 || devices != 1000 {
				t.Errorf("%d accounts, %d devices, %v", accounts, devices, err)
			}
			for _, id := range ids[:20] {
				var v []byte
				if _, err := d.Row(ctx, qVault, []any{id}, &v); err != nil || !bytes.Equal(v, vaultOf(id)) {
					t.Errorf("a vault changed: %v", err)
				}
			}
		})
	}
}

func TestShuffle_refusesWhatItWouldHarm(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.Postgres)
	ctx := context.Background()
	joinMany(t, d, 3)
	for _, list := range [][]string{accountTables[:2], {"member_device", "member_account", "member_passkey", "member_recovery", "member_standing"}, {"no_such_table"}} {
		if err := d.Shuffle(ctx, list...); err == nil {
			t.Errorf("%v was shuffled", list)
		}
	}
	if err := d.Tx(ctx, func(ctx context.Context) error { return d.Shuffle(ctx, accountTables...) }); err == nil {
		t.Error("it was part of a transaction")
	}
	var accounts, devices int64
	if _, err := d.Row(ctx, qAccounts, nil, &accounts, &devices); err != nil || accounts != 3 || devices != 3 {
		t.Errorf("%d accounts, %d devices, %v", accounts, devices, err)
	}
}

// Readers meet every account while the tables are written anew.
func TestShuffle_whileOthersRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		joinMany(t, d, 50)
		done := make(chan error, 1)
		go func() {
			var err error
			for i := 0; i < 5 && err == nil; i++ {
				err = d.Shuffle(ctx, accountTables...)
			}
			done <- err
		}()
		for {
			err := d.View(ctx, func(ctx context.Context) error {
				var accounts, devices int64
				if _, err := d.Row(ctx, qAccounts, nil, &accounts, &devices); err != nil {
					return err
				}
				if accounts != 50 || devices != 50 {
					return fmt.Errorf("%d accounts, %d devices", accounts, devices)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				return
			default:
			}
		}
	})
}
