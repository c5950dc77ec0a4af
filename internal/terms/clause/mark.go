package clause

import (
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Piece is a stretch of a clause as it is shown beside its other version.
type Piece struct {
	Text string
	Mark bool // stands here only
}

// Marks cuts the two sides of a change into pieces, with what stands on one
// side only marked. Signs and capital letters alone are not marked. A side that
// is missing has no pieces.
func (c *Change) Marks() (old, now []Piece) {
	if c.Old == nil || c.New == nil {
		return whole(c.Old), whole(c.New)
	}
	return Compared(c.Old.Text, c.New.Text)
}

// Compared is Marks for two texts of one clause.
func Compared(before, after string) (old, now []Piece) {
	a, b := strings.Fields(before), strings.Fields(after)
	if len(a) > longest || len(b) > longest {
		return []Piece{{before, true}}, []Piece{{after, true}}
	}
	o, n := 0, 0
	for _, s := range steps(fieldWords(a), fieldWords(b)) {
		k := s.to - s.from
		if s.kind != diffmatchpatch.DiffInsert {
			old = append(old, Piece{strings.Join(a[o:o+k], " "), s.kind == diffmatchpatch.DiffDelete})
			o += k
		}
		if s.kind != diffmatchpatch.DiffDelete {
			now = append(now, Piece{strings.Join(b[n:n+k], " "), s.kind == diffmatchpatch.DiffInsert})
			n += k
		}
	}
	return old, now
}

func whole(c *Clause) []Piece {
	if c == nil {
		return nil
	}
	return []Piece{{Text: c.Text, Mark: true}}
}

// fieldWords makes one word of each field, so that it is compared without its
// signs.
func fieldWords(fields []string) []word {
	out := make([]word, len(fields))
	for i, f := range fields {
		ws := split(f)
		if len(ws) == 0 {
			ws = []word{newWord(f, plain)}
		}
		out[i] = word{hash: mix(ws)}
	}
	return out
}
