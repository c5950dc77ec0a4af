package movein

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/markdown"
)

const (
	maxText             = 4 << 20 // bytes of one Markdown file
	maxMarkdownBrackets = 10_000  // in one; unclosed ones cost a parser of Markdown their square
)

// ReadMarkdown reads a directory of Markdown files with front matter (YAML, TOML
// or JSON), as Hugo, Jekyll, Zola and their like keep them. Pictures are found
// beside the text, and under static, assets and the root.
//
// A file whose front matter cannot be read is still read, under the name of the
// file; drafts and pages that a generator fills itself are named in Skipped. It
// fails with Invalid when there is no Markdown at all or too much, and with
// Unavailable when ctx ends.
func ReadMarkdown(ctx context.Context, dir fs.FS, l Limits) (_ *Blog, err error) {
	defer fault.Wrap(&err, "movein.ReadMarkdown")
	l = l.withDefaults()
	m := &shelf{dir: dir, left: l.Bytes, wxr: newWXR(ctx, l, dir)}
	m.site()
	err = fs.WalkDir(dir, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && p == ".":
			return fault.New(fault.Invalid, "movein.no_markdown").Because(err)
		case err != nil:
			m.wxr.blog.skip("file", p, "it could not be opened")
			return nil
		case d.IsDir() && p != "." && (hidden(p) || generated[d.Name()]):
			if !hidden(p) && holdsMarkdown(dir, p) {
				m.wxr.blog.skip("directory", p, "such directories are made by programs or belong to them; rename it if these are texts of yours")
			}
			return fs.SkipDir
		case d.IsDir() || !isMarkdown(p) || hidden(p):
			return nil
		case !d.Type().IsRegular():
			m.wxr.blog.skip("file", p, "it is no file of its own but leads elsewhere")
			return nil
		case len(m.wxr.blog.Items) >= l.Items:
			return errTooLarge
		}
		return m.file(p)
	})
	if err != nil {
		return nil, err
	}
	if m.wxr.blog.Found.Items == 0 {
		return nil, fault.New(fault.Invalid, "movein.no_markdown")
	}
	return m.wxr.blog, nil
}

// shelf reads one directory.
type shelf struct {
	dir  fs.FS
	left int64
	wxr  *wxr // what conversions of HTML look things up in: here it is empty
	base *url.URL
	// author signs what nobody signed.
	author string
}

var generated = map[string]bool{"node_modules": true, "vendor": true, "_site": true, "public": true, "themes": true, "archetypes": true}

