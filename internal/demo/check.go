package demo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// langs are the languages the hall speaks; names of topics need all of them.
var langs = []string{"en", "es", "ar"}

// check finds what refers to nothing and what goes back in time.
func (h *Hall) check() error {
	k := newKnown(h)
	for _, m := range h.Members {
		if m.Handle == "" || m.Name == "" || m.Zone == "" || len(m.Languages) == 0 {
			return fmt.Errorf("member %q: no handle, name, zone or languages", m.Handle)
		}
	}
	for _, t := range h.Topics {
		for _, l := range langs {
			if t.Name[l] == "" || t.About[l] == "" {
				return fmt.Errorf("topic %s: nothing in %s", t.Key, l)
			}
		}
	}
	for _, s := range h.Spaces {
		if s.Name == "" || (s.Kind == "open") != k.topics[s.Topic] {
			return fmt.Errorf("space %q: no name, or no such topic", s.Name)
		}
	}
	for _, t := range h.Masked {
		if err := t.check(); err != nil {
			return fmt.Errorf("masks, %q: %w", t.Title, err)
		}
	}
	for _, a := range h.Heard {
		if err := a.check(); err != nil {
			return fmt.Errorf("masks are asked %q: %w", a.Title, err)
		}
	}
	for _, a := range h.Articles {
		if err := k.article(a); err != nil {
			return fmt.Errorf("article %s: %w", a.Slug, err)
		}
	}
	for _, d := range h.Discussions {
		if err := k.discussion(d); err != nil {
			return fmt.Errorf("discussion %s: %w", d.Key, err)
		}
	}
	for _, a := range h.Asked {
		if err := k.asked(a); err != nil {
			return fmt.Errorf("consultation %q: %w", a.Title, err)
		}
	}
	for _, q := range h.Questions {
		if err := q.check(h.Discussions); err != nil {
			return fmt.Errorf("question %s: %w", q.Discussion, err)
		}
	}
	if err := inOrder(h.Terms); err != nil {
		return err
	}
	for i, d := range h.Decisions {
		if err := k.decision(d); err != nil {
			return fmt.Errorf("decision %d: %w", i+1, err)
		}
	}
	for i, r := range h.Reports {
		if err := k.report(r); err != nil {
			return fmt.Errorf("report %d: %w", i+1, err)
		}
	}
	return nil
}

// check finds replies to what is not there, or is not there yet.
func (t Masked) check() error {
	if t.Title == "" || len(t.Posts) == 0 || !slices.Contains(langs, t.Lang) {
		return fmt.Errorf("no title, no post, or no language of the hall")
	}
	for i, p := range t.Posts {
		switch {
		case p.By < 1 || p.Text == "":
			return fmt.Errorf("post %d: nobody, or nothing said", i+1)
		case p.Reply > i || i > 0 && p.Day <= t.Posts[max(p.Reply-1, 0)].Day:
			return fmt.Errorf("post %d answers what is not there yet", i+1)
		case p.Hide != "" && p.Report == "", p.Appeal != "" && p.Hide == "", (p.Verdict != "") != (p.Appeal != ""):
			return fmt.Errorf("post %d: half a case", i+1)
		}
	}
	return nil
}

// inOrder finds a text of the terms that is empty, or older than the one before it.
func inOrder(vs []Version) error {
	for i, v := range vs {
		if v.At.IsZero() || strings.TrimSpace(v.Markdown) == "" || i > 0 && !v.At.After(vs[i-1].At) {
			return fmt.Errorf("terms %s: no time or text, or back in time", v.Key)
		}
	}
	return nil
}

// check finds a consultation of masks that is not open, and statements that nobody could
// answer.
func (a Heard) check() error {
	if a.Title == "" || a.Days < 1 {
		return fmt.Errorf("no title or days")
	}
	for i, s := range a.Statements {
		if s.Text == "" || len(s.Agree) != Circles || s.By != "" || s.Out != "" || s.Mask < 0 {
			return fmt.Errorf("statement %d: no text, not an answer for each circle, or by somebody with a name", i+1)
		}
	}
	return nil
}

// asked finds a consultation that nobody keeps, or statements that nobody could say.
func (k known) asked(a Asked) error {
	if _, ok := k.articles[a.Article]; ok == (a.Clause != "") || a.Title == "" || a.Days < 1 || a.Ago < 1 {
		return fmt.Errorf("no title, days, or no such article, or both it and a clause")
	}
	if err := k.author(a.By); err != nil {
		return err
	}
	for i, s := range a.Statements {
		if s.Text == "" || len(s.Agree) != Circles {
			return fmt.Errorf("statement %d: no text, or not an answer for each circle", i+1)
		}
		if s.By != "" {
			if err := k.author(s.By); err != nil {
				return err
			}
		}
	}
	if a.Letter == nil {
		return nil
	}
	return k.letter(*a.Letter, a.Ago-a.Days)
}

// letter finds one that nobody could have written in the days since the result was there,
// or that does not say it.
func (k known) letter(l Letter, days int) error {
	if l.Title == "" || l.Slug == "" || l.Days < 1 || l.Days >= days || !strings.Contains(l.Markdown, Common) || !strings.Contains(l.Markdown, Result) {
		return fmt.Errorf("letter %q: no title, slug or result, or not in the days since there is one", l.Slug)
	}
	return errors.Join(k.author(l.By), k.filed("en", l.Topics))
}

// known is what there is to refer to.
type known struct {
	members     map[string]Member
	topics      map[string]bool
	articles    map[string]Article
	discussions map[string]Discussion
}

