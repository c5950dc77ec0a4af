package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"guildhall/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

var (
	bigint = regexp.MustCompile(`\bBIGINT\b`)
	bytea  = regexp.MustCompile(`\bBYTEA\b`)
	// -- engine sqlite … -- engine end keeps lines for one engine only.
	engineBlock = regexp.MustCompile(`(?s)-- engine (sqlite|postgres)\n(.*?)-- engine end\n`)
)

// portable turns a migration into an engine's own words: SQLite's strict
// tables know neither BIGINT nor BYTEA, and cluster by WITHOUT ROWID.
func portable(text string, e Engine) string {
	text = engineBlock.ReplaceAllStringFunc(text, func(b string) string {
		m := engineBlock.FindStringSubmatch(b)
		if m[1] == e.String() {
			return m[2]
		}
		return ""
	})
	if e == Postgres {
		return text
	}
	text = bigint.ReplaceAllString(text, "INTEGER")
	text = bytea.ReplaceAllString(text, "BLOB")
	text = strings.ReplaceAll(text, "/*clustered*/", "WITHOUT ROWID, STRICT")
	return strings.ReplaceAll(text, "/*strict*/", "STRICT")
}

func provider(h *sql.DB, e Engine) (*goose.Provider, error) {
	out := fstest.MapFS{}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		b, err := migrations.ReadFile(n)
		if err != nil {
			return nil, err
		}
		out[strings.TrimPrefix(n, "migrations/")] = &fstest.MapFile{Data: []byte(portable(string(b), e))}
	}
	dialect := goose.DialectSQLite3
	if e == Postgres {
		dialect = goose.DialectPostgres
	}
	return goose.NewProvider(dialect, h, out, goose.WithDisableGlobalRegistry(true))
}

// Migrate brings the schema up to this program's version; forward only. It is
// quick when there is nothing to do. Faults: Conflict when the schema is newer
// than this program, which then must not touch it.
func (d *DB) Migrate(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "db.Migrate")
	p, err := provider(d.write, d.engine)
	if err != nil {
		return err
	}
	newest := int64(0)
	for _, s := range p.ListSources() {
		newest = max(newest, s.Version)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return translate(err)
	}
	if have > newest {
		return fault.New(fault.Conflict, "db.newer_schema").Because(fmt.Errorf("schema %d, program %d", have, newest))
	}
	if have == newest {
		return nil
	}
	if _, err = p.Up(ctx); err != nil {
		return translate(err)
	}
	return nil
}

// Version tells the schema's version in the database.
func (d *DB) Version(ctx context.Context) (int64, error) {
	p, err := provider(d.write, d.engine)
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}
