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
