package movein

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"go.yaml.in/yaml/v3"
)

const maxFront = 256 << 10 // bytes of front matter

// front is what stands above a Markdown text, keys in lower case.
type front map[string]any

var errNoEnd = errors.New("it has no end")

// splitFront parts front matter from text. It returns an error with the text
// when there is front matter that cannot be read.
func splitFront(src string) (front, string, error) {
	trimmed := strings.TrimLeft(src, " \t\n\ufeff")
	for fence, read := range map[string]func([]byte, *map[string]any) error{"---": readYAML, "+++": readTOML, ";;;": readJSON} {
		line, rest, ok := strings.Cut(trimmed, "\n")
		if !ok || strings.TrimRight(line, " \t") != fence {
			continue
		}
		head, body, err := untilFence(rest, fence)
		if err != nil {
			return nil, src, err
		}
		raw := map[string]any{}
		if err := guarded(read, []byte(head), &raw); err != nil {
			return nil, body, err
		}
		return lowered(raw), body, nil
	}
	if strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "{{") && !strings.HasPrefix(trimmed, "{%") {
		d := json.NewDecoder(strings.NewReader(trimmed))
		raw := map[string]any{}
		if err := d.Decode(&raw); err == nil {
			return lowered(raw), trimmed[d.InputOffset():], nil
		}
	}
	return front{}, src, nil
}

func untilFence(s, fence string) (head, body string, err error) {
	for at := 0; at <= len(s) && at < maxFront; {
		line, _, more := strings.Cut(s[at:], "\n")
		if l := strings.TrimRight(line, " \t"); l == fence || fence == "---" && l == "..." {
			return s[:at], s[min(len(s), at+len(line)+1):], nil
		}
		if !more {
			break
		}
		at += len(line) + 1
	}
	return "", "", errNoEnd
}

// guarded keeps a panic of a reader of formats from ending the whole import.
func guarded(read func([]byte, *map[string]any) error, b []byte, into *map[string]any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return read(b, into)
}

func readYAML(b []byte, into *map[string]any) error {
	return yaml.Unmarshal(bytes.ReplaceAll(b, []byte("\t"), []byte("  ")), into)
}

func readTOML(b []byte, into *map[string]any) error { return toml.Unmarshal(b, into) }

func readJSON(b []byte, into *map[string]any) error { return json.Unmarshal(b, into) }

func lowered(raw map[string]any) front {
	f := front{}
	for k, v := range raw {
		f[strings.ToLower(k)] = v
	}
	return f
}

// text gives the first of the keys that holds a word, a number or a date.
func (f front) text(keys ...string) string {
	for _, k := range keys {
		switch v := f[k].(type) {
		case string:
			if s := strings.TrimSpace(v); s != "" {
				return s
			}
		case int, int64, float64, bool, time.Time:
			return fmt.Sprint(v)
		case map[string]any:
			if s := lowered(v).text("name", "src", "url", "path"); s != "" {
				return s
			}
		case []any:
			if len(v) > 0 {
				if s := (front{"x": v[0]}).text("x"); s != "" {
					return s
				}
			}
		}
	}
	return ""
}

// list gives all names under the keys: a list, or words parted by commas, or
// for Jekyll's tags by blanks.
func (f front) list(keys ...string) []string {
	var out []string
	for _, k := range keys {
		switch v := f[k].(type) {
		case []any:
			for _, e := range v {
				out = append(out, strings.TrimSpace(front{"x": e}.text("x")))
			}
		case string:
			parts := strings.Split(v, ",")
			if len(parts) == 1 && (k == "tags" || k == "categories") {
				parts = strings.Fields(v)
			}
			for _, p := range parts {
				out = append(out, strings.TrimSpace(p))
			}
		case map[string]any: // Zola keeps lists under "taxonomies"
			inner := lowered(v)
			for key := range inner {
				out = append(out, inner.list(key)...)
			}
		}
	}
	return unique(out)
}

// flag tells whether a key says yes.
func (f front) flag(key string) (yes, said bool) {
	switch v := f[key].(type) {
	case bool:
		return v, true
	case string:
		s := strings.ToLower(strings.TrimSpace(v))
		return s == "true" || s == "yes", s != ""
	}
	return false, false
}

// date reads the first key that holds a moment; one without a zone is UTC.
func (f front) date(keys ...string) time.Time {
	for _, k := range keys {
		switch v := f[k].(type) {
		case time.Time:
			if strings.HasSuffix(v.Location().String(), "-local") { // TOML without a zone
				return time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), v.Nanosecond(), time.UTC)
			}
			return v.UTC()
		case string:
			if t := anyDate(v); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

func anyDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if t := dated(s); !t.IsZero() {
		return t
	}
	for _, layout := range []string{"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00", "2006-01-02T15:04:05-0700",
		"2006-01-02 15:04 -0700", "2006-01-02T15:04", "2006-01-02 15:04:05 MST", time.RFC1123Z, time.RFC1123,
		"January 2, 2006", "2 January 2006", "Jan 2, 2006", "2 Jan 2006", "2006/01/02", "2006/01/02 15:04:05", "2006-1-2"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.UTC()
		}
	}
	return time.Time{}
}
