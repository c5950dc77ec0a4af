package mask

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"

	"guildhall/internal/mask/wire"
	"guildhall/internal/safedb"
)

// place names something of a space: a mask or a post.
type place struct{ space, id string }

// record is what lies in the box: one thing that arrived and waits for a tick.
// Fields that a kind has no use for are absent.
type record struct {
	Kind  kind   `json:"k"`
	Space string `json:"s"`
	Mask  string `json:"m,omitempty"`
	Key   []byte `json:"y,omitempty"`
	Epoch int    `json:"e,omitempty"`
	Day   int    `json:"d,omitempty"`
	Hash  []byte `json:"h,omitempty"`
	Pass  string `json:"p,omitempty"`
	Post  string `json:"i,omitempty"`
	On    bool   `json:"o,omitempty"`
	Due   int    `json:"u,omitempty"` // the tick at which a recommendation counts, a deletion is done, or something noted is filed
	Cause string `json:"c,omitempty"`
	Text  string `json:"x,omitempty"`
	Words *words `json:"w,omitempty"`
	Seat  []byte `json:"t,omitempty"`

	tag safedb.Tag
}

// words are what a waiting post says.
type words struct {
	Thread string `json:"t"`
	Title  string `json:"n,omitempty"`
	Reply  string `json:"r,omitempty"`
	Lang   string `json:"l,omitempty"`
	HTML   string `json:"h"`
	Due    int    `json:"u"` // the tick at which it comes out
}

// kind says what a record is.
type kind string

const (
	birth     kind = "birth"     // a registration; until a batch tick
	post      kind = "post"      // until its tick
	recommend kind = "recommend" // or its undoing; until its tick
	deletion  kind = "deletion"  // of a post that has come out; likewise
	reading   kind = "reading"   // a read pass was used
	reported  kind = "report"    // to the next tick, or until a moderator looks
	appealed  kind = "appeal"
	verdict   kind = "verdict"
	served    kind = "served" // a seat's right, noted by the issuer; until a batch tick
	renewal   kind = "renew"  // a mask asked for its next right; likewise
	admitted  kind = "admit"  // a mask's pass to a consultation; to the next tick. Space is the consultation's id
	opinion   kind = "answer" // to a consultation; until its tick. Epoch is its count
	saying    kind = "say"    // a statement; likewise
)

// pool is what lies in the box, ready to be looked at.
type pool struct {
	box        *safedb.Box
	births     map[place]*record // by mask
	posts      map[place]*record // by post
	deletions  map[place]*record // by post
	recommends map[string]*record
	readings   map[string]*record // by pass
	orders     map[string]*record // reports, appeals and verdicts
	served     map[string]*record // by mark
	renewals   map[place]*record  // by mask
	admitted   map[place]*record  // by consultation and mask
	opinions   map[string]*record // by consultation and pass
	sayings    map[place]*record  // by consultation and the id of the statement
	accused    map[place]int      // masks' reports here about posts of a mask
	written    map[place]int      // waiting posts of a mask
	waiting    map[string]int     // births of a space
}

func readPool(tx *safedb.Tx, box *safedb.Box) (*pool, error) {
	p := &pool{
		box: box, births: map[place]*record{}, posts: map[place]*record{}, deletions: map[place]*record{},
		recommends: map[string]*record{}, readings: map[string]*record{},
		orders: map[string]*record{}, served: map[string]*record{}, renewals: map[place]*record{},
		admitted: map[place]*record{}, opinions: map[string]*record{}, sayings: map[place]*record{}, accused: map[place]int{},
		written: map[place]int{}, waiting: map[string]int{},
	}
	return p, box.Records(tx, func(tag safedb.Tag, b []byte) error {
		rec := &record{tag: tag}
		if err := json.Unmarshal(b, rec); err != nil {
			return fmt.Errorf("a record of the box cannot be read") // its words stay out of errors
		}
		p.keep(rec)
		return nil
	})
}

func recommendKey(space, post, mask string) string { return space + "/" + post + "/" + mask }

func readingKey(space, pass string) string { return space + "/" + pass }

