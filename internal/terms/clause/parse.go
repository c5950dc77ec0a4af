package clause

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"guildhall/internal/fault"
)

// Limits of what is read.
const (
	MaxText    = 4 << 20 // bytes of Markdown
	MaxClauses = 40_000
)

// Kind is what a clause is in its text.
type Kind uint8

// The kinds of clauses.
const (
	Paragraph Kind = iota
	Heading
	Item // of a list
	Row  // of a table
)

// Clause is the smallest part of a text that has an address of its own.
type Clause struct {
	Key   uint64   // of what it says; the same in every version that says it
	Kind  Kind     //
	Label string   // its number as printed, such as "7.2" or "(a)"; empty when it has none
	Trail []string // the headings above it, outermost first
	Text  string   // without markup and label, in one line

	words []word
	from  int // its first word in the text's row of words
	level int // of a heading
	links int // letters that stand in links
}

// Doc is a text in clauses.
type Doc struct {
	Clauses  []Clause
	Language string // as Language guesses it: "en", or "" when nothing can be said

	words []word
	keys  map[uint64]int // how often each clause stands here
	grams map[uint64]struct{}
}

// Has tells whether a clause of this key stands in the text.
func (d *Doc) Has(key uint64) bool { return d.keys[key] > 0 }

// Words is the length of the text in words.
func (d *Doc) Words() int { return len(d.words) }

// Links is the part of the text that stands in links, from 0 to 1.
func (d *Doc) Links() float64 {
	in, all := 0, 0
	for i := range d.Clauses {
		in += d.Clauses[i].links
		all += letters(d.Clauses[i].Text)
	}
	if all == 0 {
		return 0
	}
	return float64(in) / float64(all)
}

// Parse reads Markdown. It returns fault.Invalid for what is longer than
// MaxText or falls into more than MaxClauses pieces; everything else is a text.
func Parse(md string) (*Doc, error) {
	if len(md) > MaxText {
		return nil, fault.New(fault.Invalid, "terms.text.too_large", MaxText>>20)
	}
	r := reader{doc: &Doc{keys: map[uint64]int{}}}
	if !utf8.ValidString(md) {
		md = strings.ToValidUTF8(md, "\ufffd")
	}
	md = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(md)
	r.lines(strings.Split(md, "\n"))
	if len(r.doc.Clauses) > MaxClauses {
		return nil, fault.New(fault.Invalid, "terms.text.too_many", MaxClauses)
	}
	r.doc.inForce()
	r.doc.finish()
	return r.doc, nil
}

// superseded begins the part of a page in which an older version is printed
// below the one in force.
var superseded = regexp.MustCompile(`(?i)^\(?(?:part\s+\w+\s*[:.–-]\s*)?(?:the\s+)?(?:(?:old|previous|prior|superseded|former|past|archived|expired)\s+version|ancienne version|version (?:précédente|antérieure|ancienne)|versión anterior|(?:alte|frühere|vorherige) (?:fassung|version)|versione precedente|versão anterior|(?:oude|vorige) versie|旧版|旧バージョン)`)

// inForceLeast is how much must stand before an older version, in words, for
// the text before it to be the one in force.
const inForceLeast = 200

// inForce drops what a page prints of older versions: nobody is bound by it.
func (d *Doc) inForce() {
	for i := range d.Clauses {
		c := &d.Clauses[i]
		if len(c.words) > 16 || 2*c.links > letters(c.Text) || !superseded.MatchString(c.Text) {
			continue
		}
		if countWords(d.Clauses[:i]) >= inForceLeast {
			d.Clauses = d.Clauses[:i:i]
			return
		}
	}
}

func countWords(cs []Clause) (n int) {
	for i := range cs {
		n += len(cs[i].words)
	}
	return n
}

// finish makes the row of words and what is looked up in it.
func (d *Doc) finish() {
	for i := range d.Clauses {
		c := &d.Clauses[i]
		c.from = len(d.words)
		d.words = append(d.words, c.words...)
		d.keys[c.Key]++
	}
	d.grams = make(map[uint64]struct{}, len(d.words))
	for i := 0; i+gram <= len(d.words); i++ {
		d.grams[mix(d.words[i:i+gram])] = struct{}{}
	}
	d.Language = Language(d.words)
}

// reader gathers lines to clauses.
type reader struct {
	doc   *Doc
	trail []Clause // headings in force
	open  []string // lines of the clause that is being read
	kind  Kind
}

var (
	atxHeading   = regexp.MustCompile(`^ {0,3}(#{1,6})(?:\s+(.*?))?\s*#*\s*$`)
	underline    = regexp.MustCompile(`^ {0,3}(=+|-{2,})\s*$`)
	bullet       = regexp.MustCompile(`^[ \t]*(?:[*+•●·▪◦‣○■–-])[ \t\x{a0}]+(.*)$`)
	numbered     = regexp.MustCompile(`^[ \t]*(\d{1,4}[.)])[ \t\x{a0}]+(.*)$`)
	tableRule    = regexp.MustCompile(`^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*$`)
	rule         = regexp.MustCompile(`^ {0,3}(?:[-*_]\s*){3,}$`)
	definition   = regexp.MustCompile(`^ {0,3}\[[^\]]+\]:\s+\S+`)
	boldAlone    = regexp.MustCompile(`^\s*(?:\*\*[^*]+\*\*|__[^_]+__)[\s.:]*$`)
	maxBoldTitle = 120 // bytes; longer bold lines are shouted text, not headings
)

