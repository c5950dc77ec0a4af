package clause

import (
	"regexp"
	"strings"
)

// What a place means for where it stands in its sentence: among examples, in a
// list of names, before a colon, in a sentence that only says where to read on.

// mark is a sign that stands before a word.
type mark uint8

const (
	markComma mark = 1 << iota
	markOpen
	markClose
	markColon // also a dash
	markStop  // the end of a sentence
)

func markOf(r rune) mark {
	switch r {
	case ',', '،', '、', '/':
		return markComma
	case '(', '[', '（':
		return markOpen
	case ')', ']', '）':
		return markClose
	case ':', '–', '—', '：':
		return markColon
	case '.', ';', '!', '?', '。', '؛', '؟', '；':
		return markStop
	}
	return 0
}

// spot is where the words of a place stand on one side: from and to of a row of
// words, what is known from elsewhere included.
type spot struct {
	in       []word // of the whole clause
	from, to int
}

func (s spot) words() []word { return s.in[s.from:s.to] }

func (s *spot) add(in []word, from, to int) {
	if s.in == nil {
		s.in, s.from = in, from
	}
	s.to = to
}

// sides are the spots of a place that hold words of its own.
func (r run) sides() (out []spot) {
	if len(r.old) > 0 {
		out = append(out, r.oldSpot)
	}
	if len(r.new) > 0 {
		out = append(out, r.newSpot)
	}
	return out
}

// every tells whether something is so of each side of a place.
func (r run) every(is func(spot) bool) bool {
	for _, s := range r.sides() {
		if s.in == nil || !is(s) {
			return false
		}
	}
	return r.size() > 0
}

// sentence is the sentence around a spot: the words of it, and where it begins.
func (s spot) sentence() (from, to int) {
	from, to = s.from, s.to
	for from > 0 && s.in[from].before&markStop == 0 {
		from--
	}
	for to < len(s.in) && s.in[to].before&markStop == 0 {
		to++
	}
	return from, to
}

// exampleSigns say that what follows illustrates and does not bind.
var exampleSigns = [][2]string{
	{"for", "example"}, {"for", "instance"}, {"e", "g"}, {"", "eg"}, {"par", "exemple"}, {"por", "ejemplo"}, {"p", "ej"}, {"zum", "beispiel"}, {"z", "b"},
	{"", "beispielsweise"}, {"ad", "esempio"}, {"por", "exemplo"}, {"", "bijvoorbeeld"}, {"na", "przykład"}, {"", "np"}, {"till", "exempel"}, {"for", "eksempel"},
	{"", "esimerkiksi"}, {"", "například"}, {"", "piemēram"}, {"", "pavyzdžiui"}, {"de", "exemplu"}, {"", "például"}, {"", "örneğin"}, {"", "например"}, {"سبيل", "المثال"}, {"", "مثلا"},
}

// example tells whether a spot stands among examples: behind "for example", in
// the same brackets if it is in brackets, in the same sentence if it is not.
func (s spot) example() bool {
	within := 0 // brackets that end before the spot
	for k := s.from; k > 0; k-- {
		at := s.in[k].before
		if at&markStop != 0 && !(k > 1 && len([]rune(s.in[k-1].text)) == 1) { // "e.g." has stops of its own
			return false
		}
		if at&markClose != 0 {
			within++
		}
		if within == 0 && exampleEnds(s.in[:k]) {
			return !s.leaves() && len(without(s.words(), isLittle)) <= longestExample
		}
		if at&markOpen != 0 && within > 0 {
			within--
		}
	}
	return false
}

// longestExample is how many words an example has at most that is no rule of its
// own.
const longestExample = 4

func exampleEnds(ws []word) bool {
	n := len(ws)
	for _, sign := range exampleSigns {
		if ws[n-1].text == sign[1] && (sign[0] == "" || n > 1 && ws[n-2].text == sign[0]) {
			return true
		}
	}
	return false
}

