package ledger

import (
	"fmt"
	"strconv"
	"strings"
)

// Names of the files of a log, below its directory and below /log of a hall.
const (
	CheckpointPath = "checkpoint"
	KeyPath        = "key" // the verifier key, so that a copy of the directory can be checked alone
)

// height is how many levels of the tree a tile spans; 256 is how wide it is.
const (
	height = 8
	width  = 1 << height
)

// tile is one tile of hashes or, at level entries, one bundle of entries.
type tile struct {
	level int   // 0 are the leaves; entries is apart
	n     int64 // from the left
	width int   // 1 to 256
}

const entries = -1

// path is the tile's name as tlog-tiles writes it: "tile/0/x001/234.p/5".
func (t tile) path() string {
	level := strconv.Itoa(t.level)
	if t.level == entries {
		level = "entries"
	}
	name := fmt.Sprintf("%03d", t.n%1000)
	for n := t.n / 1000; n > 0; n /= 1000 {
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	if t.width < width {
		name += ".p/" + strconv.Itoa(t.width)
	}
	return "tile/" + level + "/" + name
}

// parsePath reads what path writes, and nothing else.
func parsePath(path string) (tile, bool) {
	t := tile{level: entries, width: width}
	rest, ok := strings.CutPrefix(path, "tile/")
	level, rest, more := strings.Cut(rest, "/")
	if !ok || !more || len(path) > 64 {
		return t, false
	}
	var err error
	if level != "entries" {
		if t.level, err = strconv.Atoi(level); err != nil || t.level < 0 || t.level > 63 {
			return t, false
		}
	}
	if name, w, part := strings.Cut(rest, ".p/"); part {
		if t.width, err = strconv.Atoi(w); err != nil || t.width < 1 || t.width >= width {
			return t, false
		}
		rest = name
	}
	for _, digits := range strings.Split(strings.ReplaceAll(rest, "x", ""), "/") {
		d, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || len(digits) != 3 || t.n > 1<<40 {
			return t, false
		}
		t.n = t.n*1000 + int64(d)
	}
	return t, t.path() == path
}

// within tells whether a log of that size has the tile, in full or as a part of
// one that is there.
func (t tile) within(size int64) bool {
	level := max(t.level, 0)
	if level > 6 {
		return false
	}
	return t.n*width+int64(t.width) <= size>>(height*level)
}

// at is the tile as a log of that size, which has it, keeps it: as wide as can be.
func (t tile) at(size int64) tile {
	return tile{t.level, t.n, int(min(width, size>>(height*max(t.level, 0))-t.n*width))}
}

// tilesOf lists the tiles of a log of that size from the left, level by level:
// all full ones, and what is left at the right edge.
func tilesOf(size int64) []tile {
	list := tilesAt(entries, size)
	for level := 0; size>>(height*level) > 0; level++ {
		list = append(list, tilesAt(level, size>>(height*level))...)
	}
	return list
}

// tilesAt lists the tiles of one level that has so many hashes.
func tilesAt(level int, hashes int64) []tile {
	var list []tile
	for n := range hashes / width {
		list = append(list, tile{level, n, width})
	}
	if w := hashes % width; w > 0 {
		list = append(list, tile{level, hashes / width, int(w)})
	}
	return list
}
