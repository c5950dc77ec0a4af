package alliance_test

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/alliance"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

func TestAsk(t *testing.T) {
	each(t, func(h *hall) {
		h.refused(h.Ask(h.ctx, h.nobody, h.bo.Face, ""), fault.SignIn, "fault.sign_in")
		h.refused(h.Ask(h.ctx, h.ana, h.ana.Face, ""), fault.Invalid, "alliance.may.self")
		h.refused(h.Ask(h.ctx, h.ana, "nobody", ""), fault.NotFound, "face.none")
		if err := h.Ask(h.ctx, h.ana, h.bo.Face, strings.Repeat("x", alliance.MaxWords+1)); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
		h.ask(h.ana, h.bo)
		h.refused(h.Ask(h.ctx, h.ana, h.bo.Face, ""), fault.Conflict, "alliance.ask.waits")
		if got := h.told(h.bo); !slices.Equal(got, []string{alliance.EventAsked}) {
			t.Error(got)
		}
		w := h.waits(h.bo)
		if len(w.Asked) != 1 || w.Asked[0].From.Name != "ana" || w.Asked[0].Words != "We met at the fair." || len(w.Asking) != 0 {
			t.Errorf("%+v", w)
		}
		if asking, err := h.Asking(h.ctx, h.ana, h.bo.Face); err != nil || !asking {
			t.Error(asking, err)
		}
		h.knows(h.ana, h.bo, false)
		h.ok(h.Accept(h.ctx, h.bo, h.ana.Face))
		h.knows(h.ana, h.bo, true)
		h.knows(h.bo, h.ana, true)
		if got := h.told(h.ana); !slices.Equal(got, []string{alliance.EventConnected}) {
			t.Error(got)
		}
		h.refused(h.Ask(h.ctx, h.ana, h.bo.Face, ""), fault.Conflict, "alliance.ask.connected")
		h.refused(h.Accept(h.ctx, h.bo, h.ana.Face), fault.NotFound, "alliance.gone")
		h.ok(h.End(h.ctx, h.bo, h.ana.Face))
		h.refused(h.End(h.ctx, h.bo, h.ana.Face), fault.NotFound, "alliance.gone")
		h.knows(h.ana, h.bo, false)
		h.knows(h.bo, h.ana, false)
	})
}

// Two who wish the same need nobody's answer.
func TestAsk_both(t *testing.T) {
	each(t, func(h *hall) {
		h.ask(h.ana, h.bo)
		h.ask(h.bo, h.ana)
		h.knows(h.ana, h.bo, true)
		if w := h.waits(h.ana); len(w.Asked)+len(w.Asking) != 0 {
			t.Errorf("%+v", w)
		}
	})
}

// seen is all that somebody can learn about somebody here.
func seen(h *hall, a, other alliance.Actor) string {
	h.t.Helper()
	holds, err := h.Holds(h.ctx, a, other.Face)
	h.ok(err)
	asking, err := h.Asking(h.ctx, a, other.Face)
	h.ok(err)
	again := h.Ask(h.ctx, a, other.Face, "Again.")
	key := ""
	if f := fault.From(again); again != nil {
		key = f.Key
	}
	w := h.waits(a)
	day := 0
	for _, x := range w.Asking {
		if x.To.ID == other.Face {
			day = x.Day
		}
	}
	return strings.Join([]string{strconv.Itoa(day), strconv.FormatBool(holds), strconv.FormatBool(asking), key, strconv.Itoa(len(w.Asked)), strconv.Itoa(len(w.Asking)),
		strconv.Itoa(len(w.Introductions)), strconv.Itoa(len(w.Introducing)), strings.Join(h.told(a), " ")}, "|")
}

