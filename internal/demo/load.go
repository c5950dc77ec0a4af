package demo

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
)

//go:embed story
var files embed.FS

var load = sync.OnceValues(func() (*Hall, error) { return read(files) })

// Story reads the whole story once and returns the same value each time; do
// not change it. An error means that an embedded file is wrong.
func Story() (*Hall, error) { return load() }

func read(from fs.FS) (*Hall, error) {
	h := &Hall{}
	if err := h.readTables(from); err != nil {
		return nil, err
	}
	if err := h.readArticles(from); err != nil {
		return nil, err
	}
	if err := h.readDiscussions(from); err != nil {
		return nil, err
	}
	if err := h.readTerms(from); err != nil {
		return nil, err
	}
	slices.SortStableFunc(h.Articles, func(a, b Article) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(h.Discussions, func(a, b Discussion) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key))
	})
	slices.SortStableFunc(h.Decisions, func(a, b Decision) int { return a.At.Compare(b.At) })
	if err := h.check(); err != nil {
		return nil, err
	}
	return h, nil
}

func (h *Hall) readTables(from fs.FS) error {
	tables := []struct {
		name string
		into any
	}{
		{"members", &struct{ Member *[]Member }{&h.Members}},
		{"topics", &struct{ Topic *[]Topic }{&h.Topics}},
		{"spaces", &struct{ Space *[]Space }{&h.Spaces}},
		{"consultations", &struct{ Consultation *[]Asked }{&h.Asked}},
		{"questions", &struct{ Question *[]Question }{&h.Questions}},
		{"masks", &struct{ Thread *[]Masked }{&h.Masked}},
		{"heard", &struct{ Consultation *[]Heard }{&h.Heard}},
		{"decisions", &struct{ Decision *[]Decision }{&h.Decisions}},
		{"reports", &struct{ Report *[]Report }{&h.Reports}},
	}
	for _, t := range tables {
		text, err := fs.ReadFile(from, "story/"+t.name+".toml")
		if err != nil {
			return err
		}
		if err := strict(string(text), t.into); err != nil {
			return fmt.Errorf("%s.toml: %w", t.name, err)
		}
	}
	return nil
}

func (h *Hall) readArticles(from fs.FS) error {
	return each(from, "articles", func(key, text string) error {
		head, body, err := cut(text)
		if err != nil {
			return err
		}
		a := Article{Slug: key}
		if err := strict(head, &a); err != nil {
			return err
		}
		a.Markdown = strings.TrimSpace(body)
		h.Articles = append(h.Articles, a)
		return nil
	})
}

func (h *Hall) readTerms(from fs.FS) error {
	texts := map[string]string{}
	return each(from, "terms", func(key, text string) error { // by name, which begins with the day
		head, body, err := cut(text)
		if err != nil {
			return err
		}
		v := Version{Key: key, Markdown: body}
		if err := strict(head, &v); err != nil {
			return err
		}
		if v.Same != "" {
			v.Markdown = texts[v.Same]
		}
		texts[key] = v.Markdown
		h.Terms = append(h.Terms, v)
		return nil
	})
}

func (h *Hall) readDiscussions(from fs.FS) error {
	return each(from, "discussions", func(key, text string) error {
		d, err := parse(text)
		if err != nil {
			return err
		}
		d.Key = key
		h.Discussions = append(h.Discussions, d)
		return nil
	})
}