func newKnown(h *Hall) known {
	k := known{map[string]Member{}, map[string]bool{}, map[string]Article{}, map[string]Discussion{}}
	for _, m := range h.Members {
		k.members[m.Handle] = m
	}
	for _, t := range h.Topics {
		k.topics[t.Key] = true
	}
	for _, a := range h.Articles {
		k.articles[a.Slug] = a
	}
	for _, d := range h.Discussions {
		k.discussions[d.Key] = d
	}
	return k
}

func (k known) article(a Article) error {
	if a.Title == "" || a.At.IsZero() || a.Markdown == "" {
		return fmt.Errorf("no title, time or text")
	}
	if err := k.author(a.Author); err != nil {
		return err
	}
	if err := k.filed(a.Lang, a.Topics); err != nil {
		return err
	}
	if _, ok := paintings[a.Image]; a.Image != "" && (!ok || a.ImageAlt == "") {
		return fmt.Errorf("picture %q: not there, or not told in words", a.Image)
	}
	if a.Recommends >= len(k.members) {
		return fmt.Errorf("%d recommendations by %d members", a.Recommends, len(k.members))
	}
	return k.links(a.Markdown)
}

func (k known) discussion(d Discussion) error {
	if d.Title == "" || d.At.IsZero() {
		return fmt.Errorf("no title or time")
	}
	if err := k.filed(d.Lang, d.Topics); err != nil {
		return err
	}
	if a, ok := k.articles[d.Under]; d.Under != "" && (!ok || d.At.Before(a.At)) {
		return fmt.Errorf("under %q: no such article, or older than it", d.Under)
	}
	before := d.At
	for _, p := range d.Posts {
		if err := k.post(d, p, before); err != nil {
			return fmt.Errorf("post %d: %w", p.Number, err)
		}
		before = p.At
	}
	for _, n := range []*Note{d.Summary, d.Lock} {
		if n == nil {
			continue
		}
		if !k.members[n.Author].Steward {
			return fmt.Errorf("note by @%s, who is no steward", n.Author)
		}
		if err := k.links(n.Markdown); err != nil {
			return err
		}
		if err := refers(n.Markdown, len(d.Posts)); err != nil {
			return err
		}
	}
	return nil
}

func (k known) post(d Discussion, p Post, before time.Time) error {
	if err := k.author(p.Author); err != nil {
		return err
	}
	if p.At.Before(before) || p.Markdown == "" || p.Recommends >= len(k.members) {
		return fmt.Errorf("back in time, without text, or too often recommended")
	}
	if p.QuoteOf >= p.Number {
		return fmt.Errorf("quotes post %d, which comes later", p.QuoteOf)
	}
	if p.QuoteOf > 0 && !strings.Contains(flat(d.Posts[p.QuoteOf-1].Markdown), flat(p.Quote)) {
		return fmt.Errorf("post %d does not say %q", p.QuoteOf, p.Quote)
	}
	return k.links(p.Markdown)
}

func (k known) decision(d Decision) error {
	if !k.members[d.By].Steward {
		return fmt.Errorf("by @%s, who is no steward", d.By)
	}
	in, ok := k.discussions[d.Discussion]
	if !ok || d.Reason == "" {
		return fmt.Errorf("discussion %q: not there, or no reason", d.Discussion)
	}
	for _, n := range d.Posts {
		if n < 1 || n > len(in.Posts) || in.Posts[n-1].At.After(d.At) {
			return fmt.Errorf("no post %d at %s", n, d.At)
		}
	}
	return nil
}

func (k known) report(r Report) error {
	in, ok := k.discussions[r.Discussion]
	if !ok || r.Post < 1 || r.Post > len(in.Posts) || in.Posts[r.Post-1].At.After(r.At) {
		return fmt.Errorf("no post %d in %q at %s", r.Post, r.Discussion, r.At)
	}
	return k.author(r.By)
}

func (k known) author(handle string) error {
	if _, ok := k.members[handle]; !ok {
		return fmt.Errorf("no member @%s", handle)
	}
	return nil
}

func (k known) filed(lang string, topics []string) error {
	if lang != "en" && lang != "es" && lang != "ar" {
		return fmt.Errorf("language %q", lang)
	}
	if len(topics) == 0 {
		return fmt.Errorf("no topic")
	}
	for _, t := range topics {
		if !k.topics[t] {
			return fmt.Errorf("no topic %q", t)
		}
	}
	return nil
}

func (k known) links(text string) (err error) {
	Link(text, func(kind, key string) string {
		_, article := k.articles[key]
		_, discussion := k.discussions[key]
		if kind == "article" && !article || kind == "discussion" && !discussion {
			err = fmt.Errorf("link to %s:%s, which is not there", kind, key)
		}
		return ""
	})
	return err
}

// refers checks the "#12" of a summary.
func refers(text string, posts int) error {
	for _, m := range number.FindAllStringSubmatch(text, -1) {
		if n := digits(m[1]); n < 1 || n > posts {
			return fmt.Errorf("#%d: there are %d posts", n, posts)
		}
	}
	return nil
}

// flat joins lines and spaces, so that a quotation may break where it likes.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// check finds the discussion of a question and its posts.
func (q Question) check(all []Discussion) error {
	i := slices.IndexFunc(all, func(d Discussion) bool { return d.Key == q.Discussion })
	if i < 0 || len(q.Cases) == 0 {
		return fmt.Errorf("no such discussion, or no case")
	}
	for _, n := range q.Cases {
		if n < 1 || n > len(all[i].Posts) {
			return fmt.Errorf("no post %d", n)
		}
	}
	for _, h := range []Happened{q.Answer, q.Pause, q.Promise} {
		if !h.At.IsZero() && (h.At.Before(all[i].At) || h.Text == "") {
			return fmt.Errorf("something happens before it is asked, or without words")
		}
	}
	return nil
}
