package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"slices"
)

// Bundle is everything that a space shows: made once a tick, the same bytes for
// all who may read. Days are numbers of days; it holds no finer time.
type Bundle struct {
	V       int      `json:"v"`
	Space   Space    `json:"space"`
	Tick    int      `json:"tick"`
	Masks   []Mask   `json:"masks"`   // those who speak in it
	Threads []Thread `json:"threads"` // the liveliest first
	Digest  []Reply  `json:"digest"`  // answers of the last 72 ticks
	Cases   []Case   `json:"cases"`
	Window  *Window  `json:"window,omitempty"` // nil while it is not counted
	Asked   []Asked  `json:"asked,omitempty"`  // open consultations of its masks
	Heard   []Heard  `json:"heard,omitempty"`  // what became of posts that are cases of public questions, of eight weeks
}

// Heard is something that became of a mask's posts which are cases of a public question; by
// it her client learns of it.
type Heard struct {
	ID    string `json:"id"`   // of the event
	To    string `json:"to"`   // the id of the mask
	What  string `json:"what"` // "taken", "merge", "split", "answer", "promise", "closure", "reopening", "undoing"
	Href  string `json:"href"` // of the question, below the hall
	Title string `json:"title"`
	Day   int    `json:"day"`
}

// Asked is a consultation whose electorate is the masks of the space that were born in
// an epoch.
type Asked struct {
	ID         string      `json:"id"`
	Title      string      `json:"title"`
	Lang       string      `json:"lang"`
	Epoch      int         `json:"epoch"`
	Until      int         `json:"until"`  // the last day on which a pass is given
	Closes     int         `json:"closes"` // the last day on which one can answer
	Statements []Statement `json:"statements"`
}

// Statement is one of a consultation, numbered from 1.
type Statement struct {
	N    int    `json:"n"`
	Text string `json:"text"`
	Out  string `json:"out,omitempty"` // why it was taken out; empty when it was not
}

// Window is of the week that ended last: whoever received a right in it is one of K.
type Window struct {
	Week int `json:"week"`
	K    int `json:"k"`
}

// Space is what a bundle says of its space.
type Space struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Pace  string `json:"pace"`
	State string `json:"state"` // "open", or "small" while fewer than 20 masks are active
	Masks int    `json:"masks"` // active ones, as of the last batch
}

// Mask is a speaker in a bundle.
type Mask struct {
	ID    string `json:"id"`
	Key   Bytes  `json:"key"`
	Name  string `json:"name"`
	Epoch int    `json:"epoch"`           // of its birth
	State string `json:"state,omitempty"` // "" while active; "old", "muted", "banned"
}

// Thread is a first post and all that answer it.
type Thread struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Posts []Said `json:"posts"`
}

// Said is a post that has appeared.
type Said struct {
	ID          string `json:"id"`
	Mask        string `json:"mask"`
	Day         int    `json:"day"` // on which it appeared
	Reply       string `json:"reply,omitempty"`
	Lang        string `json:"lang,omitempty"`
	HTML        string `json:"html"`            // made safe by the hall; empty when hidden or deleted
	State       string `json:"state,omitempty"` // "", "hidden" or "deleted"
	Reason      string `json:"reason,omitempty"`
	Recommended int    `json:"recommended,omitempty"`
}

// Reply says that a post answers a mask, by which the mask's client finds it.
type Reply struct {
	Post string `json:"post"`
	To   string `json:"to"` // the id of the mask
}

// Case is an appeal with its outcome, or one that waits for its jurors.
type Case struct {
	ID      string   `json:"id"`
	Day     int      `json:"day"`
	About   string   `json:"about"` // "hidden", "muted" or "banned"
	Post    string   `json:"post,omitempty"`
	Mask    string   `json:"mask"`
	Reason  string   `json:"reason"`
	Text    string   `json:"text"`
	Jurors  []string `json:"jurors"`
	Words   []string `json:"words,omitempty"`   // what jurors said, once it has ended
	Outcome string   `json:"outcome,omitempty"` // "upheld", "overturned"; empty while open
}

// Crowd is how many other masks at least must have said as much as one before it says
// more, and half of them where that is more: who says much more than others is the
// easiest to tell (docs/PASSES.md, Pace).
const Crowd = 10

// Said tells how many posts a mask has had shown, and the most that half of the other
// active masks, but no fewer than a crowd, have each had shown.
func (b Bundle) Said(mask string) (own, most int) {
	said := map[string]int{}
	for _, t := range b.Threads {
		for _, p := range t.Posts {
			said[p.Mask]++
		}
	}
	var others []int
	for _, m := range b.Masks {
		if m.ID != mask && m.State == "" {
			others = append(others, said[m.ID])
		}
	}
	slices.Sort(others)
	if half := max(Crowd, len(others)/2); len(others) >= half {
		most = others[len(others)-half]
	}
	return said[mask], most
}

// Concerns lists what became of posts of some masks, without what was seen.
func (b Bundle) Concerns(masks, seen []string) (list []Heard) {
	for _, h := range b.Heard {
		if slices.Contains(masks, h.To) && !slices.Contains(seen, h.ID) {
			list = append(list, h)
		}
	}
	return list
}

// Pack writes a bundle as it travels.
func (b Bundle) Pack() ([]byte, error) {
	b.V = Version
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(z).Encode(b); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Unpack reads what Pack wrote; it stops at MaxAnswer bytes. Faults: Invalid.
func Unpack(packed []byte) (b Bundle, err error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return b, broken("pass.reply.broken").Because(err)
	}
	if err := json.NewDecoder(io.LimitReader(z, MaxAnswer)).Decode(&b); err != nil {
		return b, broken("pass.reply.broken").Because(err)
	}
	return b, nil
}
