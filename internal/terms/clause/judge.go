package clause

import (
	"regexp"
	"strings"
)

// judge weighs the differences of two texts.
type judge struct {
	before, after aligned
	names         map[string]bool // old name → new name, written as one text
	small         map[uint64]bool // see common; made when it is asked for
}

// weight orders reasons; from heavy on, a change is substantive.
var weight = map[Reason]int{
	WhySigns: 0, WhySpaces: 1, WhyPlace: 2, WhyFurniture: 3, WhyDate: 4, WhyContact: 5, WhyReference: 6, WhySpelling: 7, WhyLittle: 8,
	WhyPointer: 9, WhyExample: 10, WhyHeading: 11, WhyName: 12, WhyListed: 13, WhyWords: heavy, WhyEffect: 21, WhyTurn: 22, WhyNumber: 23, WhyNew: 24, WhyRemoved: 25,
}

const heavy = 20

// change says what became of a pair.
func (j *judge) change(p pair) Change {
	c := Change{Old: p.old, New: p.new, Sort: p.sort, Why: WhySigns}
	about := c.Clause()
	for _, r := range j.runs(p) {
		c.Words += r.size()
		if why := j.weigh(r, p); weight[why] > weight[c.Why] {
			c.Why = why
		}
	}
	switch {
	case c.Words == 0:
		c.Why = WhyPlace // everything it says stands somewhere in the other text
	case furniture(about) && (c.Sort != Changed || furniture(c.Old)):
		c.Why = WhyFurniture
	case c.Sort != Changed && versionLine(about):
		c.Why = WhyDate
	case weight[c.Why] >= heavy && about.Kind == Heading && c.Why != WhyNumber && c.Why != WhyEffect:
		c.Why = WhyHeading
	case weight[c.Why] >= heavy && j.listedItem(&c):
		c.Why = WhyListed
	case weight[c.Why] >= heavy && c.Sort == New && 2*c.Words > len(about.words):
		c.Why = WhyNew
	case weight[c.Why] >= heavy && c.Sort == Removed && 2*c.Words > len(about.words):
		c.Why = WhyRemoved
	}
	c.Class = classOf(c.Why)
	return c
}

func classOf(why Reason) Class {
	switch w := weight[why]; {
	case w >= heavy:
		return Substantive
	case w > weight[WhyFurniture]:
		return Reworded
	case why == WhyPlace:
		return Moved
	}
	return Formatting
}

// weigh finds the lightest explanation of one place.
func (j *judge) weigh(r run, p pair) Reason {
	if r.size() == 0 {
		return WhyPlace
	}
	if wasThere, stands := r.oldSpot.words(), r.newSpot.words(); len(wasThere) > 0 && joined(wasThere) == joined(stands) {
		return WhySpaces
	} else if sameWords(without(wasThere, isLittle), without(stands, isLittle)) {
		return WhySpelling
	}
	old, now := without(r.old, isContact), without(r.new, isContact)
	if said := without(append(old[:len(old):len(old)], now...), isLittle); contacts(r) && len(said) <= 1 && !anyOf(said, turns) {
		return WhyContact
	}
	if allOf(old, isDate) && allOf(now, isDate) && r.nearDate() && dated(p) {
		if p.sort == Changed && len(old) > 0 && len(now) > 0 && inForce(r.lead) {
			return WhyEffect
		}
		return WhyDate
	}
	if postal(r) {
		return WhyContact
	}
	if pointer(r.old) && pointer(r.new) {
		return WhyPointer
	}
	if refers(r.lead[max(0, len(r.lead)-3):]) && allOf(old, isReference) && allOf(now, isReference) {
		return WhyReference
	}
	if j.names[joined(old)+"→"+joined(now)] && !binds(p) || sameCompany(r) {
		return WhyName
	}
	if otherPerson(old, now) {
		return WhyTurn
	}
	old, now = without(old, isLittle), without(now, isLittle)
	if len(old)+len(now) == 0 {
		return WhyLittle
	}
	if sameWords(old, now) {
		return WhySpelling
	}
	switch {
	case anyOf(old, isNumber) || anyOf(now, isNumber):
		return WhyNumber
	case turning(old) != turning(now):
		return WhyTurn
	}
	return j.byPlace(r, p)
}

// byPlace weighs plain words by where they stand.
func (j *judge) byPlace(r run, p pair) Reason {
	switch {
	case r.every(spot.example):
		return WhyExample
	case r.every(spot.headline):
		return WhyHeading
	case r.every(spot.spelledOut), len(r.sides()) == 1 && r.every(spot.once) && !binds(p):
		return WhyName
	case r.every(spot.readsOn):
		return WhyPointer
	case len(r.sides()) == 1 && r.every(func(s spot) bool { return j.listed(s, p) }):
		return WhyListed
	}
	return WhyWords
}

// turning sums up the words that turn the meaning, in whatever order.
func turning(ws []word) (sum uint64) {
	for _, w := range ws {
		if isWeighty(w) {
			sum += newWord(as(w.text), plain).hash
		}
	}
	return sum
}

// sameWords tells whether each word is the other one spelt differently.
func sameWords(old, now []word) bool {
	if len(old) != len(now) || len(old) == 0 {
		return false
	}
	for i := range old {
		if !spelling(old[i], now[i]) {
			return false
		}
	}
	return true
}

