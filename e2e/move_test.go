package e2e

import (
	"context"
	"os"
	"path/filepath"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
)

// move shuts the hall, copies it into a database of the other engine with the
// command for that, takes the old one away, and opens it on the new.
func (s *scene) move() error {
	if err := s.hall.Close(); err != nil {
		return err
	}
	if s.watch != nil {
		s.watch.Close()
		s.watch = nil
	}
	to, at := db.Postgres, ""
	if s.engine == db.Postgres {
		to = db.SQLite
	} else {
		at = dbtest.Config(s.t, to).URL
	}
	target := at
	if target == "" {
		target = "sqlite"
	}
	if err := commandLine(s, []string{"db", "copy", "--to", target}); err != nil {
		return err
	}
	if to == db.Postgres {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			if err := os.Remove(filepath.Join(s.dir, "hall.db"+suffix)); err != nil && !os.IsNotExist(err) {
				return err
			}
		}
	}
	s.engine, s.config.Database = to, at
	s.open()
	return s.indexed()
}

// indexed makes the index anew, as the program does when it starts on a hall
// that has none.
func (s *scene) indexed() error {
	ctx := context.Background()
	stale, err := s.hall.Search.Stale(ctx)
	if err == nil {
		err = s.expect(stale, "the hall does not notice that it has no index")
	}
	if err != nil {
		return err
	}
	return s.hall.Search.Rebuild(ctx)
}
