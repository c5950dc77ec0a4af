package movein

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/markdown"
)

// finish makes items of what was gathered, now that all of it is known: the
// pictures a gallery names, the blocks used again, the names of authors.
func (w *wxr) finish() error {
	kept := w.keep()
	for _, r := range kept {
		w.moved[pathKey(r.get("link"))] = true
		w.moved[pathKey(r.get("guid"))] = true
	}
	delete(w.moved, "")
	for _, r := range kept {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		w.item(r)
		r.element, r.says = element{kids: []element{{name: "title", text: r.get("title")}}}, nil
	}
	w.unshown()
	return nil
}

// keep sorts what becomes an item from what does not, and names the latter.
func (w *wxr) keep() []*raw {
	var kept []*raw
	for _, r := range w.raws {
		kind, status := r.get("wp:post_type"), r.get("wp:status")
		switch kind {
		case "attachment":
			w.blog.Found.Attachments++
			w.remember(r)
			parent := r.get("wp:post_parent")
			w.children[parent] = append(w.children[parent], r)
			w.skipComments(r, "it was said about a file, not an article")
			continue
		case "post", "":
			w.blog.Found.Posts++
		case "page":
			w.blog.Found.Pages++
		}
		sort, why := refusal(kind, status, r.get("wp:post_password"))
		if r.cut && status == "" {
			why = "the file breaks off within it"
		}
		if why == "" && !w.name(r) {
			why = "the file holds it twice"
		}
		if why != "" {
			w.blog.skip(sort, w.called(r), why)
			w.skipComments(r, "what it was said about was left out: "+why)
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

var sorts = map[string]string{"nav_menu_item": "menu entry", "revision": "earlier version", "wp_block": "reusable block",
	"custom_css": "style", "customize_changeset": "setting", "oembed_cache": "cached frame", "wp_template": "template",
	"wp_template_part": "template", "wp_global_styles": "setting", "wp_navigation": "menu", "feedback": "form answer",
	"wp_font_family": "setting", "wp_font_face": "setting", "post": "post", "page": "page", "": "post"}

// refusal says of what sort an item is, and why it cannot be an article.
func refusal(kind, status, password string) (sort, why string) {
	sort = first(sorts[kind], "item of type "+kind)
	switch kind {
	case "post", "page", "":
	case "revision":
		return sort, "only the last version of an article moves"
	case "wp_block":
		return sort, "it is part of the articles that use it"
	case "nav_menu_item", "wp_navigation":
		return sort, "the hall makes its own menus"
	case "feedback":
		return sort, "it was sent to the blog in private"
	default:
		return sort, "it is neither a post nor a page"
	}
	switch status {
	case "publish":
	case "":
		return sort, "whether it was published is not known"
	case "draft", "auto-draft":
		return sort, "it is a draft"
	case "pending":
		return sort, "it waits for review"
	case "future":
		return sort, "it is to appear later"
	case "private":
		return sort, "it is private"
	case "trash":
		return sort, "it was thrown away"
	default:
		return sort, "its status is " + strconv.Quote(status)
	}
	if password != "" {
		return sort, "it is protected by a password"
	}
	return sort, ""
}

// name gives an item the key that names it for ever, whichever export it is
// read from: its GUID, or what else is its own. It tells whether the item is new.
func (w *wxr) name(r *raw) bool {
	same := "same " + r.get("link") + "\n" + r.get("title") + "\n" + r.get("wp:post_date") + "\n" + r.get("content:encoded")
	if w.keys[same] {
		return false
	}
	w.keys[same] = true
	for _, key := range []string{r.get("guid"), r.get("link"), "number " + r.get("wp:post_id"), r.get("title")} {
		if key = strings.TrimSpace(key); key != "" && !w.keys["item "+key] {
			w.keys["item "+key] = true
			r.key = key
			break
		}
	}
	return r.key != ""
}

// called names an item in the report.
func (w *wxr) called(r *raw) string {
	name := plain(r.get("title"))
	if name == "" && r.get("wp:post_type") == "nav_menu_item" {
		name = "number " + r.get("wp:post_id")
	}
	return first(name, r.get("link"), "number "+r.get("wp:post_id"))
}

func (w *wxr) item(r *raw) {
	link := r.get("link")
	c := &conversion{wxr: w, raw: r, title: w.called(r), seen: map[string]bool{}}
	if u, err := url.Parse(first(link, w.blog.Link)); err == nil && u.Host != "" {
		c.base = u
	}
	body := first(r.get("content:encoded"), r.get("description"))
	it := Item{
		Key: r.key, Kind: Post,
		Link: link, Slug: unescaped(r.get("wp:post_name")), Author: w.author(r.get("dc:creator")),
		Published: published(r), Sticky: r.get("wp:is_sticky") == "1", Title: plain(r.get("title")),
	}
	if r.get("wp:post_type") == "page" {
		it.Kind = Page
	}
	if guid := r.get("guid"); guid != link && strings.HasPrefix(guid, "http") && pathKey(guid) != "" {
		it.Aliases = append(it.Aliases, guid)
	}
	c.terms(&it)
	src := c.article(c.featured(body) + body + c.enclosures(body))
	it.source = src
	it.Text = src.markdown(nowhere)
	it.Summary = c.summary(r.get("excerpt:encoded"), it.Text)
	it.Images = c.images
	for _, key := range unique(r.own) {
		c.note("the custom field " + strconv.Quote(key))
	}
	if it.Title == "" {
		it.Title = untitled(it)
	}
	said := c.comments()
	if it.Text == "" && it.Summary == "" && len(said) == 0 {
		w.blog.skip(string(it.Kind), c.title, "it holds no words, no picture and no comment")
		return
	}
	it.Comments = said
	w.blog.Items = append(w.blog.Items, it)
}

func (w *wxr) author(login string) string {
	login = strings.Trim(login, " \t\r\n<>")
	return personName(first(w.blog.Authors[login], login))
}

// terms reads categories and tags as topics, and the format.
func (c *conversion) terms(it *Item) {
	var topics []string
	for _, t := range c.raw.terms {
		name, slug := first(plain(t.text), unescaped(t.attr["nicename"])), t.attr["nicename"]
		switch d := t.attr["domain"]; d {
		case "category", "post_tag", "tag", "":
			if slug != "uncategorized" && !strings.EqualFold(name, "uncategorized") {
				topics = append(topics, name)
			}
		case "post_format":
			it.Format = strings.TrimPrefix(slug, "post-format-")
		default:
			c.note(fmt.Sprintf("the term %q of the sort %q", name, d))
		}
	}
	it.Topics = unique(topics)
}

// unique drops empty and repeated names, whatever their case.
func unique(names []string) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, n := range names {
		if key := strings.ToLower(n); !seen[key] {
			seen[key] = true
			out = append(out, n)
		}
	}
	return out
}

// featured puts the picture chosen for an article above it, unless it is in it.
func (c *conversion) featured(body string) string {
	r := c.wxr.byID[c.raw.meta["_thumbnail_id"]]
	if r == nil {
		return ""
	}
	src := attachmentURL(r)
	if stem := strings.TrimSuffix(original(src), ext(src)); src == "" || !isPicture(src) || strings.Contains(body, stem) {
		return ""
	}
	img := `<figure>` + `<img src="` + escapeAttr(src) + `" alt="` + escapeAttr(pictureAlt(r)) + `"></figure>` + "\n\n"
	if strings.Contains(body, "<!-- wp:") {
		return "<!-- wp:image -->" + img + "<!-- /wp:image -->"
	}
	return img
}

func ext(link string) string {
	link = original(link)
	return link[strings.LastIndex(link, ".")+1:]
}

var escapeAttr = strings.NewReplacer("&", "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;").Replace

// enclosures links recordings that are attached to an article and not in it.
func (c *conversion) enclosures(body string) string {
	src, _, _ := strings.Cut(strings.TrimSpace(c.raw.meta["enclosure"]), "\n")
	src = strings.TrimSpace(src)
	if !strings.HasPrefix(src, "http") || strings.Contains(body, src) {
		return ""
	}
	p := `<p><a href="` + escapeAttr(src) + `">` + escapeAttr(src) + `</a></p>`
	if strings.Contains(body, "<!-- wp:") {
		return "<!-- wp:paragraph -->" + p + "<!-- /wp:paragraph -->"
	}
	return "\n\n" + p
}

// summary is the excerpt written by hand, if it says more than the text does.
func (c *conversion) summary(excerpt, text string) string {
	if blank(excerpt) {
		return ""
	}
	s := c.article(excerpt).markdown(nowhere)
	if strings.Contains(text, s) {
		return ""
	}
	return s
}

// untitled names an article without a title by its first words.
func untitled(it Item) string {
	words := strings.ReplaceAll(markdown.Plain(first(it.Text, it.Summary)), "🖼", "")
	return first(markdown.Excerpt(words, 60), it.Slug, it.Published.Format(time.DateOnly))
}

func unescaped(slug string) string {
	if s, err := url.PathUnescape(strings.TrimSpace(slug)); err == nil {
		return s
	}
	return slug
}

// published is when an item appeared: the date in GMT, else the local one, else
// that of the feed. Dates of all zeros are none.
func published(r *raw) time.Time {
	for _, name := range []string{"wp:post_date_gmt", "wp:post_date"} {
		if t := dated(r.get(name)); !t.IsZero() {
			return t
		}
	}
	s := r.get("pubDate")
	for _, layout := range []string{time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", time.RFC822Z, time.RFC822, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.UTC()
		}
	}
	return time.Time{}
}

func dated(s string) time.Time {
	s, _, _ = strings.Cut(s, " (") // JavaScript adds the zone's name
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateTime, "2006-01-02T15:04:05", time.RFC3339, "2006-01-02 15:04", time.DateOnly, "Mon Jan 2 2006 15:04:05 GMT-0700"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// unshown names the uploaded files that no article shows or links.
func (w *wxr) unshown() {
	for _, it := range w.blog.Items {
		for _, u := range linked.FindAllString(it.Text, -1) {
			if r := w.attachment(u); r != nil {
				w.shown[r] = true
			}
		}
	}
	for _, r := range w.raws {
		if r.get("wp:post_type") != "attachment" {
			continue
		}
		if !w.shown[r] {
			w.blog.skip("file", first(w.called(r), attachmentURL(r)), "no article shows or links it")
		} else if t := strings.TrimSpace(strip(r.get("content:encoded"))); t != "" {
			w.blog.note(w.called(r), "left out: the description of this file: "+t)
		}
	}
}
