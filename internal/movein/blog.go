package movein

import (
	"io/fs"
	"time"
)

// Blog is what was read from a source, ready to be written into the hall.
type Blog struct {
	Title      string
	Link       string            // address the blog had, such as https://ana.example/
	Lang       string            // as the source names it, such as en-US; may be empty
	Authors    map[string]string // login to shown name
	Categories []Term
	Tags       []Term
	Items      []Item // posts and pages, in the order of the source
	Skipped    []Skip
	Notes      []Note
	Found      Counts // what the source held, skipped things included
	files      fs.FS
}

// Counts says how many things of each sort a source held.
type Counts struct {
	Items, Posts, Pages, Attachments, Comments int
}

// Term is a category or a tag of the old blog.
type Term struct {
	Slug, Name, Parent string // Parent is the slug of the category above
	About              string // plain; often empty
}

// Kind tells the sorts of Item apart.
type Kind string

// The kinds of Item.
const (
	Post Kind = "post"
	Page Kind = "page"
)

// Item is one article. All texts are Markdown, or plain where they are names.
type Item struct {
	Key       string // names the item in its source for ever: the GUID, else the address
	Kind      Kind
	Title     string // plain text, never empty
	Link      string // address it had
	Aliases   []string
	Slug      string
	Lang      string    // when it differs from the blog's
	Author    string    // shown name, never empty
	Published time.Time // UTC; zero when the source does not say
	Sticky    bool
	Format    string // aside, gallery, quote …; empty for an ordinary article
	Topics    []string
	Summary   string // the excerpt written by hand, if there was one
	Text      string // Markdown, with every picture as a link to where it was
	Images    []Image
	Comments  []Comment // an answer always follows what it answers

	source source
}

// Image is a picture an Item shows.
type Image struct {
	URL  string // where it was
	Alt  string
	File string // path beside the source; empty when it is not there
}

// Comment is one approved comment. Of who wrote it only the name is kept.
type Comment struct {
	Key       string // unique within the blog
	Parent    string // Key of the comment it answers; empty for the article itself
	Depth     int    // 0 answers the article
	Author    string // shown name, never empty
	Published time.Time
	Text      string // Markdown
}

// Skip names one thing of the source that was left out, and why.
type Skip struct {
	Sort string // post, page, comment, menu entry …
	What string // which one
	Why  string
}

// Note names something within an item that could not be carried over as it was.
type Note struct {
	Where string // the item's title, or empty for the whole source
	What  string
}

// Limits bound what is read. The zero value means the defaults.
type Limits struct {
	Bytes     int64 // of the source, unpacked; default 512 MB
	Ratio     int64 // how many times larger than its packed form; default 100
	Items     int   // default 200,000
	ItemBytes int   // of one item with its comments; default 64 MB
	Comments  int   // in all; default 2,000,000
	// Files are searched for pictures: by their path within the old site, by
	// what follows "uploads/", or by bare name. Nil means there are none.
	Files fs.FS
}

func (l Limits) withDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	if l.Bytes <= 0 {
		l.Bytes = 512 << 20
	}
	if l.Ratio <= 0 {
		l.Ratio = 100
	}
	def(&l.Items, 200_000)
	def(&l.ItemBytes, 64<<20)
	def(&l.Comments, 2_000_000)
	return l
}

func (b *Blog) skip(sort, what, why string) {
	b.Skipped = append(b.Skipped, Skip{sort, what, why})
}

func (b *Blog) note(where, what string) {
	b.Notes = append(b.Notes, Note{where, what})
}

// TextWith is Text with the pictures in it for which place gives an address in
// the hall; it is asked with Image.URL, and gives the empty string for others.
func (it Item) TextWith(place func(url string) string) string {
	if it.source == nil || place == nil {
		return it.Text
	}
	return it.source.markdown(place)
}
