package member_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/member/key"
)

// vouching is a hall in its first days with two founders, ana and bo.
type vouching struct {
	*member.Room
	*clock
	t       *testing.T
	ctx     context.Context
	db      *db.DB
	ana, bo member.ID
}

func eachVouching(t *testing.T, f func(v *vouching)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, c := open(t, d)
		v := &vouching{Room: r, clock: c, t: t, ctx: context.Background(), db: d}
		v.ok(v.Begin(v.ctx))
		v.ana, v.bo = v.founder("ana"), v.founder("bo")
		f(v)
	})
}

func (v *vouching) ok(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *vouching) refused(err error, kind fault.Kind, key string) {
	v.t.Helper()
	if f := fault.From(err); err == nil || f.Kind != kind || f.Key != key {
		v.t.Errorf("got %v; want %v %s", err, kind, key)
	}
}

func (v *vouching) founder(name string) member.ID {
	v.t.Helper()
	id := join(v.t, v.Room, name)
	c, err := v.InviteFounder(v.ctx)
	v.ok(err)
	v.ok(v.UseVouch(v.ctx, id, c))
	return id
}

func (v *vouching) give(id member.ID) key.Code {
	v.t.Helper()
	c, err := v.GiveVouch(v.ctx, id)
	v.ok(err)
	return c
}

func (v *vouching) credit(id member.ID) member.Credit {
	v.t.Helper()
	c, err := v.Credit(v.ctx, id)
	v.ok(err)
	return c
}

func TestVouch_twoBranchesAreEnough(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		cleo := join(v.t, v.Room, "cleo")
		if c := v.credit(cleo); c != (member.Credit{Joined: epoch.Of(v.now())}) {
			v.t.Errorf("a newcomer: %+v", c)
		}
		first, again, second := v.give(v.ana), v.give(v.ana), v.give(v.bo)
		typed, err := key.ParseCode(first.Reveal())
		v.ok(err)
		v.ok(v.UseVouch(v.ctx, cleo, typed))
		c := v.credit(cleo)
		if c.Vouches != 1 || c.Branch != v.credit(v.ana).Branch || c.Branch == "" || c.Founder {
			v.t.Errorf("after the first: %+v", c)
		}
		v.refused(v.UseVouch(v.ctx, cleo, again), fault.Conflict, "vouch.may.same_branch")
		v.ok(v.UseVouch(v.ctx, cleo, second))
		if got := v.credit(cleo); got.Vouches != 2 || got.Branch != c.Branch {
			v.t.Errorf("after the second: %+v", got)
		}
		// The one that did not count is as good as before.
		dov := join(v.t, v.Room, "dov")
		v.ok(v.UseVouch(v.ctx, dov, again))
		v.refused(v.UseVouch(v.ctx, cleo, v.give(v.bo)), fault.Conflict, "vouch.may.enough")
		of, err := v.CreditOf(v.ctx, "f-cleo")
		v.ok(err)
		if of != v.credit(cleo) {
			v.t.Errorf("by face: %+v", of)
		}
		_, err = v.CreditOf(v.ctx, "f-nobody")
		v.refused(err, fault.NotFound, "member.unknown")
	})
}

func TestVouch_codeOnce(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		cleo, dov := join(v.t, v.Room, "cleo"), join(v.t, v.Room, "dov")
		c := v.give(v.ana)
		v.ok(v.UseVouch(v.ctx, cleo, c))
		v.refused(v.UseVouch(v.ctx, dov, c), fault.Conflict, "vouch.code_used")
		v.refused(v.UseVouch(v.ctx, cleo, c), fault.Conflict, "vouch.may.same_branch")
		v.refused(v.UseVouch(v.ctx, dov, key.NewLoginCode(rand.Reader)), fault.Invalid, "vouch.code_unknown")
		other := key.NewSealer(bytes.Repeat([]byte{8}, 32), rand.Reader, v.now).Stamp("vouch", v.credit(v.ana).Branch)
		v.refused(v.UseVouch(v.ctx, dov, other), fault.Invalid, "vouch.code_unknown")
		if v.credit(dov).Vouches != 0 {
			v.t.Error("a refused code counted")
		}
		v.ok(v.UseMail(v.ctx, dov, "a pass"))
		v.refused(v.UseMail(v.ctx, cleo, "a pass"), fault.Conflict, "vouch.code_used")
		v.ok(v.UseMail(v.ctx, cleo, "another pass"))
		if c := v.credit(dov); c.Branch != member.MailBranch || c.Vouches != 1 {
			v.t.Errorf("a mail is one vouch of its branch: %+v", c)
		}
		v.refused(v.UseMail(v.ctx, dov, "a third pass"), fault.Conflict, "vouch.may.same_branch")
	})
}

