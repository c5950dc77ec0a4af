package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	_ "modernc.org/sqlite"

	"guildhall/internal/safedb"
)

// record is one thing in a hall's files: a row, a line of a log, a file.
type record struct {
	where string   // the table, or the file
	words []string // texts, and blobs as base64url
	nums  []number
}

type number struct {
	column string
	value  int64
}

// files are the records of a hall's directory at one moment.
type files struct{ records []record }

// readFiles reads everything in a data directory that an adversary could read. It
// knows the program: the box of safe.db is opened as the hall opens it.
func readFiles(ctx context.Context, dir string) (files, error) {
	var f files
	for _, name := range []string{"hall.db", safedb.File} {
		if err := f.readTables(ctx, filepath.Join(dir, name)); err != nil {
			return f, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := f.readBox(ctx, dir); err != nil {
		return f, err
	}
	logs, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil {
		return f, err
	}
	for _, path := range logs {
		if err := f.readLog(path); err != nil {
			return f, err
		}
	}
	return f, nil
}

// readTables reads every row of every table.
func (f *files) readTables(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	var tables []string
	rows, err := db.QueryContext(ctx, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
	if err != nil {
		return err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		// What the search keeps of open posts says no more than the posts.
		if !strings.HasPrefix(name, "search_") && !strings.HasPrefix(name, "sqlite_") && name != "box" {
			tables = append(tables, name)
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, t := range tables {
		if err := f.readTable(ctx, db, t); err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
	}
	return nil
}

func (f *files) readTable(ctx context.Context, db *sql.DB, table string) error {
	rows, err := db.QueryContext(ctx, `SELECT * FROM "`+table+`"`)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		dest := make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		r := record{where: table}
		for i, v := range values {
			switch v := v.(type) {
			case int64:
				r.nums = append(r.nums, number{columns[i], v})
			case string:
				r.words = append(r.words, v)
			case []byte:
				r.words = append(r.words, base64.RawURLEncoding.EncodeToString(v))
			}
		}
		f.records = append(f.records, r)
	}
	return rows.Err()
}

// readBox reads what waits in safe.db, from a copy, because opening it writes.
func (f *files) readBox(ctx context.Context, dir string) error {
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "box-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if _, err := safedb.Copy(ctx, dir, filepath.Join(tmp, safedb.File)); err != nil {
		return err
	}
	db, err := safedb.Open(ctx, safedb.Config{Dir: tmp, Now: virtualZero})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Read(ctx, func(tx *safedb.Tx) error {
		return db.Box().Records(tx, func(_ safedb.Tag, b []byte) error {
			f.records = append(f.records, record{where: "box", words: []string{string(b), base64.RawURLEncoding.EncodeToString(b)}})
			return nil
		})
	})
}

var figure = regexp.MustCompile(`^-?[0-9]+$`)

// readLog reads lines of words and numbers.
func (f *files) readLog(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		r := record{where: filepath.Base(path)}
		for i, w := range strings.Fields(lines.Text()) {
			if figure.MatchString(w) {
				n, _ := strconv.ParseInt(w, 10, 64)
				r.nums = append(r.nums, number{strconv.Itoa(i), n})
			} else {
				r.words = append(r.words, w)
			}
		}
		f.records = append(f.records, r)
	}
	return nil
}

// moment reads a number as a time, in whatever unit it may be, and gives the span
// it stands for in virtual hours; false for what is no time of this world.
func moment(n int64) (t trace, ok bool) {
	for _, unit := range []struct{ seconds, scale float64 }{
		{1e-6, 1}, {1e-3, 1}, {1, 1}, {3600, 3600}, {86400, 86400},
	} {
		at := (float64(n)*unit.seconds - float64(zero.Unix())) / 3600
		if at >= -liveDays*hoursOfDay/2 && at <= (liveDays+3)*hoursOfDay {
			return trace{at, at + unit.scale/3600 - min(1, unit.scale-1)/3600}, true
		}
	}
	return t, false
}
