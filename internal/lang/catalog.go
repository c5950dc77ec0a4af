package lang

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed catalog/*/*.toml
var files embed.FS

// text is one prepared sentence: pieces of plain text with arguments between.
type text struct {
	plain  string // the sentence as written; all of it when there are no slots
	pieces []string
	slots  []int8 // slots[i] stands between pieces[i] and pieces[i+1]
}

// countSlot is the slot of {n}.
const countSlot int8 = -1

// entry is what a key stands for: one text, or one for each plural category
// (nil where the language has no such category).
type entry struct {
	text
	forms *[categories]*text
}

// catalogs give the prepared texts of each language, prepared when first asked
// for. A broken catalogue is a broken program, so it stops at once; the tests
// read them all.
var catalogs = func() (out [count]func() map[string]*entry) {
	for _, l := range all {
		out[l] = sync.OnceValue(func() map[string]*entry {
			c, err := load(l)
			if err != nil {
				panic("lang: " + err.Error())
			}
			return c
		})
	}
	return out
}()

// load reads and prepares every file of a language.
func load(l Lang) (map[string]*entry, error) {
	dir := "catalog/" + l.String()
	list, err := files.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	c := make(map[string]*entry, 1024)
	for _, f := range list {
		name := path.Join(dir, f.Name())
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := add(c, strings.TrimSuffix(f.Name(), ".toml")+".", raw); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c, nil
}

// add prepares the texts of one file, whose keys must all begin with prefix.
func add(c map[string]*entry, prefix string, raw []byte) error {
	var tree map[string]any
	if err := toml.Unmarshal(raw, &tree); err != nil {
		return err
	}
	for key, v := range tree {
		if !strings.HasPrefix(key, prefix) {
			return fmt.Errorf("key %q does not begin with %q; write keys in quotes, as \"%stitle\"", key, prefix, prefix)
		}
		e, err := newEntry(v)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		c[key] = e
	}
	return nil
}

func newEntry(v any) (*entry, error) {
	switch v := v.(type) {
	case string:
		t, err := prepare(v)
		if err != nil {
			return nil, err
		}
		return &entry{text: *t}, nil
	case map[string]any:
		e := &entry{forms: new([categories]*text)}
		for name, form := range v {
			c, known := categoryOf(name)
			s, isText := form.(string)
			if !known || !isText {
				return nil, fmt.Errorf("%q is no text of a plural category", name)
			}
			t, err := prepare(s)
			if err != nil {
				return nil, err
			}
			e.forms[c] = t
		}
		if e.forms[other] == nil {
			return nil, fmt.Errorf("plural without the form other")
		}
		return e, nil
	}
	return nil, fmt.Errorf("a text or a table of plural forms was expected")
}

// prepare cuts a text at its slots.
func prepare(s string) (*text, error) {
	t := &text{plain: s}
	rest := s
	for {
		i := strings.IndexAny(rest, "{}")
		if i < 0 {
			break
		}
		if len(rest) < i+3 || rest[i] != '{' || rest[i+2] != '}' {
			return nil, fmt.Errorf("brace that is no {0} to {9} or {n} in %q", s)
		}
		slot := countSlot
		if d := rest[i+1]; d >= '0' && d <= '9' {
			slot = int8(d - '0')
		} else if d != 'n' {
			return nil, fmt.Errorf("unknown argument {%c} in %q", d, s)
		}
		t.pieces = append(t.pieces, rest[:i])
		t.slots = append(t.slots, slot)
		rest = rest[i+3:]
	}
	if len(t.slots) > 0 {
		t.pieces = append(t.pieces, rest)
	}
	return t, nil
}
