package letterbox

import (
	"cmp"

	"guildhall/internal/mask/letter"
)

// Limits: of what waits, and of answers, which are another matter: a box full of
// answers takes letters all the same.
const (
	mostLetters = 50_000
	mostBytes   = 512 << 20
	mostAnswers = 100_000 // of 16 KiB; beyond that the oldest deliveries' go first
)

// load is how much there is of something.
type load struct {
	n     int
	bytes int64
}

func (l *load) add(n int, bytes int64) { l.n, l.bytes = l.n+n, l.bytes+int64(n)*bytes }

// space counts what letters and answers take. Whoever holds the box's lock uses it.
type space struct {
	letters, answers int          // the most of each
	waiting          load         // letters, those that were taken back included
	answered         int          // of all deliveries
	back             map[int]load // taken back, by the delivery they were drawn for
}

func newSpace(c Config) space {
	return space{letters: cmp.Or(c.Letters, mostLetters), answers: cmp.Or(c.Answers, mostAnswers), back: map[int]load{}}
}

// add counts an entry in (n = 1) or out (n = -1).
func (s *space) add(e entry, n int) {
	if e.answered {
		s.answered += n
		return
	}
	s.waiting.add(n, e.size)
}

// full tells whether a letter of so many bytes finds no room.
func (s *space) full(bytes int64) bool {
	return s.waiting.n >= s.letters || s.waiting.bytes+bytes > mostBytes
}

// Full tells whether no letter finds room before the next delivery.
func (b *Box) Full() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.space.full(letter.Short)
}

// reserve keeps the room of a letter that was taken back.
func (s *space) reserve(e entry) {
	s.waiting.add(1, e.size)
	l := s.back[e.period]
	l.add(1, e.size)
	s.back[e.period] = l
}

// release frees the room of what was taken back before its delivery, up to this one.
func (s *space) release(period int) {
	for p, l := range s.back {
		if p <= period {
			s.waiting.n, s.waiting.bytes = s.waiting.n-l.n, s.waiting.bytes-l.bytes
			delete(s.back, p)
		}
	}
}

// crowded tells whether the oldest answers must go.
func (s *space) crowded() bool { return s.answered > s.answers }
