//go:build browser

package browser

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// joins makes a new member by words, and gives her words and name.
func (p *visitor) joins() (words []string, name string) {
	p.t.Helper()
	p.visit("/join")
	p.press("Make seven words")
	words, name = p.writeWords()
	p.putAway()
	p.inside(name)
	return words, name
}

// slug is a name as it stands in addresses.
func slug(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "-")) }

// holds tells whether any file of the hall has these bytes.
func (h *hall) holds(t *testing.T, what string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(what)) {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A note about a connection is read by its writer on all her devices, and is in no
// file of the hall.
func TestNote_sealed(t *testing.T) {
	t.Parallel()
	h := open(t)
	ana, bo := h.visitor(t), h.visitor(t)
	words, anaName := ana.joins()
	_, boName := bo.joins()
	between := func(name string) string { return "/people/" + slug(name) + "/connection" }
	ana.visit(between(boName))
	ana.fill("A few words, if you like", "canary-of-words")
	ana.press("Ask to be connected")
	ana.see("Take it back")
	bo.visit("/connections")
	bo.see("canary-of-words")
	bo.press("Yes, connect us")
	bo.see("Connected with one person")

	const canary = "canary-of-a-note: pays late"
	ana.visit(between(boName))
	ana.fill("About "+boName+", for yourself", canary)
	ana.click(`document.querySelector('connection-note button')`, "Save")
	ana.see("Kept. Only you can read it.")
	ana.accessible("connection", "")
	ana.visit(between(boName))
	reads := `document.querySelector('connection-note textarea').value===` + quote(canary)
	ana.until("the note is there again", reads)
	bo.visit(between(anaName))
	bo.until("his own note is empty", `document.querySelector('connection-note form').checkVisibility()&&document.querySelector('connection-note textarea').value===''`)

	second := h.visitor(t)
	second.visit("/sign-in")
	second.fill("Your seven words", strings.Join(words, " "))
	second.press("Sign in with the words")
	second.inside(anaName)
	second.visit(between(boName))
	second.until("her second device reads it", reads)

	if files := h.holds(t, "canary-of-words"); len(files) == 0 {
		t.Error("the search finds nothing at all")
	}
	if files := h.holds(t, "pays late"); len(files) != 0 {
		t.Errorf("a note lies open in %v", files)
	}
}
