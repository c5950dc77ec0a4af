package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/net/html"
)

// command is one verb of the stories; most and least are how many words follow.
type command struct {
	least, most int
	negate      bool // "!" is allowed before it
	do          func(s *scene, args []string) error
}

// scene is one command being played.
type scene struct {
	*world
	ts  *testscript.TestScript
	neg bool
}

// commands are the verbs for testscript. A command with a "!" before it must
// fail, except for those that ask, which decide by themselves.
func commands() map[string]func(*testscript.TestScript, bool, []string) {
	all := map[string]func(*testscript.TestScript, bool, []string){}
	for _, table := range []map[string]command{pageCommands, lookCommands, hallCommands, maskCommands, letterCommands, nameCommands, reachCommands, mailCommands} {
		for name, c := range table {
			all[name] = c.play(name)
		}
	}
	return all
}

func (c command) play(name string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if len(args) < c.least || len(args) > c.most {
			ts.Fatalf("%s wants %d to %d words, got %q", name, c.least, c.most, args)
		}
		if neg && !c.negate {
			ts.Fatalf("! cannot stand before %s", name)
		}
		w := ts.Value(worldKey{}).(*world)
		for i, a := range args {
			if strings.HasPrefix(a, "@") && len(a) > 1 {
				args[i] = strings.TrimSuffix(ts.ReadFile(a[1:]), "\n")
			}
		}
		if err := c.do(&scene{w, ts, neg}, args); err != nil {
			ts.Fatalf("%s %q: %v%s", name, args, err, w.where())
		}
	}
}

type worldKey struct{}

// where says what the reader saw when a story failed.
func (w *world) where() string {
	p := w.now.page
	if p == nil {
		return ""
	}
	text := string(p.body)
	if p.doc != nil {
		if m, err := p.within("main"); err == nil {
			text = words(m)
		}
	}
	if len(text) > 1500 {
		text = text[:1500] + "…"
	}
	return fmt.Sprintf("\n%s in the browser of %s at %s %d: %s", w.engine, w.now.name, local(p.url), p.status, text)
}

// arg is the nth word, or empty.
func arg(args []string, n int) string {
	if n < len(args) {
		return args[n]
	}
	return ""
}

// expect tells whether what was found is what the story wants.
func (s *scene) expect(found bool, format string, args ...any) error {
	if found == s.neg {
		not := "not "
		if s.neg {
			not = ""
		}
		return fmt.Errorf(not+"there: "+format, args...)
	}
	return nil
}

// arrived looks at the page a step has led to: refused unless the story says so.
func (s *scene) arrived() error {
	p := s.now.page
	if refused := p.status >= 400; refused != s.neg {
		return fmt.Errorf("answered %d", p.status)
	}
	return s.now.tryLinks()
}

var pageCommands = map[string]command{
	"as": {1, 1, false, func(s *scene, a []string) error {
		b := s.browsers[a[0]]
		if b == nil {
			return errors.New("nobody of that name is here")
		}
		s.now = b
		return nil
	}},
	"browser": {1, 1, false, func(s *scene, a []string) error {
		s.now = s.browser(a[0])
		return nil
	}},
	"lang": {1, 1, false, func(s *scene, a []string) error {
		s.now.lang = a[0]
		return nil
	}},
	"elsewhere": {1, 1, false, func(s *scene, a []string) error {
		s.now.origin = a[0]
		return nil
	}},
	"cookie": {2, 2, false, func(s *scene, a []string) error {
		u, err := url.Parse(s.origin)
		s.now.jar.SetCookies(u, []*http.Cookie{{Name: a[0], Value: a[1], Path: "/"}})
		return err
	}},
	"visit": {1, 1, true, func(s *scene, a []string) error {
		to := a[0]
		switch {
		case to == "here" && s.now.page != nil:
			to = s.now.page.url.String()
		case to == "back" && s.now.before != nil:
			to = s.now.before.url.String()
		}
		if err := s.now.visit(to); err != nil {
			return err
		}
		return s.arrived()
	}},
	"link": {1, 2, true, func(s *scene, a []string) error {
		n, err := s.now.page.one("link", a[0], arg(a, 1), isLink)
		if err != nil {
			return err
		}
		if err := s.now.visit(attr(n, "href")); err != nil {
			return err
		}
		return s.arrived()
	}},
	"fill": {2, 3, false, func(s *scene, a []string) error { return s.now.page.fill(a[0], a[1], arg(a, 2)) }},
	"check": {1, 2, false, func(s *scene, a []string) error {
		return s.now.page.tick(a[0], arg(a, 1), true)
	}},
	"uncheck": {1, 2, false, func(s *scene, a []string) error {
		return s.now.page.tick(a[0], arg(a, 1), false)
	}},
	"attach": {2, 3, false, attach},
	"press":  {1, 2, true, press},
	"twice":  {1, 2, true, twice},
	"send":   {2, 4, true, sendRaw},
	"crawl":  {0, 1, false, func(s *scene, a []string) error { return s.crawl() }},
}