// leaves tells whether a sentence or a bracket ends within the spot.
func (s spot) leaves() bool {
	return anyOf(s.in[min(s.from+1, s.to):s.to], func(w word) bool { return w.before&(markClose|markStop) != 0 })
}

// entries is how many other names a row of names must have to be a list of them.
const entries = 3

// scopeWords stand where a name decides whom, or where, or for what money
// something holds.
var scopeWords = set(`country countries territory territories region regions state states province resident residents residing located location jurisdiction party parties between currency
 pays territoire résident país países territorio land länder gebiet paese paesi território landen kraj država`)

// forbidWords stand before lists of what must not be done.
var forbidWords = set(`prohibited prohibit prohibits restricted forbidden banned unlawful illegal ineligible exclude excluded excluding excludes interdit interdits interdite prohibido prohibidos verboten vietato vietati proibido proibidos verboden`)

// listed tells whether a spot is a name that joins or leaves a list of names, or
// a few of them, in a sentence that no word turns into a condition.
func (j *judge) listed(s spot, p pair) bool {
	from, to := s.sentence()
	if binds(p) || anyOf(s.in[from:to], decides) || shouted(s.in) {
		return false
	}
	mine, others := 0, 0
	for k := from; k < to; {
		end := k + 1
		for end < to && s.in[end].before&(markComma|markOpen|markClose|markColon) == 0 && !joins(s.in[end]) {
			end++
		}
		isList := j.name(s.in[k:end])
		switch touches := k < s.to && end > s.from; {
		case touches && (!isList && !allOf(s.in[k:end], isLittle) || k < s.from && !allOf(s.in[k:s.from], isLittle) || end > s.to):
			return false // not an entry, or not the whole of one
		case touches && isList:
			mine++
		case j.name(s.in[k : k+1]), j.name(s.in[end-1 : end]): // the first and the last have the sentence beside them
			others++
		}
		k = end
	}
	return mine > 0 && others >= entries
}

// longestEntry is how many words a name in a list has at most.
const longestEntry = 5

// name tells whether words are a name: each has a capital letter, and not all of
// them are also written in small letters somewhere, as those of "the Fees" are.
func (j *judge) name(ws []word) bool {
	ws = without(ws, isLittle)
	return len(ws) > 0 && len(ws) <= longestEntry && allOf(ws, isName) && !allOf(ws, j.common)
}

// common tells whether one of the texts writes a word in small letters as well.
func (j *judge) common(w word) bool {
	if j.small == nil {
		j.small = map[uint64]bool{}
		for _, d := range []*Doc{j.before.doc, j.after.doc} {
			for _, w := range d.words {
				if !w.upper {
					j.small[w.hash] = true
				}
			}
		}
	}
	return j.small[w.hash]
}

// listedItem is listed for a list of which each entry has a line of its own.
func (j *judge) listedItem(c *Change) bool {
	d, about := j.after.doc, c.Clause()
	if c.Sort == Removed {
		d = j.before.doc
	}
	if c.Sort == Changed || about.Kind != Item || !j.name(about.words) {
		return false
	}
	at := 0
	for at < len(d.Clauses) && &d.Clauses[at] != about {
		at++
	}
	first, others := at, 0
	for first > 0 && d.Clauses[first-1].Kind == Item {
		first--
	}
	for k := first; k < len(d.Clauses) && d.Clauses[k].Kind == Item; k++ {
		if k != at && j.name(d.Clauses[k].words) {
			others++
		}
	}
	if others < entries || first == 0 {
		return false
	}
	for _, h := range append(about.Trail[:len(about.Trail):len(about.Trail)], d.Clauses[first-1].Text) {
		if ws := split(h); anyOf(ws, decides) || anyOf(ws, func(w word) bool { return bindWords[w.hash] }) {
			return false
		}
	}
	return true
}

// decides tells of words that make a list one of conditions.
func decides(w word) bool {
	return isWeighty(w) && !permits[w.hash] || isNumber(w) || scopeWords[w.hash] || forbidWords[w.hash]
}

