package message_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/message"
)

func TestMay(t *testing.T) {
	t.Parallel()
	hers, two := message.Leaf{ID: "l", Face: ana}, message.Group{}
	for name, c := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"a member writes":           {message.MayWrite(ana), 0},
		"a reader does not":         {message.MayWrite(""), fault.SignIn},
		"her device":                {message.MayUse(ana, hers), 0},
		"another's":                 {message.MayUse(bo, hers), fault.NotFound},
		"none":                      {message.MayUse(ana, message.Leaf{}), fault.NotFound},
		"her own other device":      {message.MayReach(ana, ana, false), 0},
		"a connection":              {message.MayReach(ana, bo, true), 0},
		"a stranger":                {message.MayReach(ana, bo, false), fault.Forbidden},
		"removes her own":           {message.MayRemove(ana, hers, two), 0},
		"removes what is no more":   {message.MayRemove(ana, message.Leaf{ID: "l"}, two), 0},
		"does not remove another's": {message.MayRemove(bo, hers, two), fault.Forbidden},
		"the keeper removes":        {message.MayRemove(bo, hers, message.Group{Room: true, Keeper: bo}), 0},
		"nobody beside her":         {message.MayRemove(cleo, hers, message.Group{Room: true, Keeper: bo}), fault.Forbidden},
		"anybody, without a keeper": {message.MayRemove(cleo, hers, message.Group{Room: true}), 0},
		"a reader removes nobody":   {message.MayRemove("", hers, message.Group{Room: true}), fault.SignIn},
		"two are two":               {message.MayHold(two, 2), 0},
		"and not three":             {message.MayHold(two, 3), fault.Forbidden},
		"a room holds fifty":        {message.MayHold(message.Group{Room: true}, 50), 0},
		"and not more":              {message.MayHold(message.Group{Room: true}, 51), fault.Conflict},
	} {
		if c.want == 0 && c.err != nil || c.want != 0 && !fault.Is(c.err, c.want) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
}

func TestDraw_eachPackageOnceThenTheLast(t *testing.T) {
	each(t, func(h *hall) {
		a := h.device(ana, 3)
		second := h.device(ana, 0)
		got := map[string]int{}
		for range 5 {
			list, err := h.Draw(h.ctx, bo, ana, []message.LeafID{a, "nobody's"})
			h.ok(err)
			if len(list) != 1 || list[0].Leaf != a || list[0].Last != (string(list[0].Body) == string(packet("last"))) {
				h.t.Fatalf("drew %v", list)
			}
			got[string(list[0].Body[12:])]++
		}
		if d := cmp.Diff(map[string]int{"0": 1, "1": 1, "2": 1, "last": 2}, got); d != "" {
			h.t.Error(d)
		}
		h.ok(h.Stock(h.ctx, ana, a, [][]byte{packet("more")}))
		own, err := h.Leaves(h.ctx, ana, ana)
		h.ok(err)
		others, err := h.Leaves(h.ctx, bo, ana)
		h.ok(err)
		left := map[message.LeafID]int{}
		for i := range own {
			left[own[i].ID] = own[i].Packages
			if others[i].Packages != 0 {
				h.t.Error("others are told how many packages are left")
			}
		}
		if left[a] != 1 || left[second] != 0 || len(left) != 2 {
			h.t.Errorf("left %v", left)
		}
		h.strangers[[2]face.ID{bo, ana}] = true
		_, err = h.Draw(h.ctx, bo, ana, []message.LeafID{a})
		h.refused(err, fault.Forbidden, "message.may.connected")
		_, err = h.Leaves(h.ctx, "", ana)
		h.refused(err, fault.SignIn, "fault.sign_in")
	})
}

