package db_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/fault"
)

// A file that is no database is called damaged: waiting would not help.
func TestOpen_damaged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "hall.db"), bytes.Repeat([]byte("no database "), 4096), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(context.Background(), db.Config{Dir: dir})
	if err == nil {
		d.Close()
		t.Fatal("opened")
	}
	if f := fault.From(err); f.Key != "db.corrupt" {
		t.Errorf("%v", err)
	}
}
