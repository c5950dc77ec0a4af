package safedb

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // registers "sqlite"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

// File is the name of the database in the data directory.
const File = "safe.db"

// Config says where the file is, and what time it is.
type Config struct {
	Dir string // data directory; made with mode 0700 when absent
	Now func() time.Time
	Key []byte // 32 bytes, under which the Box is sealed, see KeyOf; nil: it is not opened
}

// DB is an open safe.db. Safe for concurrent use; whoever comes waits for whoever
// is there.
type DB struct {
	path string
	now  func() time.Time

	mu    sync.Mutex // held by the one transaction there is
	pool  *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	box   *Box

	soiled bool // the log may hold something; at first what a crash has left
}

// Open opens the file, brings its tables up to date and empties what a crash has
// left in the log. Faults: Unavailable when the place cannot be reached or written,
// Conflict when a newer program has written the file.
func Open(ctx context.Context, c Config) (d *DB, err error) {
	defer fault.Wrap(&err, "safedb.Open")
	if err = os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, unreachable(err)
	}
	d = &DB{path: filepath.Join(c.Dir, File), now: c.Now, stmts: map[string]*sql.Stmt{}, soiled: true}
	if err = private(d.path); err != nil {
		return nil, unreachable(err)
	}
	if d.pool, err = sql.Open("sqlite", dsn(d.path)); err != nil {
		return nil, err
	}
	d.pool.SetMaxOpenConns(1)
	if d.conn, err = d.pool.Conn(ctx); err != nil {
		return nil, errors.Join(unreachable(err), d.pool.Close())
	}
	if err = d.migrate(ctx); err == nil && c.Key != nil {
		err = d.Write(ctx, func(tx *Tx) (err error) { d.box, err = openBox(tx, c.Key); return err })
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// private makes the file, if need be, so that only the hall's own user can read it.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// dsn is the one place that knows the settings. auto_vacuum comes first: it holds
// only when it stands before the first page is written. The log is never folded in
// by itself, because Write does it after each commit.
func dsn(path string) string {
	v := url.Values{"_pragma": {
		"busy_timeout(2000)", "auto_vacuum(1)", "journal_mode(WAL)", "synchronous(2)", "secure_delete(1)",
		"temp_store(2)", "wal_autocheckpoint(0)", "cache_size(-8000)",
	}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

// Path is the file.
func (d *DB) Path() string { return d.path }

// Box is where everything lies that arrived and waits for a tick; nil when the file
// was opened without its key.
func (d *DB) Box() *Box { return d.box }

// Close waits for what runs and lets the file go.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.stmts {
		s.Close()
	}
	d.stmts = map[string]*sql.Stmt{}
	var err error
	if d.conn != nil {
		err = d.conn.Close()
	}
	return errors.Join(err, d.pool.Close(), d.blurTimes())
}

// Blur gives the files the time of the tick once more. That is a change of their
// inodes, whose own time no program can set: whoever calls it all the time, also when
// nobody came, leaves nothing in it.
func (d *DB) Blur() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.blurTimes()
}

// blurTimes gives the files the time of the tick instead of that of the last
// visit.
func (d *DB) blurTimes() error {
	at := epoch.StartOfTick(epoch.Tick(d.now()))
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Chtimes(d.path+suffix, at, at); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func unreachable(err error) error {
	return fault.New(fault.Unavailable, "db.unreachable").Because(err)
}
