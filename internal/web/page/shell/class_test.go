package shell_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	comments    = regexp.MustCompile(`(?s)/\*.*?\*/`)
	definitions = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	uses        = regexp.MustCompile(`class="([^"]*)"|class=\{([^}]*)\}`)
	literals    = regexp.MustCompile(`"([^"]*)"`)
)

// A class that no style sheet knows is a part somebody believes to be there.
func TestClasses_usedAreDefined(t *testing.T) {
	t.Parallel()
	// Classes without a look: hooks of scripts, and "links", which the reset strips of bullets.
	known := map[string]bool{"links": true}
	for _, f := range files(t, "../*/*.css") {
		for _, m := range definitions.FindAllStringSubmatch(comments.ReplaceAllString(f.text, ""), -1) {
			known[m[1]] = true
		}
	}
	for _, f := range append(files(t, "../*/*.templ"), files(t, "../../answer/*.templ")...) {
		for _, m := range uses.FindAllStringSubmatch(f.text, -1) {
			words := strings.Fields(m[1])
			for _, l := range literals.FindAllStringSubmatch(m[2], -1) {
				words = append(words, strings.Fields(l[1])...)
			}
			for _, w := range words {
				if !known[w] {
					t.Errorf("%s: no style sheet knows the class %q", f.name, w)
				}
			}
		}
	}
}

type file struct{ name, text string }

func files(t *testing.T, pattern string) []file {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var fs []file
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		fs = append(fs, file{n, string(b)})
	}
	return fs
}
