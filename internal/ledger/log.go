package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// DirName is the log's place in the data directory.
const DirName = "log"

// Config is where a log is kept.
type Config struct {
	Data  string                 // the hall's data directory
	Rand  io.Reader              // for the key, at the first start
	Touch func(things ...string) // told "log" when something was appended; may be nil
}

// Log is the hall's log. Its methods may be called at the same time.
type Log struct {
	dir    string
	key    signer
	touch  func(things ...string)
	append sync.Mutex

	reading sync.Mutex
	book    *Book // what the first entries come to, as far as somebody asked
}

// Open opens the log of a data directory, and makes its key and an empty tree
// at the first start. It fails when the checkpoint is not signed by the key.
func Open(c Config) (l *Log, err error) {
	defer fault.Wrap(&err, "ledger.Open")
	l = &Log{dir: filepath.Join(c.Data, DirName), touch: c.Touch}
	if l.touch == nil {
		l.touch = func(...string) {}
	}
	if l.key, err = keepKey(filepath.Join(c.Data, KeyFile), c.Rand); err != nil {
		return nil, err
	}
	_, err = l.head()
	if !errors.Is(err, fs.ErrNotExist) {
		return l, err
	}
	if err = writeDurably(l.path(KeyPath), []byte(l.key.verifierKey+"\n"), 0o600); err != nil {
		return nil, err
	}
	first, err := signCheckpoint(l.key, tlog.Tree{Hash: emptyRoot})
	if err != nil {
		return nil, err
	}
	return l, writeDurably(l.path(CheckpointPath), first.Text, 0o600)
}

func (l *Log) path(name string) string { return filepath.Join(l.dir, filepath.FromSlash(name)) }

// Key is the log's verifier key, as signed notes write such keys: what a reader
// must know to check the log.
func (l *Log) Key() string { return l.key.verifierKey }

// Dir is the directory of the log's files.
func (l *Log) Dir() Dir { return Dir(l.dir) }

// Checkpoint is the newest signed head.
func (l *Log) Checkpoint() (c Checkpoint, err error) {
	defer fault.Wrap(&err, "ledger.Checkpoint")
	return l.head()
}

func (l *Log) head() (Checkpoint, error) {
	b, err := l.Dir().read(CheckpointPath, maxCheckpoint)
	if err != nil {
		return Checkpoint{}, err
	}
	return ParseCheckpoint(b, l.key.verifierKey)
}

// Append puts an entry into the log and returns its index once that is durable
// and signed. An entry that is there already keeps its index. entry is one of
// this package's types, or whatever encodes to the same JSON. It returns
// fault.Internal for an entry that the log does not take, and inside a
// transaction, where it panics in tests.
func (l *Log) Append(ctx context.Context, entry any) (index uint64, err error) {
	all, err := l.AppendAll(ctx, entry)
	if err != nil {
		return 0, err
	}
	return all[0], nil
}

// AppendAll is Append for several entries at once, in this order and under one
// checkpoint.
func (l *Log) AppendAll(ctx context.Context, list ...any) (indexes []uint64, err error) {
	defer fault.Wrap(&err, "ledger.Append")
	if err := refuseInTx(ctx); err != nil {
		return nil, err
	}
	lines := make([][]byte, len(list))
	for i, e := range list {
		if lines[i], err = Line(e); err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
	}
	l.append.Lock()
	defer l.append.Unlock()
	unlock, err := lockFile(l.path(".lock"))
	if err != nil {
		return nil, err
	}
	defer unlock()
	head, err := l.head()
	if err != nil {
		return nil, err
	}
	indexes, fresh, err := l.place(ctx, head.Size, lines)
	if err != nil || len(fresh) == 0 {
		return indexes, err
	}
	if err := l.grow(ctx, head, fresh); err != nil {
		return nil, err
	}
	l.touch("log")
	return indexes, nil
}

func refuseInTx(ctx context.Context) error {
	if !db.InTx(ctx) {
		return nil
	}
	err := fault.New(fault.Internal, "fault.internal").Because(errors.New("inside a transaction"))
	if testing.Testing() {
		panic(err)
	}
	return err
}

// place gives each line its index: the one it has already, or the next free
// one, in which case the line is among the fresh ones.
func (l *Log) place(ctx context.Context, size int64, lines [][]byte) (indexes []uint64, fresh [][]byte, err error) {
	at := make(map[tlog.Hash]int64, len(lines))
	for _, line := range lines {
		at[tlog.RecordHash(line)] = nowhere
	}
	if err := l.find(ctx, size, at); err != nil {
		return nil, nil, err
	}
	indexes = make([]uint64, len(lines))
	for i, line := range lines {
		h := tlog.RecordHash(line)
		if at[h] == nowhere {
			at[h] = size + int64(len(fresh))
			fresh = append(fresh, line)
		}
		indexes[i] = uint64(at[h])
	}
	return indexes, fresh, nil
}