// each calls use for every file of a folder, by its name without ".md".
func each(from fs.FS, dir string, use func(key, text string) error) error {
	names, err := fs.Glob(from, "story/"+dir+"/*.md")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		key := strings.TrimSuffix(path.Base(name), ".md")
		if err := use(key, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// strict decodes TOML and refuses a key that nobody knows: a typing mistake
// must not silently lose a topic.
func strict(text string, into any) error {
	meta, err := toml.Decode(text, into)
	if err != nil {
		return err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("unknown key %q", unknown[0])
	}
	return nil
}

func cut(text string) (head, body string, err error) {
	rest, ok := strings.CutPrefix(text, "+++\n")
	if ok {
		head, body, ok = strings.Cut(rest, "\n+++\n")
	}
	if !ok {
		return "", "", fmt.Errorf("no head between two lines +++")
	}
	return head, body, nil
}

var mark = regexp.MustCompile(`(?m)^(---|===)( (?:summary|lock))? @([a-z0-9-]+)(?: \+(\S+))?(?: quote=(\d+))?(?: recommend=(\d+))?( held)?$\n?`)

// parse reads one discussion.
func parse(text string) (Discussion, error) {
	var d Discussion
	head, body, err := cut(text)
	if err != nil {
		return d, err
	}
	if err := strict(head, &d); err != nil {
		return d, err
	}
	at := d.At
	marks := mark.FindAllStringSubmatchIndex(body, -1)
	if len(marks) == 0 {
		return d, fmt.Errorf("no post")
	}
	for i, m := range marks {
		end := len(body)
		if i+1 < len(marks) {
			end = marks[i+1][0]
		}
		p := part{groups: groups(body, m), text: strings.TrimSpace(body[m[1]:end])}
		if at, err = after(at, p.groups[4]); err != nil {
			return d, fmt.Errorf("part %d: %w", i+1, err)
		}
		if err := d.add(p, at); err != nil {
			return d, fmt.Errorf("part %d: %w", i+1, err)
		}
	}
	d.Opener = d.Posts[0].Author
	return d, nil
}

type part struct {
	groups []string // of mark: line, kind, name, author, time, quote, recommends, held
	text   string
}

func (d *Discussion) add(p part, at time.Time) error {
	author := p.groups[3]
	if strings.Contains(p.text, "\n--- @") || strings.Contains(p.text, "\n=== ") || p.text == "" {
		return fmt.Errorf("by @%s: empty, or a mark that cannot be read inside", author)
	}
	switch p.groups[1] + p.groups[2] {
	case "---":
		d.Posts = append(d.Posts, post(p, len(d.Posts)+1, at))
	case "=== summary":
		d.Summary = &Note{Author: author, At: at, Markdown: p.text}
	case "=== lock":
		d.Lock = &Note{Author: author, At: at, Markdown: p.text}
	default:
		return fmt.Errorf("unknown mark %q", p.groups[0])
	}
	return nil
}

func post(p part, number int, at time.Time) Post {
	made := Post{Number: number, Author: p.groups[3], At: at, Markdown: p.text,
		QuoteOf: digits(p.groups[5]), Recommends: digits(p.groups[6]), Held: p.groups[7] != ""}
	if made.QuoteOf == 0 {
		return made
	}
	var quoted []string
	lines := strings.Split(p.text, "\n")
	for len(lines) > 0 && strings.HasPrefix(lines[0], "> ") {
		quoted, lines = append(quoted, lines[0][2:]), lines[1:]
	}
	made.Quote = strings.Join(quoted, "\n")
	made.Markdown = strings.TrimSpace(strings.Join(lines, "\n"))
	return made
}

func groups(text string, m []int) []string {
	var found []string
	for i := 0; i < len(m); i += 2 {
		if m[i] < 0 {
			found = append(found, "")
			continue
		}
		found = append(found, text[m[i]:m[i+1]])
	}
	return found
}

// digits reads a number that the pattern has already shown to be one.
func digits(text string) (n int) {
	for _, r := range text {
		n = n*10 + int(r-'0')
	}
	return n
}

var span = regexp.MustCompile(`^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$`)

// after adds a span such as 2d3h15m, or returns at for an empty one.
func after(at time.Time, text string) (time.Time, error) {
	m := span.FindStringSubmatch(text)
	if m == nil {
		return at, fmt.Errorf("span %q: want 2d3h15m", text)
	}
	hours := time.Duration(digits(m[1])*24 + digits(m[2]))
	return at.Add(hours*time.Hour + time.Duration(digits(m[3]))*time.Minute), nil
}
