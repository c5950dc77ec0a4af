package movein

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/ident"
	"guildhall/internal/lang"
)

// In characters: a topic's name, and what is said about it.
const (
	maxTopic      = 40
	maxTopicAbout = 300
)

func english() lang.Lang {
	l, _ := lang.Parse("en")
	return l
}

// tongue is a language as the hall writes it, or nothing.
func tongue(s string) string {
	tag, err := language.Parse(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"))
	if err != nil || s == "" || len(s) > 35 {
		return ""
	}
	return tag.String()
}

// named in: the language of a topic's name, one that the hall speaks.
func (m *move) topicLang() string {
	base, _, _ := strings.Cut(m.lang, "-")
	if _, ok := lang.Parse(base); ok {
		return base
	}
	return "en"
}

// shelve finds or adds the topics of the articles to come.
func (m *move) shelve(ctx context.Context) error {
	here, err := m.forum.Topics(ctx)
	if err != nil {
		return err
	}
	for _, t := range here {
		m.topics[ident.Fold(string(t.Key))] = t.Key
		for _, name := range t.Names {
			m.topics[ident.Fold(name)] = t.Key
		}
	}
	for _, it := range m.blog.Items {
		for _, name := range it.Topics {
			m.rank[name]++
		}
	}
	for _, it := range m.blog.Items {
		_, done, err := m.moved(ctx, "item:"+it.Key)
		if err != nil {
			return err
		}
		if done {
			continue
		}
		chosen, _ := m.five(it)
		for _, name := range chosen {
			if err := m.topic(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *move) topic(ctx context.Context, name string) error {
	fold := ident.Fold(name)
	if _, known := m.topics[fold]; known {
		return nil
	}
	about := m.about(fold)
	by, err := m.face(ctx, first(m.blog.Items[0].Author, "Anonymous"))
	if err != nil {
		return err
	}
	t, err := m.forum.AddTopic(ctx, forum.Actor{Face: by, Steward: true}, forum.NewTopic{
		Names: map[string]string{m.topicLang(): shorter(name, maxTopic)},
		About: map[string]string{m.topicLang(): shorter(about, maxTopicAbout)},
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		m.topics[fold] = ""
		m.note("", fmt.Sprintf("the topic %q could not be added: %s", name, says(err)))
		return nil
	}
	if err != nil {
		return err
	}
	m.topics[fold] = t.Key
	m.report.Topics++
	if utf8.RuneCountInString(about) > maxTopicAbout {
		m.note("", fmt.Sprintf("what is said about the topic %q was shortened to %d characters", name, maxTopicAbout))
	}
	return nil
}

// shorter cuts s to that many characters, and says so by its last one.
func shorter(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return strings.TrimSpace(string(r[:limit-1])) + "…"
	}
	return s
}

// terms are all the categories and tags of the blog.
func (m *move) terms() []Term { return slices.Concat(m.blog.Categories, m.blog.Tags) }

// about is what the blog says about the topic of that folded name, on one line.
func (m *move) about(fold string) string {
	for _, t := range m.terms() {
		if t.About != "" && ident.Fold(t.Name) == fold {
			return strings.Join(strings.Fields(t.About), " ")
		}
	}
	return ""
}

// unshelved names the topics that stayed behind, and those that stood below
// another: in the hall they stand side by side.
func (m *move) unshelved() {
	used, names := map[string]bool{}, map[string]string{}
	for name := range m.rank {
		used[ident.Fold(name)] = true
	}
	for _, t := range m.blog.Categories {
		names[t.Slug] = t.Name
	}
	var below []string
	for _, t := range m.terms() {
		switch {
		case t.Slug == "uncategorized":
			m.skip("topic", t.Name, "it means that there is none")
		case !used[ident.Fold(t.Name)]:
			m.skip("topic", t.Name, "no article that moved in is about it")
		case t.Parent != "" && m.topics[ident.Fold(t.Name)] != "":
			below = append(below, fmt.Sprintf("%s (below %s)", t.Name, first(names[t.Parent], t.Parent)))
		}
	}
	if len(below) > 0 {
		m.note("", "topics stand side by side in the hall, these too: "+strings.Join(below, ", "))
	}
}

// five chooses which topics of an article stay: the hall takes five, so those
// that most articles of the blog have.
func (m *move) five(it Item) (chosen, left []string) {
	byUse := slices.Clone(it.Topics)
	slices.SortStableFunc(byUse, func(a, b string) int { return m.rank[b] - m.rank[a] })
	if len(byUse) > forum.MaxTopics {
		byUse, left = byUse[:forum.MaxTopics], byUse[forum.MaxTopics:]
	}
	return byUse, left
}

func (m *move) chosen(it Item) []forum.TopicKey {
	names, left := m.five(it)
	if len(left) > 0 {
		m.note(it.Title, fmt.Sprintf("has more topics than %d; without: %s", forum.MaxTopics, strings.Join(left, ", ")))
	}
	var keys []forum.TopicKey
	for _, name := range names {
		if k := m.topics[ident.Fold(name)]; k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// webAddress is an address that can be shown as where an article first stood.
func webAddress(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || len(link) > 1000 {
		return ""
	}
	return u.String()
}

// redirects keeps the old addresses of an article and of its pictures.
func (m *move) redirects(ctx context.Context, it Item, a forum.Article) error {
	target := (&url.URL{Path: "/articles/" + string(a.ID) + "/" + a.Slug}).String()
	links := append([]string{it.Link}, it.Aliases...)
	for _, l := range links {
		n, err := m.redirectTx(ctx, l, target)
		if err != nil {
			return err
		}
		m.report.Redirects += n
	}
	for _, img := range it.Images {
		if _, err := m.redirectTx(ctx, img.URL, m.blobs[img.URL]); err != nil {
			return err
		}
	}
	return nil
}

// signposts lead the old addresses of topics and feeds to those of the hall.
func (m *move) signposts(ctx context.Context) error {
	return m.db.Tx(ctx, func(ctx context.Context) error {
		added := 0
		put := func(link, target string) error {
			n, err := m.redirectTx(ctx, link, target)
			added += n
			return err
		}
		for base, terms := range map[string][]Term{"/category/": m.blog.Categories, "/tag/": m.blog.Tags} {
			for _, t := range terms {
				key := m.topics[ident.Fold(t.Name)]
				if key == "" || t.Slug == "" {
					continue
				}
				if err := put(base+t.Slug, (&url.URL{Path: "/topics/" + string(key)}).String()); err != nil {
					return err
				}
			}
		}
		if len(m.blog.Items) > 0 {
			for _, feed := range []string{"/feed", "/feed/atom", "/feed/rss2", "/index.xml", "/feed.xml", "/atom.xml", "/rss.xml"} {
				if err := put(feed, "/feed.atom"); err != nil {
					return err
				}
			}
		}
		m.report.Redirects += added
		return nil
	})
}
