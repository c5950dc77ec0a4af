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
	"syscall"
	"time"

	_ "modernc.org/sqlite"
)

// record is one thing in a hall's files: a row, a line of a log, a piece of bytes.
type record struct {
	Where string   `json:"w"`           // the table, or the file
	Words []string `json:"t,omitempty"` // texts, and blobs as base64url
	Nums  []number `json:"n,omitempty"`
}

// text is all that a record says.
func (r record) text() string { return fmt.Sprint(r) }

// key is how a row is called whatever else it says: by its first two words.
func (r record) key() string {
	return fmt.Sprint(r.Where, r.Words[:min(2, len(r.Words))])
}

// loose tells that a record is no row that names something: a line of a log, or bytes.
func (r record) loose() bool {
	return len(r.Words) == 0 || strings.HasPrefix(r.Where, "slack ") || strings.HasPrefix(r.Where, "bytes ") || strings.Contains(r.Where, "stderr") || strings.HasSuffix(r.Where, ".log")
}

type number struct {
	Column string `json:"c"`
	Value  int64  `json:"v"`
}

// files are the records of a hall's directory at one moment.
type files struct {
	Records []record            `json:"records"`
	Times   map[string][2]int64 `json:"times"` // by file: when it, and its inode, changed; µs of this machine
}

// readFiles reads everything in a data directory that an adversary could read. The box
// of safe.db is sealed under a key that is in no file; what was in a cell may only have
// been left elsewhere. names are looked for in bytes that are no rows; nil leaves those
// out.
func readFiles(ctx context.Context, dir string, names *finder) (files, error) {
	f := files{Times: map[string][2]int64{}}
	f.readTimes(dir) // first, for reading may change them
	for _, name := range databases {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil && name == leakFile {
			continue
		}
		if err := f.readTables(ctx, path); err != nil {
			return f, fmt.Errorf("%s: %w", name, err)
		}
	}
	logs, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil {
		return f, err
	}
	for _, path := range append(logs, filepath.Join(dir, "..", "stderr-"+filepath.Base(dir))) {
		if err := f.readLog(path); err != nil {
			return f, err
		}
	}
	if names == nil {
		return f, nil
	}
	return f, f.readSlack(dir, names)
}

// readTimes notes when files and their inodes changed.
func (f *files) readTimes(dir string) {
	for _, name := range databases {
		for _, suffix := range []string{"", "-wal"} {
			var s syscall.Stat_t
			if syscall.Stat(filepath.Join(dir, name+suffix), &s) == nil {
				f.Times[name+suffix] = [2]int64{time.Unix(s.Mtim.Unix()).UnixMicro(), time.Unix(s.Ctim.Unix()).UnixMicro()}
			}
		}
	}
}

// tree is a table or an index.
type tree struct {
	name string
	page int
}

// readRoots gives where the tables and indexes of a database begin.
func readRoots(ctx context.Context, path string) (all []tree, err error) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return all, query(ctx, db, "SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0 AND name NOT LIKE 'search_%'", func(rows *sql.Rows) error {
		var t tree
		err := rows.Scan(&t.name, &t.page)
		all = append(all, t)
		return err
	})
}

func query(ctx context.Context, db *sql.DB, text string, each func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// readTables reads every row of every table, while somebody else may have the
// database open.
func (f *files) readTables(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var tables []string
	err = query(ctx, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'", func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		// What the search keeps of open posts says no more than the posts.
		if !strings.HasPrefix(name, "search_") && !strings.HasPrefix(name, "sqlite_") && name != "box" {
			tables = append(tables, name)
		}
		return err
	})
	for _, t := range tables {
		if err == nil {
			err = query(ctx, db, `SELECT * FROM "`+t+`"`, func(rows *sql.Rows) error { return f.readRow(rows, t) })
		}
	}
	return err
}

func (f *files) readRow(rows *sql.Rows, table string) error {
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	dest := make([]any, len(columns))
	for i := range values {
		dest[i] = &values[i]
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	r := record{Where: table}
	for i, v := range values {
		switch v := v.(type) {
		case int64:
			r.Nums = append(r.Nums, number{columns[i], v})
		case string:
			r.Words = append(r.Words, v)
		case []byte:
			r.Words = append(r.Words, base64.RawURLEncoding.EncodeToString(v))
			r.Nums = append(r.Nums, number{columns[i] + " bytes", int64(len(v))})
		}
	}
	f.Records = append(f.Records, r)
	return nil
}

var figure = regexp.MustCompile(`^-?[0-9]+$`)

// readLog reads lines of words and numbers.
func (f *files) readLog(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for lines := bufio.NewScanner(bytes.NewReader(b)); lines.Scan(); {
		r := record{Where: filepath.Base(path)}
		for i, w := range strings.Fields(lines.Text()) {
			if figure.MatchString(w) {
				n, _ := strconv.ParseInt(w, 10, 64)
				r.Nums = append(r.Nums, number{strconv.Itoa(i), n})
			} else {
				r.Words = append(r.Words, w)
			}
		}
		f.Records = append(f.Records, r)
	}
	return nil
}

// moment reads a number as a time, in whatever unit it may be, and gives the span
// it stands for in virtual hours; false for what is no time of this world.
func moment(n int64) (t trace, ok bool) {
	for _, unit := range []struct{ seconds, scale float64 }{
		{1e-6, 1}, {1e-3, 1}, {1, 1}, {300, 300}, {3600, 3600}, {86400, 86400},
	} {
		at := (float64(n)*unit.seconds - float64(zero.Unix())) / 3600
		if at >= -liveDays*hoursOfDay/2 && at <= (liveDays+3)*hoursOfDay {
			return trace{at, at + unit.scale/3600 - min(1, unit.scale-1)/3600}, true
		}
	}
	return t, false
}
