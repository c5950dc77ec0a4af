package face

import "strconv"

// FillMemory puts n faces into a memory and tells how many are in it.
func FillMemory(n int) int {
	var m memory
	for i := range n {
		m.keep(Face{ID: ID(strconv.Itoa(i))}, 0)
	}
	return len(m.faces)
}

// Remembers tells whether a face is in memory.
func (r *Room) Remembers(id ID) bool {
	_, found := r.memory.recall(id)
	return found
}

// Forgotten drops a face from memory as if there were no room for it.
func (r *Room) Forgotten(id ID) {
	r.memory.mu.Lock()
	defer r.memory.mu.Unlock()
	delete(r.memory.faces, id)
}
