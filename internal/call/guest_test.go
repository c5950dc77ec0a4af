package call_test

import (
	"crypto/ecdh"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"guildhall/internal/call"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// key is a public key as browsers make them.
var key = func() string {
	k, err := ecdh.P256().NewPrivateKey([]byte(strings.Repeat("k", 32)))
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(k.PublicKey().Bytes())
}()

// linked makes a link.
func (h *hall) linked(of face.ID, l call.Link) call.Link {
	h.t.Helper()
	l.ID, l.Key, l.Shown, l.Zone = ident.Random(), key, "Ana", "Europe/Madrid"
	h.ok(h.MakeLink(h.ctx, of, l))
	return l
}

// rung calls by a link, and lets it ring.
func (h *hall) rung(l call.Link) (call.ID, face.ID) {
	h.t.Helper()
	c, secret, err := h.BeginByLink(h.ctx, l, " Carla \u202eClient ", "sealed")
	h.ok(err)
	by := call.Visitor(secret)
	_, err = h.Seat(h.ctx, by, c.ID, "page")
	h.ok(err)
	return c.ID, by
}

// A guest calls by a link: it rings once her page can speak; what both pages seal is handed
// on; and a minute later nothing is left of it.
func TestBeginByLink_fromRingToNothing(t *testing.T) {
	each(t, func(h *hall) {
		l := h.linked(ana, call.Link{})
		c, secret, err := h.BeginByLink(h.ctx, l, " Carla \u202eClient ", "sealed")
		h.ok(err)
		by := call.Visitor(secret)
		h.hears()
		if strings.Contains(string(c.From), secret) || !c.ByGuest() {
			t.Errorf("the guest is kept as %s", c.From)
		}
		_, err = h.Seat(h.ctx, by, c.ID, "page")
		h.ok(err)
		h.hears("ring ana 1", "tell ana")
		g, err := h.Guest(h.ctx, ana, c.ID)
		h.ok(err)
		if g.Name != "Carla Client" || g.Asked != "sealed" || g.Link != l.ID || g.Answered != "" {
			t.Errorf("the guest: %+v", g)
		}
		h.ok(h.Rings(h.ctx, ana, c.ID, call.Phone))
		h.ok(h.Reached(h.ctx, ana))
		h.hears() // her page asks by itself
		number := strings.Repeat("n", 43)
		h.refused(h.OpenDigits(h.ctx, by, c.ID, number), fault.Conflict, "call.over") // before she has answered
		_, err = h.AnswerGuest(h.ctx, ana, c.ID, "seat", "")
		h.refused(err, fault.Invalid, "fault.not_text")
		_, err = h.AnswerGuest(h.ctx, ana, c.ID, "seat", "answer")
		h.ok(err)
		h.hears("hush ana", "tell ana")
		_, err = h.AnswerGuest(h.ctx, ana, c.ID, "elsewhere", "another")
		h.refused(err, fault.Conflict, "call.elsewhere")
		_, err = h.AnswerGuest(h.ctx, ana, c.ID, "seat", "another") // the same page again
		h.ok(err)
		h.refused(h.OpenDigits(h.ctx, ana, c.ID, number), fault.NotFound, "call.over")
		h.refused(h.OpenDigits(h.ctx, by, c.ID, "short"), fault.Invalid, "fault.not_text")
		h.ok(h.OpenDigits(h.ctx, by, c.ID, number))
		h.hears("tell ana")
		h.refused(h.OpenDigits(h.ctx, by, c.ID, strings.Repeat("m", 43)), fault.Conflict, "call.over") // once
		g, err = h.Guest(h.ctx, by, c.ID)
		h.ok(err)
		if g.Answered != "answer" || g.Opened != number {
			t.Errorf("the guest reads %+v", g)
		}
		for _, other := range []face.ID{bo, call.Visitor("guessed")} {
			_, err = h.Guest(h.ctx, other, c.ID)
			h.refused(err, fault.NotFound, "call.over")
		}
		h.ok(h.End(h.ctx, by, c.ID, false))
		h.hears("tell ana", "close")
		h.passes(time.Minute)
		_, err = h.Guest(h.ctx, ana, c.ID)
		h.refused(err, fault.NotFound, "call.over")
		_, err = h.Guest(h.ctx, by, c.ID)
		h.refused(err, fault.NotFound, "call.over")
	})
}

// One guest rings at a time, and members are not kept out by her.
func TestBeginByLink_oneAtATime(t *testing.T) {
	each(t, func(h *hall) {
		l := h.linked(ana, call.Link{})
		id, _ := h.rung(l)
		_, _, err := h.BeginByLink(h.ctx, h.linked(ana, call.Link{}), "Dirk", "sealed")
		h.refused(err, fault.Conflict, "call.link.rings")
		h.begun(bo, ana)
		h.ok(h.End(h.ctx, ana, id, false))
		_, _, err = h.BeginByLink(h.ctx, l, "", "sealed")
		h.refused(err, fault.Invalid, "fault.empty")
		_, _, err = h.BeginByLink(h.ctx, l, "Dirk", strings.Repeat("x", 2001))
		h.refused(err, fault.Invalid, "fault.not_text")
	})
}

// A silent link tells nothing; a burnt one says so; one that is good for one call is burnt by
// the answer, and not by a ring that nobody answers.
func TestSetLink(t *testing.T) {
	each(t, func(h *hall) {
		l := h.linked(ana, call.Link{})
		h.ok(h.SetLink(h.ctx, ana, l.ID, call.Silent))
		id, by := h.rung(l)
		h.hears()
		if list, err := h.Incoming(h.ctx, ana); err != nil || len(list) != 0 {
			t.Errorf("rings: %v %v", list, err)
		}
		h.passes(16 * time.Second)
		if c, w, err := h.Get(h.ctx, by, id); err != nil || c.State != call.Ringing || !w.NotReached {
			t.Errorf("the guest sees %s %+v %v", c.State, w, err)
		}
		h.ok(h.End(h.ctx, by, id, false))
		h.ok(h.SetLink(h.ctx, ana, l.ID, call.Open))
		h.refused(h.DropLink(h.ctx, ana, l.ID), fault.NotFound, "call.link.none") // first it burns
		h.refused(h.SetLink(h.ctx, bo, l.ID, call.Burnt), fault.NotFound, "call.link.none")
		h.ok(h.SetLink(h.ctx, ana, l.ID, call.Burnt))
		h.refused(h.SetLink(h.ctx, ana, l.ID, call.Open), fault.NotFound, "call.link.none")
		_, _, err := h.BeginByLink(h.ctx, l, "Dirk", "sealed")
		h.refused(err, fault.Conflict, "call.link.burnt")
		h.ok(h.DropLink(h.ctx, ana, l.ID))
		_, _, err = h.BeginByLink(h.ctx, l, "Dirk", "sealed")
		h.refused(err, fault.NotFound, "call.link.none")

		once := h.linked(ana, call.Link{Once: true})
		id, by = h.rung(once)
		h.ok(h.End(h.ctx, by, id, false))
		id, _ = h.rung(once)
		_, err = h.AnswerGuest(h.ctx, ana, id, "seat", "answer")
		h.ok(err)
		if l, err := h.Link(h.ctx, once.ID); err != nil || l.State != call.Burnt {
			t.Errorf("after its call: %s %v", l.State, err)
		}
	})
}

func TestMakeLink(t *testing.T) {
	each(t, func(h *hall) {
		own := h.linked(ana, call.Link{Own: true, Once: true})
		l, err := h.OwnLink(h.ctx, ana)
		h.ok(err)
		if l.ID != own.ID || !l.Named || l.Once || l.State != call.Open || l.Zone != "Europe/Madrid" || l.Key != key {
			t.Errorf("her own: %+v", l)
		}
		_, err = h.Link(h.ctx, own.ID) // it is found by her handle alone
		h.refused(err, fault.NotFound, "call.link.none")
		good := call.Link{ID: ident.Random(), Key: key, Shown: "Ana"}
		for what, c := range map[string]struct {
			change func(l *call.Link)
			kind   fault.Kind
			key    string
		}{
			"a second of her own": {func(l *call.Link) { l.Own = true }, fault.Conflict, "call.link.there"},
			"another's number":    {func(l *call.Link) { l.ID = own.ID }, fault.Conflict, "call.link.there"},
			"no number":           {func(l *call.Link) { l.ID = "me" }, fault.Invalid, "fault.not_text"},
			"no name":             {func(l *call.Link) { l.Shown = " " }, fault.Invalid, "fault.empty"},
			"no point":            {func(l *call.Link) { l.Key = strings.Repeat("A", 87) }, fault.Invalid, "fault.not_text"},
		} {
			l := good
			c.change(&l)
			err := h.MakeLink(h.ctx, ana, l)
			if f := fault.From(err); err == nil || f.Kind != c.kind || f.Key != c.key {
				t.Errorf("%s: %v", what, err)
			}
		}
		h.refused(h.MakeLink(h.ctx, "", good), fault.SignIn, "fault.sign_in")
		for range call.MaxLinks - 1 {
			h.linked(ana, call.Link{})
		}
		h.refused(h.MakeLink(h.ctx, ana, good), fault.Conflict, "call.link.many")
		list, err := h.Links(h.ctx, ana)
		h.ok(err)
		if len(list) != call.MaxLinks || !list[0].Own {
			t.Errorf("%d links", len(list))
		}
		_, err = h.Links(h.ctx, "")
		h.refused(err, fault.SignIn, "fault.sign_in")
		id, _ := h.rung(h.linked(bo, call.Link{}))
		h.ok(h.Forget(h.ctx, ana))
		if list, err := h.Links(h.ctx, ana); err != nil || len(list) != 0 {
			t.Errorf("forgotten: %d %v", len(list), err)
		}
		_, err = h.Guest(h.ctx, bo, id) // another's stays
		h.ok(err)
	})
}

func TestMay_links(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		err error
		key string
	}{
		"make links":           {call.MayLink(ana), ""},
		"make links as nobody": {call.MayLink(""), "fault.sign_in"},
		"ring":                 {call.MayRing(call.Link{ID: "x", State: call.Open}), ""},
		"ring what is silent":  {call.MayRing(call.Link{ID: "x", State: call.Silent}), ""},
		"ring what is burnt":   {call.MayRing(call.Link{ID: "x", State: call.Burnt}), "call.link.burnt"},
		"ring by no link":      {call.MayRing(call.Link{}), "call.link.none"},
	} {
		if key := fault.From(c.err).Key; c.err == nil != (c.key == "") || c.err != nil && key != c.key {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