func TestEnrol(t *testing.T) {
	each(t, func(h *hall) {
		e := message.Enrolment{Leaf: message.LeafID(ident.Random()), Identity: identity(ana), Last: packet("last"), Packages: [][]byte{packet("1")}}
		h.ok(h.Enrol(h.ctx, ana, e))
		h.ok(h.Enrol(h.ctx, ana, e)) // the answer was lost
		if key, err := h.Identity(h.ctx, ana); err != nil || string(key) != string(e.Identity) {
			h.t.Errorf("identity %q, %v", key, err)
		}
		e.Identity = identity(bo)
		h.refused(h.Enrol(h.ctx, ana, e), fault.Conflict, "message.other_identity")
		h.refused(h.Enrol(h.ctx, bo, e), fault.Conflict, "message.many_leaves") // a name that is taken says no more
		for _, bad := range [][]byte{nil, []byte("no package"), []byte(strings.Repeat("x", 5000)), append(packet(""), make([]byte, message.MaxPackage)...)} {
			h.refused(h.Stock(h.ctx, ana, e.Leaf, [][]byte{bad}), fault.Invalid, "message.no_package")
		}
		for range message.MaxLeaves - 1 {
			h.device(ana, 0)
		}
		e.Leaf, e.Identity = message.LeafID(ident.Random()), identity(ana)
		h.refused(h.Enrol(h.ctx, ana, e), fault.Conflict, "message.many_leaves")
		l := h.device(cleo, 0)
		many := make([][]byte, 80)
		for i := range many {
			many[i] = packet("x")
		}
		h.ok(h.Stock(h.ctx, cleo, l, many))
		if held, err := h.Holdings(h.ctx, cleo); err != nil || held.Packages != message.MaxPackages {
			h.t.Errorf("%+v, %v", held, err)
		}
	})
}

func TestCommit_ofTwoAtOnceOneIsBehind(t *testing.T) {
	each(t, func(h *hall) {
		a, a2, b, b2 := h.device(ana, 1), h.device(ana, 1), h.device(bo, 1), h.device(bo, 1)
		g := h.talk(a, b)
		first, second := adding(g, a, 1, a2), adding(g, b, 1, b2)
		_, err := h.Commit(h.ctx, ana, first)
		h.ok(err)
		_, err = h.Commit(h.ctx, bo, second)
		h.refused(err, fault.Conflict, "message.behind")
		n, err := h.Commit(h.ctx, ana, first) // the answer was lost
		if err != nil || n != 2 {
			h.t.Errorf("again: place %d, %v", n, err)
		}
		if seen, _ := h.box(bo, b); !cmp.Equal(seen, []string{"welcome 1", "commit 2"}) {
			h.t.Errorf("bo's device: %v", seen)
		}
		if seen, _ := h.box(bo, b2); seen != nil {
			h.t.Errorf("the device that was not added: %v", seen)
		}
		_, err = h.Post(h.ctx, bo, text(g, b, 1)) // sealed before the change
		h.refused(err, fault.Conflict, "message.behind")
		_, err = h.Commit(h.ctx, bo, adding(g, b, 2, b2))
		h.ok(err)
		got, err := h.Group(h.ctx, bo, b2, g)
		if err != nil || got.Epoch != 3 || len(got.Leaves) != 4 {
			h.t.Errorf("%+v, %v", got, err)
		}
		_, err = h.Commit(h.ctx, bo, adding(g, b, 3, b2))
		h.refused(err, fault.Conflict, "message.behind") // it is in already
	})
}

func TestPost_onceAndKeptUntilEachHasIt(t *testing.T) {
	each(t, func(h *hall) {
		a, a2, b := h.device(ana, 1), h.device(ana, 1), h.device(bo, 1)
		g := h.talk(a, a2, b)
		h.receive(ana, a2)
		h.receive(bo, b)
		s := text(g, a, 1)
		for range 3 {
			if n, err := h.Post(h.ctx, ana, s); err != nil || n != 2 {
				h.t.Fatalf("place %d, %v", n, err)
			}
		}
		if len(h.arrived) != 1 || !cmp.Equal(h.arrived[0], []face.ID{bo}) {
			h.t.Errorf("told %v", h.arrived)
		}
		for l, of := range map[message.LeafID]face.ID{a2: ana, b: bo} {
			seen, items := h.box(of, l)
			if !cmp.Equal(seen, []string{"text 2"}) || string(items[0].Body) != string(s.Body) {
				h.t.Errorf("%s: %v", of, seen)
			}
		}
		if seen, _ := h.box(ana, a); seen != nil {
			h.t.Errorf("who sent it is given it: %v", seen)
		}
		_, err := h.Box(h.ctx, bo, a)
		h.refused(err, fault.NotFound, "message.no_leaf")
		h.refused(h.Receive(h.ctx, bo, a, nil), fault.NotFound, "message.no_leaf")
		h.receive(ana, a2)
		h.receive(bo, b)
		if seen, _ := h.box(bo, b); seen != nil {
			h.t.Errorf("still there: %v", seen)
		}
	})
}

