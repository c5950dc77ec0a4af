package calendar

import (
	"bytes"
	"fmt"
)

// Fault says why a file is not to be trusted, and the line in which that shows.
type Fault struct {
	Line   int // from 1
	Reason string
}

// Error is "LINE: reason", to stand behind the name of the file.
func (f *Fault) Error() string { return fmt.Sprintf("%d: %s", f.Line, f.Reason) }

// wrong makes a Fault.
func wrong(line int, format string, args ...any) error {
	return &Fault{line, fmt.Sprintf(format, args...)}
}

// property is one content line: NAME;PARAM=value:value, put together again.
type property struct {
	name   string // upper case
	params []byte // as written, with their first semicolon
	value  []byte
	line   int
}

// scanner cuts a file into content lines.
type scanner struct {
	b    []byte
	at   int
	line int // of the next physical line
	buf  []byte
}

// physical takes the next physical line, whatever ends it.
func (s *scanner) physical() ([]byte, bool) {
	if s.at >= len(s.b) {
		return nil, false
	}
	rest := s.b[s.at:]
	s.line++
	// Lines end with LF nearly always; a lone CR before it ends one, too.
	n := bytes.IndexByte(rest, '\n')
	if n < 0 {
		n = len(rest)
	}
	if c := bytes.IndexByte(rest[:n], '\r'); c >= 0 {
		s.at += c + 1
		if c+1 == n && c+1 < len(rest) {
			s.at++
		}
		return rest[:c], true
	}
	s.at += min(n+1, len(rest))
	return rest[:n], true
}

// folded tells whether the next physical line goes on with this one.
func (s *scanner) folded() bool {
	return s.at < len(s.b) && (s.b[s.at] == ' ' || s.b[s.at] == '\t')
}

// next takes the next content line. Properties of which wanted gives no name are passed
// over: what they say is nobody's business here.
func (s *scanner) next(wanted func(name []byte) string) (property, bool, error) {
	for {
		row, ok := s.physical()
		if !ok {
			return property{}, false, nil
		}
		if len(bytes.TrimSpace(row)) == 0 {
			continue
		}
		at := s.line
		if row[0] == ' ' || row[0] == '\t' {
			return property{}, false, wrong(at, "it begins like the rest of another line, and there is none before it")
		}
		if i := nameEnd(row); i > 0 && wanted(row[:i]) == "" {
			colon := bytes.IndexByte(row[i:], ':') >= 0
			for s.folded() {
				more, _ := s.physical()
				colon = colon || bytes.IndexByte(more, ':') >= 0
			}
			if !colon || !named(row[:i]) {
				return property{}, false, wrong(at, "this is no line of a calendar: it has no name with a colon behind it")
			}
			return property{line: at}, true, nil
		}
		p, err := cut(s.unfold(row), at, wanted)
		return p, err == nil, err
	}
}

// unfold puts a line together with those it goes on in.
func (s *scanner) unfold(row []byte) []byte {
	if !s.folded() {
		return row
	}
	s.buf = append(s.buf[:0], row...)
	for s.folded() {
		more, _ := s.physical()
		s.buf = append(s.buf, more[1:]...)
	}
	return s.buf
}

// nameEnd is where a line's name ends; -1: nowhere.
func nameEnd(row []byte) int {
	for i, c := range row {
		if c == ':' || c == ';' {
			return i
		}
	}
	return -1
}

// cut takes a content line apart. Colons and semicolons in quotes do not count.
func cut(row []byte, at int, wanted func([]byte) string) (property, error) {
	i := nameEnd(row)
	if i <= 0 || !named(row[:i]) {
		return property{}, wrong(at, "this is no line of a calendar: it has no name with a colon behind it")
	}
	p := property{name: wanted(row[:i]), line: at}
	quoted := false
	for j := i; j < len(row); j++ {
		switch {
		case row[j] == '"':
			quoted = !quoted
		case row[j] == ':' && !quoted:
			p.params, p.value = row[i:j], bytes.TrimSpace(row[j+1:])
			return p, nil
		}
	}
	return property{}, wrong(at, "no colon follows the name %s, or only inside of quotes that do not end", shown(row[:i]))
}

// named tells whether it could be a property's name.
func named(b []byte) bool {
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_', c == '.', c == '/':
		default:
			return false
		}
	}
	return len(b) > 0
}

// param is a parameter's value without its quotes, and whether it is there.
func (p *property) param(name string) (string, bool) {
	b := p.params
	for len(b) > 0 {
		b = b[1:] // the semicolon
		end, quoted := len(b), false
		for i, c := range b {
			if c == '"' {
				quoted = !quoted
			}
			if c == ';' && !quoted {
				end = i
				break
			}
		}
		key, value, ok := bytes.Cut(b[:end], []byte("="))
		if ok && bytes.EqualFold(bytes.TrimSpace(key), []byte(name)) {
			return plain(value), true
		}
		b = b[end:]
	}
	return "", false
}

// plain takes a parameter's value out of its quotes and undoes RFC 6868.
func plain(v []byte) string {
	v = bytes.TrimSpace(v)
	if len(v) >= 2 && v[0] == '"' && v[len(v)-1] == '"' {
		v = v[1 : len(v)-1]
	}
	if bytes.IndexByte(v, '^') >= 0 {
		v = bytes.ReplaceAll(v, []byte("^'"), []byte(`"`))
		v = bytes.ReplaceAll(v, []byte("^n"), []byte("\n"))
		v = bytes.ReplaceAll(v, []byte("^^"), []byte("^"))
	}
	return string(v)
}

// text undoes the escapes of a value.
func text(v []byte) string {
	if bytes.IndexByte(v, '\\') < 0 {
		return string(v)
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		if v[i] == '\\' && i+1 < len(v) {
			i++
			if v[i] == 'n' || v[i] == 'N' {
				out = append(out, '\n')
				continue
			}
		}
		out = append(out, v[i])
	}
	return string(out)
}
