package ledger

import (
	"context"
	"iter"
)

// File is one file of a log.
type File struct {
	Path  string
	Bytes []byte
}

// IsFile tells whether path is one that a log can have.
func IsFile(path string) bool {
	_, isTile := parsePath(path)
	return isTile || path == CheckpointPath || path == KeyPath
}

// Files yields all files of a log as they were under a checkpoint, while the
// log may grow. It stops at the first failure, and checks nothing.
func Files(ctx context.Context, d Dir, checkpoint []byte) iter.Seq2[File, error] {
	return func(yield func(File, error) bool) {
		size, err := sizeIn(checkpoint)
		if err != nil {
			yield(File{}, err)
			return
		}
		key, err := d.read(KeyPath, maxCheckpoint)
		if !yield(File{KeyPath, key}, err) || err != nil {
			return
		}
		for _, t := range tilesOf(size) {
			b, err := d.File(ctx, t.path(), sizeLimit(t))
			if !yield(File{t.path(), b}, err) || err != nil {
				return
			}
		}
		yield(File{CheckpointPath, checkpoint}, nil)
	}
}
