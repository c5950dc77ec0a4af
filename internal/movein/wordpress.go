package movein

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"guildhall/internal/fault"
)

// ReadWordPress reads an export of WordPress (WXR 1.0 to 1.2): the XML itself,
// packed by gzip, or one or more in a zip, whose pictures are then used too; for
// that, r must stay open until the blog has been written.
//
// A broken export is read as far as it is whole, and the Blog says where it is
// not. It fails with Invalid when r is no such export, too large, or grows too
// much when unpacked, and with Unavailable when ctx ends.
func ReadWordPress(ctx context.Context, r io.Reader, l Limits) (_ *Blog, err error) {
	defer fault.Wrap(&err, "movein.ReadWordPress")
	l = l.withDefaults()
	parts, pictures, done, err := unpack(r, l)
	defer done()
	if err != nil {
		return nil, err
	}
	if l.Files == nil {
		l.Files = pictures
	}
	w := newWXR(ctx, l, l.Files)
	for _, p := range parts {
		if err := w.part(p); err != nil {
			return nil, err
		}
	}
	if !w.isExport {
		return nil, fault.New(fault.Invalid, "movein.not_wordpress")
	}
	return w.blog, w.finish()
}

// wxr gathers the parts of one export.
type wxr struct {
	ctx      context.Context
	limits   Limits
	blog     *Blog
	files    files
	raws     []*raw
	byID     map[string]*raw   // wp:post_id
	byFile   map[string]*raw   // attachments by original address
	children map[string][]*raw // attachments by wp:post_parent
	shown    map[*raw]bool     // attachments some article shows
	moved    map[string]bool   // pathKey of what will be in the hall
	keys     map[string]bool   // keys of items and comments given away
	comments int
	isExport bool
}

func newWXR(ctx context.Context, l Limits, pictures fs.FS) *wxr {
	return &wxr{ctx: ctx, limits: l, blog: &Blog{Authors: map[string]string{}, files: pictures}, files: newFiles(pictures),
		byID: map[string]*raw{}, byFile: map[string]*raw{}, children: map[string][]*raw{},
		shown: map[*raw]bool{}, moved: map[string]bool{}, keys: map[string]bool{}}
}

// raw is one item as the export has it.
type raw struct {
	element
	terms []element
	meta  map[string]string
	says  []element // wp:comment
	own   []string  // names of custom fields people see
	key   string
	cut   bool // the file breaks off within it
}