// Two members use one code at the same moment, and one member two codes.
func TestVouch_atOnce(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		code := v.give(v.ana)
		var ids []member.ID
		for i := range 6 {
			ids = append(ids, join(v.t, v.Room, fmt.Sprint("m", i)))
		}
		if n := v.atOnce(len(ids), func(i int) error { return v.UseVouch(v.ctx, ids[i], code) }); n != 1 {
			v.t.Errorf("%d members used one code", n)
		}
		vouches := 0
		for _, id := range ids {
			vouches += v.credit(id).Vouches
		}
		if vouches != 1 {
			v.t.Errorf("one code made %d vouches", vouches)
		}
		cleo, codes := join(v.t, v.Room, "cleo"), []key.Code{v.give(v.ana), v.give(v.bo), v.give(v.bo)}
		v.atOnce(len(codes), func(i int) error { return v.UseVouch(v.ctx, cleo, codes[i]) })
		if got := v.credit(cleo).Vouches; got > 2 || got < 1 {
			v.t.Errorf("three codes of two branches at once made %d vouches", got)
		}
	})
}

// atOnce runs f n times together and tells how many had no fault.
func (v *vouching) atOnce(n int, f func(i int) error) (good int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if f(i) == nil {
				mu.Lock()
				good++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return good
}

func TestGive_budget(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		v.give(v.ana)
		v.give(v.ana)
		_, err := v.GiveVouch(v.ctx, v.ana)
		v.refused(err, fault.TooMany, "vouch.may.spent")
		again := fault.From(err).Args[0].(time.Time)
		if want := epoch.End(epoch.Of(v.at)).Add(member.GiveAgain); !again.Equal(want) {
			v.t.Errorf("again on %v, want %v", again, want)
		}
		if again.Sub(v.at) < member.GiveAgain {
			v.t.Errorf("more than two within ninety days: again after %v", again.Sub(v.at))
		}
		v.at = again.Add(-time.Second)
		_, err = v.GiveVouch(v.ctx, v.ana)
		v.refused(err, fault.TooMany, "vouch.may.spent")
		v.at = again
		v.give(v.ana)
		v.give(v.ana)
		_, err = v.GiveVouch(v.ctx, v.ana)
		v.refused(err, fault.TooMany, "vouch.may.spent")
		if n := v.atOnce(8, func(int) error { _, err := v.GiveVouch(v.ctx, v.bo); return err }); n > 2 || n < 1 {
			v.t.Errorf("eight presses at once gave %d vouches", n)
		}
	})
}

func TestGive_whoMay(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		cleo := join(v.t, v.Room, "cleo")
		_, err := v.GiveVouch(v.ctx, cleo)
		v.refused(err, fault.Forbidden, "vouch.may.not_vouched")
		v.ok(v.UseVouch(v.ctx, cleo, v.give(v.ana)))
		_, err = v.GiveVouch(v.ctx, cleo)
		v.refused(err, fault.Forbidden, "vouch.may.not_vouched")
		v.ok(v.UseVouch(v.ctx, cleo, v.give(v.bo)))
		_, err = v.GiveVouch(v.ctx, cleo)
		v.refused(err, fault.Forbidden, "vouch.may.new")
		v.at = fault.From(err).Args[0].(time.Time)
		if v.at.Sub(epoch.Start(v.credit(cleo).Joined)) < member.GiveAfter {
			v.t.Error("sooner than after thirty days")
		}
		v.give(cleo)
		_, err = v.GiveVouch(v.ctx, "nobody")
		v.refused(err, fault.NotFound, "member.unknown")
	})
}

// However many socks a branch has, and however patient they are, they make
// nobody eligible: it takes a second branch.
func TestVouch_ringOfOneBranch(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		king := join(v.t, v.Room, "king") // honestly vouched for once, by two branches
		v.ok(v.UseVouch(v.ctx, king, v.give(v.ana)))
		v.ok(v.UseVouch(v.ctx, king, v.give(v.bo)))
		branch := v.credit(king).Branch
		ring, members := []member.ID{king}, 0
		for range 4 { // a year of patience
			v.at = v.at.Add(120 * 24 * time.Hour)
			var next []member.ID
			for _, giver := range ring {
				for range 2 {
					sock := join(v.t, v.Room, fmt.Sprint("sock", members))
					members++
					code, err := v.GiveVouch(v.ctx, giver)
					if err != nil {
						continue // socks with one vouch give none
					}
					v.ok(v.UseVouch(v.ctx, sock, code))
					next = append(next, sock)
				}
			}
			// They vouch for each other as much as they like.
			for _, sock := range next {
				if code, err := v.GiveVouch(v.ctx, king); err == nil {
					v.refused(v.UseVouch(v.ctx, sock, code), fault.Conflict, "vouch.may.same_branch")
				}
			}
			ring = append(ring, next...)
		}
		for _, sock := range ring[1:] {
			if c := v.credit(sock); c.Vouches > 1 || c.Branch != branch || c.Founder {
				v.t.Errorf("a sock has %+v", c)
			}
		}
		if len(ring) < 5 {
			v.t.Errorf("the ring had only %d: the attack was none", len(ring))
		}
	})
}

