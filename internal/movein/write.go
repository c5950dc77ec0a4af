package movein

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"guildhall/internal/blob"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/markdown"
)

// move is one blog on its way in.
type move struct {
	*Room
	blog   *Blog
	source string // tells this blog's authors from another's
	lang   string
	topics map[string]forum.TopicKey // by folded name; empty for one that cannot be
	rank   map[string]int            // how many articles have a topic
	blobs  map[string]string         // address of a picture to its address here
	faces  map[string]face.ID        // by name
	report Report
}

// MoveIn writes a blog into the hall: authors as imported faces, articles and
// comments with their dates, pictures as blobs, old addresses as redirects. Each
// article arrives whole, with its comments, or not at all; what arrived earlier
// is not touched, only comments that are new are added. When it fails, it can
// simply be run again.
//
// What the hall refuses is in the report, by name. It fails with Unavailable
// when the disk is full or ctx ends.
func (r *Room) MoveIn(ctx context.Context, b *Blog) (_ Report, err error) {
	defer fault.Wrap(&err, "movein.MoveIn")
	m := &move{Room: r, blog: b, source: first(b.Link, b.Title, "blog"), lang: tongue(b.Lang), rank: map[string]int{},
		topics: map[string]forum.TopicKey{}, blobs: map[string]string{}, faces: map[string]face.ID{},
		report: Report{Title: b.Title, Link: b.Link, Skipped: slices.Clone(b.Skipped), Notes: slices.Clone(b.Notes)}}
	if err := m.shelve(ctx); err != nil {
		return m.report, err
	}
	items := slices.Clone(b.Items)
	slices.SortStableFunc(items, func(a, b Item) int { return a.Published.Compare(b.Published) })
	for _, it := range items {
		if err := ctx.Err(); err != nil {
			return m.report, err
		}
		if err := m.item(ctx, it); err != nil {
			return m.report, err
		}
	}
	if err := m.signposts(ctx); err != nil {
		return m.report, err
	}
	m.unshelved()
	slices.SortStableFunc(m.report.Notes, func(a, b Note) int { return cmp.Compare(a.Where, b.Where) })
	return m.report, nil
}

func (m *move) skip(sort, what, why string) {
	m.report.Skipped = append(m.report.Skipped, Skip{sort, what, why})
}

func (m *move) note(where, what string) {
	m.report.Notes = append(m.report.Notes, Note{where, what})
}

// item moves one article in, or what is new below one that is here.
func (m *move) item(ctx context.Context, it Item) error {
	id, here, err := m.moved(ctx, "item:"+it.Key)
	if err != nil {
		return err
	}
	if here {
		return m.again(ctx, it, forum.ArticleID(id))
	}
	author, err := m.face(ctx, it.Author)
	if err != nil {
		return err
	}
	if err := m.signers(ctx, it); err != nil {
		return err
	}
	by := forum.Actor{Face: author, Steward: true}
	text := it.TextWith(m.pictures(ctx, it))
	if it.Summary != "" {
		text = it.Summary + "\n\n---\n\n" + text
	}
	title, text := m.heading(it, first(strings.TrimSpace(text), "—"))
	parts := portions(text, forum.MaxArticle-1<<10, forum.MaxPost-1<<10)
	n := forum.NewArticle{Title: title, Lang: first(tongue(it.Lang), m.lang), Topics: m.chosen(it), Text: parts[0], Imported: true,
		Face: author, At: it.Published, Source: webAddress(it.Link)}
	if it.Sticky {
		m.note(it.Title, "was pinned to the top of the blog")
	}
	var a forum.Article
	before := m.report
	err = m.db.Tx(ctx, func(ctx context.Context) error {
		m.report = before // a transaction may be tried again
		if a, err = m.forum.Publish(ctx, by, n); err != nil {
			return err
		}
		if err := m.movedTx(ctx, "item:"+it.Key, kindArticle, string(a.ID)); err != nil {
			return err
		}
		if err := m.redirects(ctx, it, a); err != nil {
			return err
		}
		if err := m.rest(ctx, by, it, a, parts[1:]); err != nil {
			return err
		}
		return m.comments(ctx, by, it, a.Discussion)
	})
	if fault.Is(err, fault.Invalid) { // the room says why; the rest of the blog comes all the same
		m.report = before
		m.skip(string(it.Kind), it.Title, "the hall refused it: "+says(err))
		for _, c := range it.Comments {
			m.skip("comment", commentName(c, it), "the hall refused what it was said about")
		}
		return nil
	}
	if err != nil {
		return err
	}
	m.count(it.Kind, &m.report.Posts, &m.report.Pages)
	return nil
}

