package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"slices"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/letter"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// Letter is one that was handed in at a letterbox and of which nothing has come back.
type Letter struct {
	ID     string     `json:"id"`
	Secret wire.Bytes `json:"secret"` // opens the answer
	Box    string     `json:"box"`
	N      int        `json:"n"`               // the mask it speaks for
	About  string     `json:"about,omitempty"` // the consultation for whose pass it speaks; then for no mask
	Acts   []wire.Act `json:"acts"`            // none: it says nothing
}

// Back is what became of a letter: its results, or why there are none.
type Back struct {
	Letter
	Results []wire.Result // one for each act
	Refused error         // what the hall said to the whole of it
	Lost    bool          // it never arrived, as far as can be known: what it said is to be said again
}

// Underway tells whether a letter of a space that does something is on its way.
func (h *Home) Underway(space, do string) bool {
	return slices.ContainsFunc(h.In(space).Letters, func(l Letter) bool {
		return slices.ContainsFunc(l.Acts, func(a wire.Act) bool { return a.Do == do })
	})
}

// HandIn seals what the mask of a space does into a letter and hands it in. pass is nil
// for a mask. Without acts it is a letter that says nothing, under a key drawn for it,
// so that nobody can count the others by it. The letter is noted first: whatever
// happens, Collect finds out. Faults: NotFound when the hall has no letterbox;
// Unavailable when that is not reached, Invalid for what no letter can hold.
func (h *Home) HandIn(ctx context.Context, m Mask, space string, k Keys, pass *token.Pass, acts ...wire.Act) (err error) {
	defer fault.Wrap(&err, "client.HandIn(%s)", space)
	l := h.In(space)
	key := h.Root.MaskKey(space, l.N)
	if len(acts) == 0 {
		if _, key, err = ed25519.GenerateKey(rand.Reader); err != nil {
			return err
		}
	}
	v := wire.Visit{Space: space, Acts: acts}
	if pass != nil {
		v.Show(*pass)
	}
	return h.post(ctx, m, space, k, v, key)
}

// post seals a visit into a letter, which is noted beside those of a space, and hands it
// in.
func (h *Home) post(ctx context.Context, m Mask, space string, k Keys, v wire.Visit, key ed25519.PrivateKey) error {
	to, ok := k.Letters()
	if !ok {
		return fault.New(fault.NotFound, "client.no_key")
	}
	l := h.In(space)
	v.Day, v.Lang, v.Parting = epoch.Day(m.now()), m.lang(), true
	body, err := wire.Seal(v, key)
	if err != nil {
		return err
	}
	sealed, secret, err := letter.Seal(to.Key, body)
	if err != nil {
		return err
	}
	noted := Letter{ID: letter.NewID(), Secret: secret, Box: to.Box, N: l.N, Acts: v.Acts}
	if v.Space != space {
		noted.About = v.Space
	}
	l.Letters = append(l.Letters, noted)
	if err := h.Keep(); err != nil {
		return err
	}
	status, said, err := m.atBox(ctx, http.MethodPut, noted, sealed)
	if err == nil && status != http.StatusNoContent {
		err = refusal(status, said)
	}
	return err
}

// Collect asks for the answers to all letters of a space, takes in what they bring of
// passes, and gives what has come to an end. Letters that say nothing are asked for as
// well, or the letterbox could tell them apart. Faults: Unavailable when a letterbox is
// not reached; what came before that is given.
func (h *Home) Collect(ctx context.Context, m Mask, space string, k Keys) (back []Back, err error) {
	defer fault.Wrap(&err, "client.Collect(%s)", space)
	l := h.In(space)
	for _, one := range slices.Clone(l.Letters) {
		status, said, err := m.atBox(ctx, http.MethodGet, one, nil)
		if err != nil {
			return back, err
		}
		b := Back{Letter: one}
		switch status {
		case http.StatusAccepted:
			continue
		case http.StatusNotFound:
			b.Lost = true
		case http.StatusOK:
			b.open(said)
		default:
			return back, refusal(status, said)
		}
		if err := h.takeIn(m, space, k, &b); err != nil {
			return back, err
		}
		l.Letters = slices.DeleteFunc(l.Letters, func(x Letter) bool { return x.ID == one.ID })
		if err := h.Keep(); err != nil {
			return back, err
		}
		if len(one.Acts) > 0 {
			back = append(back, b)
		}
	}
	return back, nil
}

