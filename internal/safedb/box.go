package safedb

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math/bits"
	mathrand "math/rand/v2"
	"strings"
)

// Cells of the box. A post of 2,000 characters takes ten.
const (
	cellSize   = 256 // bytes on the disk; a page of the file holds fifteen
	plainSize  = cellSize - sealSize
	headSize   = 14 // tag, part, parts, length
	roomOfCell = plainSize - headSize
	fewest     = 256 // cells there are at least
)

// MaxRecord is the longest record a box takes, in bytes.
const MaxRecord = 256 << 10

// Tag finds a record in the box. It is random.
type Tag [8]byte

// Box keeps records of any length in cells of one size. The cells are there before
// they are needed; a record is written over cells drawn at random and zeros over
// those of one that is dropped. So the box looks the same in whatever order its
// records came: it is history-independent up to the chance of the draw (after
// Naor and Teague, "Anti-persistence", 2001). Cells lie sealed on the disk, the empty
// ones too, under a key that is not there; and at each tick all are dealt and sealed
// anew. So copies of the file do not tell what waits, nor, held against each other,
// what came in between. It is used inside transactions only.
type Box struct {
	seal    *seal
	cells   int
	free    []int // slots without a record
	records map[Tag][]int
	draw    *mathrand.Rand
	dealt   int // how often all cells were laid out anew
	lost    bool
}

// openBox reads which cells are taken, and makes the first ones. When the key is not
// the one under which they were sealed, what waited is lost, and the box begins empty.
func openBox(tx *Tx, key []byte) (*Box, error) {
	s, err := newSeal(key)
	if err != nil {
		return nil, err
	}
	var seed [32]byte
	_, _ = rand.Read(seed[:])
	b := &Box{seal: s, records: map[Tag][]int{}, draw: mathrand.New(mathrand.NewChaCha8(seed))}
	if known, err := b.known(tx); err != nil || !known {
		if err == nil {
			err = b.deal(tx, fewest, nil)
		}
		return b, err
	}
	err = b.each(tx, func(slot int, cell []byte) error {
		b.cells++
		tag, part, parts, _ := head(cell)
		if parts == 0 {
			b.free = append(b.free, slot)
			return nil
		}
		if b.records[tag] == nil {
			b.records[tag] = make([]int, parts)
		}
		if part >= parts || parts != len(b.records[tag]) {
			return fmt.Errorf("safedb: cell %d of the box is broken", slot)
		}
		b.records[tag][part] = slot
		return nil
	})
	return b, err
}

// known tells whether there are cells, and whether they were sealed under this key:
// all are under the same one.
func (b *Box) known(tx *Tx) (bool, error) {
	var cell []byte
	found, err := tx.Row("SELECT cell FROM box LIMIT 1", nil, &cell)
	b.lost = found && b.seal.open(cell) == nil
	return found && !b.lost, err
}

func head(cell []byte) (tag Tag, part, parts, length int) {
	n := func(i int) int { return int(binary.BigEndian.Uint16(cell[i:])) }
	return Tag(cell[:8]), n(8), n(10), n(12)
}

// each calls f with what every cell holds; f must run no query.
func (b *Box) each(tx *Tx, f func(slot int, cell []byte) error) error {
	return tx.Rows("SELECT slot, cell FROM box", func(scan func(...any) error) error {
		var slot int
		var cell []byte
		if err := scan(&slot, &cell); err != nil {
			return err
		}
		plain := b.seal.open(cell)
		if plain == nil {
			return fmt.Errorf("safedb: cell %d of the box is broken", slot)
		}
		return f(slot, plain)
	})
}

// Lost tells whether something may have waited under a key that is no more, and was
// dropped when the box was opened.
func (b *Box) Lost() bool { return b.lost }

// Mark names a thing so that it is known again by whoever holds the key of the box, and
// says nothing to whoever holds the file.
func (b *Box) Mark(parts ...string) string { return b.seal.mark(parts...) }

// Len tells how many records there are.
func (b *Box) Len() int { return len(b.records) }

// Records reads all records, in no order; what f is given it may keep.
func (b *Box) Records(tx *Tx, f func(Tag, []byte) error) error {
	cells := make(map[int][]byte, b.cells-len(b.free))
	err := b.each(tx, func(slot int, cell []byte) error {
		if _, _, parts, _ := head(cell); parts > 0 {
			cells[slot] = cell
		}
		return nil
	})
	if err != nil {
		return err
	}
	for tag, slots := range b.records {
		var record []byte
		for _, slot := range slots {
			_, _, _, length := head(cells[slot])
			record = append(record, cells[slot][headSize:headSize+min(length, roomOfCell)]...)
		}
		if err := f(tag, record); err != nil {
			return err
		}
	}
	return nil
}