func (w *wxr) part(p part) error {
	in, err := p.open()
	if err != nil {
		return err
	}
	defer in.Close()
	clean := newCleaner(in)
	s := newSplitter(clean, w.limits.ItemBytes)
	var root []byte
	for n := 0; ; n++ {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		sec, err := s.next()
		if n == 0 {
			root = rootTag.Find(s.outer.Bytes())
		}
		if len(sec.raw) > 0 {
			if err := w.section(root, sec); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if f := fault.From(err); err != nil && f.Kind == fault.Invalid {
			return err
		} else if err != nil {
			w.blog.note("", w.named(p)+fmt.Sprintf("could not be read to its end (%d items were): %v", n, err))
			break
		}
	}
	w.head(p, s, clean)
	return nil
}

func (w *wxr) named(p part) string {
	if p.name == "" {
		return "the file "
	}
	return p.name + " "
}

// section adds what one <item> holds; a broken one is read tag by tag.
func (w *wxr) section(root []byte, sec section) error {
	var items []element
	els, err := parse(root, sec.raw)
	if len(root) > 0 && len(els) == 1 {
		els = els[0].kids
	}
	for _, e := range els {
		if e.name == "item" {
			items = append(items, e)
		}
	}
	if err != nil || !sec.whole || len(items) != 1 {
		items = items[:0]
		for _, one := range restart.Split(string(sec.raw), -1) {
			if strings.TrimSpace(one) != "" {
				items = append(items, salvage([]byte(one)))
			}
		}
		for _, e := range items {
			w.blog.note(plain(e.get("title")), "this item was broken in the file; what could be read of it was")
		}
	}
	for _, e := range items {
		if err := w.add(e); err != nil {
			return err
		}
	}
	if n := len(w.raws); n > 0 && !sec.whole {
		w.raws[n-1].cut = true
	}
	return nil
}

var restart = regexp.MustCompile(`(?m)^[ \t]*<item>[ \t]*\r?$`)

func (w *wxr) add(e element) error {
	w.blog.Found.Items++
	if len(w.raws) >= w.limits.Items {
		return errTooLarge
	}
	it := &raw{element: element{name: "item"}, meta: map[string]string{}}
	for _, k := range e.kids {
		switch k.name {
		case "category":
			it.terms = append(it.terms, k)
		case "wp:postmeta":
			key := k.get("wp:meta_key")
			if keptMeta[key] {
				it.meta[key] = k.get("wp:meta_value")
			} else if key != "" && !strings.HasPrefix(key, "_") && k.get("wp:meta_value") != "" {
				it.own = append(it.own, key)
			}
		case "wp:comment":
			it.says = append(it.says, k)
		default:
			it.kids = append(it.kids, k)
		}
		w.isExport = w.isExport || strings.HasPrefix(k.name, "wp:")
	}
	if w.comments += len(it.says); w.comments > w.limits.Comments {
		return errTooLarge
	}
	w.blog.Found.Comments += len(it.says)
	w.raws = append(w.raws, it)
	if id := it.get("wp:post_id"); id != "" && w.byID[id] == nil {
		w.byID[id] = it
	}
	return nil
}

var keptMeta = map[string]bool{"_thumbnail_id": true, "_wp_attachment_image_alt": true, "_wp_attached_file": true,
	"enclosure": true, "footnotes": true}

// head reads what lies around the items: the blog's name, authors, terms.
func (w *wxr) head(p part, s *splitter, c *cleaner) {
	outer := s.outer.Bytes()
	text := string(outer)
	els, broken := parse(nil, xmlDeclaration.ReplaceAll(outer, nil))
	if f := (*xml.SyntaxError)(nil); broken != nil && !(errors.As(broken, &f) && f.Msg == "unexpected EOF") {
		els = nil
		for _, m := range headPiece.FindAll(outer, -1) {
			piece, _ := parse(rootTag.Find(outer), m)
			for len(piece) == 1 && piece[0].name == "rss" {
				piece = piece[0].kids
			}
			els = append(els, piece...)
		}
		w.blog.note("", w.named(p)+"is broken before its first item; authors and topics were read where they are whole")
	}
	w.isExport = w.isExport || strings.Contains(text, "wxr_version") || strings.Contains(text, "wordpress.org/export/")
	for _, e := range els {
		w.headElement(e)
	}
	if !strings.Contains(text, "</rss>") && w.isExport {
		w.blog.note("", w.named(p)+"breaks off before its end; what is whole was read")
	}
	if c.mended > 0 {
		w.blog.note("", w.named(p)+fmt.Sprintf("held %d bytes that are no text in its encoding; they were mended or replaced by �", c.mended))
	}
	if c.dropped > 0 {
		w.blog.note("", w.named(p)+fmt.Sprintf("held %d control characters, which were left out", c.dropped))
	}
}

var (
	xmlDeclaration = regexp.MustCompile(`<\?xml[^>]*\?>`)
	headPiece      = regexp.MustCompile(`(?s)<wp:author>.*?</wp:author>|<wp:category>.*?</wp:category>|<wp:tag>.*?</wp:tag>|<wp:base_blog_url>.*?</wp:base_blog_url>`)
)

func (w *wxr) headElement(e element) {
	b := w.blog
	switch e.name {
	case "rss", "channel":
		for _, k := range e.kids {
			w.headElement(k)
		}
	case "title":
		b.Title = first(b.Title, plain(e.text))
	case "language":
		b.Lang = first(b.Lang, strings.TrimSpace(e.text))
	case "wp:base_blog_url":
		b.Link = strings.TrimSpace(e.text)
	case "link":
		b.Link = first(b.Link, strings.TrimSpace(e.text))
	case "wp:author":
		login := e.get("wp:author_login")
		if login != "" {
			b.Authors[login] = personName(first(plain(e.get("wp:author_display_name")), login))
		}
	case "wp:category":
		b.Categories = append(b.Categories, Term{e.get("wp:category_nicename"), plain(e.get("wp:cat_name")),
			e.get("wp:category_parent"), plain(e.get("wp:category_description"))})
	case "wp:tag":
		b.Tags = append(b.Tags, Term{Slug: e.get("wp:tag_slug"), Name: plain(e.get("wp:tag_name")), About: plain(e.get("wp:tag_description"))})
	}
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

var address = regexp.MustCompile(`[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}\b`)

// personName is a name somebody signed with, without the mail or network
// address some programs put in its place. It is never empty.
func personName(s string) string {
	s = strings.TrimSpace(address.ReplaceAllString(s, ""))
	s = strings.Trim(s, " <>()-")
	if s == "" {
		return "Anonymous"
	}
	if r := []rune(s); len(r) > 100 {
		s = strings.TrimSpace(string(r[:100]))
	}
	return s
}