func TestPost_blockedAndParted(t *testing.T) {
	each(t, func(h *hall) {
		a, b := h.device(ana, 1), h.device(bo, 1)
		g := h.talk(a, b)
		h.receive(bo, b)
		h.blocks[[2]face.ID{bo, ana}] = true
		h.strangers[[2]face.ID{bo, ana}] = true // a block ends the blocker's side of the connection
		if n, err := h.Post(h.ctx, ana, text(g, a, 1)); err != nil || n != 2 {
			h.t.Errorf("whoever is blocked can tell: %d, %v", n, err)
		}
		if seen, _ := h.box(bo, b); seen != nil || len(h.arrived) > 0 {
			h.t.Errorf("it came nevertheless: %v", seen)
		}
		if _, err := h.Draw(h.ctx, ana, bo, []message.LeafID{b}); err != nil {
			h.t.Errorf("whoever is blocked can tell: %v", err)
		}
		h.talk(a, b)
		if seen, _ := h.box(bo, b); seen != nil {
			h.t.Errorf("another conversation bothers her: %v", seen)
		}
		_, err := h.Post(h.ctx, bo, text(g, b, 1))
		h.refused(err, fault.Forbidden, "message.may.connected")
		h.strangers[[2]face.ID{ana, bo}] = true
		delete(h.blocks, [2]face.ID{bo, ana})
		_, err = h.Post(h.ctx, ana, text(g, a, 1))
		h.refused(err, fault.Forbidden, "message.may.connected")
	})
}

func TestCommit_removedHearsNothingMore(t *testing.T) {
	each(t, func(h *hall) {
		a, a2, b := h.device(ana, 1), h.device(ana, 1), h.device(bo, 1)
		g := h.talk(a, a2, b)
		h.receive(ana, a2)
		out := adding(g, b, 1)
		out.Remove = []message.LeafID{a2}
		_, err := h.Commit(h.ctx, bo, out)
		h.refused(err, fault.Forbidden, "message.may.remove")
		out.Leaf = a
		_, err = h.Commit(h.ctx, ana, out)
		h.ok(err)
		_, err = h.Post(h.ctx, bo, text(g, b, 2))
		h.ok(err)
		if seen, _ := h.box(ana, a2); !cmp.Equal(seen, []string{"commit 2"}) {
			h.t.Errorf("the removed device: %v", seen)
		}
		_, err = h.Post(h.ctx, ana, text(g, a2, 2))
		h.refused(err, fault.NotFound, "message.no_group")
		_, err = h.Group(h.ctx, ana, a2, g)
		h.refused(err, fault.NotFound, "message.no_group")
		_, err = h.Commit(h.ctx, ana, adding(g, a2, 2, a2))
		h.refused(err, fault.NotFound, "message.no_group")
		again := adding(g, a2, 0) // nor does it begin what there is
		_, err = h.Commit(h.ctx, ana, again)
		h.refused(err, fault.NotFound, "message.no_group")
	})
}