// Put writes a record into cells drawn at random.
func (b *Box) Put(tx *Tx, record []byte) (Tag, error) {
	var tag Tag
	_, _ = rand.Read(tag[:])
	if len(record) > MaxRecord {
		return tag, fmt.Errorf("safedb: a record of %d bytes", len(record))
	}
	cells := cut(tag, record)
	if len(b.free) < len(cells) {
		if err := b.deal(tx, 2*max(b.cells, len(cells)), nil); err != nil {
			return tag, err
		}
	}
	slots := make([]int, len(cells))
	for i := range slots {
		slots[i] = b.take()
	}
	b.records[tag] = slots
	tx.OnUndo(func() {
		b.free = append(b.free, slots...)
		delete(b.records, tag)
	})
	for i, slot := range slots {
		if _, err := tx.Exec(writeCell, slot, b.seal.close(cells[i])); err != nil {
			return tag, err
		}
	}
	return tag, nil
}

const writeCell = "UPDATE box SET cell = $2 WHERE slot = $1"

// take draws one of the free slots.
func (b *Box) take() int {
	i, last := b.draw.IntN(len(b.free)), len(b.free)-1
	slot := b.free[i]
	b.free[i], b.free = b.free[last], b.free[:last]
	return slot
}

// cut makes cells of a record; an empty one takes a cell too.
func cut(tag Tag, record []byte) (cells [][]byte) {
	parts := max(1, (len(record)+roomOfCell-1)/roomOfCell)
	for i := range parts {
		piece := record[min(len(record), i*roomOfCell):min(len(record), (i+1)*roomOfCell)]
		c := append(make([]byte, 0, plainSize), tag[:]...)
		for _, n := range []int{i, parts, len(piece)} {
			c = binary.BigEndian.AppendUint16(c, uint16(n))
		}
		c = append(c, piece...)
		cells = append(cells, append(c, make([]byte, plainSize-len(c))...))
	}
	return cells
}

// many is from how many cells on a drop deals the rest anew instead of wiping.
const many = 2_000

// Drop wipes records; tags that are not there are passed over.
func (b *Box) Drop(tx *Tx, tags ...Tag) error {
	gone := make(map[Tag][]int, len(tags))
	n := 0
	for _, t := range tags {
		if slots := b.records[t]; slots != nil && gone[t] == nil {
			gone[t], n = slots, n+len(slots)
		}
	}
	if n >= many {
		return b.deal(tx, 0, gone)
	}
	for _, slots := range gone {
		for _, slot := range slots {
			if _, err := tx.Exec(writeCell, slot, b.seal.close(make([]byte, plainSize))); err != nil {
				return err
			}
		}
	}
	for t := range gone {
		delete(b.records, t)
	}
	tx.OnUndo(func() {
		for t, slots := range gone {
			b.records[t] = slots
		}
	})
	dealt := b.dealt
	tx.AfterCommit(func() {
		if b.dealt != dealt {
			return // the slots mean others now
		}
		for _, slots := range gone {
			b.free = append(b.free, slots...)
		}
	})
	return nil
}

// Settle deals all cells anew, so that no copy of the file tells what came or went
// since an earlier one, and gives back cells when most are empty. Called at ticks.
func (b *Box) Settle(tx *Tx) error {
	if used := b.cells - len(b.free); b.cells > fewest && 8*used < b.cells {
		return b.deal(tx, 0, nil)
	}
	return b.deal(tx, b.cells, nil)
}

// deal writes all records but the ones that go into n cells (0: as many as suit
// them), each at a place drawn anew.
func (b *Box) deal(tx *Tx, n int, gone map[Tag][]int) error {
	kept := map[int][]byte{}
	if len(gone) < len(b.records) {
		err := b.each(tx, func(slot int, cell []byte) error {
			if tag, _, parts, _ := head(cell); parts > 0 && gone[tag] == nil {
				kept[slot] = cell
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	n = roundUp(max(n, 2*len(kept), fewest))
	was := *b
	tx.OnUndo(func() { *b = was })
	next := Box{seal: b.seal, lost: b.lost, cells: n, records: make(map[Tag][]int, len(b.records)), draw: b.draw, dealt: b.dealt + 1}
	places, at := b.draw.Perm(n), 0
	cells := make([][]byte, n)
	for tag, slots := range b.records {
		if gone[tag] != nil {
			continue
		}
		moved := make([]int, len(slots))
		for i, slot := range slots {
			moved[i] = places[at]
			cells[places[at]] = kept[slot]
			at++
		}
		next.records[tag] = moved
	}
	next.free = places[at:]
	*b = next
	return b.layOut(tx, cells)
}

// roundUp makes a number of cells a power of two, so that their number tells
// little of how many are taken.
func roundUp(n int) int { return 1 << bits.Len(uint(n-1)) }

// layOut replaces all cells by these, sealed; nil is an empty one.
func (b *Box) layOut(tx *Tx, cells [][]byte) error {
	if _, err := tx.Exec("DELETE FROM box"); err != nil {
		return err
	}
	const rows = fewest // of a statement; their number is a multiple of it
	query := "INSERT INTO box (slot, cell) VALUES (?, ?)" + strings.Repeat(", (?, ?)", rows-1)
	empty := make([]byte, plainSize)
	args := make([]any, 0, 2*rows)
	for slot, cell := range cells {
		if cell == nil {
			cell = empty
		}
		if args = append(args, slot, b.seal.close(cell)); len(args) == cap(args) {
			if _, err := tx.Exec(query, args...); err != nil {
				return err
			}
			args = args[:0]
		}
	}
	return nil
}