// joins tells of the words between the last two entries of a list.
func joins(w word) bool { return joinWords[w.hash] }

var joinWords = set("and or et ou y e o und oder en of i lub och eller og ja tai un vai")

// permits are words that a sentence around a list may have.
var permits = set("can may could peut peuvent puede pueden kann können può possono pode podem kan kunnen")

// shouted tells whether nearly every word has a capital letter, as in headings
// and in paragraphs of capitals: there a capital letter makes no name.
func shouted(ws []word) bool {
	n := 0
	for _, w := range ws {
		if w.upper {
			n++
		}
	}
	return len(ws) > 8 && 4*n > 3*len(ws)
}

func isName(w word) bool       { return w.upper && w.kind == plain && !isLittle(w) && !isWeighty(w) }
func nameOrLittle(w word) bool { return isName(w) || isLittle(w) && !turns(w) }

// headline tells whether a spot is what a clause is headed by in its own line:
// a few words with capital letters at its beginning, and then a stop or a colon.
func (s spot) headline() bool {
	return s.from == 0 && s.to <= 6 && s.to < len(s.in) && s.in[s.to].before&(markStop|markColon) != 0 && allOf(s.words(), nameOrLittle)
}

// spelledOut tells whether a spot is the words of an abbreviation, or the
// abbreviation, that stands beside it in brackets.
func (s spot) spelledOut() bool {
	short := func(ws []word) (first string) {
		for _, w := range ws {
			if w.upper {
				first += string([]rune(w.text)[:1])
			}
		}
		return first
	}
	if n := s.to - s.from; n > 1 && s.to < len(s.in) && s.in[s.to].before&markOpen != 0 {
		return short(s.words()) == s.in[s.to].text
	} else if n != 1 || s.in[s.from].before&markOpen == 0 {
		return false
	}
	long := len([]rune(s.in[s.from].text))
	return long > 1 && s.from >= long && short(s.in[s.from-long:s.from]) == s.in[s.from].text
}

// onceWords say that a thing had another name.
var onceWords = set("formerly previously anciennement précédemment antes anteriormente ehemals vormals früher precedentemente voorheen vroeger dawniej tidigare tidligere")

// calledWords may stand beside them.
var calledWords = set("known as called named connu sous le nom de conocido conocida como llamado llamada bekannt als genannt noto nota come conhecido conhecida")

// once tells whether a spot says in brackets under which name a thing was known before, or its new
// name and that: "Hall Desk (formerly known as Hall Counter)".
func (s spot) once() bool {
	isOnce := func(w word) bool { return onceWords[w.hash] && w.before&markOpen != 0 }
	rest := without(s.words(), func(w word) bool { return onceWords[w.hash] || calledWords[w.hash] })
	return anyOf(s.words(), isOnce) && allOf(rest, isName) && len(rest) <= 2*longestEntry
}

// readMore begins sentences that only say where to read on.
var readMore = regexp.MustCompile(`^(?:please |you can |you may )?(?:(?:to )?find out more|(?:to )?(?:find|see|read|learn) (?:more|further)|(?:for )?(?:more|further|additional) (?:information|details)|` +
	`(?:pour )?plus dinformations|pour en savoir plus|(?:para )?más información|weitere (?:informationen|einzelheiten)|maggiori informazioni|(?:para )?mais informações|meer informatie)\b`)

// readsOn tells whether a spot stands in such a sentence.
func (s spot) readsOn() bool {
	from, to := s.sentence()
	decides := func(w word) bool { return isWeighty(w) && !permits[w.hash] || isNumber(w) }
	if to-from > dateline || anyOf(s.in[from:to], decides) {
		return false
	}
	var b strings.Builder
	for _, w := range s.in[from:min(to, from+6)] {
		b.WriteString(w.text + " ")
	}
	return readMore.MatchString(b.String())
}