func TestFound_twentyInThirtyDays(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		left, err := v.InviteFounder(v.ctx)
		v.ok(err)
		for i := range member.MaxFounders - 2 {
			v.founder(fmt.Sprint("founder", i))
		}
		late := join(v.t, v.Room, "late")
		v.refused(v.UseVouch(v.ctx, late, left), fault.Forbidden, "vouch.may.founders_full")
		_, err = v.InviteFounder(v.ctx)
		v.refused(err, fault.Forbidden, "vouch.may.founders_full")
		f, err := v.Founding(v.ctx)
		v.ok(err)
		if f.Founders != member.MaxFounders || !f.Day.Equal(epoch.StartOfDay(epoch.Day(v.at))) {
			v.t.Errorf("founding %+v", f)
		}
		v.ok(v.Erase(v.ctx, v.bo)) // who leaves makes no room for another
		v.refused(v.UseVouch(v.ctx, late, left), fault.Forbidden, "vouch.may.founders_full")
		v.at = f.Until()
		_, err = v.InviteFounder(v.ctx)
		v.refused(err, fault.Forbidden, "vouch.may.founding_over")
		v.ok(v.Begin(v.ctx)) // the first day stays the first
		v.refused(v.UseVouch(v.ctx, late, left), fault.Forbidden, "vouch.may.founding_over")
	})
}

func TestFound_oneCodeOneFounder(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		cleo, dov := join(v.t, v.Room, "cleo"), join(v.t, v.Room, "dov")
		v.ok(v.UseVouch(v.ctx, cleo, v.give(v.ana)))
		c, err := v.InviteFounder(v.ctx)
		v.ok(err)
		v.refused(v.UseVouch(v.ctx, v.ana, c), fault.Conflict, "vouch.may.founder_already")
		v.ok(v.UseVouch(v.ctx, cleo, c))
		v.refused(v.UseVouch(v.ctx, dov, c), fault.Conflict, "vouch.code_used")
		got := v.credit(cleo)
		if !got.Founder || got.Branch == v.credit(v.ana).Branch || got.Branch == "" {
			v.t.Errorf("a founder is a branch of her own: %+v", got)
		}
		v.ok(v.UseVouch(v.ctx, dov, v.give(cleo)))
		if v.credit(dov).Branch != got.Branch {
			v.t.Error("her vouches are of her branch")
		}
	})
}

var (
	qStandings  = db.SQLFor("membertest.standings", `SELECT 1`, `SELECT count(DISTINCT xmin::text) FROM member_standing`)
	qSpentBorn  = db.SQLFor("membertest.spent", `SELECT 1`, `SELECT count(DISTINCT xmin::text) FROM member_spent`)
	qVouchTable = db.SQLFor("membertest.tables",
		`SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.name IN ('member_standing', 'member_spent', 'member_branch')`,
		`SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_name IN ('member_standing', 'member_spent', 'member_branch')`)
)

// No edge, no time: what is stored is in this list, and an erased member leaves
// what was spent, which is nobody's.
func TestVouch_whatIsStored(t *testing.T) {
	eachVouching(t, func(v *vouching) {
		var cols []string
		v.ok(v.db.Rows(v.ctx, qVouchTable, func(scan func(...any) error) error {
			var s string
			err := scan(&s)
			cols = append(cols, s)
			return err
		}))
		slices.Sort(cols)
		want := []string{"member_branch.label", "member_spent.id", "member_standing.account_id", "member_standing.branch", "member_standing.founder",
			"member_standing.gave_1", "member_standing.gave_2", "member_standing.joined_epoch", "member_standing.vouches"}
		if !slices.Equal(cols, want) {
			v.t.Errorf("columns %v", cols)
		}
		for i := range 5 {
			cleo := join(v.t, v.Room, fmt.Sprint("cleo", i))
			v.ok(v.UseMail(v.ctx, cleo, fmt.Sprint("pass", i)))
		}
		v.ok(v.Keep(v.ctx))
		for _, q := range []*db.Query{qStandings, qSpentBorn} {
			var n int
			_, err := v.db.Row(v.ctx, q, nil, &n)
			v.ok(err)
			if n != 1 {
				v.t.Errorf("%s: rows remember %d transactions", q.Name(), n)
			}
		}
		v.ok(v.Erase(v.ctx, v.ana))
		_, err := v.Credit(v.ctx, v.ana)
		v.refused(err, fault.NotFound, "member.unknown")
	})
}
