package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "modernc.org/sqlite"             // registers "sqlite"

	"guildhall/internal/fault"
)

// Engine says which database answers.
type Engine uint8

// The engines.
const (
	SQLite Engine = iota
	Postgres
)

// String names the engine as the operator writes it.
func (e Engine) String() string {
	if e == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// Config says where the data are. With an empty URL the file hall.db in Dir is used.
type Config struct {
	Dir     string // data directory; made with mode 0700 when absent
	URL     string // postgres://… ; empty for SQLite
	Readers int    // size of the pool of readers; 0 chooses by cores
	// Hasty does not wait for the disk, for filling a hall that can be filled
	// again: a machine that stops meanwhile leaves a broken database.
	Hasty bool
}

// DB is one hall's database: one writer (SQLite) or a pool of them
// (PostgreSQL), and a pool of readers. Safe for concurrent use.
type DB struct {
	engine Engine
	write  *sql.DB // SQLite: for the schema only
	read   *sql.DB // SQLite: for copies and checks
	path   string

	writer  *writer  // SQLite
	readers *readers // SQLite
	mover   *mover   // SQLite, unless hasty

	mu    sync.RWMutex
	stmts map[*Query]*sql.Stmt // PostgreSQL

	closed sync.Once
}

// Open connects without changing the schema; see Migrate. Faults: Unavailable
// when the place cannot be reached or written.
func Open(ctx context.Context, c Config) (d *DB, err error) {
	defer fault.Wrap(&err, "db.Open")
	if c.Readers == 0 {
		c.Readers = max(4, 2*runtime.NumCPU())
	}
	d = &DB{stmts: map[*Query]*sql.Stmt{}}
	if c.URL != "" {
		err = d.openPostgres(c)
	} else {
		err = d.openSQLite(c)
	}
	if err != nil {
		return nil, err
	}
	err = d.ping(ctx)
	if err != nil && d.engine == SQLite && os.Remove(d.path+reserve) == nil {
		err = d.ping(ctx)
	} else if err == nil && d.engine == SQLite {
		setAside(d.path + reserve)
	}
	if err != nil {
		d.Close()
		var known *fault.Error // a damaged file does not mend within a minute
		if errors.As(translate(err), &known) {
			return nil, known
		}
		return nil, fault.New(fault.Unavailable, "db.unreachable").Because(err)
	}
	return d, nil
}

// ping looks whether the database answers.
func (d *DB) ping(ctx context.Context) error {
	if d.engine == SQLite {
		return d.writer.alone(ctx, func(l *lite) error { return l.once("SELECT 1") })
	}
	return d.write.PingContext(ctx)
}

func (d *DB) openSQLite(c Config) (err error) {
	if err = os.MkdirAll(c.Dir, 0o700); err != nil {
		return fault.New(fault.Unavailable, "db.unreachable").Because(err)
	}
	d.path = filepath.Join(c.Dir, "hall.db")
	if err = private(d.path); err != nil {
		return fault.New(fault.Unavailable, "db.unreachable").Because(err)
	}
	writing, reading := sqliteSettings(true, c.Hasty), sqliteSettings(false, c.Hasty)
	if d.write, err = sql.Open("sqlite", sqliteDSN(d.path, writing)); err != nil {
		return err
	}
	if d.read, err = sql.Open("sqlite", sqliteDSN(d.path, reading)); err != nil {
		return err
	}
	for _, h := range []*sql.DB{d.write, d.read} {
		h.SetMaxOpenConns(1)
		h.SetMaxIdleConns(-1) // what is seldom used need not stay
	}
	// One writer: SQLite has one anyway, and waiting in Go is fair and cheap.
	within := groupTime
	if c.Hasty {
		within = hastyTime
	}
	d.writer = &writer{within: within, open: func() (*lite, error) { return connect(d.path, writing) }}
	d.readers = newReaders(c.Readers, func() (*lite, error) { return connect(d.path, reading) })
	if !c.Hasty {
		d.mover = newMover(d.writer, d.writer.open)
	}
	return nil
}

// private makes the file, if need be, so that only the hall's own user can read
// it; SQLite gives its log the same mode. The directory may be one that somebody
// else has made, for all to read.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// setting is one of SQLite's, as PRAGMA knows it.
type setting struct{ name, value string }

// sqliteSettings is the one place that knows SQLite's settings, in the order in
// which they are made.
func sqliteSettings(writer, hasty bool) []setting {
	list := []setting{
		{"busy_timeout", "10000"},
		// Of posts, one in six does not fit into a leaf of 4 kB and would take a
		// page of its own. A file keeps the size it was made with, so it comes
		// before what writes into a new one.
		{"page_size", "8192"},
	}
	if writer {
		list = append(list, setting{"journal_mode", "WAL"}) // which the file keeps
	}
	synchronous, secure, cache := "FULL", "1", "-2000"
	if hasty { // see Config.Hasty
		synchronous, secure = "OFF", "0"
	}
	checkpoint := "0" // see log.go
	switch {
	case writer && hasty:
		cache, checkpoint = "-262144", "20000"
	case writer:
		cache = "-8000"
	}
	list = append(list, setting{"synchronous", synchronous}, setting{"foreign_keys", "1"}, setting{"temp_store", "MEMORY"},
		setting{"secure_delete", secure}, setting{"journal_size_limit", "16777216"}, setting{"cache_size", cache},
		setting{"wal_autocheckpoint", checkpoint})
	if !writer {
		// No mmap: each reader's view of the file would count as memory of the
		// program, half a gigabyte under load, for no measurable gain.
		list = append(list, setting{"query_only", "1"})
	}
	return list
}

// sqliteDSN says the settings to the driver of database/sql. It sorts them by
// their text: of two values for one setting the one that sorts last would hold,
// so each is said once.
func sqliteDSN(path string, settings []setting) string {
	v := url.Values{}
	for _, s := range settings {
		if s.name == "journal_mode" { // the driver sets it after the size of pages, which could not change any more
			v.Set("_journal_mode", s.value)
			v.Set("_txlock", "immediate")
			continue
		}
		v.Add("_pragma", s.name+"("+s.value+")")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + v.Encode()
}

func (d *DB) openPostgres(c Config) (err error) {
	d.engine = Postgres
	address := c.URL
	if c.Hasty {
		if address, err = withParam(address, "synchronous_commit", "off"); err != nil {
			return err
		}
	}
	if d.write, err = sql.Open("pgx", address); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(c.Readers + 4)
	d.write.SetMaxIdleConns(c.Readers)
	d.read = d.write
	return nil
}

// withParam adds a setting to a database's address.
func withParam(address, key, value string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", fault.New(fault.Unavailable, "db.unreachable").Because(errors.New("the address of the database cannot be read"))
	}
	q := u.Query()
	q.Set(key, value)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Engine tells which engine answers.
func (d *DB) Engine() Engine { return d.engine }

// Path is the SQLite file; empty under PostgreSQL.
func (d *DB) Path() string { return d.path }

// Size tells the bytes of the database, and of SQLite's write-ahead log.
func (d *DB) Size(ctx context.Context) (data, wal int64, err error) {
	defer fault.Wrap(&err, "db.Size")
	if d.engine == Postgres {
		err = d.read.QueryRowContext(ctx, "SELECT pg_database_size(current_database())").Scan(&data)
		return data, 0, translate(err)
	}
	main, err := os.Stat(d.path)
	if err != nil {
		return 0, 0, err
	}
	if log, err := os.Stat(d.path + "-wal"); err == nil {
		wal = log.Size()
	}
	return main.Size(), wal, nil
}

// Rest gives back memory that only a crowd needs: readers that are idle, all but
// one. The next crowd opens them again. Under PostgreSQL the pool does as it likes.
func (d *DB) Rest() (err error) {
	if d.readers == nil {
		return nil
	}
	defer fault.Wrap(&err, "db.Rest")
	return translate(d.readers.rest())
}

// Close waits for what runs and lets the database go. Closing twice does nothing
// more.
func (d *DB) Close() (err error) {
	d.closed.Do(func() { err = d.close() })
	return err
}

func (d *DB) close() error {
	d.mu.Lock()
	for _, s := range d.stmts {
		s.Close()
	}
	d.stmts = map[*Query]*sql.Stmt{}
	d.mu.Unlock()
	var err error
	if d.mover != nil {
		d.mover.close()
	}
	if d.engine == SQLite {
		err = errors.Join(d.readers.close(), d.writer.close())
	}
	err = errors.Join(err, d.write.Close())
	if d.read != d.write && d.read != nil {
		err = errors.Join(err, d.read.Close())
	}
	return err
}

// Snapshot writes a consistent copy of a SQLite database to path, while others
// read and write. Faults: Invalid under PostgreSQL (use its own tools or db copy).
func (d *DB) Snapshot(ctx context.Context, path string) (err error) {
	defer fault.Wrap(&err, "db.Snapshot")
	if d.engine != SQLite {
		return fault.New(fault.Invalid, "db.snapshot_sqlite_only")
	}
	conn, err := sql.Open("sqlite", sqliteDSN(d.path, sqliteSettings(true, false)))
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err = conn.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return translate(fmt.Errorf("vacuum into: %w", err))
	}
	return nil
}