func (m *move) count(k Kind, posts, pages *int) {
	if k == Page {
		*pages++
	} else {
		*posts++
	}
}

// again adds the comments that are new since the article was moved in.
func (m *move) again(ctx context.Context, it Item, id forum.ArticleID) error {
	m.count(it.Kind, &m.report.AlreadyPosts, &m.report.AlreadyPages)
	a, err := m.forum.Article(ctx, forum.Actor{Steward: true}, id)
	if fault.Is(err, fault.NotFound) {
		m.report.AlreadyComments += len(it.Comments)
		return nil // it was here and is gone; that was somebody's wish
	}
	if err != nil {
		return err
	}
	if err := m.signers(ctx, it); err != nil {
		return err
	}
	before := m.report
	return m.db.Tx(ctx, func(ctx context.Context) error {
		m.report = before
		return m.comments(ctx, forum.Actor{Face: a.Author.ID, Steward: true}, it, a.Discussion)
	})
}

// rest writes what an article holds beyond the hall's limit as the first posts
// below it, by the same author.
func (m *move) rest(ctx context.Context, by forum.Actor, it Item, a forum.Article, parts []string) error {
	if len(parts) == 0 {
		return nil
	}
	m.note(it.Title, fmt.Sprintf("is longer than an article may be: its end stands in the first %d posts below it", len(parts)))
	posts := make([]forum.NewPost, len(parts))
	for i, p := range parts {
		posts[i] = forum.NewPost{Text: p, Face: by.Face, At: a.At, Imported: true}
	}
	_, err := m.forum.AppendMany(ctx, by, a.Discussion, posts)
	return err
}

// comments appends what was said below an article and is not here yet.
func (m *move) comments(ctx context.Context, by forum.Actor, it Item, to forum.DiscussionID) error {
	here := map[string]forum.PostID{} // what arrived earlier
	number := map[string]int{}        // of what comes now, from 1
	var batch []forum.NewPost
	var keys []string
	for _, c := range it.Comments {
		id, found, err := m.moved(ctx, "comment:"+c.Key)
		if err != nil {
			return err
		}
		if found {
			here[c.Key] = forum.PostID(id)
			m.report.AlreadyComments++
			continue
		}
		parts := portions(c.Text, forum.MaxPost-1<<10, forum.MaxPost-1<<10)
		if why := unfit(parts); why != "" {
			m.skip("comment", commentName(c, it), why)
			here[c.Key], number[c.Key] = here[c.Parent], number[c.Parent] // answers to it answer what it answered
			continue
		}
		author, err := m.face(ctx, c.Author)
		if err != nil {
			return err
		}
		number[c.Key] = len(batch) + 1
		for _, p := range parts {
			batch = append(batch, forum.NewPost{Text: p, ReplyTo: here[c.Parent], Answers: number[c.Parent], Face: author, At: c.Published, Imported: true})
		}
		keys = append(keys, c.Key)
		m.report.Comments++
	}
	if len(batch) == 0 {
		return nil
	}
	made, err := m.forum.AppendMany(ctx, by, to, batch)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := m.movedTx(ctx, "comment:"+key, kindPost, string(made[number[key]-1])); err != nil {
			return err
		}
	}
	return nil
}

// unfit tells why the hall would refuse a text.
func unfit(parts []string) string {
	for _, p := range parts {
		t, err := markdown.Render(p, markdown.Options{MaxBytes: forum.MaxPost, Breaks: true, Top: 3})
		switch {
		case err != nil:
			return "the hall refused it: " + says(err)
		case t.Plain == "" && len(t.Images) == 0:
			return "it holds no words"
		}
	}
	return ""
}

func commentName(c Comment, it Item) string {
	return fmt.Sprintf("by %s on “%s”", c.Author, it.Title)
}

// face gives the imported face of a name.
func (m *move) face(ctx context.Context, name string) (face.ID, error) {
	if r := []rune(name); len(r) > face.MaxName {
		name = strings.TrimSpace(string(r[:face.MaxName-1])) + "…"
	}
	if id, ok := m.faces[name]; ok {
		return id, nil
	}
	f, err := m.Room.faces.Imported(ctx, m.source, name)
	if err != nil {
		return "", err
	}
	m.faces[name] = f.ID
	return f.ID, nil
}

