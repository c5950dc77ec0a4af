package pass_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass"
	"guildhall/internal/pass/token"
)

var (
	rightSlot = token.Slot{Purpose: token.Right, Space: space, Epoch: 742}
	readSlot  = token.Slot{Purpose: token.Read, Space: space, Epoch: 742}
)

// Fifty who are signed in and fifty who are not get the same bytes, each slot
// has one key, and each key stands in the log once.
func TestKeys_sameForAll(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		first, err := h.Keys(ctx, space)
		h.must(err)
		for i := range 100 {
			if i == 50 {
				h.Room = h.open([]byte("secret"))
			}
			again, err := h.Keys(ctx, space)
			h.must(err)
			if !bytes.Equal(first, again) {
				t.Fatalf("other keys: %s", again)
			}
		}
		var k struct {
			V, Epoch int
			Space    string
			Keys     []struct {
				Purpose  token.Purpose
				Epoch, E int
				N        string
				Place    int
			}
		}
		h.must(json.Unmarshal(first, &k))
		log := h.entries()
		if k.V != 1 || k.Space != space || k.Epoch != 742 || len(k.Keys) != 3 || len(log) != 3 {
			t.Fatalf("%s; %d entries", first, len(log))
		}
		for _, e := range k.Keys {
			if _, err := token.ParseKey(e.Purpose, e.N); err != nil || e.E != 65537 {
				t.Errorf("a client refuses %s: %v", e.Purpose, err)
			}
			if l := log[e.Place]; l.N != e.N || l.Purpose != e.Purpose || l.Epoch != e.Epoch || l.Day != epoch.Day(noon) {
				t.Errorf("the log says otherwise: %+v", l)
			}
		}
	})
}

// A right never expires: its key is shown for ever, those for reading only in
// their epoch; no key is made for an epoch that is over or to come.
func TestKeys_overEpochs(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Keys(ctx, space)
		h.must(err)
		old, err := h.Issuer(ctx, rightSlot)
		h.must(err)
		h.pass(28 * 24 * time.Hour)
		b, err := h.Keys(ctx, space)
		h.must(err)
		if bytes.Count(b, []byte(`"right"`)) != 2 || bytes.Count(b, []byte(`"read"`)) != 1 || !bytes.Contains(b, []byte(token.EncodeKey(old))) {
			t.Errorf("%s", b)
		}
		for _, ep := range []int{741, 744} {
			_, err := h.Issuer(ctx, token.Slot{Purpose: token.Right, Space: space, Epoch: ep})
			wantKey(t, err, "pass.slot.none")
		}
		if _, err := h.Keys(ctx, "nowhere"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a space that is not there: %v", err)
		}
		if _, err := h.Keys(ctx, "no where"); !fault.Is(err, fault.Invalid) {
			t.Errorf("a space that cannot be: %v", err)
		}
		if _, err := h.Issuer(ctx, token.Slot{Purpose: token.Right, Space: "nowhere", Epoch: 743}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a key for a space that is not there: %v", err)
		}
	})
}

// Nothing is signed by a key that is not in the log; when the log works again,
// the very key that was made goes in, once.
func TestIssuer_loggedBeforeUse(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.logFail = errors.New("the disk is full")
		if _, err := h.Issuer(ctx, rightSlot); err == nil {
			t.Fatal("a key without a place in the log was given out")
		}
		if _, err := h.Sign(ctx, rightSlot, make([]byte, 256)); err == nil {
			t.Fatal("signed by a key that is not in the log")
		}
		h.logFail = nil
		h.Room = h.open([]byte("secret")) // and the program has died meanwhile
		k, err := h.Issuer(ctx, rightSlot)
		h.must(err)
		h.Room = h.open([]byte("secret"))
		again, err := h.Issuer(ctx, rightSlot)
		h.must(err)
		if log := h.entries(); len(log) != 1 || log[0].N != token.EncodeKey(k) || !again.Equal(k) {
			t.Errorf("%d entries", len(log))
		}
	})
}

// A key that was not logged when its epoch ended is logged when it is asked for,
// with the day on which it was made.
func TestIssuer_logFailsOverTheBoundary(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		h.logFail = errors.New("down")
		_, err := h.Issuer(ctx, rightSlot)
		if err == nil {
			t.Fatal("given out")
		}
		h.logFail = nil
		h.pass(28 * 24 * time.Hour)
		_, err = h.Issuer(ctx, rightSlot)
		h.must(err)
		if log := h.entries(); len(log) != 1 || log[0].Day != epoch.Day(noon) || log[0].Epoch != 742 {
			t.Errorf("%+v", log)
		}
	})
}

func TestIssuer_onePerSlot(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		right, err := h.Issuer(ctx, rightSlot)
		h.must(err)
		read, err := h.Issuer(ctx, readSlot)
		h.must(err)
		mail, err := h.Issuer(ctx, token.Slot{Purpose: token.Mail, Epoch: 742})
		h.must(err)
		if right.Equal(read) || right.Equal(mail) || read.Equal(mail) {
			t.Error("two slots share a key")
		}
		if _, err := h.Issuer(ctx, token.Slot{Purpose: "toll", Space: space, Epoch: 742}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a purpose that is none: %v", err)
		}
	})
}

