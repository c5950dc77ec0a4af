package ledger

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"guildhall/internal/epoch"
)

// Wrong is something that must not be in a hall's log.
type Wrong struct {
	Index    int64  // the entry that shows it
	Rule     string // one of the Rule constants
	Sentence string // in English, for the command line
}

// What an entry may break.
const (
	RuleUnread   = "unread"   // nobody can read it
	RuleTwoKeys  = "two_keys" // a second key for one slot: it can mark people
	RuleOdd      = "odd"      // out of its epoch: it can be one person's own
	RuleFuture   = "future"   // of a day that has not come
	RuleFall     = "fall"     // a total that fell
	RuleTooMany  = "too_many" // more masks than rights
	RuleTwice    = "twice"    // a second result of one consultation
	mostWrong    = 100        // as many are kept word for word
	daysOfLeeway = 1          // clocks differ, and midnight passes
)

// slot is what has one key.
type slot struct {
	purpose, space string
	epoch          int
}

// Book is what the entries of a log come to, read from the first in order.
type Book struct {
	Size   int64
	Kinds  map[string]int
	Wrong  []Wrong // the first hundred
	Wrongs int     // how many there are

	today   int // no entry may be of a later day; 0: not checked
	keys    map[slot]int64
	lastKey int // the latest day of a key so far
	counts  map[string]map[int]Counts
	closed  map[string]int64 // consultations, and where they stand
	boxes   []BoxAt
}

// NewBook begins one. today, in days since 1970, is the last day of which there
// may be entries; 0 when that is not to be checked.
func NewBook(today int) *Book {
	return &Book{Kinds: map[string]int{}, today: today, keys: map[slot]int64{}, counts: map[string]map[int]Counts{}, closed: map[string]int64{}}
}

// Add reads the next entry.
func (b *Book) Add(line []byte) {
	f, err := Parse(line)
	if err != nil {
		b.wrong(RuleUnread, "cannot be read: %v", err)
		b.Size++
		return
	}
	b.Kinds[f.Kind()]++
	switch f := f.(type) {
	case Issuer:
		b.addIssuer(f)
	case Counts:
		b.addCounts(f)
	case Decision:
		b.checkDay(f.Day)
	case Case:
		b.checkDay(f.Day)
	case Deletion:
		b.checkDay(f.Day)
	case Version:
		b.checkDay(f.Day)
	case Consultation:
		b.addConsultation(f)
	case Letterbox:
		b.checkDay(f.Day)
		b.boxes = append(b.boxes, BoxAt{f, uint64(b.Size)})
	}
	b.Size++
}

func (b *Book) wrong(rule, format string, args ...any) {
	b.Wrongs++
	if len(b.Wrong) < mostWrong {
		b.Wrong = append(b.Wrong, Wrong{b.Size, rule, fmt.Sprintf("entry %d %s", b.Size, fmt.Sprintf(format, args...))})
	}
}

func (b *Book) checkDay(day int) {
	if b.today > 0 && day > b.today+daysOfLeeway {
		b.wrong(RuleFuture, "is of day %d, which has not come", day)
	}
}

// addConsultation notes that a consultation has closed. It does so once: a second
// result of the same one would be another truth for whoever asks later.
func (b *Book) addConsultation(f Consultation) {
	b.checkDay(f.Day)
	if first, twice := b.closed[f.ID]; twice {
		b.wrong(RuleTwice, "is a second result of consultation %s; the first is entry %d", f.ID, first)
		return
	}
	b.closed[f.ID] = b.Size
}

func (b *Book) addIssuer(f Issuer) {
	b.checkDay(f.Day)
	s := slot{f.Purpose, f.Space, f.Epoch}
	if first, taken := b.keys[s]; taken {
		b.wrong(RuleTwoKeys, "is a second key for purpose %q, space %q, epoch %d; the first is entry %d", f.Purpose, f.Space, f.Epoch, first)
		return
	}
	b.keys[s] = b.Size
	if !byCalendar(f.Purpose) {
		return
	}
	if is := epoch.OfDay(f.Day); is != f.Epoch {
		b.wrong(RuleOdd, "is a key of epoch %d, made on day %d, which is in epoch %d", f.Epoch, f.Day, is)
	} else if f.Day < b.lastKey-daysOfLeeway {
		b.wrong(RuleOdd, "is a key dated back to day %d, behind one of day %d", f.Day, b.lastKey)
	}
	b.lastKey = max(b.lastKey, f.Day)
}

