package message_test

import (
	"slices"
	"testing"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/message"
)

// left begins a room of three, which bo leaves; his device is taken out of it.
func left(h *hall, a, b, c message.LeafID) message.GroupID {
	h.t.Helper()
	g := h.room(a, b, c)
	h.empty(map[message.LeafID]face.ID{b: bo, c: cleo})
	h.ok(h.Leave(h.ctx, bo, b, g))
	_, err := h.Commit(h.ctx, ana, removing(g, a, 1, b))
	h.ok(err)
	h.hears(cleo, c, "commit 2")
	return g
}

// Whoever has left and is brought in again follows the keys, hears and says nothing, and
// nobody is told so, until she says herself that she comes in.
func TestEnter(t *testing.T) {
	each(t, func(h *hall) {
		a, b, c := h.device(ana, 1), h.device(bo, 1), h.device(cleo, 1)
		g := left(h, a, b, c)
		if held, err := h.Holdings(h.ctx, bo); err != nil || held.Left != 1 || held.Conversations != 0 {
			t.Errorf("of bo is held %+v, %v", held, err)
		}
		b2 := h.device(bo, 1) // one that was never in it
		_, err := h.Commit(h.ctx, cleo, adding(g, c, 2, b))
		h.ok(err)
		h.hears(bo, b, "welcome 3")
		_, err = h.Commit(h.ctx, ana, adding(g, a, 3, b2))
		h.ok(err)
		h.hears(bo, b, "commit 4")
		h.hears(bo, b2, "welcome 4")
		h.arrived = nil
		_, err = h.Post(h.ctx, ana, text(g, a, 4))
		h.ok(err)
		h.hears(bo, b)
		h.hears(bo, b2)
		if len(h.arrived) != 1 || !slices.Equal(h.arrived[0], []face.ID{cleo}) {
			t.Errorf("told %v", h.arrived)
		}
		h.ok(h.PutPiece(h.ctx, ana, message.Piece{Group: g, Leaf: a, File: "0fffffffffffffffffffffffff", Body: make([]byte, 4096+16)}))
		_, err = h.GetPiece(h.ctx, bo, b, "0fffffffffffffffffffffffff", 0)
		h.refused(err, fault.NotFound, "message.no_file")
		_, err = h.Post(h.ctx, bo, text(g, b, 4))
		h.refused(err, fault.NotFound, "message.no_group")
		_, err = h.Commit(h.ctx, bo, removing(g, b, 4, b2))
		h.refused(err, fault.NotFound, "message.no_group")
		mine, err1 := h.Group(h.ctx, bo, b, g)
		others, err2 := h.Group(h.ctx, ana, a, g)
		if err1 != nil || err2 != nil || !mine.Asked || others.Asked || len(others.Leaves) != 4 || len(mine.Leaves) != 4 {
			t.Errorf("bo sees %+v (%v), ana %+v (%v)", mine, err1, others, err2)
		}
		h.refused(h.Enter(h.ctx, ana, b, g), fault.NotFound, "message.no_leaf")
		h.refused(h.Enter(h.ctx, bo, h.device(bo, 1), g), fault.NotFound, "message.no_group")
		h.ok(h.Enter(h.ctx, bo, b2, g))
		h.ok(h.Enter(h.ctx, bo, b2, g)) // said again
		_, err = h.Post(h.ctx, cleo, text(g, c, 4))
		h.ok(err)
		h.hears(bo, b, "text 6")
		h.hears(bo, b2, "text 6")
		if held, err := h.Holdings(h.ctx, bo); err != nil || held.Left != 0 || held.Conversations != 1 {
			t.Errorf("of bo is held %+v, %v", held, err)
		}
		for _, f := range []face.ID{ana, bo, cleo} {
			h.ok(h.Forget(h.ctx, f))
		}
	})
}

// Whoever declines is out as after leaving, and is asked anew each time. Whoever has blocked
// somebody who is in is not even asked.
func TestEnter_declined(t *testing.T) {
	each(t, func(h *hall) {
		a, b, c := h.device(ana, 1), h.device(bo, 1), h.device(cleo, 1)
		g := left(h, a, b, c)
		for epoch := int64(2); epoch < 6; epoch += 2 {
			_, err := h.Commit(h.ctx, ana, adding(g, a, epoch, b))
			h.ok(err)
			h.arrived = nil
			h.ok(h.Leave(h.ctx, bo, b, g))
			if len(h.arrived) != 0 {
				t.Errorf("told %v", h.arrived)
			}
			stands, err := h.Group(h.ctx, ana, a, g)
			h.ok(err)
			if i := slices.IndexFunc(stands.Leaves, func(l message.Leaf) bool { return l.ID == b }); i < 0 || stands.Leaves[i].Face != "" {
				t.Errorf("bo is not to be taken out: %+v", stands.Leaves)
			}
			_, err = h.Commit(h.ctx, ana, removing(g, a, epoch+1, b))
			h.ok(err)
			h.refused(h.Enter(h.ctx, bo, b, g), fault.NotFound, "message.no_group")
		}
		h.receive(bo, b)
		h.blocks[[2]face.ID{bo, cleo}] = true
		_, err := h.Commit(h.ctx, ana, adding(g, a, 6, b))
		h.ok(err)
		h.hears(bo, b)
		h.refused(h.Enter(h.ctx, bo, b, g), fault.NotFound, "message.no_group")
		// Between two leaving is quiet, and with the last device of a room all is forgotten.
		two := h.talk(a, c)
		h.ok(h.Leave(h.ctx, cleo, c, two))
		if held, err := h.Holdings(h.ctx, cleo); err != nil || held.Left != 0 {
			t.Errorf("of cleo is held %+v, %v", held, err)
		}
		h.ok(h.Leave(h.ctx, ana, a, g))
		h.ok(h.Leave(h.ctx, cleo, c, g))
		for _, f := range []face.ID{ana, bo, cleo} {
			if held, err := h.Holdings(h.ctx, f); err != nil || held.Left != 0 {
				t.Errorf("of %s is held %+v, %v", f, held, err)
			}
		}
	})
}