// Whoever is declined, or blocked before or after, sees what she sees whom nobody has
// answered: now, after withdrawing and wishing again, and when it lapses.
func TestDecline_tellsNothing(t *testing.T) {
	each(t, func(h *hall) {
		h.block(h.dov, h.ana)
		for _, to := range []alliance.Actor{h.bo, h.cleo, h.dov} {
			h.ask(h.ana, to)
		}
		h.ok(h.Decline(h.ctx, h.cleo, h.ana.Face))
		if got := h.told(h.dov); len(got) != 0 {
			t.Error("the blocker was told", got)
		}
		same := func(when string) {
			t.Helper()
			want := seen(h, h.ana, h.bo)
			for name, to := range map[string]alliance.Actor{"declined": h.cleo, "blocked": h.dov} {
				if got := seen(h, h.ana, to); got != want {
					t.Errorf("%s, %s: %s, where nobody looked %s", when, name, got, want)
				}
			}
		}
		same("at first")
		for _, to := range []alliance.Actor{h.bo, h.cleo, h.dov} {
			h.ok(h.Withdraw(h.ctx, h.ana, to.Face))
			h.refused(h.Withdraw(h.ctx, h.ana, to.Face), fault.NotFound, "alliance.gone")
		}
		h.at = h.at.AddDate(0, 0, 3)
		for _, to := range []alliance.Actor{h.bo, h.cleo, h.dov} {
			h.ask(h.ana, to)
		}
		same("wished again")
		for name, to := range map[string]alliance.Actor{"declined": h.cleo, "blocked": h.dov} {
			if w := h.waits(to); len(w.Asked) != 0 {
				t.Errorf("%s: asked anew: %+v", name, w.Asked)
			}
			h.refused(h.Accept(h.ctx, to, h.ana.Face), fault.NotFound, "alliance.gone")
			h.refused(h.Decline(h.ctx, to, h.ana.Face), fault.NotFound, "alliance.gone")
		}
		h.at = h.at.AddDate(0, 0, alliance.Lapse)
		h.ok(h.Keep(h.ctx))
		same("on the last day")
		h.at = h.at.AddDate(0, 0, 1)
		h.ok(h.Keep(h.ctx))
		if w := h.waits(h.ana); len(w.Asking) != 0 {
			t.Errorf("%+v", w.Asking)
		}
		for _, to := range []alliance.Actor{h.bo, h.cleo, h.dov} {
			h.ask(h.ana, to)
		}
		same("lapsed, and wished again")
	})
}

// A block takes one side of a connection, and gives it back.
func TestShut(t *testing.T) {
	each(t, func(h *hall) {
		h.connect(h.ana, h.bo)
		h.block(h.ana, h.bo)
		h.knows(h.ana, h.bo, false) // and bo does not reach her
		h.knows(h.bo, h.ana, true)
		h.refused(h.Ask(h.ctx, h.ana, h.bo.Face, ""), fault.Forbidden, "alliance.ask.blocked")
		h.unblock(h.ana, h.bo)
		h.knows(h.ana, h.bo, true)
		h.knows(h.bo, h.ana, true)
		h.block(h.ana, h.bo)
		h.ok(h.End(h.ctx, h.bo, h.ana.Face)) // meanwhile he wishes no more
		h.unblock(h.ana, h.bo)
		h.knows(h.ana, h.bo, false)
		// What was wished before the block waits on for whoever wished it.
		h.ask(h.bo, h.ana)
		h.block(h.ana, h.bo)
		if w := h.waits(h.ana); len(w.Asked) != 0 {
			t.Errorf("%+v", w)
		}
		if w := h.waits(h.bo); len(w.Asking) != 1 {
			t.Errorf("%+v", w)
		}
	})
}

func TestAsk_many(t *testing.T) {
	each(t, func(h *hall) {
		for i := range alliance.MaxOpen {
			f, err := h.Faces.New(h.ctx, strings.Repeat("a", i%20+1)+strings.Repeat("b", i/20+1))
			h.ok(err)
			h.ok(h.Ask(h.ctx, h.ana, f.ID, ""))
		}
		h.refused(h.Ask(h.ctx, h.ana, h.bo.Face, ""), fault.TooMany, "alliance.many.open")
		h.connect(h.bo, h.ana) // who has asked much may still be asked
	})
}

