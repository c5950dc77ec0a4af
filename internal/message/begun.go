package message

import (
	"sync"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// MaxBegun is how many bytes of files that are not whole one face may have with the hall.
const MaxBegun = 60 << 20

const (
	maxBegunFiles = 20
	maxBegunFaces = 10_000 // beyond that the ones of earlier days are forgotten, and then all
)

// begun counts, in memory only, what faces have begun to send and not ended: the database
// does not hold who sends a file. After a restart it begins anew.
type begun struct {
	mu   sync.Mutex
	day  int64
	each map[face.ID]map[FileID]int
}

// take counts a piece. Faults: Conflict when she has begun too much.
func (b *begun) take(by face.ID, p Piece, day int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.each == nil || b.day < day-1 || len(b.each) > maxBegunFaces { // what was begun then is gone from the hall, too
		b.day, b.each = day, map[face.ID]map[FileID]int{}
	}
	files := b.each[by]
	if p.Last {
		b.drop(by, p.File)
		return nil
	}
	all := 0
	for f, bytes := range files {
		if f != p.File {
			all += bytes
		}
	}
	now := max(files[p.File], (p.N+1)*PieceBytes) // what is sent again counts once
	if _, known := files[p.File]; all+now > MaxBegun || !known && len(files) >= maxBegunFiles {
		return fault.New(fault.Conflict, "message.many_begun", MaxBegun>>20)
	}
	if files == nil {
		files = map[FileID]int{}
		b.each[by] = files
	}
	files[p.File] = now
	return nil
}

// end forgets a file.
func (b *begun) end(by face.ID, f FileID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop(by, f)
}

func (b *begun) drop(by face.ID, f FileID) {
	delete(b.each[by], f)
	if len(b.each[by]) == 0 {
		delete(b.each, by)
	}
}
