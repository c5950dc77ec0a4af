package safe

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"sync"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/mask/letter"
	"guildhall/internal/mask/wire"
)

// letters answers a delivery, letter by letter and in its order. While this machine
// cannot write, none is answered and the letterbox comes again: visits can be repeated.
func (d *Door) letters(w http.ResponseWriter, r *http.Request) {
	bag := d.bags.take(w, r)
	if bag == nil {
		return
	}
	defer bag.leave()
	body, err := read(w, r, letter.MaxDelivery, bagTime)
	bag.rests() // what it asks for is done to its end
	if err != nil {
		d.refuse(w, speaks(r), err)
		return
	}
	list, err := letter.Split(body)
	if err != nil {
		d.refuse(w, speaks(r), err)
		return
	}
	answers := make([][]byte, len(list))
	for i, one := range list {
		if answers[i], err = d.letter(r.Context(), one); err != nil {
			d.refuse(w, speaks(r), err)
			return
		}
	}
	b := letter.Join(answers)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	bag.moves()
	_, _ = w.Write(b) // the letterbox asks again
}

// letter does the visit of one letter and seals its answer. Faults: Unavailable.
func (d *Door) letter(ctx context.Context, sealed []byte) ([]byte, error) {
	body, secret, err := d.Letters.Open(sealed)
	if err != nil {
		return letter.Noise(), nil
	}
	hash, day := sha256.Sum256(sealed), epoch.Day(d.Masks.Now())
	if d.done.before(hash, day-1) {
		status, said := d.refusal(lang.Match(""), errLate)
		return letter.SealAnswer(secret, status, said)
	}
	status, said, err := d.carried(ctx, body)
	if err != nil {
		return nil, err
	}
	if status == http.StatusOK {
		d.done.note(hash, day)
	}
	return letter.SealAnswer(secret, status, said)
}

var errLate = fault.New(fault.Invalid, "mask.day")

// doneLetters are letters whose visits were done, by their hashes, and the day of the
// first time: whoever brings one again days later would do anew what was taken back
// meanwhile. In memory only; after a start the day that a letter says bounds it.
type doneLetters struct {
	mu    sync.Mutex
	first map[[sha256.Size]byte]int
	swept int // the day on which what is too old to be brought again was forgotten
}

// mostDone is how many are remembered; only masks make letters that are done.
const mostDone = 100_000

// before tells whether a letter was done first before a day.
func (l *doneLetters) before(hash [sha256.Size]byte, day int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	first, ok := l.first[hash]
	return ok && first < day
}

// note remembers that a letter was done on a day.
func (l *doneLetters) note(hash [sha256.Size]byte, day int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.first == nil {
		l.first = map[[sha256.Size]byte]int{}
	}
	if day > l.swept {
		l.swept = day
		maps.DeleteFunc(l.first, func(_ [sha256.Size]byte, first int) bool {
			return first < day-wire.LetterLeeway-wire.DayLeeway
		})
	}
	if _, ok := l.first[hash]; !ok && len(l.first) < mostDone {
		l.first[hash] = day
	}
}

// carried does a visit that came in a letter, and gives what a visit to the door would
// have been answered. Faults: Unavailable, when it may go better later.
func (d *Door) carried(ctx context.Context, body []byte) (status int, said []byte, err error) {
	l := lang.Match("")
	v, err := wire.Open(body)
	if err == nil {
		l = lang.Match(v.Lang)
		if !v.Parting { // nobody reads a bundle
			err = fault.New(fault.Invalid, "pass.visit.broken")
		}
	}
	if err == nil {
		err = d.Pace.Take(v.Space + "/" + wire.MaskID(ed25519.PublicKey(v.Key)))
	}
	if err == nil {
		var results []wire.Result
		if results, err = d.results(ctx, v); err == nil {
			said, err = json.Marshal(wire.Answer{V: wire.Version, Results: results})
			return http.StatusOK, said, err
		}
	}
	if fault.Is(err, fault.Unavailable) {
		return 0, nil, err
	}
	status, said = d.refusal(l, err)
	return status, said, nil
}

// results are those of a visit, a list also when nothing was done.
func (d *Door) results(ctx context.Context, v *wire.Visit) ([]wire.Result, error) {
	out, err := d.Masks.Brought(ctx, v)
	if out.Results == nil {
		out.Results = []wire.Result{}
	}
	return out.Results, err
}