func TestIntroduce(t *testing.T) {
	each(t, func(h *hall) {
		introduce := func(a alliance.Actor, one, other face.ID) error {
			return h.Introduce(h.ctx, a, one, other, "You both record voices.")
		}
		h.refused(introduce(h.nobody, h.bo.Face, h.cleo.Face), fault.SignIn, "fault.sign_in")
		h.connect(h.ana, h.bo)
		h.refused(introduce(h.ana, h.bo.Face, h.cleo.Face), fault.Forbidden, "alliance.may.both")
		h.connect(h.ana, h.cleo)
		h.refused(introduce(h.ana, h.bo.Face, h.bo.Face), fault.Invalid, "alliance.may.two")
		h.ok(introduce(h.ana, h.bo.Face, h.cleo.Face))
		for _, a := range []alliance.Actor{h.bo, h.cleo} {
			if got := h.told(a); !slices.Contains(got, alliance.EventIntroduced) {
				t.Error(got)
			}
		}
		w := h.waits(h.cleo)
		if len(w.Introductions) != 1 || w.Introductions[0].Other.Name != "bo" || w.Introductions[0].By.Name != "ana" || w.Introductions[0].Said {
			t.Fatalf("%+v", w)
		}
		id := w.Introductions[0].ID
		h.refused(h.Meet(h.ctx, h.dov, id), fault.NotFound, "alliance.gone")
		h.refused(h.Meet(h.ctx, h.nobody, id), fault.SignIn, "fault.sign_in")
		h.ok(h.Meet(h.ctx, h.cleo, id))
		h.knows(h.bo, h.cleo, false)
		if w := h.waits(h.cleo); !w.Introductions[0].Said {
			t.Errorf("%+v", w)
		}
		h.ok(h.Meet(h.ctx, h.bo, id))
		h.knows(h.bo, h.cleo, true)
		h.knows(h.cleo, h.bo, true)
		h.refused(h.Meet(h.ctx, h.bo, id), fault.NotFound, "alliance.gone")
		// The first yes is whose is told of the second.
		if got := h.told(h.cleo); !slices.Equal(got, []string{alliance.EventConnected}) {
			t.Error(got)
		}
	})
}

// A no shows to nobody, nor does a block of one of the three.
func TestPass(t *testing.T) {
	each(t, func(h *hall) {
		for _, a := range []alliance.Actor{h.bo, h.cleo, h.dov} {
			h.connect(h.ana, a)
		}
		h.blocks[[2]face.ID{h.dov.Face, h.bo.Face}] = true
		h.ok(h.Introduce(h.ctx, h.ana, h.bo.Face, h.cleo.Face, "One."))
		h.ok(h.Introduce(h.ctx, h.ana, h.bo.Face, h.dov.Face, "Two."))
		if w := h.waits(h.dov); len(w.Introductions) != 0 || slices.Contains(h.told(h.dov), alliance.EventIntroduced) {
			t.Errorf("shown to the blocker: %+v", w)
		}
		var one string
		for _, i := range h.waits(h.cleo).Introductions {
			one = i.ID
		}
		h.ok(h.Pass(h.ctx, h.cleo, one))
		h.refused(h.Pass(h.ctx, h.cleo, one), fault.NotFound, "alliance.gone")
		h.ok(h.Meet(h.ctx, h.bo, one))
		h.ok(h.Meet(h.ctx, h.bo, one)) // twice is once
		h.knows(h.bo, h.cleo, false)
		if w := h.waits(h.bo); len(w.Introductions) != 2 {
			t.Errorf("%+v", w)
		}
		mine := h.waits(h.ana).Introducing
		if len(mine) != 2 || mine[0].Said || mine[1].Said {
			t.Errorf("%+v", mine)
		}
		h.refused(h.Unintroduce(h.ctx, h.bo, one), fault.NotFound, "alliance.gone")
		h.ok(h.Unintroduce(h.ctx, h.ana, one))
		if w := h.waits(h.bo); len(w.Introductions) != 1 {
			t.Errorf("%+v", w)
		}
		h.block(h.bo, h.dov) // afterwards, from the other side
		if w := h.waits(h.bo); len(w.Introductions) != 0 {
			t.Errorf("%+v", w)
		}
	})
}