// open reads an answer. One that does not open counts as none.
func (b *Back) open(answer []byte) {
	status, said, err := letter.OpenAnswer(b.Secret, answer)
	if err != nil {
		b.Lost = true
		return
	}
	if status != http.StatusOK {
		var why struct{ Error string }
		if b.Lost = json.Unmarshal(said, &why) == nil && why.Error == "mask.day"; !b.Lost { // brought too late
			b.Refused = refusal(status, said)
		}
		return
	}
	var a wire.Answer
	if json.Unmarshal(said, &a) != nil || a.V != wire.Version || len(a.Results) != len(b.Acts) {
		b.Refused = fault.New(fault.Invalid, "pass.reply.broken")
		return
	}
	b.Results = a.Results
}

// takeIn keeps what a letter has brought about: a mask that is registered, the right
// of its successor, passes for reading.
func (h *Home) takeIn(m Mask, space string, k Keys, b *Back) error {
	l := h.In(space)
	for i, r := range b.Results {
		if !r.OK || b.N != l.N {
			continue
		}
		switch a := b.Acts[i]; a.Do {
		case wire.Take:
			l.Right, l.Taken = nil, true
		case wire.Renew:
			if err := h.renewed(m, space, k, a, r); err != nil {
				return err
			}
		case wire.Reads:
			asked, err := k.reading(h.Root, b.N, a.Epoch)
			if err != nil {
				return err
			}
			if l.Reads, err = provided(asked, r); err != nil {
				return err
			}
			l.From = token.FirstOfMask(b.N)
		}
	}
	return nil
}

// renewed takes in the right of a successor.
func (h *Home) renewed(m Mask, space string, k Keys, a wire.Act, r wire.Result) error {
	l := h.In(space)
	q, err := k.successor(h.Root, l.N, a.Epoch)
	if err != nil {
		return err
	}
	p, err := q.Finalize(r.Signature)
	if err != nil {
		return err
	}
	l.succeed(m, p)
	return nil
}

// TakeBack takes a letter back that holds the post of that id and was not brought yet;
// what else stands in it goes into no other. It tells whether there was one. Faults:
// Unavailable.
func (h *Home) TakeBack(ctx context.Context, m Mask, space, post string) (done bool, err error) {
	defer fault.Wrap(&err, "client.TakeBack(%s)", space)
	l := h.In(space)
	for i, one := range l.Letters {
		if !slices.ContainsFunc(one.Acts, func(a wire.Act) bool { return a.Do == wire.Post && a.ID == post }) {
			continue
		}
		status, _, err := m.atBox(ctx, http.MethodDelete, one, nil)
		if err != nil || status != http.StatusNoContent && status != http.StatusNotFound {
			return false, err
		}
		l.Letters = slices.Delete(l.Letters, i, i+1)
		return true, h.Keep()
	}
	return false, nil
}

// atBox makes one request to a letterbox, on a connection and a circuit of its own.
func (m Mask) atBox(ctx context.Context, method string, l Letter, body []byte) (status int, said []byte, err error) {
	q, err := http.NewRequestWithContext(ctx, method, l.Box+"/letters/"+l.ID, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	q.Header.Set("User-Agent", "") // sends none
	r, err := m.client(l.ID).Do(q)
	if err != nil {
		return 0, nil, boxAway(err)
	}
	defer r.Body.Close()
	said, err = io.ReadAll(io.LimitReader(r.Body, letter.AnswerSize+1))
	if err != nil {
		return 0, nil, boxAway(err)
	}
	return r.StatusCode, said, nil
}

func boxAway(err error) error { return fault.New(fault.Unavailable, "client.box_away").Because(err) }

// RegisterByLetter hands in the right of a space, so that its mask is born at a batch
// after it is brought. Again while that letter is underway, it does nothing.
func (h *Home) RegisterByLetter(ctx context.Context, m Mask, space string, k Keys) error {
	l := h.In(space)
	if l.Right == nil || h.Underway(space, wire.Take) {
		return nil
	}
	return h.HandIn(ctx, m, space, k, l.Right, wire.Act{Do: wire.Take})
}

// RenewByLetter asks by letter for the right of the mask's successor.
func (h *Home) RenewByLetter(ctx context.Context, m Mask, space string, k Keys) error {
	if h.Underway(space, wire.Renew) {
		return nil
	}
	into := epoch.Of(m.now())
	q, err := k.successor(h.Root, h.In(space).N, into)
	if err != nil {
		return err
	}
	return h.HandIn(ctx, m, space, k, nil, renewing(q, into))
}

// ProvideByLetter asks by letter for the epoch's read passes, see Provide.
func (h *Home) ProvideByLetter(ctx context.Context, m Mask, space string, k Keys) error {
	if h.Underway(space, wire.Reads) {
		return nil
	}
	e := epoch.Of(m.now())
	asked, err := k.reading(h.Root, h.In(space).N, e)
	if err != nil {
		return err
	}
	return h.HandIn(ctx, m, space, k, nil, providing(asked, e))
}