// Whoever has only the database cannot sign.
func TestIssuer_sealedUnderTheSecret(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Issuer(ctx, rightSlot)
		h.must(err)
		h.Room = h.open([]byte("another"))
		if _, err := h.Sign(ctx, rightSlot, make([]byte, 256)); !fault.Is(err, fault.Internal) {
			t.Errorf("opened by another secret: %v", err)
		}
	})
}

func TestSign_renewal(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		k, err := h.Issuer(ctx, rightSlot)
		h.must(err)
		q, err := h.person(1).root.Right(space, 742, 1, k)
		h.must(err)
		sig, err := h.Sign(ctx, rightSlot, q.Blinded)
		h.must(err)
		p, err := q.Finalize(sig)
		h.must(err)
		h.must(p.Verify(k))
		_, err = h.Sign(ctx, rightSlot, k.N.FillBytes(make([]byte, 256)))
		wantKey(t, err, "pass.serve.broken")
		_, err = h.Sign(ctx, rightSlot, q.Blinded[1:])
		wantKey(t, err, "pass.serve.broken")
	})
}

// Keys for reading lose their private half after two epochs; rights never do.
func TestKeep_closesKeys(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		_, err := h.Keys(ctx, space)
		h.must(err)
		one := append(make([]byte, 255), 1)
		for i, want := range []bool{true, true, false, false} {
			h.must(h.Keep(ctx))
			_, err := h.Sign(ctx, readSlot, one)
			if (err == nil) != want {
				t.Errorf("%d epochs later: %v", i, err)
			}
			if _, err := h.Issuer(ctx, readSlot); err != nil {
				t.Errorf("the public half is gone: %v", err)
			}
			_, err = h.Sign(ctx, rightSlot, one)
			h.must(err)
			h.pass(28 * 24 * time.Hour)
		}
	})
}

// Rights are counted by week and branch; later the branches are added up.
func TestServed_counts(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		serve := func(from, to int) {
			for n := from; n < to; n++ {
				p := h.person(n)
				r := pass.Request{Space: space, Epoch: 742, Right: append(make([]byte, 255), byte(n))}
				r.Signature = p.root.SignServe(space, 742, r.Right, nil)
				for range 2 { // the second time counts no more
					_, err := p.serve(r)
					h.must(err)
					h.batch()
				}
			}
		}
		week := epoch.Week(h.now())
		serve(0, 10)
		h.pass(7 * 24 * time.Hour)
		serve(10, 14)
		by, err := h.ServedInWeek(ctx, space, week)
		h.must(err)
		if len(by) != 4 || by["branch-0"] != 3 || by["branch-3"] != 2 {
			t.Errorf("%v", by)
		}
		serve(10, 14) // the window before this one is that of which k is shown
		h.must(h.Keep(ctx))
		by, err = h.ServedInWeek(ctx, space, week)
		h.must(err)
		if by["branch-0"] != 3 {
			t.Errorf("a week later: %v", by)
		}
		h.pass(7 * 24 * time.Hour)
		h.must(h.Keep(ctx))
		h.must(h.Keep(ctx))
		by, err = h.ServedInWeek(ctx, space, week)
		h.must(err)
		ever, err := h.ServedEver(ctx, space)
		h.must(err)
		if len(by) != 0 || h.counted() != 14 || ever["branch-0"] != 4 {
			t.Errorf("after two weeks: %v, in all %v", by, ever)
		}
	})
}

var qWeeks = db.SQL("passtest.weeks", `SELECT COUNT(DISTINCT week) FROM pass_count WHERE week > 0`)

// Leak 5: a week is finer than the epoch, and k cannot do without it; so nothing
// knows of any window but the running one and the last, however long a hall lives.
func TestCount_knowsTwoWindows(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for n := range 12 {
			p := h.person(n)
			r := pass.Request{Space: space, Epoch: epoch.Of(h.now()), Right: append(make([]byte, 255), byte(n))}
			r.Signature = p.root.SignServe(space, r.Epoch, r.Right, nil)
			_, err := p.serve(r)
			h.must(err)
			h.batch()
			h.must(h.Keep(ctx))
			weeks := 0
			_, err = h.db.Row(ctx, qWeeks, nil, &weeks)
			h.must(err)
			if weeks > 2 {
				t.Fatalf("after %d weeks the table knows %d", n, weeks)
			}
			h.pass(7 * 24 * time.Hour)
		}
	})
}

var qXmin = db.SQLFor("passtest.xmin", `SELECT 1`, `SELECT count(DISTINCT xmin::text) FROM pass_seat`)

// On PostgreSQL a row remembers its transaction; after the night all of them
// remember one.
func TestKeep_oneTransactionForAll(t *testing.T) {
	each(t, func(t *testing.T, h *hall) {
		for n := range 20 {
			p := h.person(n)
			r := pass.Request{Space: space, Epoch: 742, Right: append(make([]byte, 255), byte(n))}
			r.Signature = p.root.SignServe(space, 742, r.Right, nil)
			_, err := p.serve(r)
			h.must(err)
			h.batch()
		}
		h.must(h.Keep(ctx))
		var n int
		_, err := h.db.Row(ctx, qXmin, nil, &n)
		h.must(err)
		if n != 1 {
			t.Errorf("%d transactions can be told apart", n)
		}
	})
}
