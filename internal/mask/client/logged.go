package client

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/ledger"
	"guildhall/internal/pass/token"
)

// Log is a hall's log as its clients see it. Key is the verifier key that was seen
// first, and Seen the newest checkpoint: whoever keeps both notices a hall that
// tells two stories.
type Log struct {
	Key  string
	Seen []byte
}

// Read reads the whole log without a cookie, checks its tree and what it says, and
// gives what knows its keys. It changes Key, when there is none yet, and Seen. Faults: Forbidden when the log is not as it must be.
func (l *Log) Read(ctx context.Context, m Mask) (Logged, error) {
	if l.Key == "" {
		b, err := logFiles{m}.File(ctx, ledger.KeyPath, 1024)
		if err != nil {
			return nil, err
		}
		l.Key = strings.TrimSpace(string(b))
	}
	known := &entries{log: l, mask: m}
	return known, known.read(ctx)
}

// entries are what a log says of keys.
type entries struct {
	log     *Log
	mask    Mask
	issuers map[uint64]ledger.Issuer // by their places
	boxes   []ledger.BoxAt
}

// Issuer tells whether a key stands where it says.
func (e *entries) Issuer(ctx context.Context, space string, k Listed) error {
	return e.sure(ctx, func() bool {
		i, ok := e.issuers[k.Place]
		return ok && i.N == k.N && i.Purpose == string(k.Purpose) && i.Epoch == k.Epoch && i.Space == k.slot(space).Space
	})
}

// Letterbox tells the same of a letterbox, and that no other key came on its day or
// after it.
func (e *entries) Letterbox(ctx context.Context, l Letters) error {
	return e.sure(ctx, func() bool { return letterboxStands(e.boxes, l) })
}

func letterboxStands(boxes []ledger.BoxAt, l Letters) bool {
	key := token.Encode(l.Key)
	at := slices.IndexFunc(boxes, func(b ledger.BoxAt) bool { return b.Index == l.Place && b.Box == l.Box && b.Key == key })
	return at >= 0 && !slices.ContainsFunc(boxes, func(b ledger.BoxAt) bool { return b.Key != key && b.Day >= boxes[at].Day })
}

// sure reads the log again before it refuses: a hall makes keys when they are first
// asked for, perhaps just now.
func (e *entries) sure(ctx context.Context, stands func() bool) error {
	if stands() {
		return nil
	}
	if err := e.read(ctx); err != nil {
		return err
	}
	if !stands() {
		return fault.New(fault.Forbidden, "client.not_logged")
	}
	return nil
}

// read reads the whole log.
func (e *entries) read(ctx context.Context) error {
	e.issuers = map[uint64]ledger.Issuer{}
	r, err := ledger.Audit(ctx, logFiles{e.mask}, ledger.Options{
		Key: e.log.Key, Today: epoch.Day(e.mask.now()) + 1, Seen: e.log.Seen,
		Each: func(entry ledger.Entry) {
			if f, err := ledger.Parse(entry.Line); err == nil {
				if i, ok := f.(ledger.Issuer); ok {
					e.issuers[entry.Index] = i
				}
			}
		},
	})
	if err != nil {
		return fault.New(fault.Forbidden, "client.log_broken").Because(err)
	}
	if r.Wrongs > 0 {
		return fault.New(fault.Forbidden, "client.log_wrong", r.Wrong[0].Sentence)
	}
	e.boxes, e.log.Seen = r.Boxes(), r.Checkpoint.Text
	return nil
}

// logFiles reads the log's files from the hall, each over a connection of its own
// that no cookie has seen.
type logFiles struct{ Mask }

// File gives one file; fs.ErrNotExist when there is none.
func (l logFiles) File(ctx context.Context, path string, most int64) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, l.Hall.URL.JoinPath("log", path).String(), nil)
	if err != nil {
		return nil, err
	}
	r, err := l.client("log").Do(q)
	if err != nil {
		return nil, reach(err)
	}
	b, err := readAll(r, most)
	switch {
	case err != nil:
		return nil, reach(err)
	case r.StatusCode == http.StatusNotFound:
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	case r.StatusCode != http.StatusOK:
		return nil, fault.New(fault.Unavailable, "client.status", r.StatusCode)
	}
	return b, nil
}
