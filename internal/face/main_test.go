package face_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"guildhall/internal/db"
)

// TestMain refuses SQL that no test has executed, when all tests were run.
func TestMain(m *testing.M) {
	code := m.Run()
	if f := flag.Lookup("test.run"); code == 0 && f.Value.String() == "" {
		for _, q := range db.Queries() {
			if strings.HasPrefix(q.Name(), "face.") && !q.Ran() {
				fmt.Println("no test executes", q.Name())
				code = 1
			}
		}
	}
	os.Exit(code)
}

// exampleDB is a database without a test.
func exampleDB() (*db.DB, func()) {
	dir, err := os.MkdirTemp("", "hall")
	if err != nil {
		panic(err)
	}
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		panic(err)
	}
	if err := d.Migrate(ctx); err != nil {
		panic(err)
	}
	return d, func() { d.Close(); os.RemoveAll(dir) }
}