// orderKey names a report, an appeal or a verdict: one of each about a thing from
// whoever it is.
func orderKey(k kind, about place, from string) string {
	return string(k) + "/" + about.space + "/" + about.id + "/" + from
}

func (rec *record) orderKey() string {
	from := rec.Mask
	if rec.Kind == reported {
		from = string(rec.Hash)
	}
	return orderKey(rec.Kind, place{rec.Space, rec.Post}, from)
}

// keep enters a record in memory.
func (p *pool) keep(rec *record) {
	switch rec.Kind {
	case birth:
		p.births[place{rec.Space, rec.Mask}] = rec
		p.waiting[rec.Space]++
	case post:
		p.posts[place{rec.Space, rec.Post}] = rec
		p.written[place{rec.Space, rec.Mask}]++
	case deletion:
		p.deletions[place{rec.Space, rec.Post}] = rec
	case recommend:
		p.recommends[recommendKey(rec.Space, rec.Post, rec.Mask)] = rec
	case reading:
		p.readings[readingKey(rec.Space, rec.Pass)] = rec
	case reported:
		if rec.On {
			p.accused[place{rec.Space, rec.Mask}]++
		}
		p.orders[rec.orderKey()] = rec
	case appealed, verdict:
		p.orders[rec.orderKey()] = rec
	case served:
		p.served[rec.Pass] = rec
	case renewal:
		p.renewals[place{rec.Space, rec.Mask}] = rec
	case admitted:
		p.admitted[place{rec.Space, rec.Mask}] = rec
	case opinion:
		p.opinions[opinionKey(rec.Space, rec.Pass)] = rec
	case saying:
		p.sayings[place{rec.Space, rec.Post}] = rec
	}
}

// lose takes a record out of memory.
func (p *pool) lose(rec *record) {
	switch rec.Kind {
	case birth:
		delete(p.births, place{rec.Space, rec.Mask})
		fewer(p.waiting, rec.Space)
	case post:
		delete(p.posts, place{rec.Space, rec.Post})
		fewer(p.written, place{rec.Space, rec.Mask})
	case deletion:
		delete(p.deletions, place{rec.Space, rec.Post})
	case recommend:
		delete(p.recommends, recommendKey(rec.Space, rec.Post, rec.Mask))
	case reading:
		delete(p.readings, readingKey(rec.Space, rec.Pass))
	case reported:
		if rec.On {
			fewer(p.accused, place{rec.Space, rec.Mask})
		}
		delete(p.orders, rec.orderKey())
	case appealed, verdict:
		delete(p.orders, rec.orderKey())
	case served:
		delete(p.served, rec.Pass)
	case renewal:
		delete(p.renewals, place{rec.Space, rec.Mask})
	case admitted:
		delete(p.admitted, place{rec.Space, rec.Mask})
	case opinion:
		delete(p.opinions, opinionKey(rec.Space, rec.Pass))
	case saying:
		delete(p.sayings, place{rec.Space, rec.Post})
	}
}

func fewer[K comparable](m map[K]int, k K) {
	if m[k]--; m[k] <= 0 {
		delete(m, k)
	}
}

// put writes a record that no other one stands for.
func (p *pool) put(tx *safedb.Tx, rec record) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is no page, and a text full of & would not fit
	err := e.Encode(rec)
	if err != nil {
		return err
	}
	if rec.tag, err = p.box.Put(tx, b.Bytes()); err != nil {
		return err
	}
	p.keep(&rec)
	tx.OnUndo(func() { p.lose(&rec) })
	return nil
}

// drop wipes records, with one pass over the box when they are many.
func (p *pool) drop(tx *safedb.Tx, recs ...*record) error {
	tags := make([]safedb.Tag, len(recs))
	for i, rec := range recs {
		tags[i] = rec.tag
	}
	if err := p.box.Drop(tx, tags...); err != nil {
		return err
	}
	for _, rec := range recs {
		p.lose(rec)
	}
	tx.OnUndo(func() {
		for _, rec := range recs {
			p.keep(rec)
		}
	})
	return nil
}

// named tells the place of a mask.
func named(space string, key []byte) place {
	return place{space, wire.MaskID(ed25519.PublicKey(key))}
}
