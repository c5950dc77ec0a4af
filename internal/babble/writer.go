package babble

import (
	"math/rand/v2"
	"strings"
)

// Writer writes text. Not for concurrent use: give each goroutine its own.
type Writer struct {
	r *rand.Rand
	v *vocabulary
	b strings.Builder
}

// New makes a writer; the same two numbers give the same text.
func New(seed, stream uint64) *Writer {
	return &Writer{r: rand.New(rand.NewPCG(seed, stream)), v: words()}
}

// IntN draws a number under n.
func (w *Writer) IntN(n int) int { return w.r.IntN(n) }

// Float draws a number from 0 to 1.
func (w *Writer) Float() float64 { return w.r.Float64() }

// Word draws one word.
func (w *Writer) Word() string { return w.v.words[w.v.draw[w.r.Uint64()>>(64-drawBits)]] }

// Title writes a line of some words without a full stop.
func (w *Writer) Title() string {
	w.b.Reset()
	w.clause(4 + w.r.IntN(7))
	return capital(w.b.String())
}

// Post writes Markdown as it stands in a discussion, of about 600 characters:
// mostly paragraphs, now and then a list, a quotation, a link, an emphasis.
func (w *Writer) Post() string { return w.text(1 + w.r.IntN(3)) }

// Article writes Markdown as long as an article's, with headings.
func (w *Writer) Article() string {
	var parts []string
	for range 3 + w.r.IntN(4) {
		parts = append(parts, "## "+w.Title(), w.text(3+w.r.IntN(3)))
	}
	return w.text(2) + "\n\n" + strings.Join(parts, "\n\n")
}

func (w *Writer) text(paragraphs int) string {
	w.b.Reset()
	w.b.Grow(400 * paragraphs)
	if w.r.IntN(14) == 0 {
		w.b.WriteString("> ")
		w.sentence()
		w.b.WriteString("\n\n")
	}
	for i := range paragraphs {
		if i > 0 {
			w.b.WriteString("\n\n")
		}
		switch n := w.r.IntN(20); {
		case n == 0:
			w.list()
		case n == 1:
			w.sentence()
			w.b.WriteString(" [")
			w.clause(2)
			w.b.WriteString("](https://" + w.Word() + ".example/" + w.Word() + ")")
		default:
			w.paragraph()
		}
	}
	return w.b.String()
}

func (w *Writer) paragraph() {
	for i := range 2 + w.r.IntN(5) {
		if i > 0 {
			w.b.WriteByte(' ')
		}
		w.sentence()
	}
}

func (w *Writer) list() {
	for i := range 2 + w.r.IntN(4) {
		if i > 0 {
			w.b.WriteByte('\n')
		}
		w.b.WriteString("- ")
		w.clause(3 + w.r.IntN(8))
	}
}

func (w *Writer) sentence() {
	start := w.Word()
	w.b.WriteByte(start[0] &^ 0x20) // words are of small letters only
	w.b.WriteString(start[1:])
	w.b.WriteByte(' ')
	w.clause(2 + w.r.IntN(9))
	if w.r.IntN(3) == 0 {
		w.b.WriteString(", ")
		w.clause(2 + w.r.IntN(7))
	}
	w.b.WriteByte(".....?!."[w.r.IntN(8)])
}

// clause writes n words, one in thirty with emphasis.
func (w *Writer) clause(n int) {
	for i := range n {
		if i > 0 {
			w.b.WriteByte(' ')
		}
		if w.r.IntN(30) == 0 {
			w.b.WriteByte('*')
			w.b.WriteString(w.Word())
			w.b.WriteByte('*')
			continue
		}
		w.b.WriteString(w.Word())
	}
}

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