// byCalendar tells whether the purpose's slots are epochs; the others' are things.
func byCalendar(purpose string) bool {
	return purpose == "right" || purpose == "read" || purpose == "mail"
}

func (b *Book) addCounts(f Counts) {
	b.checkDay(f.Day)
	// The batch tick that ends an epoch is the first of the next one.
	if is := epoch.OfDay(f.Day); is != f.Epoch && is != f.Epoch+1 {
		b.wrong(RuleOdd, "counts epoch %d on day %d, which is in epoch %d", f.Epoch, f.Day, is)
	}
	of := b.counts[f.Space]
	if of == nil {
		of = map[int]Counts{}
		b.counts[f.Space] = of
	}
	if before, ok := of[f.Epoch]; ok && (f.Seats < before.Seats || f.Renewals < before.Renewals || f.Masks < before.Masks) {
		b.wrong(RuleFall, "lets a total of space %q in epoch %d fall", f.Space, f.Epoch)
	}
	of[f.Epoch] = f
	if rights, masks := b.total(f.Space); masks > rights {
		b.wrong(RuleTooMany, "shows %d masks of space %q, but only %d rights were served", masks, f.Space, rights)
	}
}

// total adds a space's epochs up: a right never expires, so a mask may come of
// one of an earlier epoch.
func (b *Book) total(space string) (rights, masks int) {
	for _, c := range b.counts[space] {
		rights += c.Seats + c.Renewals
		masks += c.Masks
	}
	return rights, masks
}

// SpaceCounts are the newest numbers of a space and epoch, and whether the
// space then has more masks than there were rights.
type SpaceCounts struct {
	Counts
	TooMany bool
}

// Counts gives the newest numbers of each space and epoch: by space, and the
// latest epoch first.
func (b *Book) Counts() []SpaceCounts {
	var list []SpaceCounts
	for _, space := range slices.Sorted(maps.Keys(b.counts)) {
		rights, masks := b.total(space)
		of := slices.SortedFunc(maps.Values(b.counts[space]), func(x, y Counts) int { return cmp.Compare(y.Epoch, x.Epoch) })
		for _, c := range of {
			list = append(list, SpaceCounts{c, masks > rights})
			rights, masks = rights-c.Seats-c.Renewals, masks-c.Masks
		}
	}
	return list
}

// KeyAt is a key of a slot and the entry it stands in.
type KeyAt struct {
	Purpose, Space string
	Epoch          int
	Index          int64
}

// BoxAt is a letterbox and the entry it stands in.
type BoxAt struct {
	Letterbox
	Index uint64
}

// Boxes gives every letterbox and key for letters that the log names, the oldest
// first. It must not be changed.
func (b *Book) Boxes() []BoxAt { return b.boxes }

// Boxes that an honest hall may name within so many days: its machine loses power at times.
const (
	fairBoxes = 5
	boxDays   = 28
)

// ManyBoxes gives the letterboxes and keys for letters that came though as many as are
// fair had come in the 28 days before: by the key of a letter a hall can tell when it
// was written, and so by many keys. It is nothing Wrong, for bad luck looks the same.
func (b *Book) ManyBoxes() (many []BoxAt) {
	for i := fairBoxes; i < len(b.boxes); i++ {
		if b.boxes[i].Day-b.boxes[i-fairBoxes].Day < boxDays {
			many = append(many, b.boxes[i])
		}
	}
	return many
}

// Keys gives the newest keys, n at most.
func (b *Book) Keys(n int) []KeyAt {
	list := make([]KeyAt, 0, len(b.keys))
	for s, at := range b.keys {
		list = append(list, KeyAt{s.purpose, s.space, s.epoch, at})
	}
	slices.SortFunc(list, func(x, y KeyAt) int { return cmp.Compare(y.Index, x.Index) })
	return list[:min(n, len(list))]
}
