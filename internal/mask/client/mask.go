package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// Mask is the side that no account stands beside. Its zero value goes nowhere:
// it needs a Hall.
type Mask struct {
	Hall Hall
	Lang string // of sentences; "" is English
}

// client makes a client for one request: no cookies, no second request on its
// connection, a circuit of its own.
func (m Mask) client(circuit string) *http.Client {
	return &http.Client{
		Timeout: patience, Transport: m.Hall.transport(circuit, true),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (m Mask) now() time.Time { return m.Hall.now() }

// Visit sends everything that one key does at once, and gives the results in the
// order of the acts, and the bundle if the key may read. pass is nil for a mask.
// Faults: Unavailable when the hall is not reached, Invalid when it answers
// something else, and whatever it says itself.
func (m Mask) Visit(ctx context.Context, space string, key ed25519.PrivateKey, pass *token.Pass, acts ...wire.Act) (rs []wire.Result, b *wire.Bundle, err error) {
	defer fault.Wrap(&err, "client.Visit(%s)", space)
	if acts == nil {
		acts = []wire.Act{}
	}
	v := wire.Visit{Space: space, Day: epoch.Day(m.now()), Lang: m.lang(), Acts: acts}
	if pass != nil {
		v.Show(*pass)
	}
	body, err := wire.Seal(v, key)
	if err != nil {
		return nil, nil, err
	}
	answer, err := m.send(ctx, wire.MaskID(public(key)), body)
	if err != nil {
		return nil, nil, err
	}
	a, packed, err := wire.ReadAnswer(answer)
	if err != nil {
		return nil, nil, err
	}
	if len(a.Results) != len(acts) {
		return nil, nil, fault.New(fault.Invalid, "pass.reply.broken")
	}
	if len(packed) == 0 {
		return a.Results, nil, nil
	}
	got, err := wire.Unpack(packed)
	return a.Results, &got, err
}

func (m Mask) lang() string {
	if m.Lang == "" {
		return "en"
	}
	return m.Lang
}

// send takes a body to the safe origin.
func (m Mask) send(ctx context.Context, circuit string, body []byte) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Hall.Safe().String()+"/m", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "text/plain")
	q.Header.Set("User-Agent", "") // sends none
	r, err := m.client(circuit).Do(q)
	if err != nil {
		return nil, reach(err)
	}
	if err := checkClock(m.now(), r); err != nil {
		r.Body.Close()
		return nil, err
	}
	b, err := readAll(r, answerLimit)
	if err != nil {
		return nil, reach(err)
	}
	if r.StatusCode != http.StatusOK {
		return nil, refusal(r.StatusCode, b)
	}
	return b, nil
}

// Take registers the mask of a right. Again, it says the same.
func (m Mask) Take(ctx context.Context, root token.Root, n int, right token.Pass) (wire.Result, error) {
	rs, _, err := m.Visit(ctx, right.Space, root.MaskKey(right.Space, n), &right, wire.Act{Do: wire.Take})
	return first(rs, err)
}

// Status asks how mask n of a space stands.
func (m Mask) Status(ctx context.Context, root token.Root, space string, n int) (wire.Result, *wire.Bundle, error) {
	rs, b, err := m.Visit(ctx, space, root.MaskKey(space, n), nil, wire.Act{Do: wire.Status})
	r, err := first(rs, err)
	return r, b, err
}

// Post lets mask n of a space speak, and reads. id comes from NewID; the same one is
// sent again after a lost answer.
func (m Mask) Post(ctx context.Context, root token.Root, space string, n int, a wire.Act) (wire.Result, *wire.Bundle, error) {
	a.Do = wire.Post
	rs, b, err := m.Visit(ctx, space, root.MaskKey(space, n), nil, a)
	r, err := first(rs, err)
	return r, b, err
}

// Do does one act as mask n of a space, in a visit of its own.
func (m Mask) Do(ctx context.Context, root token.Root, space string, n int, a wire.Act) (wire.Result, error) {
	rs, _, err := m.Visit(ctx, space, root.MaskKey(space, n), nil, a)
	return first(rs, err)
}

// Renew asks, as mask n, for the right of its successor, and gives it.
func (m Mask) Renew(ctx context.Context, root token.Root, space string, n, into int, k Keys) (p token.Pass, err error) {
	q, err := k.successor(root, n, into)
	if err != nil {
		return p, err
	}
	r, err := m.Do(ctx, root, space, n, renewing(q, into))
	if err != nil {
		return p, err
	}
	return q.Finalize(r.Signature)
}

// successor is the request of mask n for the right of the next one. Faults: NotFound
// without a key.
func (k Keys) successor(root token.Root, n, into int) (*token.Request, error) {
	issuer, ok := k.Key(token.Right, into)
	if !ok {
		return nil, fault.New(fault.NotFound, "client.no_key")
	}
	return root.Right(k.space, into, n+1, issuer)
}

func renewing(q *token.Request, into int) wire.Act {
	return wire.Act{Do: wire.Renew, Epoch: into, Blinded: q.Blinded}
}

// reading are the requests of mask n for the read passes of an epoch. Faults: NotFound
// without a key.
func (k Keys) reading(root token.Root, n, e int) ([]*token.Request, error) {
	issuer, ok := k.Key(token.Read, e)
	if !ok {
		return nil, fault.New(fault.NotFound, "client.no_key")
	}
	return root.Reads(k.space, e, token.FirstOfMask(n), issuer)
}

func providing(asked []*token.Request, e int) wire.Act {
	a := wire.Act{Do: wire.Reads, Epoch: e}
	for _, b := range blinded(asked) {
		a.Blinds = append(a.Blinds, b)
	}
	return a
}

// provided are the read passes that come back.
func provided(asked []*token.Request, r wire.Result) ([]token.Pass, error) {
	if len(r.Reads) != len(asked) {
		return nil, fault.New(fault.Invalid, "pass.answer.broken")
	}
	answers := make([][]byte, len(r.Reads))
	for i, b := range r.Reads {
		answers[i] = b
	}
	return finalize(asked, answers)
}

// Reads asks, as mask n, for the read passes of the running epoch, for a home whose
// account fetches none. They are others than the account's, numbered from
// token.FirstOfMask(n) on. Faults: NotFound without a key, Forbidden when it may not.
func (m Mask) Reads(ctx context.Context, root token.Root, space string, n int, k Keys) ([]token.Pass, error) {
	e := epoch.Of(m.now())
	asked, err := k.reading(root, n, e)
	if err != nil {
		return nil, err
	}
	r, err := m.Do(ctx, root, space, n, providing(asked, e))
	if err != nil {
		return nil, err
	}
	return provided(asked, r)
}

// first gives the result of the only act, or its refusal as a fault.
func first(rs []wire.Result, err error) (wire.Result, error) {
	if err != nil {
		return wire.Result{}, err
	}
	if !rs[0].OK {
		return rs[0], fault.New(fault.Forbidden, "client.said", rs[0].Message)
	}
	return rs[0], nil
}

// NewID draws an id for a post.
func NewID(random interface{ Read([]byte) (int, error) }) (string, error) {
	b := make([]byte, wire.IDSize)
	_, err := random.Read(b)
	return base64.RawURLEncoding.EncodeToString(b), err
}
