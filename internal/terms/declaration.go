package terms

import (
	"encoding/json"
	"fmt"
	"net/url"
	"sort"
	"strings"
)

// Declaration says where a document is fetched and what of the page is its text.
// It is the form in which recorders of terms (the Open Terms Archive) publish it.
type Declaration struct {
	Sources []Source `json:"combine,omitempty"` // put together in this order
}

// Source is one page.
type Source struct {
	Fetch  string  `json:"fetch"`
	Select []Range `json:"select,omitempty"`
	Remove []Range `json:"remove,omitempty"`
}

// Range is what a selection takes: all that a CSS selector finds, or what lies
// between two places.
type Range struct {
	Selector    string `json:"-"`
	StartBefore string `json:"startBefore,omitempty"`
	StartAfter  string `json:"startAfter,omitempty"`
	EndBefore   string `json:"endBefore,omitempty"`
	EndAfter    string `json:"endAfter,omitempty"`
}

// MarshalJSON writes a plain selector as a text, as it is read.
func (r Range) MarshalJSON() ([]byte, error) {
	if r.Selector != "" {
		return json.Marshal(r.Selector)
	}
	type plain Range
	return json.Marshal(plain(r))
}

// UnmarshalJSON reads a selector or a range.
func (r *Range) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &r.Selector)
	}
	type plain Range
	return json.Unmarshal(b, (*plain)(r))
}

func (d Declaration) encode() string {
	if len(d.Sources) == 0 {
		return ""
	}
	b, err := json.Marshal(d)
	if err != nil { // texts only
		return ""
	}
	return string(b)
}

// Declared is one document of a service's file of declarations.
type Declared struct {
	Platform, Title string
	Declaration     Declaration
	// Left out are the parts of the declaration that need programs of the
	// recorder's: filters in JavaScript, pages that only scripts build.
	LeftOut []string
}

// rawSource is a source as files have it: one selector or several.
type rawSource struct {
	Fetch   string          `json:"fetch"`
	Select  json.RawMessage `json:"select"`
	Remove  json.RawMessage `json:"remove"`
	Filter  json.RawMessage `json:"filter"`
	Scripts bool            `json:"executeClientScripts"`
}

// ReadDeclarations reads the declarations of one service.
func ReadDeclarations(raw []byte) ([]Declared, error) {
	type document struct {
		rawSource
		Combine []rawSource `json:"combine"`
	}
	var file struct {
		Name      string              `json:"name"`
		Terms     map[string]document `json:"terms"`
		Documents map[string]document `json:"documents"` // as it was called before
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, err
	}
	if file.Terms == nil {
		file.Terms = file.Documents
	}
	if file.Name == "" || len(file.Terms) == 0 {
		return nil, fmt.Errorf("no declarations: a name and terms are needed")
	}
	var out []Declared
	for title, doc := range file.Terms {
		d := Declared{Platform: file.Name, Title: title}
		all := doc.Combine
		if len(all) == 0 {
			all = []rawSource{doc.rawSource}
		}
		for _, s := range all {
			if s.Select == nil {
				s.Select = doc.Select
			}
			if s.Remove == nil {
				s.Remove = doc.Remove
			}
			if s.Filter != nil || doc.Filter != nil {
				d.LeftOut = append(d.LeftOut, "filter")
			}
			if s.Scripts || doc.Scripts {
				d.LeftOut = append(d.LeftOut, "executeClientScripts")
			}
			source, err := s.source()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", title, err)
			}
			d.Declaration.Sources = append(d.Declaration.Sources, source)
		}
		out = append(out, d)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Title < out[j].Title })
	return out, nil
}

func (s rawSource) source() (out Source, err error) {
	u, err := url.Parse(s.Fetch)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return out, fmt.Errorf("fetch is no address")
	}
	out.Fetch = s.Fetch
	if out.Select, err = ranges(s.Select); err != nil {
		return out, fmt.Errorf("select: %w", err)
	}
	if out.Remove, err = ranges(s.Remove); err != nil {
		return out, fmt.Errorf("remove: %w", err)
	}
	return out, nil
}

// ranges reads one selector or a list of them, and looks whether each makes sense.
func ranges(raw json.RawMessage) (out []Range, err error) {
	switch s := strings.TrimSpace(string(raw)); {
	case s == "" || s == "null":
		return nil, nil
	case s[0] == '[':
		err = json.Unmarshal(raw, &out)
	default:
		out = make([]Range, 1)
		err = json.Unmarshal(raw, &out[0])
	}
	if err != nil {
		return nil, err
	}
	for _, r := range out {
		if err := r.check(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