func (r *reader) lines(ls []string) {
	for _, l := range ls {
		l = strings.TrimPrefix(strings.TrimRight(l, " \t\u00a0"), "> ")
		switch {
		case strings.TrimSpace(l) == "":
			r.close()
		case underline.MatchString(l) && len(r.open) > 0 && r.kind == Paragraph:
			r.heading(1+strings.Count(l[:1], "-"), strings.Join(r.open, " "))
			r.open = nil
		case tableRule.MatchString(l), rule.MatchString(l), definition.MatchString(l):
			r.close()
		case atxHeading.MatchString(l):
			r.close()
			m := atxHeading.FindStringSubmatch(l)
			r.heading(len(m[1]), m[2])
		case bullet.MatchString(l):
			r.close()
			r.kind, r.open = Item, []string{bullet.FindStringSubmatch(l)[1]}
		case numbered.MatchString(l):
			r.close()
			m := numbered.FindStringSubmatch(l)
			r.kind, r.open = Item, []string{m[1] + " " + m[2]}
		case strings.HasPrefix(strings.TrimSpace(l), "|"):
			r.close()
			r.kind, r.open = Row, []string{strings.ReplaceAll(l, "|", " ")}
			r.close()
		default:
			r.open = append(r.open, l)
		}
		if len(r.doc.Clauses) > MaxClauses {
			return
		}
	}
	r.close()
}

// close makes a clause of the lines gathered.
func (r *reader) close() {
	if len(r.open) == 0 {
		r.kind = Paragraph
		return
	}
	md := strings.Join(r.open, " ")
	kind := r.kind
	r.open, r.kind = nil, Paragraph
	if kind == Paragraph && len(md) <= maxBoldTitle && boldAlone.MatchString(md) {
		r.heading(7, md)
		return
	}
	if c, ok := newClause(kind, md); ok {
		r.add(c)
	}
}

func (r *reader) heading(level int, md string) {
	c, ok := newClause(Heading, md)
	if !ok {
		return
	}
	c.level = level
	for len(r.trail) > 0 && r.trail[len(r.trail)-1].level >= level {
		r.trail = r.trail[:len(r.trail)-1]
	}
	r.add(c)
	r.trail = append(r.trail, c)
}

func (r *reader) add(c Clause) {
	for _, h := range r.trail {
		c.Trail = append(c.Trail, h.Text)
	}
	r.doc.Clauses = append(r.doc.Clauses, c)
}

// newClause makes a clause of Markdown; ok is false when it says nothing.
func newClause(kind Kind, md string) (c Clause, ok bool) {
	text, linked := bare(md)
	label, rest := cutLabel(text)
	ws := once(split(rest))
	if len(ws) == 0 {
		return Clause{}, false
	}
	return Clause{Key: mix(ws), Kind: kind, Label: label, Text: rest, words: ws, links: linked}, true
}

// once takes the second half of a clause that says everything twice, as pages
// do that are put together twice.
func once(ws []word) []word {
	half := len(ws) / 2
	if len(ws) < 6 || len(ws)%2 != 0 {
		return ws
	}
	for i := range half {
		if ws[i].hash != ws[half+i].hash {
			return ws
		}
	}
	return ws[:half]
}

var label = regexp.MustCompile(`^(?i:(?:section|article|clause|art\.|artículo|artikel|artigo|articolo|abschnitt|раздел|статья|§+)\s*)?` +
	`(?:(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}\s*[.)\]:-]|§\s*\d{1,3}|第[\d一二三四五六七八九十百]+[条章節节款項项])|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,6})\)|(?:[a-zA-Z]|[ivxlIVXL]{1,6})\.)\s*(?:[-–—:.])?\s+`)

// labelEnd is within how many bytes a label shows itself.
const labelEnd = 20

// glued is a number without a space after it.
var glued = regexp.MustCompile(`^\d{1,2}(?:\.\d{1,2})*[.)]\p{Lu}`)

// utf8len is the length in bytes of the last letter.
func utf8len(s string) int {
	_, n := utf8.DecodeLastRuneInString(s)
	return n
}

// cutLabel parts the number of a clause from what it says.
func cutLabel(text string) (number, rest string) {
	for range 2 { // "1. 1.1 Fees", and bullets that a page prints as text
		text = strings.TrimLeft(text, "•●·▪◦‣○■–—-+> \u00a0")
		if !strings.ContainsAny(text[:min(len(text), labelEnd)], "0123456789.)第") {
			break
		}
		m := label.FindString(text + " ")
		if m == "" {
			m = glued.FindString(text)
			m = m[:len(m)-utf8len(m)]
		}
		if m == "" || len(m) > len(text) {
			break
		}
		number, text = strings.TrimRight(strings.TrimSpace(m), ".:-–— "), text[len(m):]
	}
	return number, text
}
