package safedb

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"guildhall/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to this program's version; forward only. The version
// is a number in the file's head: a table of migrations would hold their times.
func (d *DB) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql") // in order of their numbers
	if err != nil {
		return err
	}
	have, err := version(ctx, d.conn)
	if err != nil {
		return err
	}
	if have > len(names) {
		return fault.New(fault.Conflict, "db.newer_schema").Because(fmt.Errorf("schema %d, program %d", have, len(names)))
	}
	for i, name := range names[have:] {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		err = d.Write(ctx, func(*Tx) error {
			d.soiled = true
			if _, err := d.conn.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			_, err := d.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", have+i+1))
			return err
		})
		if err != nil {
			return translate(err)
		}
	}
	return nil
}

func version(ctx context.Context, c *sql.Conn) (n int, err error) {
	err = c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&n)
	return n, translate(err)
}

// Smooth writes the whole file anew, every table in the order of its keys, so that
// nothing in it tells what was written when. Called at every tick.
func (d *DB) Smooth(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "safedb.Smooth")
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, err = d.conn.ExecContext(ctx, "VACUUM"); err != nil {
		return translate(err)
	}
	return d.emptyLog(ctx)
}

// Copy writes a copy of the file in dir to path, also while a hall has it open; it
// tells no more than the file does. There is none when dir has no safe.db: then
// found is false.
func Copy(ctx context.Context, dir, path string) (found bool, err error) {
	defer fault.Wrap(&err, "safedb.Copy")
	from := filepath.Join(dir, File)
	if _, err := os.Stat(from); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return false, err
	}
	pool, err := sql.Open("sqlite", dsn(from))
	if err != nil {
		return false, err
	}
	defer pool.Close()
	_, err = pool.ExecContext(ctx, "VACUUM INTO ?", path)
	return true, translate(err)
}

// Check reads the whole file and tells whether it is sound. Faults: Unavailable
// when it is damaged.
func (d *DB) Check(ctx context.Context) error {
	return d.Read(ctx, func(tx *Tx) error {
		var bad []string
		err := tx.Rows("PRAGMA integrity_check", func(scan func(...any) error) error {
			var s string
			err := scan(&s)
			if s != "ok" {
				bad = append(bad, s)
			}
			return err
		})
		if err == nil && len(bad) > 0 {
			err = fault.New(fault.Unavailable, "db.corrupt").Because(errors.New(strings.Join(bad, "; ")))
		}
		return err
	})
}
