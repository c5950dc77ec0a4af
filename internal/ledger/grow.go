package ledger

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

// grow writes the tiles of a larger tree, then its checkpoint, and then takes
// away the parts of tiles that nobody needs any longer. Until the checkpoint
// stands, the new files mean nothing: a crash leaves the old tree, and the next
// one writes over them.
func (l *Log) grow(ctx context.Context, head Checkpoint, lines [][]byte) error {
	size := head.Size + int64(len(lines))
	hashes, err := l.hashes(ctx, head, lines)
	if err != nil {
		return err
	}
	if err := l.writeBundles(ctx, head.Size, lines); err != nil {
		return err
	}
	for _, t := range tlog.NewTiles(height, head.Size, size) {
		b, err := tlog.ReadTileData(t, hashes)
		if err != nil {
			return err
		}
		if err := writeDurably(l.path(tile{t.L, t.N, t.W}.path()), b, 0o600); err != nil {
			return err
		}
	}
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return err
	}
	next, err := signCheckpoint(l.key, tlog.Tree{N: size, Hash: root})
	if err != nil {
		return err
	}
	if err := writeDurably(l.path(CheckpointPath), next.Text, 0o600); err != nil {
		return err
	}
	l.sweep(head.Size, size)
	return nil
}

// hashes reads the hashes of the tree with the new lines in it: the old ones
// from the tiles, checked against the old root, the new ones from memory.
func (l *Log) hashes(ctx context.Context, head Checkpoint, lines [][]byte) (tlog.HashReader, error) {
	old := tlog.TileHashReader(head.tree(), tiles{ctx, l.Dir()})
	fresh := make(map[int64]tlog.Hash, 2*len(lines))
	first := tlog.StoredHashCount(head.Size)
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		list := make([]tlog.Hash, len(indexes))
		var before, where []int64
		for i, x := range indexes {
			if x >= first {
				list[i] = fresh[x]
				continue
			}
			before, where = append(before, x), append(where, int64(i))
		}
		if len(before) == 0 {
			return list, nil
		}
		stored, err := old.ReadHashes(before)
		if err != nil {
			return nil, err
		}
		for i, at := range where {
			list[at] = stored[i]
		}
		return list, nil
	})
	for i, line := range lines {
		n := head.Size + int64(i)
		stored, err := tlog.StoredHashesForRecordHash(n, tlog.RecordHash(line), reader)
		if err != nil {
			return nil, err
		}
		at := tlog.StoredHashIndex(0, n)
		for j, h := range stored {
			fresh[at+int64(j)] = h
		}
	}
	return reader, nil
}

// writeBundles writes the bundles that the lines go into.
func (l *Log) writeBundles(ctx context.Context, from int64, lines [][]byte) error {
	var b []byte
	if w := from % width; w > 0 {
		t := tile{entries, from / width, int(w)}
		part, err := l.Dir().File(ctx, t.path(), sizeLimit(t))
		if err != nil {
			return err
		}
		if _, err := splitBundle(part, t); err != nil {
			return err
		}
		b = part
	}
	for i, line := range lines {
		b = binary.BigEndian.AppendUint16(b, uint16(len(line)))
		b = append(b, line...)
		n := from + int64(i)
		if n%width < width-1 && i < len(lines)-1 {
			continue
		}
		t := tile{entries, n / width, int(n%width) + 1}
		if err := writeDurably(l.path(t.path()), b, 0o600); err != nil {
			return err
		}
		b = b[:0]
	}
	return nil
}

// sweep takes away the parts of tiles that are in larger ones now, and what a
// crash left beside them. What it cannot take away does no harm.
func (l *Log) sweep(old, size int64) {
	for _, t := range edge(old) {
		now := t.at(size)
		parts := l.path(tile{t.level, t.n, width}.path() + ".p")
		if now.width == width {
			_ = os.RemoveAll(parts)
			continue
		}
		list, err := os.ReadDir(parts)
		if err != nil {
			continue
		}
		for _, e := range list {
			if e.Name() != strconv.Itoa(now.width) {
				_ = os.Remove(filepath.Join(parts, e.Name()))
			}
		}
	}
}

// edge lists the parts of tiles at the right edge of a log of that size.
func edge(size int64) []tile {
	var list []tile
	for _, t := range tilesOf(size) {
		if t.width < width {
			list = append(list, t)
		}
	}
	return list
}
