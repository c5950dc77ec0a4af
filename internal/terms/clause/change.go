package clause

// Class says what a difference is good for. They are ordered by how much
// somebody who lives by a text must care.
type Class uint8

// The classes.
const (
	None        Class = iota // the same words in the same order
	Formatting               // only signs, type, numbering, links or the cut into paragraphs differ
	Moved                    // the same words in another place
	Reworded                 // other words, the same meaning as far as can be told
	Substantive              // something else is said
)

var classNames = [...]string{"none", "formatting", "moved", "reworded", "substantive"}

// String is the class's name in addresses, reports and the catalogue.
func (c Class) String() string { return classNames[c] }

// Sort is what happened to the clause.
type Sort uint8

// The sorts.
const (
	Changed Sort = iota
	New
	Removed
)

var sortNames = [...]string{"changed", "new", "removed"}

// String is the sort's name in addresses, reports and the catalogue.
func (s Sort) String() string { return sortNames[s] }

// Reason is why a change has its class: the name of a sentence in the
// catalogue, below "terms.why.".
type Reason string

// The reasons, the weightiest last.
const (
	WhySigns     Reason = "signs"     // punctuation, capital letters, type
	WhySpaces    Reason = "spaces"    // only where words are parted differs
	WhyPlace     Reason = "place"     // the words stand elsewhere in the other text
	WhyFurniture Reason = "furniture" // links, buttons and headings of the page around the text
	WhyDate      Reason = "date"      // the day of this version
	WhyContact   Reason = "contact"   // an address: of the net, of mail, of a house
	WhyReference Reason = "reference" // numbers of clauses that are referred to
	WhySpelling  Reason = "spelling"  // letters within words
	WhyLittle    Reason = "little"    // words that carry no meaning of their own
	WhyPointer   Reason = "pointer"   // where more can be read
	WhyExample   Reason = "example"   // examples, which bind nobody
	WhyHeading   Reason = "heading"   // a heading
	WhyName      Reason = "name"      // one name for another, everywhere
	WhyListed    Reason = "listed"    // a name in a list of names
	WhyWords     Reason = "words"     // words were added, dropped or replaced
	WhyEffect    Reason = "effect"    // the day from which the text is in force
	WhyTurn      Reason = "turn"      // a word that turns the meaning: not, only, may, or …
	WhyNumber    Reason = "number"    // an amount, a time, a percentage
	WhyNew       Reason = "new"       // nothing like it stood in the old text
	WhyRemoved   Reason = "removed"   // nothing like it stands in the new text
)

// Change is one difference between two versions of a text.
type Change struct {
	Class Class
	Sort  Sort
	Why   Reason
	Old   *Clause // when New: a clause it is almost the same as, or nil
	New   *Clause // when Removed: a clause that is almost the same, or nil
	Words int     // how many words differ, on both sides
}

// Clause is the clause the change is about: the new one where there is one.
func (c *Change) Clause() *Clause {
	if c.Sort == Removed {
		return c.Old
	}
	return c.New
}

// Compare says what is different in now, in the order of its clauses; what is
// gone stands last. Only what differs in words or place is listed: two texts
// that differ in signs alone give an empty list, and ClassOf tells them from
// equal ones.
func Compare(old, now *Doc) []Change {
	before, after := old.against(now), now.against(old)
	j := judge{before: before, after: after}
	found := pairs(before, after)
	j.learnNames(found)
	var out []Change
	for _, p := range found {
		out = append(out, j.change(p))
	}
	return append(out, moved(old, now)...)
}

// ClassOf is the class of a whole version: that of its weightiest change.
func ClassOf(changes []Change) Class {
	top := None
	for i := range changes {
		top = max(top, changes[i].Class)
	}
	return top
}

// moved finds clauses that both texts have once and whose order differs: all
// that stand outside the longest row of clauses which kept their order.
func moved(old, now *Doc) (out []Change) {
	place := map[uint64]int{}
	for i := range old.Clauses {
		if c := &old.Clauses[i]; old.keys[c.Key] == 1 && now.keys[c.Key] == 1 {
			place[c.Key] = i
		}
	}
	var here, there []int // indices in now, and of the same clauses in old
	for i := range now.Clauses {
		if at, ok := place[now.Clauses[i].Key]; ok {
			here, there = append(here, i), append(there, at)
		}
	}
	stays := longestRise(there)
	for i := range here {
		if !stays[i] {
			out = append(out, Change{Class: Moved, Sort: Changed, Why: WhyPlace, Old: &old.Clauses[there[i]], New: &now.Clauses[here[i]]})
		}
	}
	return out
}

// longestRise marks the members of one longest rising row (patience sorting).
func longestRise(xs []int) []bool {
	var tops, from []int
	from = make([]int, len(xs))
	for i, x := range xs {
		lo, hi := 0, len(tops)
		for lo < hi {
			if mid := (lo + hi) / 2; xs[tops[mid]] < x {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		from[i] = -1
		if lo > 0 {
			from[i] = tops[lo-1]
		}
		if lo == len(tops) {
			tops = append(tops, i)
		} else {
			tops[lo] = i
		}
	}
	stays := make([]bool, len(xs))
	if len(tops) > 0 {
		for i := tops[len(tops)-1]; i >= 0; i = from[i] {
			stays[i] = true
		}
	}
	return stays
}

// Place is where in its text the clause begins, in words.
func (c *Clause) Place() int { return c.from }

// nameLength is how many letters of a clause stand for it.
const nameLength = 80

// Name is what a clause is called for short: its number and its first words.
func (c *Clause) Name() string {
	text := []rune(c.Text)
	if len(text) > nameLength {
		cut := nameLength
		for cut > nameLength/2 && text[cut] != ' ' {
			cut--
		}
		text = append(text[:cut:cut], '…')
	}
	if c.Label == "" {
		return string(text)
	}
	return c.Label + " " + string(text)
}