func TestSealed_onlyWhatHasTheForm(t *testing.T) {
	each(t, func(h *hall) {
		a, b := h.device(ana, 1), h.device(bo, 1)
		g := h.talk(a, b)
		other := h.talk(a, b)
		good := text(g, a, 1)
		for name, body := range map[string][]byte{
			"plain words":             []byte("let us meet at noon"),
			"nothing":                 nil,
			"another conversation's":  sealed(other, 1, 1, 272),
			"of an old epoch":         sealed(g, 0, 1, 272),
			"a change":                sealed(g, 1, 3, 272),
			"cut off":                 good.Body[:len(good.Body)-1],
			"with words behind":       append(append([]byte{}, good.Body...), "words"...),
			"a length that is absurd": append(append([]byte{}, good.Body[:31]...), 0xff),
		} {
			s := good
			s.Body = body
			_, err := h.Post(h.ctx, ana, s)
			if !fault.Is(err, fault.Invalid) {
				h.t.Errorf("%s: %v", name, err)
			}
		}
		s := good
		s.Body = sealed(g, 1, 1, 300)
		_, err := h.Post(h.ctx, ana, s)
		h.refused(err, fault.Invalid, "message.not_padded")
		s.Body = make([]byte, 10<<20)
		_, err = h.Post(h.ctx, ana, s)
		h.refused(err, fault.Invalid, "message.too_long")
		s = good
		s.Once = "1"
		_, err = h.Post(h.ctx, ana, s)
		h.refused(err, fault.Invalid, "message.not_sealed")
		c := adding(g, a, 1, h.device(ana, 1))
		c.Welcome = []byte("welcome")
		_, err = h.Commit(h.ctx, ana, c)
		h.refused(err, fault.Invalid, "message.not_sealed")
		c.Welcome = nil
		_, err = h.Commit(h.ctx, ana, c)
		h.refused(err, fault.Invalid, "message.not_sealed")
		c.Welcome, c.Add = welcome(), []message.LeafID{"gone"}
		_, err = h.Commit(h.ctx, ana, c)
		h.refused(err, fault.Conflict, "message.leaf_gone")
		if seen, _ := h.box(bo, b); !cmp.Equal(seen, []string{"welcome 1", "welcome 1"}) {
			h.t.Errorf("what was refused is there: %v", seen)
		}
	})
}

func TestKeep_andForget(t *testing.T) {
	each(t, func(h *hall) {
		a, a2, b := h.device(ana, 1), h.device(ana, 0), h.device(bo, 1)
		g := h.talk(a, a2, b)
		s := text(g, a, 1)
		_, err := h.Post(h.ctx, ana, s)
		h.ok(err)
		h.at = h.at.AddDate(0, 0, message.Days)
		h.ok(h.Keep(h.ctx))
		if seen, _ := h.box(bo, b); len(seen) != 2 {
			h.t.Errorf("gone too early: %v", seen)
		}
		if held, err := h.Holdings(h.ctx, ana); err != nil || held.Conversations != 1 || held.Waiting != 2 || held.Packages != 1 || len(held.Leaves) != 2 {
			h.t.Errorf("%+v, %v", held, err)
		}
		h.at = h.at.AddDate(0, 0, 1)
		h.ok(h.Keep(h.ctx))
		if seen, _ := h.box(bo, b); seen != nil {
			h.t.Errorf("kept for ever: %v", seen)
		}
		if n, err := h.Post(h.ctx, ana, s); err != nil || n != 2 {
			h.t.Errorf("its name is forgotten while it may be sent again: %d, %v", n, err)
		}
		h.at = h.at.AddDate(0, 0, 7) // it is known by its week
		h.ok(h.Keep(h.ctx))
		if n, err := h.Post(h.ctx, ana, s); err != nil || n != 3 {
			h.t.Errorf("its name is remembered for ever: %d, %v", n, err)
		}
		h.refused(h.Dismiss(h.ctx, bo, a2), fault.NotFound, "message.no_leaf")
		h.ok(h.Dismiss(h.ctx, ana, a2))
		got, err := h.Group(h.ctx, bo, b, g)
		h.ok(err)
		gone := 0
		for _, l := range got.Leaves {
			if l.Face == "" {
				gone++
			}
		}
		if gone != 1 || len(got.Leaves) != 3 {
			h.t.Errorf("%+v", got)
		}
		out := adding(g, b, 1)
		out.Remove = []message.LeafID{a2}
		_, err = h.Commit(h.ctx, bo, out)
		h.ok(err)
		h.ok(h.Forget(h.ctx, ana))
		h.ok(h.Forget(h.ctx, bo))
		for _, f := range []face.ID{ana, bo} {
			if held, err := h.Holdings(h.ctx, f); err != nil || !cmp.Equal(held, message.Holdings{}) {
				h.t.Errorf("%s leaves %+v, %v", f, held, err)
			}
			if key, err := h.Identity(h.ctx, f); err != nil || key != nil {
				h.t.Errorf("%s leaves a key: %v", f, err)
			}
		}
	})
}
