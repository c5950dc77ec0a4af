package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"
)

// Options say what an audit knows before it begins.
type Options struct {
	Key   string // the log's verifier key
	Today int    // in days since 1970; 0: days are not checked
	// Seen is a checkpoint kept from an earlier look, of which this log must be
	// the continuation; nil when there is none.
	Seen []byte
	// Each is told every entry, in order, before the tree is known to be whole; nil
	// tells nobody.
	Each func(Entry)
}

// Report is what an audit found in a log whose tree is what its checkpoint says.
type Report struct {
	Checkpoint Checkpoint
	*Book
}

// Audit reads a whole log, recomputes its tree from the entries, compares every
// tile, verifies the signature, and reads every entry. Its error says what is
// not as the checkpoint says, or could not be read; what a sound log says that
// it must not is in the report. It keeps 32 bytes an entry in memory.
func Audit(ctx context.Context, s Source, o Options) (Report, error) {
	text, err := s.File(ctx, CheckpointPath, maxCheckpoint)
	if err != nil {
		return Report{}, missing(CheckpointPath, err)
	}
	head, err := ParseCheckpoint(text, o.Key)
	if err != nil {
		return Report{}, err
	}
	r := Report{head, NewBook(o.Today)}
	leaves, err := r.readEntries(ctx, s, o.Each)
	if err != nil {
		return Report{}, err
	}
	if root := rootOf(leaves); root != head.Root {
		return Report{}, errors.New("the entries do not make the tree that the checkpoint is signed for: one was changed, added or taken away")
	}
	if err := compareTiles(ctx, s, leaves); err != nil {
		return Report{}, err
	}
	return r, continues(head, leaves, o)
}

// missing says which file could not be had.
func missing(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is missing", path)
	}
	return err
}

// readEntries reads every bundle into the book, tells each entry, and gives the
// leaves.
func (r Report) readEntries(ctx context.Context, s Source, each func(Entry)) ([]tlog.Hash, error) {
	var leaves []tlog.Hash
	for _, t := range tilesAt(entries, r.Checkpoint.Size) {
		b, err := s.File(ctx, t.path(), sizeLimit(t))
		if err != nil {
			return nil, missing(t.path(), err)
		}
		list, err := splitBundle(b, t)
		if err != nil {
			return nil, err
		}
		for _, line := range list {
			if each != nil {
				each(Entry{Index: uint64(len(leaves)), Line: line})
			}
			leaves = append(leaves, tlog.RecordHash(line))
			r.Add(line)
		}
	}
	return leaves, nil
}

// rootOf is the Merkle tree hash of RFC 6962, 2.1.
func rootOf(leaves []tlog.Hash) tlog.Hash {
	switch len(leaves) {
	case 0:
		return emptyRoot
	case 1:
		return leaves[0]
	}
	left := 1
	for 2*left < len(leaves) {
		left *= 2
	}
	return tlog.NodeHash(rootOf(leaves[:left]), rootOf(leaves[left:]))
}

// compareTiles compares every tile of hashes with what the entries give.
func compareTiles(ctx context.Context, s Source, hashes []tlog.Hash) error {
	for level := 0; len(hashes) > 0; level++ {
		var above []tlog.Hash
		for _, t := range tilesAt(level, int64(len(hashes))) {
			first := t.n * width
			ours := hashes[first : first+int64(t.width)]
			b, err := s.File(ctx, t.path(), sizeLimit(t))
			if err != nil {
				return missing(t.path(), err)
			}
			if !bytes.Equal(b, flat(ours)) {
				return fmt.Errorf("%s is not what the entries give", t.path())
			}
			if t.width == width {
				above = append(above, rootOf(ours))
			}
		}
		hashes = above
	}
	return nil
}

func flat(hashes []tlog.Hash) []byte {
	b := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b
}

// continues tells whether the log only grew since the checkpoint that was kept.
func continues(head Checkpoint, leaves []tlog.Hash, o Options) error {
	if o.Seen == nil {
		return nil
	}
	seen, err := ParseCheckpoint(o.Seen, o.Key)
	if err != nil {
		return fmt.Errorf("the checkpoint seen before: %w", err)
	}
	if seen.Size > head.Size {
		return fmt.Errorf("the log has shrunk: it had %d entries before and has %d now", seen.Size, head.Size)
	}
	if rootOf(leaves[:seen.Size]) != seen.Root {
		return fmt.Errorf("the log was rewritten: its first %d entries are not those that were seen before", seen.Size)
	}
	return nil
}
