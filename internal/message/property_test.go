package message_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/message"
)

// model is what a conversation should be: who is in it, under which epoch, and what
// each device is still to be given, in order.
type model struct {
	h       *hall
	g       message.GroupID
	epoch   int64
	members map[message.LeafID]bool
	owed    map[message.LeafID][]string
	owner   map[message.LeafID]face.ID
	sent    []message.Sealed // texts that were taken in
}

// Whatever devices do at once: each thing comes to each device that was in the
// conversation, once, in order; whoever is behind has changed nothing.
func TestConversation_model(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			h := newHall(t, d)
			h.t = t
			m := &model{h: h, members: map[message.LeafID]bool{}, owed: map[message.LeafID][]string{}, owner: map[message.LeafID]face.ID{}}
			for _, f := range []face.ID{ana, bo, cleo} {
				for range 2 {
					id := message.LeafID(ident.Random())
					e := message.Enrolment{Leaf: id, Identity: identity(f), Last: packet("last")}
					owner := face.ID(string(f) + ident.Random())
					h.ok(h.Enrol(h.ctx, owner, e))
					m.owner[id] = owner
				}
			}
			first := slices.Sorted(maps.Keys(m.owner))[0]
			m.g = message.GroupID(ident.Random())
			begin := adding(m.g, first, 0)
			begin.Room = true
			_, err := h.Commit(h.ctx, m.owner[first], begin)
			h.ok(err)
			m.members[first], m.epoch = true, 1
			for range rapid.IntRange(1, 25).Draw(rt, "steps") {
				m.step(rt)
			}
		})
	})
}

func (m *model) step(rt *rapid.T) {
	all := slices.Sorted(maps.Keys(m.owner))
	by := rapid.SampledFrom(all).Draw(rt, "who")
	epoch := max(0, m.epoch-int64(rapid.IntRange(0, 1).Draw(rt, "behind by")))
	switch rapid.IntRange(0, 3).Draw(rt, "deed") {
	case 0:
		m.commit(rt, by, epoch, rapid.SampledFrom(all).Draw(rt, "whom"))
	case 1:
		m.post(rt, by, epoch)
	case 2:
		if len(m.sent) > 0 { // replayed
			s := rapid.SampledFrom(m.sent).Draw(rt, "again")
			_, err := m.h.Post(m.h.ctx, m.owner[s.Leaf], s)
			if m.members[s.Leaf] != (err == nil) {
				rt.Fatalf("sent again: %v", err)
			}
		}
	case 3:
		m.look(rt, by)
	}
}

func (m *model) commit(rt *rapid.T, by message.LeafID, epoch int64, whom message.LeafID) {
	s := adding(m.g, by, epoch, whom)
	n, err := m.h.Commit(m.h.ctx, m.owner[by], s)
	if want := m.members[by] && epoch == m.epoch && !m.members[whom]; want != (err == nil) {
		rt.Fatalf("commit: %v", err)
	}
	if err != nil {
		if m.members[by] && !fault.Is(err, fault.Conflict) {
			rt.Fatalf("commit: %v", err)
		}
		return
	}
	m.owe(by, fmt.Sprint("commit ", n))
	m.members[whom] = true
	m.owed[whom] = append(m.owed[whom], fmt.Sprint("welcome ", n))
	m.epoch++
}

func (m *model) post(rt *rapid.T, by message.LeafID, epoch int64) {
	s := text(m.g, by, epoch)
	n, err := m.h.Post(m.h.ctx, m.owner[by], s)
	if want := m.members[by] && epoch == m.epoch; want != (err == nil) {
		rt.Fatalf("post: %v", err)
	}
	if err == nil {
		m.owe(by, fmt.Sprint("text ", n))
		m.sent = append(m.sent, s)
	}
}

func (m *model) owe(by message.LeafID, what string) {
	for l := range m.members {
		if l != by {
			m.owed[l] = append(m.owed[l], what)
		}
	}
}

// look compares a box with what is owed, and sometimes takes it.
func (m *model) look(rt *rapid.T, l message.LeafID) {
	items, err := m.h.Box(m.h.ctx, m.owner[l], l)
	if err != nil {
		rt.Fatal(err)
	}
	var seen []string
	var ids []message.ItemID
	for _, i := range items {
		seen, ids = append(seen, fmt.Sprint(i.Kind, " ", i.N)), append(ids, i.ID)
	}
	if !slices.Equal(seen, m.owed[l]) {
		rt.Fatalf("a device is given %v, owed %v", seen, m.owed[l])
	}
	if rapid.Bool().Draw(rt, "take") {
		if err := m.h.Receive(m.h.ctx, m.owner[l], l, ids); err != nil {
			rt.Fatal(err)
		}
		m.owed[l] = nil
	}
}
