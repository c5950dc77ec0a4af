package terms

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/typed"
)

// Draft is what a steward types of a document to be watched.
type Draft struct {
	Platform string // as it is called; of a document that is there already, its own
	Title    string
	Address  string
	Select   string // CSS selectors, one a line; or ranges, as declarations write them
	Remove   string
}

// The limits of a draft.
const (
	MaxTitle    = 80  // characters
	MaxAddress  = 500 // bytes
	MaxLines    = 20  // selectors in one box
	MaxSelector = 200 // bytes of one of them
	MaxReason   = 500 // characters of a reason
	// maxSteps is how many parts a selector may have: whoever makes the page could
	// let each further one cost as much as all before it.
	maxSteps = 4
)

// Declaration reads a draft. Faults: Invalid on "title", "address", "select" or
// "remove".
func (d Draft) Declaration() (Declaration, error) {
	if _, err := typed.Line("title", d.Title, 2, MaxTitle); err != nil {
		return Declaration{}, err
	}
	s := Source{}
	var err error
	if s.Fetch, err = address(d.Address); err != nil {
		return Declaration{}, err
	}
	if s.Select, err = selectors("select", d.Select); err != nil {
		return Declaration{}, err
	}
	if s.Remove, err = selectors("remove", d.Remove); err != nil {
		return Declaration{}, err
	}
	return Declaration{Sources: []Source{s}}, nil
}

// address reads where a document lies: https, and nothing secret in it.
func address(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	if s == "" {
		return "", fault.On("address", fault.Invalid, "fault.empty")
	}
	u, err := url.Parse(s)
	if err != nil || len(s) > MaxAddress || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" || !utf8.ValidString(s) {
		return "", fault.On("address", fault.Invalid, "terms.draft.address", MaxAddress)
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String(), nil
}

// selectors reads a box of them. A line that begins with a brace is a range.
func selectors(field, typed string) (out []Range, err error) {
	for _, l := range strings.Split(typed, "\n") {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		r := Range{Selector: l}
		if l[0] == '{' {
			r = Range{}
			if json.Unmarshal([]byte(l), &r) != nil {
				return nil, fault.On(field, fault.Invalid, "terms.draft.selector", short(l))
			}
		}
		if len(l) > MaxSelector || !utf8.ValidString(l) || strings.ContainsRune(l, 0) || r.check() != nil || r.costly() {
			return nil, fault.On(field, fault.Invalid, "terms.draft.selector", short(l))
		}
		if out = append(out, r); len(out) > MaxLines {
			return nil, fault.On(field, fault.Invalid, "terms.draft.lines", MaxLines)
		}
	}
	return out, nil
}

// costly tells whether one of the selectors has more parts than are tried.
func (r Range) costly() bool {
	for _, s := range []string{r.Selector, r.StartBefore, r.StartAfter, r.EndBefore, r.EndAfter} {
		if strings.Count(s, ":has(") > 1 {
			return true
		}
	}
	return slices.ContainsFunc(r.parts(), func(n int) bool { return n > maxSteps })
}

// short is the beginning of a line, to be shown beside what is wrong with it.
func short(s string) string {
	const most = 40
	s = strings.ToValidUTF8(s, "\ufffd")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// DraftOf writes a document as a draft; whole tells whether the draft says all of
// it: a document that is put together from several pages does not fit.
func DraftOf(d Document) (out Draft, whole bool) {
	out = Draft{Platform: d.Platform, Title: d.Title}
	said := d.Declaration()
	if len(said.Sources) == 0 {
		return out, true
	}
	s := said.Sources[0]
	out.Address, out.Select, out.Remove = s.Fetch, Typed(s.Select), Typed(s.Remove)
	return out, len(said.Sources) == 1
}

// Typed writes selections as a draft has them.
func Typed(rs []Range) string {
	var ls []string
	for _, r := range rs {
		l := r.Selector
		if l == "" {
			b, err := json.Marshal(r)
			if err != nil { // texts only
				continue
			}
			l = string(b)
		}
		ls = append(ls, strings.ReplaceAll(l, "\n", " "))
	}
	return strings.Join(ls, "\n")
}
