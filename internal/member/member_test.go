package member_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
)

type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func open(t *testing.T, d *db.DB) (*member.Room, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	return member.New(d, c.now, key.NewSealer(bytes.Repeat([]byte{7}, 32), rand.Reader, c.now)), c
}

func joining(name string) member.Joining {
	return member.Joining{Face: "f-" + name, Vault: bytes.Repeat([]byte{1}, 1024), LoginHash: "login-" + name, CodeHash: "code",
		RecoveryHashes: []string{"r1-" + name, "r2-" + name}, UserHandle: "u-" + name, Lang: "es", Zone: "America/Lima"}
}

func join(t *testing.T, r *member.Room, name string) member.ID {
	t.Helper()
	id, err := r.Join(context.Background(), joining(name))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func signIn(t *testing.T, r *member.Room, id member.ID, device string) string {
	t.Helper()
	c, err := r.SignIn(context.Background(), id, device, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestResume_revokingWorksAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := open(t, d)
		ana := join(t, r, "ana")
		phone, laptop := signIn(t, r, ana, "phone"), signIn(t, r, ana, "laptop")
		s, err := r.Resume(ctx, phone)
		if err != nil || s.Account != ana || s.Face != "f-ana" || s.Lang != "es" || s.Device != "phone" {
			t.Fatalf("%+v %v", s, err)
		}
		if err := r.SignOut(ctx, ana, "phone"); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Resume(ctx, phone); !fault.Is(err, fault.SignIn) {
			t.Errorf("a revoked device came in: %v", err)
		}
		if _, err := r.Resume(ctx, laptop); err != nil {
			t.Errorf("the other device was thrown out: %v", err)
		}
		if err := r.SignOutAll(ctx, ana); err != nil {
			t.Fatal(err)
		}
		signIn(t, r, ana, "laptop") // the row is there again, but the old cookie is of an older generation
		if _, err := r.Resume(ctx, laptop); !fault.Is(err, fault.SignIn) {
			t.Errorf("an old cookie came in: %v", err)
		}
		for _, broken := range []string{"", "x", laptop[:len(laptop)-2], laptop + "AA", string(bytes.Repeat([]byte("A"), 5000))} {
			if _, err := r.Resume(ctx, broken); !fault.Is(err, fault.SignIn) {
				t.Errorf("%.10q: %v", broken, err)
			}
		}
	})
}

// Nothing finer than a half-year is written, and only when it changes.
func TestResume_writesOncePerHalfYear(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, c := open(t, d)
		ana := join(t, r, "ana")
		cookie := signIn(t, r, ana, "phone")
		for _, day := range []int{1, 10, 30} {
			c.at = time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC)
			if _, err := r.Resume(ctx, cookie); err != nil {
				t.Fatal(err)
			}
		}
		if a, _ := r.Account(ctx, ana); a.SeenHalf != "2026-2" || a.JoinedHalf != "2026-2" {
			t.Errorf("%+v", a)
		}
		c.at = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
		if _, err := r.Resume(ctx, cookie); err != nil {
			t.Fatal(err)
		}
		if a, _ := r.Account(ctx, ana); a.SeenHalf != "2027-1" {
			t.Errorf("%+v", a)
		}
		c.at = time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC) // a clock set back writes nothing
		if _, err := r.Resume(ctx, cookie); err != nil {
			t.Fatal(err)
		}
		if a, _ := r.Account(ctx, ana); a.SeenHalf != "2027-1" {
			t.Errorf("%+v", a)
		}
	})
}

func TestJoin_refusesHalfKeysAndTakenOnes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := open(t, d)
		join(t, r, "ana")
		half := joining("bo")
		half.LoginHash = ""
		if _, err := r.Join(ctx, half); !fault.Is(err, fault.Invalid) {
			t.Errorf("got %v", err)
		}
		taken := joining("bo")
		taken.LoginHash = "login-ana"
		if _, err := r.Join(ctx, taken); !fault.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
		if n, err := r.Count(ctx); n != 1 || err != nil {
			t.Errorf("%d accounts, %v", n, err)
		}
		if a, err := r.ByLoginHash(ctx, "login-ana"); err != nil || a.Face != "f-ana" || !a.HasVault {
			t.Errorf("%+v %v", a, err)
		}
		if a, err := r.ByFace(ctx, "f-ana"); err != nil || a.CodeHash != "code" {
			t.Errorf("%+v %v", a, err)
		}
	})
}

func TestRecover_once(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := open(t, d)
		ana := join(t, r, "ana")
		if a, err := r.Recover(ctx, "r1-ana"); err != nil || a.ID != ana {
			t.Fatalf("%+v %v", a, err)
		}
		if _, err := r.Recover(ctx, "r1-ana"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a spent code was good again: %v", err)
		}
		if n, _ := r.RecoveryLeft(ctx, ana); n != 1 {
			t.Errorf("%d codes left", n)
		}
		if err := r.RenewCodes(ctx, ana, "code2", []string{"n1", "n2", "n3"}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Recover(ctx, "r2-ana"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an old code survived renewing: %v", err)
		}
		if a, _ := r.Account(ctx, ana); a.CodeHash != "code2" {
			t.Errorf("%+v", a)
		}
	})
}