func TestNotes(t *testing.T) {
	each(t, func(h *hall) {
		sealed := func(b byte) string {
			return base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat(string(b), alliance.SealedNote)))
		}
		keep := func(a alliance.Actor, s string) error {
			return h.KeepNote(h.ctx, a, alliance.Note{Other: h.bo.Face, Sealed: s})
		}
		h.refused(keep(h.nobody, sealed('a')), fault.SignIn, "fault.sign_in")
		h.refused(keep(h.ana, sealed('a')), fault.NotFound, "alliance.gone")
		h.connect(h.ana, h.bo)
		for _, s := range []string{"x", sealed('a')[1:], sealed('a') + "a", "plain words", sealed('a') + "\n"} {
			h.refused(keep(h.ana, s), fault.Invalid, "alliance.note.unreadable")
		}
		h.ok(keep(h.ana, sealed('a')))
		h.ok(keep(h.ana, sealed('b')))
		notes := func(a alliance.Actor) []alliance.Note {
			list, err := h.Notes(h.ctx, a)
			h.ok(err)
			return list
		}
		if diff := cmp.Diff([]alliance.Note{{Other: h.bo.Face, Sealed: sealed('b')}}, notes(h.ana)); diff != "" {
			t.Error(diff)
		}
		if len(notes(h.bo)) != 0 {
			t.Error("read by another")
		}
		h.ok(keep(h.ana, ""))
		if len(notes(h.ana)) != 0 {
			t.Error("still there")
		}
		h.ok(keep(h.ana, sealed('c')))
		h.ok(h.End(h.ctx, h.ana, h.bo.Face))
		if len(notes(h.ana)) != 0 {
			t.Error("a note outlives its connection")
		}
	})
}

func TestForget(t *testing.T) {
	each(t, func(h *hall) {
		for _, a := range []alliance.Actor{h.bo, h.cleo} {
			h.connect(h.ana, a)
		}
		h.ok(h.Introduce(h.ctx, h.ana, h.bo.Face, h.cleo.Face, "One."))
		h.ask(h.dov, h.ana)
		h.ask(h.bo, h.dov)
		h.ok(h.Forget(h.ctx, h.ana.Face))
		for _, a := range []alliance.Actor{h.bo, h.cleo, h.dov} {
			h.knows(a, h.ana, false)
			w := h.waits(a)
			w.Asking = slices.DeleteFunc(w.Asking, func(x alliance.Ask) bool { return x.To.ID == h.dov.Face })
			if len(w.Asking)+len(w.Introductions)+len(w.Introducing) != 0 {
				t.Errorf("%+v", w)
			}
		}
		if w := h.waits(h.dov); len(w.Asked) != 1 { // others stay
			t.Errorf("%+v", w)
		}
	})
}

func TestMay(t *testing.T) {
	t.Parallel()
	ana, open := alliance.Actor{Face: "ana"}, face.Face{ID: "bo", Kind: face.Open}
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"connect":                 {alliance.MayConnect(ana), true},
		"connect, nobody":         {alliance.MayConnect(alliance.Actor{}), false},
		"ask":                     {alliance.MayAsk(ana, open), true},
		"ask herself":             {alliance.MayAsk(alliance.Actor{Face: "bo"}, open), false},
		"ask who has left":        {alliance.MayAsk(ana, face.Face{ID: "bo"}), false},
		"introduce":               {alliance.MayIntroduce(ana, "bo", "cleo", true, true), true},
		"introduce a stranger":    {alliance.MayIntroduce(ana, "bo", "cleo", true, false), false},
		"introduce to a stranger": {alliance.MayIntroduce(ana, "bo", "cleo", false, true), false},
		"introduce one":           {alliance.MayIntroduce(ana, "bo", "bo", true, true), false},
	} {
		if (c.err == nil) != c.want {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}
