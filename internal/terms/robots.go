package terms

import (
	"strings"
	"time"
)

// robots are the rules of one host for one visitor, after RFC 9309.
type robots struct {
	rules []rule
	delay time.Duration // between two visits; 0 when the host does not say
}

type rule struct {
	path  string
	allow bool
}

// maxRobots is how much of a robots.txt is read, in bytes, as the RFC has it.
const maxRobots = 500 << 10

// visitor is the name under which fetch goes, in small letters.
const visitor = "guildhall"

// readRobots reads what a robots.txt says to us: the group of our name, or else
// the one for everybody.
func readRobots(text string) robots {
	if len(text) > maxRobots {
		text = text[:maxRobots]
	}
	text = strings.TrimPrefix(text, "\ufeff") // some editors put it before the first name
	groups := map[string]*robots{}
	var current []string
	open := false // names may still be added to the group
	for line := range strings.Lines(text) {
		line, _, _ := strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "user-agent":
			if !open {
				current, open = nil, true
			}
			current = append(current, strings.ToLower(value))
			if groups[strings.ToLower(value)] == nil {
				groups[strings.ToLower(value)] = &robots{}
			}
		case "allow", "disallow":
			open = false
			for _, name := range current {
				if value != "" {
					groups[name].rules = append(groups[name].rules, rule{value, strings.ToLower(strings.TrimSpace(key)) == "allow"})
				}
			}
		case "crawl-delay":
			open = false
			if d, err := time.ParseDuration(value + "s"); err == nil && d > 0 {
				for _, name := range current {
					groups[name].delay = d
				}
			}
		}
	}
	for _, name := range []string{visitor, "*"} {
		if g := groups[name]; g != nil {
			return *g
		}
	}
	return robots{}
}

// may tells whether a path (with its query) may be fetched: the longest rule
// that fits decides, and of two equal ones the kinder.
func (r robots) may(path string) bool {
	best, allow := -1, true
	for _, rule := range r.rules {
		if !fits(rule.path, path) {
			continue
		}
		if n := len(rule.path); n > best || n == best && rule.allow {
			best, allow = n, rule.allow
		}
	}
	return allow
}

// fits matches a rule, with * for anything and $ for the end.
func fits(pattern, path string) bool {
	end := strings.HasSuffix(pattern, "$")
	parts := strings.Split(strings.TrimSuffix(pattern, "$"), "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	for i, p := range parts[1:] {
		if end && i == len(parts)-2 {
			return strings.HasSuffix(path, p)
		}
		at := strings.Index(path, p)
		if at < 0 {
			return false
		}
		path = path[at+len(p):]
	}
	return !end || path == "" && len(parts) == 1 || len(parts) > 1
}