// signers makes the faces of those who commented. It comes before the
// transaction, which may fail and take faces with it that are remembered here.
func (m *move) signers(ctx context.Context, it Item) error {
	for _, c := range it.Comments {
		if _, err := m.face(ctx, c.Author); err != nil {
			return err
		}
	}
	return nil
}

// heading fits a title into the hall's limits; one that was cut stands whole
// above the text.
func (m *move) heading(it Item, text string) (string, string) {
	title := strings.Join(strings.Fields(it.Title), " ")
	switch n := utf8.RuneCountInString(title); {
	case n > forum.MaxTitle:
		cut := markdown.Excerpt(title, forum.MaxTitle-1)
		m.note(it.Title, "has a title longer than the hall's; it was cut, and stands whole above the text")
		return cut, "**" + escapeMarks(title) + "**\n\n" + text
	case n < forum.MinTitle:
		return strings.TrimSpace(title + " · " + first(it.Published.Format("2006-01-02"), it.Slug)), text
	}
	return title, text
}

var escapeMarks = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "`", "\\`", "<", `\<`).Replace

// portions cuts a text between paragraphs: the first portion is at most head
// bytes long, each other at most rest.
func portions(text string, head, rest int) []string {
	var out []string
	most := head
	for len(text) > most {
		cut := strings.LastIndex(text[:most], "\n\n")
		if cut <= 0 {
			cut = strings.LastIndexAny(text[:most], "\n ")
		}
		if cut <= 0 {
			for cut = most; cut > 0 && !utf8.RuneStart(text[cut]); cut-- {
			}
		}
		head, open := text[:cut], fenceOpen(text[:cut])
		text = strings.TrimLeft(text[cut:], "\n")
		if open != "" { // a listing goes on in the next portion
			head, text = head+"\n```", open+"\n"+text
		}
		out = append(out, strings.TrimSpace(head))
		most = rest
	}
	if text != "" || len(out) == 0 {
		out = append(out, text)
	}
	return out
}

// fenceOpen gives the opening line of a listing that has not ended, or nothing.
func fenceOpen(s string) string {
	open := ""
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "```") {
			if open == "" {
				open = line
			} else if strings.Trim(line, "`") == "" {
				open = ""
			}
		}
	}
	return open
}

// pictures keeps the pictures of an article, and gives where each is now.
func (m *move) pictures(ctx context.Context, it Item) func(string) string {
	var away []string
	for _, img := range it.Images {
		if _, done := m.blobs[img.URL]; done || m.Room.blobs == nil {
			continue
		}
		m.blobs[img.URL] = ""
		meta, err := m.picture(ctx, img)
		switch {
		case err == nil && meta.Name != "":
			m.blobs[img.URL] = markdown.BlobPath + meta.Name
			m.report.Pictures++
		case err == nil:
			away = append(away, img.URL[strings.LastIndex(img.URL, "/")+1:])
		default:
			m.note(it.Title, "shows a picture that could not be kept ("+says(err)+"); it is a link: "+img.URL)
		}
	}
	if len(away) > 0 {
		m.note(it.Title, "shows pictures that are not beside the source; each is a link to where it was: "+strings.Join(away, ", "))
	}
	return func(url string) string { return m.blobs[url] }
}

// picture keeps one: from beside the source, else from where it was if the hall
// may ask there. The name is empty when there is neither.
func (m *move) picture(ctx context.Context, img Image) (blob.Meta, error) {
	var in io.ReadCloser
	var err error
	switch {
	case img.File != "" && m.blog.files != nil:
		in, err = m.blog.files.Open(img.File)
	case m.fetch != nil && strings.HasPrefix(img.URL, "http"):
		in, err = m.fetch(ctx, img.URL)
	default:
		return blob.Meta{}, nil
	}
	if err != nil {
		return blob.Meta{}, err
	}
	defer in.Close()
	return m.Room.blobs.PutImage(ctx, in, blob.Limits{})
}

// says is the sentence of a fault in English, for the report.
func says(err error) string {
	f := fault.From(err)
	if f.Kind == fault.Internal && errors.Unwrap(f) != nil {
		return oneLine(errors.Unwrap(f).Error())
	}
	return english().T(f.Key, f.Args...)
}
