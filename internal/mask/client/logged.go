package client

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/ledger"
)

// Log is a hall's log as its clients see it. Key is the verifier key that was seen
// first, and Seen the newest checkpoint: whoever keeps both notices a hall that
// tells two stories.
type Log struct {
	Key  string
	Seen []byte
}

// Read reads the whole log without a cookie, checks its tree and what it says, and
// gives a function that knows its issuer keys. It changes Key, when there is none
// yet, and Seen. Faults: Forbidden when the log is not as it must be.
func (l *Log) Read(ctx context.Context, m Mask) (Logged, error) {
	src := logFiles{m}
	if l.Key == "" {
		b, err := src.File(ctx, ledger.KeyPath, 1024)
		if err != nil {
			return nil, err
		}
		l.Key = strings.TrimSpace(string(b))
	}
	issuers := map[uint64]ledger.Issuer{}
	r, err := ledger.Audit(ctx, src, ledger.Options{
		Key: l.Key, Today: epoch.Day(m.now()) + 1, Seen: l.Seen,
		Each: func(e ledger.Entry) {
			if f, err := ledger.Parse(e.Line); err == nil {
				if i, ok := f.(ledger.Issuer); ok {
					issuers[e.Index] = i
				}
			}
		},
	})
	if err != nil {
		return nil, fault.New(fault.Forbidden, "client.log_broken").Because(err)
	}
	if r.Wrongs > 0 {
		return nil, fault.New(fault.Forbidden, "client.log_wrong", r.Wrong[0].Sentence)
	}
	l.Seen = r.Checkpoint.Text
	return func(_ context.Context, space string, k Listed) error {
		i, ok := issuers[k.Place]
		if !ok || i.N != k.N || i.Purpose != string(k.Purpose) || i.Epoch != k.Epoch || i.Space != space {
			return fault.New(fault.Forbidden, "client.not_logged")
		}
		return nil
	}, nil
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