func TestVault_changesOnlyWithAPasskey(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := open(t, d)
		ana := join(t, r, "ana")
		was, err := r.Vault(ctx, ana)
		if err != nil {
			t.Fatal(err)
		}
		next := bytes.Repeat([]byte{2}, 1024)
		passkey := func(n int) member.Passkey {
			return member.Passkey{ID: fmt.Sprint("cred", n), PublicKey: []byte{9}, BackupEligible: true, Transports: "internal"}
		}
		if err := r.AddPasskey(ctx, ana, passkey(1), next, next); !fault.Is(err, fault.Conflict) {
			t.Errorf("a vault made from another one was taken: %v", err)
		}
		if err := r.AddPasskey(ctx, ana, passkey(1), was, next); err != nil {
			t.Fatal(err)
		}
		if p, a, err := r.Passkey(ctx, "cred1"); err != nil || a.ID != ana || p.Transports != "internal" {
			t.Errorf("%+v %+v %v", p, a, err)
		}
		if _, _, err := r.Passkey(ctx, "cred9"); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown passkey: %v", err)
		}
		if now, _ := r.Vault(ctx, ana); !bytes.Equal(now, next) {
			t.Error("the new vault is not there")
		}
		if err := r.AddPasskey(ctx, ana, passkey(1), nil, nil); !fault.Is(err, fault.Conflict) {
			t.Errorf("a known passkey was added again: %v", err)
		}
		for n := 2; n <= 11; n++ {
			if err := r.AddPasskey(ctx, ana, passkey(n), nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.AddPasskey(ctx, ana, passkey(12), nil, nil); !fault.Is(err, fault.TooMany) {
			t.Errorf("got %v", err)
		}
		if err := r.RemovePasskey(ctx, ana, "cred1"); err != nil {
			t.Fatal(err)
		}
		if ps, _ := r.Passkeys(ctx, ana); len(ps) != 10 || !ps[0].BackupEligible {
			t.Errorf("%+v", ps)
		}
		if err := r.MakeKeys(ctx, ana, next, "other", ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("a vault was replaced: %v", err)
		}
	})
}

var qAsTheyLie = db.SQL("membertest.asTheyLie", `SELECT id FROM member_account`)

// Whoever has the file must not read from it who joined after whom. (PostgreSQL
// keeps that order in its pages: docs/THREATS.md says so.)
func TestJoin_leavesNoOrderInTheFile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.SQLite {
			t.Skip("no promise there")
		}
		r, _ := open(t, d)
		var joined, lie []string
		for i := range 12 {
			joined = append(joined, string(join(t, r, fmt.Sprint("m", i))))
		}
		err := d.Rows(context.Background(), qAsTheyLie, func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			lie = append(lie, id)
			return err
		})
		if err != nil || len(lie) != len(joined) || slices.Equal(lie, joined) {
			t.Errorf("the rows lie in the order of joining: %v", err)
		}
	})
}

func TestErase_leavesNoRow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r, _ := open(t, d)
		ana := join(t, r, "ana")
		cookie := signIn(t, r, ana, "phone")
		if err := r.LabelDevice(ctx, ana, "phone", "old phone"); err != nil {
			t.Fatal(err)
		}
		if err := r.AddPasskey(ctx, ana, member.Passkey{ID: "c", PublicKey: []byte{9}}, nil, nil); err != nil {
			t.Fatal(err)
		}
		if err := r.Prefer(ctx, ana, "ar", "Africa/Cairo", "dark"); err != nil {
			t.Fatal(err)
		}
		if err := r.Erase(ctx, ana); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Resume(ctx, cookie); !fault.Is(err, fault.SignIn) {
			t.Errorf("an erased account came in: %v", err)
		}
		ds, _ := r.Devices(ctx, ana)
		ps, _ := r.Passkeys(ctx, ana)
		left, _ := r.RecoveryLeft(ctx, ana)
		if len(ds)+len(ps)+int(left) != 0 {
			t.Errorf("%d devices, %d passkeys, %d codes are left", len(ds), len(ps), left)
		}
	})
}

func TestMakeKeys_forOneWhoJoinedWithoutScripts(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	r, c := open(t, d)
	j := joining("bo")
	j.Vault, j.LoginHash = nil, ""
	bo, err := r.Join(context.Background(), j)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.MakeKeys(context.Background(), bo, bytes.Repeat([]byte{3}, 1024), "login-bo", "request-bo"); err != nil {
		t.Fatal(err)
	}
	for range 30 {
		if err := r.AdmitWithoutWork(); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.AdmitWithoutWork(); !fault.Is(err, fault.TooMany) {
		t.Errorf("the thirty-first came in: %v", err)
	}
	c.at = c.at.Add(time.Hour)
	if err := r.AdmitWithoutWork(); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestAdmitWithoutWork_clockSetBack(t *testing.T) {
	t.Parallel()
	r, c := open(t, dbtest.Open(t, db.SQLite))
	for range 30 {
		if err := r.AdmitWithoutWork(); err != nil {
			t.Fatal(err)
		}
	}
	c.at = c.at.Add(-24 * time.Hour)
	if r.AdmitWithoutWork() == nil {
		t.Error("a clock set back gave a second helping")
	}
	c.at = c.at.Add(time.Hour)
	if err := r.AdmitWithoutWork(); err != nil {
		t.Errorf("a clock set back shuts the door for longer than an hour: %v", err)
	}
}