func attach(s *scene, a []string) error {
	n, err := s.now.page.field(a[0], arg(a, 2))
	if err != nil {
		return err
	}
	body, err := os.ReadFile(s.ts.MkAbs(a[1]))
	if err != nil {
		return err
	}
	s.now.page.files[n] = file{name: path.Base(a[1]), body: body}
	return nil
}

func press(s *scene, a []string) error {
	r, err := s.pressed(a)
	if err != nil {
		return err
	}
	if err := s.now.open(r); err != nil {
		return err
	}
	return s.arrived()
}

func (s *scene) pressed(a []string) (r request, err error) {
	n, err := s.now.page.one("button", a[0], arg(a, 1), isButton)
	if err != nil {
		return r, err
	}
	return s.now.submission(n)
}

// twice is an impatient hand: both requests are on their way at once, and the
// second answer is what the browser shows.
func twice(s *scene, a []string) error {
	r, err := s.pressed(a)
	if err != nil {
		return err
	}
	first := make(chan error, 1)
	go func() {
		_, err := s.now.ask(r, s.now.page)
		first <- err
	}()
	err = s.now.open(r)
	if ferr := <-first; err == nil {
		err = ferr
	}
	if err != nil {
		return err
	}
	return s.arrived()
}

func sendRaw(s *scene, a []string) error {
	u, err := s.now.resolve(a[1])
	if err != nil {
		return err
	}
	r := request{method: a[0], url: u, kind: arg(a, 3)}
	if r.kind == "" {
		r.kind = "application/x-www-form-urlencoded"
	}
	switch what := arg(a, 2); {
	case strings.ContainsAny(what, "={"):
		r.body = []byte(what)
	case what != "":
		text := s.ts.ReadFile(what)
		if r.kind != "application/octet-stream" { // of drawn bytes every 256th ends so, and is none too many
			text = strings.TrimSuffix(text, "\n")
		}
		r.body = []byte(text)
	}
	if bytes.HasPrefix(r.body, []byte("{")) && arg(a, 3) == "" {
		r.kind = "application/json"
	}
	if err := s.now.open(r); err != nil {
		return err
	}
	return s.arrived()
}

// crawlMost bounds how many pages crawl reads.
const crawlMost = 150

// crawl follows all links from the page that is shown, and those of the pages
// they lead to.
func (s *scene) crawl() error {
	s.checking.Store(true)
	defer s.checking.Store(false)
	seen := map[string]bool{}
	queue := []*page{s.now.page}
	for len(queue) > 0 && len(seen) < crawlMost {
		from := queue[0]
		queue = queue[1:]
		for _, u := range s.now.linksOf(from) {
			if seen[u.RequestURI()] {
				continue
			}
			seen[u.RequestURI()] = true
			p, err := s.now.send(request{method: http.MethodGet, url: u}, from)
			if err != nil {
				return err
			}
			if p.status >= 400 {
				return fmt.Errorf("the link from %s to %s answers %d", local(from.url), u.RequestURI(), p.status)
			}
			queue = append(queue, p)
		}
	}
	return nil
}

// own is the text of a node and of its inline children, for messages.
func own(n *html.Node) string {
	s := words(n)
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return s
}

// span reads "+31d", "+2h", "-1d".
func span(s string) (time.Duration, error) {
	if n, ok := strings.CutSuffix(s, "d"); ok {
		d, err := time.ParseDuration(n + "h")
		return 24 * d, err
	}
	return time.ParseDuration(s)
}
