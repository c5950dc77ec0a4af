package message_test

import (
	"fmt"
	"slices"
	"testing"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/message"
)

// room begins a room of devices; the first, of ana's, makes it.
func (h *hall) room(first message.LeafID, others ...message.LeafID) message.GroupID {
	h.t.Helper()
	s := adding(message.GroupID(ident.Random()), first, 0, others...)
	s.Room = true
	_, err := h.Commit(h.ctx, ana, s)
	h.ok(err)
	return s.Group
}

func removing(g message.GroupID, by message.LeafID, epoch int64, whom ...message.LeafID) message.Sealed {
	s := adding(g, by, epoch)
	s.Remove = whom
	return s
}

// empty takes all that waits for devices.
func (h *hall) empty(of map[message.LeafID]face.ID) {
	h.t.Helper()
	for l, f := range of {
		h.receive(f, l)
	}
}

// hears fails unless just these kinds wait for a device, and takes them.
func (h *hall) hears(of face.ID, l message.LeafID, want ...string) {
	h.t.Helper()
	if seen, _ := h.box(of, l); !slices.Equal(seen, want) {
		h.t.Errorf("%s is given %v, owed %v", of, seen, want)
	}
	h.receive(of, l)
}

func TestRoom_peopleComeAndGo(t *testing.T) {
	each(t, func(h *hall) {
		a, b, c := h.device(ana, 1), h.device(bo, 1), h.device(cleo, 1)
		_, err := h.Commit(h.ctx, ana, adding(message.GroupID(ident.Random()), a, 0, b, c))
		h.refused(err, fault.Forbidden, "message.may.two")
		g := h.room(a, b, c)
		h.empty(map[message.LeafID]face.ID{a: ana, b: bo, c: cleo})
		// They need not be connected with one another to read.
		h.strangers[[2]face.ID{bo, cleo}], h.strangers[[2]face.ID{cleo, bo}] = true, true
		_, err = h.Post(h.ctx, bo, text(g, b, 1))
		h.ok(err)
		h.hears(ana, a, "text 2")
		h.hears(cleo, c, "text 2")
		// Whoever is in brings in whom she knows, and nobody else.
		c2, d := h.device(cleo, 1), h.device("dan", 1)
		h.strangers[[2]face.ID{bo, "dan"}] = true
		_, err = h.Commit(h.ctx, bo, adding(g, b, 1, d))
		h.refused(err, fault.Forbidden, "message.may.connected")
		stands, err := h.Group(h.ctx, ana, a, g)
		h.ok(err)
		if !stands.Room || stands.Keeper != ana || len(stands.Leaves) != 3 || len(stands.Lacking) != 1 || stands.Lacking[0].ID != c2 {
			h.t.Errorf("ana sees %+v", stands)
		}
		if stands, err = h.Group(h.ctx, bo, b, g); err != nil || len(stands.Lacking) != 0 {
			h.t.Errorf("bo is told of a stranger's devices: %+v, %v", stands, err)
		}
		_, err = h.Commit(h.ctx, cleo, adding(g, c, 1, d, c2))
		h.ok(err)
		h.hears("dan", d, "welcome 3")
		// The keeper takes out; nobody beside her.
		_, err = h.Commit(h.ctx, bo, removing(g, b, 2, d))
		h.refused(err, fault.Forbidden, "message.may.keeper")
		_, err = h.Commit(h.ctx, ana, removing(g, a, 2, d))
		h.ok(err)
		_, err = h.Post(h.ctx, ana, text(g, a, 3))
		h.ok(err)
		h.hears("dan", d, "commit 4")
		_, err = h.Post(h.ctx, "dan", text(g, d, 3))
		h.refused(err, fault.NotFound, "message.no_group")
	})
}

func TestLeave(t *testing.T) {
	each(t, func(h *hall) {
		a, a2, b, c := h.device(ana, 1), h.device(ana, 1), h.device(bo, 1), h.device(cleo, 1)
		g := h.room(a, a2, b, c)
		h.ok(h.Leave(h.ctx, ana, a2, g))
		h.refused(h.Leave(h.ctx, ana, a, g), fault.NotFound, "message.no_group")
		h.hears(ana, a2, "welcome 1") // what waited still comes
		_, err := h.Post(h.ctx, bo, text(g, b, 1))
		h.ok(err)
		h.hears(ana, a2)
		h.hears(ana, a)
		stands, err := h.Group(h.ctx, bo, b, g)
		h.ok(err)
		var gone []message.LeafID
		for _, l := range stands.Leaves {
			if l.Face == "" {
				gone = append(gone, l.ID)
			}
		}
		if len(gone) != 2 || stands.Keeper != "" || len(stands.Lacking) != 0 {
			h.t.Errorf("after the keeper has left: %+v", stands)
		}
		_, err = h.Commit(h.ctx, bo, removing(g, b, 1, append(gone, c)...))
		h.ok(err)
		// Between two, what is written when the other has left waits with its writer.
		two := h.talk(a, b)
		h.ok(h.Leave(h.ctx, bo, b, two))
		_, err = h.Post(h.ctx, ana, text(two, a, 1))
		h.refused(err, fault.Conflict, "message.alone")
		h.ok(h.Leave(h.ctx, ana, a, two)) // the last: it is gone
		h.refused(h.Leave(h.ctx, ana, a, two), fault.NotFound, "message.no_group")
		for _, f := range []face.ID{ana, bo, cleo} {
			h.ok(h.Forget(h.ctx, f))
		}
	})
}