// spelling tells whether two words differ as by a slip of the pen: few letters,
// in a word long enough that it is still the same. Numbers and words that turn
// the meaning have no slips.
func spelling(a, b word) bool {
	if a.hash == b.hash {
		return true
	}
	if a.kind != plain || b.kind != plain || weighty[a.hash] || weighty[b.hash] {
		return same(a.text, b.text)
	}
	x, y := []rune(a.text), []rune(b.text)
	long := max(len(x), len(y))
	if long < 4 || long > longestWord || denies(a.text, b.text) || denies(b.text, a.text) || otherSide(a.text, b.text) {
		return false
	}
	if long < 6 && len(x) == len(y) { // "date" is no slip for "data"
		return swapped(x, y)
	}
	return distance(x, y, long/4+1) <= long/4
}

// longestWord is the length in letters up to which slips are looked for.
const longestWord = 60

// swapped tells whether two neighbouring letters have changed places.
func swapped(x, y []rune) bool {
	for i := 0; i+1 < len(x); i++ {
		if x[i] != y[i] {
			return x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
		}
	}
	return false
}

// otherSide tells an employer from an employee.
func otherSide(a, b string) bool {
	side := func(s string) bool { return strings.HasSuffix(s, "ee") || strings.HasSuffix(s, "ees") }
	return side(a) != side(b)
}

// denies tells whether a is b with a syllable before it that turns its meaning.
func denies(a, b string) bool {
	head, ok := strings.CutSuffix(a, b)
	return ok && head != "" && len(head) <= 4
}

// same are words that may stand for each other.
func same(a, b string) bool {
	return as(a) == as(b)
}

func as(w string) string {
	switch w {
	case "shall", "must":
		return "will"
	case "can":
		return "may"
	}
	return w
}

// distance is Damerau's and Levenshtein's (letters added, dropped, replaced, or
// two neighbours swapped), or limit when it is not smaller.
func distance(x, y []rune, limit int) int {
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	var two, one []int
	row := make([]int, len(y)+1)
	for k := range row {
		row[k] = k
	}
	for i := range x {
		two, one, row = one, row, make([]int, len(y)+1)
		row[0] = i + 1
		for k := range y {
			cost := one[k]
			if x[i] != y[k] {
				cost++
			}
			row[k+1] = min(cost, one[k+1]+1, row[k]+1)
			if i > 0 && k > 0 && x[i] == y[k-1] && x[i-1] == y[k] {
				row[k+1] = min(row[k+1], two[k-1]+1)
			}
		}
	}
	return min(row[len(y)], limit)
}

// aside are sentences of the page around a text: counters, consent, buttons.
var aside = regexp.MustCompile(`(?i)(?:found|was|is) this (?:article |page |answer )?(?:helpful|useful)|out of \d+ found|\bviews?\b: ?\d|accept (?:all )?cookies|we use cookies (?:to|and|on)|cookie (?:settings|preferences)|utilisons des cookies|utilizamos cookies|verwenden cookies|back to top|skip to (?:main )?content|all rights reserved|tous droits réservés|todos los derechos reservados|alle rechte vorbehalten|tutti i diritti riservati|^©|^copyright ©`)

// longestAside is the length of such a sentence in words, at most.
const longestAside = 40

// furniture tells whether a clause belongs to the page around a text: rows of
// links, buttons, marks of three words outside lists and tables.
func furniture(c *Clause) bool {
	all := letters(c.Text)
	if all == 0 || 10*c.links >= 7*all {
		return true
	}
	if len(c.words) <= longestAside && aside.MatchString(c.Text) {
		return true
	}
	return c.Kind == Paragraph && len(c.words) <= 3 && !strings.ContainsAny(c.Text, ".;:!?。%") && !anyOf(c.words, isMoney)
}

// namesFrom is how often one name must stand for another, and for how many
// words, before it is believed to be a new name and not a new meaning.
const (
	namesFrom = 3
	nameWords = 3
)

// learnNames finds names that were replaced throughout: the old one is gone
// from the new text.
func (j *judge) learnNames(found []pair) {
	type swap struct{ old, now string }
	times, last := map[swap]int{}, map[swap]run{}
	for _, p := range found {
		if p.old == nil || p.new == nil {
			continue
		}
		for _, r := range j.runs(p) {
			if len(r.old) == 0 || len(r.new) == 0 || len(r.old) > nameWords || len(r.new) > nameWords || anyOf(r.old, turns) || anyOf(r.new, turns) {
				continue
			}
			s := swap{joined(r.old), joined(r.new)}
			times[s]++
			last[s] = r
		}
	}
	j.names = map[string]bool{}
	for s, n := range times {
		if n >= namesFrom && !occurs(j.after.doc.words, last[s].old) {
			j.names[s.old+"→"+s.now] = true
		}
	}
}

func occurs(in, row []word) bool {
	for i := 0; i+len(row) <= len(in); i++ {
		k := 0
		for k < len(row) && in[i+k].hash == row[k].hash {
			k++
		}
		if k == len(row) {
			return true
		}
	}
	return false
}
