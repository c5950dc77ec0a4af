package movein

import (
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
)

const maxFiles = 500_000 // pictures that are looked for

// files finds pictures by the end of their path, the longest match first.
type files struct {
	bySuffix map[string]string // "" where two files share the suffix
	paths    map[string]bool
}

// has tells whether there is a picture at exactly this path.
func (f files) has(p string) bool { return f.paths[p] }

var month = regexp.MustCompile(`^[01][0-9]/`)

// newFiles lists what fsys holds; nil holds nothing.
func newFiles(fsys fs.FS) files {
	f := files{map[string]string{}, map[string]bool{}}
	if fsys == nil {
		return f
	}
	n := 0
	_ = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // a directory that may not be read holds no pictures for us
		}
		if n++; n > maxFiles {
			return fs.SkipAll
		}
		if d.IsDir() || !d.Type().IsRegular() || !isPicture(p) {
			return nil
		}
		f.paths[p] = true
		for s := p; ; {
			// A bare name deep in the tree, or a name below a month without its
			// year, may belong to another picture.
			if key := strings.ToLower(s); s == p || strings.Contains(s, "/") && !month.MatchString(s) {
				if other, twice := f.bySuffix[key]; twice && other != p {
					f.bySuffix[key] = ""
				} else {
					f.bySuffix[key] = p
				}
			}
			i := strings.IndexByte(s, '/')
			if i < 0 {
				return nil
			}
			s = s[i+1:]
		}
	})
	return f
}

// find gives the file of a picture's address, or the nearest of its copies.
func (f files) find(link string) string {
	if len(f.bySuffix) == 0 {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	for _, p := range []string{original(u.Path), u.Path} {
		for s := strings.ToLower(strings.TrimPrefix(path.Clean("/"+p), "/")); s != ""; {
			if file := f.bySuffix[s]; file != "" {
				return file
			}
			i := strings.IndexByte(s, '/')
			if i < 0 {
				break
			}
			s = s[i+1:]
		}
	}
	return ""
}

// pathKey is what is left of an old address when host, scheme, final slash and
// tracking are taken off: the key under which it redirects. It is empty for the
// front page and for what is no address.
func pathKey(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return ""
	}
	p := strings.ToLower(strings.Trim(path.Clean("/"+u.Path), "/"))
	p = strings.TrimSuffix(strings.TrimSuffix(p, ".html"), ".htm")
	p = strings.TrimSuffix(p, "/index")
	q := u.Query()
	for _, key := range []string{"p", "page_id", "attachment_id"} {
		if id := q.Get(key); id != "" && p == "" {
			return "?" + key + "=" + id
		}
	}
	if len(p) > 500 {
		return ""
	}
	return p
}