// Whoever has blocked somebody who is in hears nothing of the room, and nobody can tell.
func TestRoom_blocked(t *testing.T) {
	each(t, func(h *hall) {
		a, b, c := h.device(ana, 1), h.device(bo, 1), h.device(cleo, 1)
		g := h.room(a, b)
		h.blocks[[2]face.ID{cleo, bo}] = true
		_, err := h.Commit(h.ctx, ana, adding(g, a, 1, c))
		h.ok(err)
		_, err = h.Post(h.ctx, ana, text(g, a, 2))
		h.ok(err)
		h.hears(cleo, c)
		if last := h.arrived[len(h.arrived)-1]; !slices.Equal(last, []face.ID{bo}) {
			h.t.Errorf("told %v", last)
		}
		stands, err := h.Group(h.ctx, ana, a, g)
		if err != nil || len(stands.Leaves) != 3 || len(stands.Lacking) != 0 {
			h.t.Errorf("ana can tell: %+v, %v", stands, err)
		}
		// Her next device is to be brought in as anybody's, and is kept out too.
		b2, c2 := h.device(bo, 1), h.device(cleo, 1)
		stands, err = h.Group(h.ctx, ana, a, g)
		h.ok(err)
		var lacking []message.LeafID
		for _, l := range stands.Lacking {
			lacking = append(lacking, l.ID)
		}
		if slices.Sort(lacking); !slices.Equal(lacking, slices.Sorted(slices.Values([]message.LeafID{b2, c2}))) {
			h.t.Errorf("lacking are %v of bo's %s and cleo's %s", lacking, b2, c2)
		}
		_, err = h.Commit(h.ctx, ana, adding(g, a, 2, c2))
		h.ok(err)
		h.hears(cleo, c2)
		// One who is in and blocks another hears the others.
		h.receive(bo, b)
		h.blocks[[2]face.ID{bo, ana}] = true
		_, err = h.Post(h.ctx, ana, text(g, a, 3))
		h.ok(err)
		h.hears(bo, b)
	})
}

func TestGather(t *testing.T) {
	each(t, func(h *hall) {
		h.device(bo, 1)
		h.device(bo, 0)
		h.device(cleo, 1)
		devices := 0
		take := func(n int) error { devices += n; return nil }
		full := fault.New(fault.TooMany, "fault.wait_minutes", 3)
		_, err := h.Gather(h.ctx, ana, []face.ID{bo, cleo}, func(int) error { return full })
		h.refused(err, full.Kind, full.Key) // and nothing is drawn
		list, err := h.Gather(h.ctx, ana, []face.ID{bo, cleo, "dan", bo, bo}, take)
		h.ok(err)
		if len(list) != 3 || list[0].Face != bo || len(list[0].Packages) != 2 || len(list[1].Packages) != 1 || len(list[2].Packages) != 0 {
			h.t.Errorf("gathered %+v", list)
		}
		if last := list[1].Packages[0].Last || list[0].Packages[0].Last && list[0].Packages[1].Last; last || devices != 3 {
			h.t.Errorf("what is refused is drawn, or %d devices are counted", devices)
		}
		if left, err := h.Leaves(h.ctx, cleo, cleo); err != nil || left[0].Packages != 0 {
			h.t.Errorf("cleo has %+v left, %v", left, err)
		}
		h.strangers[[2]face.ID{ana, cleo}] = true
		_, err = h.Gather(h.ctx, ana, []face.ID{bo, cleo}, take)
		h.refused(err, fault.Forbidden, "message.may.connected")
		_, err = h.Gather(h.ctx, "", []face.ID{bo}, take)
		h.refused(err, fault.SignIn, "fault.sign_in")
		var many []face.ID
		for i := range message.MaxPeople + 1 {
			many = append(many, face.ID(fmt.Sprint(i)))
		}
		_, err = h.Gather(h.ctx, ana, many, take)
		h.refused(err, fault.Conflict, "message.many_people")
	})
}
