package watch

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"guildhall/internal/terms/clause"
)

// Record is one version of a text as a recorder kept it.
type Record struct {
	At   time.Time
	Note string // what the recorder wrote beside it; tells changes of its filter
	Text string // Markdown
}

// DeclaredAnew is the note of a record that is there because somebody of the hall has
// said anew where the text lies: it need not be like the one before.
const DeclaredAnew = "Declared anew"

// filterNote finds notes that speak of the recorder and not of the text.
var filterNote = regexp.MustCompile(`(?i)^\s*(?:refilter|declared anew|apply technical|apply (?:a )?declaration|technical upgrade|declaration upgrade)`)

// Filter tells whether the record exists because the recorder changed its
// filter.
func (r *Record) Filter() bool { return filterNote.MatchString(r.Note) }

// ReadDir reads a history: history.json with versions (recorded_at, note,
// text) and each text once, in a file of its own. Files larger than is ever
// read stand for what they are, too large, without being loaded.
func ReadDir(dir string) ([]Record, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "history.json"))
	if err != nil {
		return nil, err
	}
	var h struct {
		Versions []struct {
			At   string `json:"recorded_at"`
			Note string `json:"note"`
			Text string `json:"text"`
		} `json:"versions"`
	}
	if err := json.Unmarshal(raw, &h); err != nil {
		return nil, fmt.Errorf("history.json: %w", err)
	}
	texts := map[string]string{}
	out := make([]Record, 0, len(h.Versions))
	for i, v := range h.Versions {
		at, err := parseTime(v.At)
		if err != nil {
			return nil, fmt.Errorf("history.json, version %d: %w", i, err)
		}
		text, ok := texts[v.Text]
		if !ok {
			if text, err = readText(dir, v.Text); err != nil {
				return nil, fmt.Errorf("history.json, version %d: %w", i, err)
			}
			texts[v.Text] = text
		}
		out = append(out, Record{At: at, Note: v.Note, Text: text})
	}
	return out, nil
}

func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", s)
}

// readText reads a file that lies beside history.json, and nowhere else.
func readText(dir, name string) (string, error) {
	if !filepath.IsLocal(name) {
		return "", fmt.Errorf("%q is not beside history.json", name)
	}
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() > clause.MaxText {
		return strings.Repeat(" ", clause.MaxText+1), nil
	}
	b, err := os.ReadFile(path)
	return string(b), err
}
