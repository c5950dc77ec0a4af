package ledger

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Source is where a log's files are read: a directory, or a hall on the web.
// Nothing it gives is believed before it has been checked.
type Source interface {
	// File gives the file of that path, of at most so many bytes; fs.ErrNotExist
	// when there is none.
	File(ctx context.Context, path string, most int64) ([]byte, error)
}

// Dir is a directory with a log's files in it.
type Dir string

// File reads one file. Of a tile that grows only the newest part is kept; what
// it held before is the beginning of that. Files beyond the checkpoint, which a
// crash may leave, are never read.
func (d Dir) File(_ context.Context, path string, most int64) ([]byte, error) {
	t, isTile := parsePath(path)
	switch {
	case path == CheckpointPath, path == KeyPath:
		return d.read(path, most)
	case !isTile:
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	// The log may grow between a look at the checkpoint and one at the tile; it
	// can do so only so often until the tile is full and stays.
	for tried := int64(-1); ; {
		size, err := d.size()
		if err != nil {
			return nil, err
		}
		if !t.within(size) || size == tried {
			return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
		}
		now := t.at(size)
		b, err := d.read(now.path(), sizeLimit(now))
		switch {
		case err == nil && now == t:
			return b, nil // whole, with whatever is wrong with it
		case err == nil:
			return beginning(b, now, t.width)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		tried = size
	}
}

func (d Dir) size() (int64, error) {
	b, err := d.read(CheckpointPath, maxCheckpoint)
	if err != nil {
		return 0, err
	}
	return sizeIn(b)
}

// sizeIn is what a checkpoint says, signed or not: it only names files here.
func sizeIn(checkpoint []byte) (int64, error) {
	lines := strings.SplitN(string(checkpoint), "\n", 3)
	if len(lines) < 3 {
		return 0, errors.New("the checkpoint is cut off")
	}
	size, err := strconv.ParseInt(lines[1], 10, 62)
	if err != nil || size < 0 {
		return 0, errors.New("the checkpoint's size is no number")
	}
	return size, nil
}

func (d Dir) read(path string, most int64) ([]byte, error) {
	if !filepath.IsLocal(path) {
		return nil, fs.ErrNotExist
	}
	f, err := os.Open(filepath.Join(string(d), filepath.FromSlash(path)))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readMost(f, path, most)
}

// readMost reads all of r, and refuses when that is more than it should be.
func readMost(r io.Reader, path string, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("%s is too long", path)
	}
	return b, err
}

// MaxFile is the most bytes of any of a log's files.
const MaxFile = width * (2 + MaxEntry)

// sizeLimit is the most bytes a tile may have.
func sizeLimit(t tile) int64 {
	if t.level == entries {
		return int64(t.width) * (2 + MaxEntry)
	}
	return int64(t.width) * tlog.HashSize
}

// beginning cuts the first hashes or entries out of a tile's bytes.
func beginning(b []byte, t tile, first int) ([]byte, error) {
	if t.level != entries {
		if len(b) < first*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short", t.path())
		}
		return b[:first*tlog.HashSize], nil
	}
	rest := b
	for range first {
		_, r, ok := nextEntry(rest)
		if !ok {
			return nil, fmt.Errorf("%s is cut off", t.path())
		}
		rest = r
	}
	return b[:len(b)-len(rest)], nil
}

// nextEntry takes one entry from the front of a bundle.
func nextEntry(b []byte) (entry, rest []byte, ok bool) {
	if len(b) < 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if len(b) < 2+n {
		return nil, nil, false
	}
	return b[2 : 2+n], b[2+n:], true
}

// splitBundle gives the entries of a bundle that must hold exactly so many.
func splitBundle(b []byte, t tile) ([][]byte, error) {
	list := make([][]byte, 0, t.width)
	for len(list) < t.width {
		e, rest, ok := nextEntry(b)
		if !ok {
			return nil, fmt.Errorf("%s is cut off", t.path())
		}
		list, b = append(list, e), rest
	}
	if len(b) > 0 {
		return nil, fmt.Errorf("%s holds more than it should", t.path())
	}
	return list, nil
}

// tiles reads hashes through a source for package tlog, which checks each tile
// against the tree before it is used.
type tiles struct {
	ctx context.Context
	Source
}

// Height is that of tlog-tiles.
func (tiles) Height() int { return height }

// SaveTiles keeps nothing: the system's own cache does.
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// ReadTiles reads whole tiles.
func (r tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(list))
	for i, t := range list {
		ours := tile{t.L, t.N, t.W}
		b, err := r.File(r.ctx, ours.path(), sizeLimit(ours))
		if err != nil {
			return nil, err
		}
		if len(b) != t.W*tlog.HashSize {
			return nil, fmt.Errorf("%s is too short", ours.path())
		}
		data[i] = b
	}
	return data, nil
}
