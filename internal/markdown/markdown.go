package markdown

import (
	"strings"
	"unicode"

	"guildhall/internal/fault"
)

// HTML is a sanitised fragment. Only this package makes one from a text that a
// person wrote.
type HTML string

// DefaultMaxBytes is the longest source, in bytes, when Options names none.
const DefaultMaxBytes = 64 << 10

// Options say where a text will stand. The zero value suits an article.
type Options struct {
	// MaxBytes is the longest source in bytes; 0 means DefaultMaxBytes.
	MaxBytes int
	// Top is the level the highest headings get, 2 to 6, so that the h1 of the
	// page stays alone; those under them follow without a gap; 0 means 2.
	Top int
	// IDPrefix starts the id of every heading. Empty means that headings carry
	// no id, which is right wherever several texts share a page.
	IDPrefix string
	// Breaks keeps the ends of lines as they were typed.
	Breaks bool
	// Host is the hall's own host name. Links to it are not outbound.
	Host string
	// ImageSize tells the size in pixels of a stored image, or 0, 0 when it is
	// not known; nil means never known.
	ImageSize func(name string) (width, height int)
}

// Text is a rendered source.
type Text struct {
	HTML   HTML     // sanitised, to be sent as it is
	Plain  string   // without markup, blocks on lines of their own
	Links  []string // outbound addresses, each once, in order
	Images []string // names of this hall's stored images, each once, in order
	Words  int      // runs of letters and digits in Plain
	Prose  string   // Plain without the words of images
}

// Render turns src into HTML. It returns fault.Invalid on the field "text" when
// src is too long, not valid UTF-8, or swells beyond reason.
func Render(src string, o Options) (Text, error) {
	o = o.withDefaults()
	if len(src) > o.MaxBytes {
		return Text{}, fault.On("text", fault.Invalid, "markdown.too_long", o.MaxBytes>>10)
	}
	clean, err := Clean(src)
	if err != nil {
		return Text{}, err
	}
	w := newWriter(clean, o)
	w.blocks(parse(clean))
	if w.full {
		return Text{}, fault.On("text", fault.Invalid, "markdown.swells")
	}
	safe, err := sanitise(w.html)
	if err != nil {
		return Text{}, fault.New(fault.Internal, "fault.internal").Because(err)
	}
	t := Text{
		HTML:   HTML(safe),
		Plain:  strings.TrimSpace(string(w.plain)),
		Links:  w.links,
		Images: w.images,
	}
	t.Words = words(t.Plain)
	t.Prose = w.prose()
	return t, nil
}

// prose is the plain text without what is said in the place of images.
func (w *writer) prose() string {
	var b strings.Builder
	from := 0
	for _, alt := range w.alts {
		b.Write(w.plain[from:alt[0]])
		from = alt[1]
	}
	b.Write(w.plain[from:])
	return strings.TrimSpace(b.String())
}

// Excerpt is the beginning of what is said, at most n characters as Excerpt
// cuts it. The words of images are left out: out of sight of the image they
// read like a beginning that they are not.
func (t Text) Excerpt(n int) string {
	if t.Prose == "" {
		return Excerpt(t.Plain, n)
	}
	return Excerpt(t.Prose, n)
}

// Plain gives src without markup, for texts that need no HTML. What Render
// would refuse gives the empty string.
func Plain(src string) string {
	t, err := Render(src, Options{})
	if err != nil {
		return ""
	}
	return t.Plain
}

// Excerpt cuts a plain text to at most n characters at the end of a word, on
// one line, and adds an ellipsis where something was cut.
func Excerpt(plain string, n int) string {
	line := strings.Join(strings.Fields(plain), " ")
	count, space, end := 0, 0, len(line)
	for i, r := range line {
		if r == ' ' {
			space = i
		}
		if count == n {
			end = i
			break
		}
		count++
	}
	if end == len(line) {
		return line
	}
	// A word longer than half of the excerpt is cut inside.
	if space > end/2 {
		end = space
	}
	return strings.TrimRightFunc(line[:end], cutsBadly) + "…"
}

// cutsBadly tells which characters look wrong before an ellipsis.
func cutsBadly(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;:-–—(«“", r)
}

func (o Options) withDefaults() Options {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.Top < 2 {
		o.Top = 2
	}
	o.Top = min(o.Top, 6)
	return o
}

func words(plain string) int {
	n, inside := 0, false
	for _, r := range plain {
		is := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		if is && !inside {
			n++
		}
		// An apostrophe belongs to the word it stands in.
		inside = is || inside && (r == '\'' || r == '’')
	}
	return n
}
