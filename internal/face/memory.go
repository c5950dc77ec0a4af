package face

import (
	"context"
	"sync"
	"sync/atomic"

	"guildhall/internal/db"
)

// remembered is how many faces are kept in memory, about 300 bytes each.
const remembered = 20_000

// memory keeps faces that were read lately. A page of 50 posts asks for 50.
type memory struct {
	mu     sync.RWMutex
	faces  map[ID]*kept
	change db.Tick // of the last forget
}

type kept struct {
	face Face
	used atomic.Bool // since room was last made
}

// recall gives a face if it is here.
func (m *memory) recall(id ID) (Face, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.look(id)
}

// fill completes the faces that are here, and gives the others back.
func (m *memory) fill(faces []*Face) (rest []*Face) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, f := range faces {
		if known, found := m.look(f.ID); found {
			*f = known
		} else if f.ID != "" {
			rest = append(rest, f)
		}
	}
	return rest
}

// look is recall for who holds the lock.
func (m *memory) look(id ID) (Face, bool) {
	k := m.faces[id]
	if k == nil {
		return Face{}, false
	}
	if !k.used.Load() { // a load shares the line between cores, a store does not
		k.used.Store(true)
	}
	return k.face, true
}

// keep remembers a face that was read at since or later, unless something was
// forgotten after that: then the face may be from before.
func (m *memory) keep(f Face, since db.Tick) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.change > since {
		return
	}
	if m.faces == nil {
		m.faces = map[ID]*kept{}
	}
	if len(m.faces) >= remembered {
		m.makeRoom()
	}
	m.faces[f.ID] = &kept{face: f}
}

// makeRoom drops one face that was not used since it was last looked at; maps
// are walked in random order, so that the hand need not be kept.
func (m *memory) makeRoom() {
	tries := 16
	for id, k := range m.faces {
		if tries--; tries == 0 || !k.used.Swap(false) {
			delete(m.faces, id)
			return
		}
	}
}

// forget drops a face once ctx's transaction has committed, and tells that pages
// which show many faces have changed.
func (r *Room) forget(ctx context.Context, id ID) {
	db.AfterCommit(ctx, func() {
		r.memory.mu.Lock()
		r.memory.change = db.Change()
		delete(r.memory.faces, id)
		r.memory.mu.Unlock()
		r.touch("faces")
	})
}

// find gives a face from memory, or reads it. Inside a write transaction nothing
// is remembered: it may see what others never will.
func (r *Room) find(ctx context.Context, id ID) (Face, bool, error) {
	if db.Writing(ctx) {
		return r.load(ctx, id)
	}
	if f, found := r.memory.recall(id); found {
		return f, true, nil
	}
	since := db.Since(ctx)
	f, found, err := r.load(ctx, id)
	if found && err == nil {
		r.memory.keep(f, since)
	}
	return f, found, err
}