// holdsMarkdown tells whether there is Markdown anywhere in a directory.
func holdsMarkdown(dir fs.FS, in string) (found bool) {
	_ = fs.WalkDir(dir, in, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && isMarkdown(p) {
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}

func hidden(p string) bool { return strings.HasPrefix(path.Base(p), ".") && p != "." }

func isMarkdown(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".md", ".markdown", ".mdown", ".mkd", ".mkdn":
		return true
	}
	return false
}

// site reads what the generator's own configuration says of the blog.
func (m *shelf) site() {
	b := m.wxr.blog
	for _, name := range []string{"hugo.toml", "hugo.yaml", "config.toml", "config.yaml", "config.yml", "_config.yml", "_config.yaml", "config/_default/hugo.toml", "config/_default/config.toml"} {
		raw, err := fs.ReadFile(m.dir, name)
		if err != nil || len(raw) > maxFront {
			continue
		}
		read := readYAML
		if strings.HasSuffix(name, ".toml") {
			read = readTOML
		}
		values := map[string]any{}
		if err := guarded(read, raw, &values); err != nil {
			b.note("", "the configuration "+name+" could not be read")
			continue
		}
		f := lowered(values)
		b.Title = first(b.Title, f.text("title"))
		b.Lang = first(b.Lang, f.text("languagecode", "defaultcontentlanguage", "default_language", "lang", "locale"))
		b.Link = first(b.Link, f.text("baseurl", "base_url", "url"))
		if !strings.HasPrefix(b.Link, "http") { // Jekyll keeps the path in baseurl
			b.Link = f.text("url")
		}
		m.author = first(m.author, f.text("author", "authors"))
	}
	if u, err := url.Parse(b.Link); err == nil && u.Host != "" {
		m.base = u
	}
}

func (m *shelf) file(p string) error {
	b := m.wxr.blog
	b.Found.Items++
	if strings.HasPrefix(path.Base(p), "_index.") {
		b.skip("page", p, "the generator fills it with a list")
		return nil
	}
	src, err := m.open(p)
	if f := fault.From(err); err != nil && f.Kind == fault.Invalid {
		return err
	} else if err != nil {
		b.skip("file", p, "it could not be read: "+err.Error())
		return nil
	}
	if strings.Count(src, "[") > maxMarkdownBrackets {
		b.skip("post", p, "it holds more brackets than any article, and reading them would take hours")
		return nil
	}
	f, body, err := splitFront(src)
	if err != nil {
		b.note(p, "its front matter could not be read, so its name is its title: "+oneLine(err.Error()))
		f = front{}
	}
	if why := m.refusal(p, f); why != "" {
		b.skip("post", first(plain(f.text("title")), p), why)
		return nil
	}
	b.Items = append(b.Items, m.item(p, f, body))
	return nil
}

// open reads a text within the limits, as clean UTF-8.
func (m *shelf) open(p string) (string, error) {
	f, err := m.dir.Open(p)
	if err != nil {
		return "", err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err != nil {
		return "", err
	}
	if len(raw) > maxText {
		return "", errors.New("it is larger than any article")
	}
	if m.left -= int64(len(raw)); m.left < 0 {
		return "", errTooLarge
	}
	c := newCleaner(bytes.NewReader(raw))
	clean, err := io.ReadAll(c)
	if c.mended > 0 {
		m.wxr.blog.note(p, "held bytes that are no text in its encoding; they were mended or replaced by �")
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(clean), "\r\n", "\n"), "\r", "\n"), err
}

// refusal tells why a file is no article.
func (m *shelf) refusal(p string, f front) string {
	draft, _ := f.flag("draft")
	shown, said := f.flag("published")
	switch {
	case draft, said && !shown, strings.Contains("/"+p, "/_drafts/"), strings.EqualFold(f.text("status"), "draft"):
		return "it is a draft"
	case f.text("password") != "":
		return "it is protected by a password"
	}
	if yes, _ := f.flag("private"); yes {
		return "it is private"
	}
	return ""
}

// named is how Jekyll names a post: its date, then its slug.
var named = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})[-_](.+)$`)

func (m *shelf) item(p string, f front, body string) Item {
	stem := strings.TrimSuffix(path.Base(p), path.Ext(p))
	if strings.EqualFold(stem, "index") && path.Dir(p) != "." {
		stem = path.Base(path.Dir(p)) // a bundle: the directory names it
	}
	slug, day := stem, ""
	if d := named.FindStringSubmatch(stem); d != nil {
		day, slug = d[1]+"-"+d[2]+"-"+d[3], d[4]
	}
	it := Item{Key: first(f.text("guid", "uuid"), m.wxr.blog.Link+"file:"+p), Kind: Post, Slug: first(f.text("slug"), slug),
		Published: f.date("date", "publishdate", "published_at", "published", "pubdate", "created")}
	if it.Published.IsZero() {
		it.Published = anyDate(day)
	}
	c := &conversion{wxr: m.wxr, raw: &raw{meta: map[string]string{}}, base: m.base, inMarkdown: true, seen: map[string]bool{}}
	heading, rest := leadingHeading(body)
	it.Title = plain(f.text("title"))
	switch {
	case it.Title == "" && heading != "":
		it.Title, body = heading, rest
	case it.Title != "" && strings.EqualFold(heading, it.Title):
		body = rest
	case it.Title == "":
		it.Title = strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ").Replace(slug))
	}
	it.Title = first(it.Title, p)
	c.title = it.Title
	if f.text("layout", "type") == "page" || strings.Contains("/"+p, "/_pages/") || strings.Contains("/"+p, "/pages/") {
		it.Kind = Page
		m.wxr.blog.Found.Pages++
	} else {
		m.wxr.blog.Found.Posts++
	}
	it.Author = personName(first(f.text("author", "authors"), m.author))
	it.Topics = f.list("tags", "tag", "categories", "category", "topics", "taxonomies")
	it.Lang = f.text("lang", "language", "locale")
	m.addresses(&it, p, f, stem, day)
	doc := m.body(c, p, m.cover(f, body)+body)
	it.source, it.Text, it.Images = doc, doc.markdown(nowhere), c.images
	if s := f.text("summary", "description", "excerpt"); s != "" && !strings.Contains(it.Text, s) {
		it.Summary = s
	}
	return it
}

// addresses gathers where readers found the article: what it says itself, and
// what Hugo and Jekyll make of the file's name.
func (m *shelf) addresses(it *Item, p string, f front, stem, day string) {
	if u := f.text("url", "permalink", "link", "canonical_url"); u != "" && !strings.ContainsAny(u, ":{") || strings.HasPrefix(u, "http") {
		it.Link = u
	}
	var all []string
	all = append(all, f.list("aliases", "redirect_from", "redirects")...)
	for _, root := range []string{"content/", "_posts/", "_pages/", "src/", "blog/"} {
		p = strings.TrimPrefix(p, root)
	}
	dir := path.Dir(p)
	if strings.EqualFold(strings.TrimSuffix(path.Base(p), path.Ext(p)), "index") {
		dir = path.Dir(dir)
	}
	all = append(all, "/"+path.Join(dir, first(f.text("slug"), stem))+"/")
	if d := strings.Split(day, "-"); len(d) == 3 {
		all = append(all, "/"+d[0]+"/"+d[1]+"/"+d[2]+"/"+it.Slug+"/")
	}
	if it.Link == "" && m.base != nil {
		it.Link = m.base.ResolveReference(&url.URL{Path: path.Join(m.base.Path, all[len(all)-1]) + "/"}).String()
	} else if it.Link != "" && m.base != nil {
		if u, err := url.Parse(it.Link); err == nil {
			it.Link = m.base.ResolveReference(u).String()
		}
	}
	it.Aliases = unique(all)
}

// cover shows the picture an article names above its text.
func (m *shelf) cover(f front, body string) string {
	src := f.text("image", "cover", "featured_image", "featuredimage", "cover_image", "thumbnail", "banner")
	if src == "" || !isPicture(src) || strings.Contains(body, src) || strings.ContainsAny(src, " ()<>\n") {
		return ""
	}
	return "![" + escapeBrackets(first(f.text("image_alt", "cover_alt"), f.text("title"))) + "](" + src + ")\n\n"
}

var escapeBrackets = strings.NewReplacer("[", `\[`, "]", `\]`, "\n", " ").Replace

// leadingHeading takes a first-level heading off the top of a text.
func leadingHeading(body string) (heading, rest string) {
	trimmed := strings.TrimLeft(body, " \n")
	line, rest, _ := strings.Cut(trimmed, "\n")
	if h, ok := strings.CutPrefix(line, "# "); ok {
		h = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(headingID.ReplaceAllString(h, "")), "#"))
		return strings.Join(strings.Fields(markdown.Plain(h)), " "), rest
	}
	return "", body
}

var headingID = regexp.MustCompile(`\s*\{[#:.][^}\n]*\}\s*$`)

// oneLine makes a message of a reader of formats fit for the report.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}
