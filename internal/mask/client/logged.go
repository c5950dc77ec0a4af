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
	if l.Key == "" {
		b, err := logFiles{m}.File(ctx, ledger.KeyPath, 1024)
		if err != nil {
			return nil, err
		}
		l.Key = strings.TrimSpace(string(b))
	}
	issuers, err := l.issuers(ctx, m)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, space string, k Listed) (err error) {
		if k.in(issuers, space) {
			return nil
		}
		// A hall makes keys when they are first asked for, perhaps just now.
		if issuers, err = l.issuers(ctx, m); err != nil {
			return err
		}
		if !k.in(issuers, space) {
			return fault.New(fault.Forbidden, "client.not_logged")
		}
		return nil
	}, nil
}

// in tells whether the key stands in the log where it says.
func (k Listed) in(issuers map[uint64]ledger.Issuer, space string) bool {
	i, ok := issuers[k.Place]
	return ok && i.N == k.N && i.Purpose == string(k.Purpose) && i.Epoch == k.Epoch && i.Space == k.slot(space).Space
}

// issuers reads the log and gives the issuer keys in it by their places.
func (l *Log) issuers(ctx context.Context, m Mask) (map[uint64]ledger.Issuer, error) {
	issuers := map[uint64]ledger.Issuer{}
	r, err := ledger.Audit(ctx, logFiles{m}, ledger.Options{
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
	return issuers, nil
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
