package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every function that says who may do what is named at least twice in the tests of
// its package: once for a yes, once for a no.
func TestMay_eachHasAYesAndANo(t *testing.T) {
	t.Parallel()
	decides := regexp.MustCompile(`(?m)^func (May\w+)\(`)
	files, err := filepath.Glob("*/may.go")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d rooms decide anything, %v", len(files), err)
	}
	for _, f := range files {
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var tests strings.Builder
		names, _ := filepath.Glob(filepath.Join(filepath.Dir(f), "*_test.go"))
		for _, name := range names {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tests.Write(b)
		}
		for _, m := range decides.FindAllSubmatch(source, -1) {
			if n := strings.Count(tests.String(), "."+string(m[1])+"("); n < 2 {
				t.Errorf("%s: %s is asked %d times by its tests", f, m[1], n)
			}
		}
	}
}
