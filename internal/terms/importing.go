package terms

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"guildhall/internal/terms/watch"
)

// Imported is what an import did with one file or history.
type Imported struct {
	Document DocumentID
	Records  int      // versions added
	LeftOut  []string // parts of a declaration that are not understood
	Declared bool     // it will be fetched
	Err      error    // it was passed over
}

// maxDeclaration is the largest file of declarations, in bytes.
const maxDeclaration = 1 << 20

// Import reads a directory: recorded histories (directories with a history.json)
// and declarations (other .json files), however deep they lie, and tells what it
// did with each. A second import adds nothing.
func (r *Room) Import(ctx context.Context, dir string, tell func(Imported)) error {
	found := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return firstOf(err, ctx.Err())
		}
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".json") {
			return nil
		}
		found++
		if e.Name() == "history.json" {
			o, err := r.importHistory(ctx, filepath.Dir(path))
			tell(o)
			return err
		}
		return r.importDeclarations(ctx, path, tell)
	})
	if err == nil && found == 0 {
		return fmt.Errorf("%s: neither a history.json nor declarations", dir)
	}
	return err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// importHistory adds the versions of a history that are not there yet. Histories
// only grow: one that says something else of the past is passed over.
func (r *Room) importHistory(ctx context.Context, dir string) (o Imported, err error) {
	platform, title := titleOf(dir)
	o.Document = NewID(platform, title)
	records, err := watch.ReadDir(dir)
	if err != nil {
		o.Err = err
		return o, nil
	}
	if err := r.Watch(ctx, o.Document, platform, title, Declaration{}); err != nil {
		return o, err
	}
	d, err := r.Document(ctx, o.Document)
	if err != nil {
		return o, err
	}
	records = distinct(records)
	if d.Records > len(records) {
		o.Err = fmt.Errorf("the hall knows more versions (%d) than the history (%d)", d.Records, len(records))
		return o, nil
	}
	if d.Records > 0 {
		last, err := r.Record(ctx, o.Document, d.Records-1)
		if err != nil {
			return o, err
		}
		if same := records[d.Records-1]; Hash(cleanText(same.Text)) != last.Hash {
			o.Err = fmt.Errorf("version %d is not the one the hall knows", d.Records-1)
			return o, nil
		}
	}
	o.Records, err = r.Keep(ctx, o.Document, records[d.Records:]...)
	return o, err
}

// distinct leaves out versions that say what the one before says, as Keep does.
func distinct(records []watch.Record) (out []watch.Record) {
	for _, v := range records {
		if n := len(out); n == 0 || out[n-1].Text != v.Text {
			out = append(out, v)
		}
	}
	return out
}

// titleOf names a history: by its source ("Lyft/Terms of Service.md"), or by the
// name of its directory.
func titleOf(dir string) (platform, title string) {
	var h struct {
		Source string `json:"source"`
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "history.json")); err == nil && json.Unmarshal(raw, &h) == nil {
		if p, t, ok := strings.Cut(strings.TrimSuffix(h.Source, ".md"), "/"); ok && p != "" && t != "" {
			return p, t
		}
	}
	name := filepath.Base(dir)
	if abs, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(abs)
	}
	platform, title, _ = strings.Cut(name, "--")
	if title == "" {
		title = "Terms of Service"
	}
	return platform, strings.ReplaceAll(title, "-", " ")
}

func (r *Room) importDeclarations(ctx context.Context, path string, tell func(Imported)) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	pass := func(err error) error {
		tell(Imported{Document: DocumentID(filepath.Base(path)), Err: err})
		return nil
	}
	if info.Size() > maxDeclaration {
		return pass(fmt.Errorf("larger than %d bytes", maxDeclaration))
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	ds, err := ReadDeclarations(raw)
	if err != nil {
		return pass(err)
	}
	for _, d := range ds {
		id := NewID(d.Platform, d.Title)
		if err := r.Watch(ctx, id, d.Platform, d.Title, d.Declaration); err != nil {
			return err
		}
		tell(Imported{Document: id, Declared: true, LeftOut: d.LeftOut})
	}
	return nil
}