const nowhere = -1

// find looks for leaves in the lowest tiles, from the left.
func (l *Log) find(ctx context.Context, size int64, wanted map[tlog.Hash]int64) error {
	missing := len(wanted)
	for _, t := range tilesAt(0, size) {
		b, err := l.Dir().File(ctx, t.path(), sizeLimit(t))
		if err != nil {
			return err
		}
		for i := 0; i+tlog.HashSize <= len(b); i += tlog.HashSize {
			h := tlog.Hash(b[i : i+tlog.HashSize])
			if _, ok := wanted[h]; !ok {
				continue
			}
			wanted[h] = t.n*width + int64(i/tlog.HashSize)
			if missing--; missing == 0 {
				return nil
			}
		}
	}
	return nil
}

// Proof is what a reader needs to see that an entry is in the log.
type Proof struct {
	Index      uint64
	Entry      []byte
	Path       []tlog.Hash // audit path (RFC 6962, 2.1.1), from the leaf upwards
	Checkpoint []byte
}

// Check tells what is proven under the log's key, anywhere and without the log:
// that the checkpoint is signed by it and that the entry is in its tree. Errors are
// for the command line.
func (p Proof) Check(key string) (Fact, error) {
	head, err := ParseCheckpoint(p.Checkpoint, key)
	if err != nil {
		return nil, err
	}
	if p.Index >= uint64(head.Size) {
		return nil, errors.New("the entry is beyond the end of the log")
	}
	if err := tlog.CheckRecord(p.Path, head.Size, head.Root, int64(p.Index), tlog.RecordHash(p.Entry)); err != nil {
		return nil, errors.New("the entry is not in the log at that place")
	}
	return Parse(p.Entry)
}

// Proof proves the entry of that index under the newest checkpoint. It returns
// fault.NotFound when there is none.
func (l *Log) Proof(ctx context.Context, index uint64) (p Proof, err error) {
	defer fault.Wrap(&err, "ledger.Proof(%d)", index)
	head, err := l.head()
	if err != nil {
		return Proof{}, err
	}
	if index >= uint64(head.Size) {
		return Proof{}, fault.New(fault.NotFound, "fault.not_found")
	}
	p = Proof{Index: index, Checkpoint: head.Text}
	hashes := tlog.TileHashReader(head.tree(), tiles{ctx, l.Dir()})
	if p.Path, err = tlog.ProveRecord(head.Size, int64(index), hashes); err != nil {
		return Proof{}, err
	}
	for e, err := range l.Entries(ctx, index, index+1) {
		p.Entry = e.Line
		if err != nil {
			return Proof{}, err
		}
	}
	if err := tlog.CheckRecord(p.Path, head.Size, head.Root, int64(index), tlog.RecordHash(p.Entry)); err != nil {
		return Proof{}, err
	}
	return p, nil
}

// Entry is one entry and its place.
type Entry struct {
	Index uint64
	Line  []byte
}

// Entries yields the entries from an index up to, but not with, another, or to
// the end of the log. It stops at the first failure.
func (l *Log) Entries(ctx context.Context, from, to uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		head, err := l.Checkpoint()
		if err != nil {
			yield(Entry{}, err)
			return
		}
		to = min(to, uint64(head.Size))
		for from < to {
			t := tile{entries, int64(from / width), int(min(width, uint64(head.Size)-from/width*width))}
			list, err := l.bundle(ctx, t)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for ; from < to && from/width == uint64(t.n); from++ {
				if !yield(Entry{from, bytes.Clone(list[from%width])}, nil) {
					return
				}
			}
		}
	}
}

func (l *Log) bundle(ctx context.Context, t tile) (list [][]byte, err error) {
	defer fault.Wrap(&err, "ledger.Entries")
	b, err := l.Dir().File(ctx, t.path(), sizeLimit(t))
	if err != nil {
		return nil, err
	}
	return splitBundle(b, t)
}

// Read lets see what the log comes to now. The first call reads all of it, later
// ones what has come since; f must not keep the book.
func (l *Log) Read(ctx context.Context, f func(*Book)) (err error) {
	defer fault.Wrap(&err, "ledger.Read")
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.book == nil {
		l.book = NewBook(0)
	}
	for e, err := range l.Entries(ctx, uint64(l.book.Size), math.MaxInt64) {
		if err != nil {
			return err
		}
		l.book.Add(e.Line)
	}
	f(l.book)
	return nil
}
