package account

import (
	"crypto/ed25519"
	"encoding/json"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/pass"
	"guildhall/internal/pass/token"
	"guildhall/internal/web/answer"
)

func (d *Door) registerPasses(m *answer.Mux) {
	m.Handle("GET /me/passes", script(d.passState), answer.Params("space"))
	m.Handle("POST /me/passes", script(d.servePasses))
}

// seatState is what a script learns of a seat. docs/PASSES.md has its shape.
type seatState struct {
	Seat       bool   `json:"seat"`
	Eligible   bool   `json:"eligible"`
	Why        string `json:"why"`
	RightEpoch *int   `json:"right_epoch"`
}

// today is what stands before it.
type today struct {
	Day   int  `json:"day"`
	Epoch int  `json:"epoch"`
	Key   bool `json:"key"` // whether the account has its request key
}

// passState tells of one seat or, when no space is named, of every seat she holds
// in a safe space: by that a script on any page sees what is to be served.
func (d *Door) passState(_ *answer.Writer, r *answer.Request) (any, error) {
	a, err := d.account(r)
	if err != nil {
		return nil, err
	}
	now := d.Now()
	on := today{Day: epoch.Day(now), Epoch: epoch.Of(now), Key: a.RequestKey != ""}
	if r.Query("space") == "" {
		return d.allSeats(r, a.Face, on)
	}
	s, err := d.Passes.State(r.Context(), r.Query("space"), a.Face)
	if err != nil {
		return nil, err
	}
	return struct {
		today
		seatState
	}{on, told(r, s)}, nil
}

func (d *Door) allSeats(r *answer.Request, face string, on today) (any, error) {
	type seat struct {
		Space string `json:"space"`
		seatState
	}
	all, err := d.Passes.States(r.Context(), face)
	if err != nil {
		return nil, err
	}
	list := make([]seat, len(all))
	for i, s := range all {
		list[i] = seat{s.Space, told(r, s)}
	}
	return struct {
		today
		Seats []seat `json:"seats"`
	}{on, list}, nil
}

// told puts a seat's state into words.
func told(r *answer.Request, s pass.State) seatState {
	out := seatState{Seat: s.Seat, Eligible: s.Eligible, RightEpoch: orNull(s.RightEpoch)}
	if s.Why != nil {
		out.Why = r.Viewer.Lang.Fault(fault.From(s.Why))
	}
	return out
}

func orNull(n int) *int {
	if n < 0 {
		return nil
	}
	return &n
}

// account is the whole account of whoever asks.
func (d *Door) account(r *answer.Request) (a member.Account, err error) {
	s, err := d.me(r)
	if err != nil {
		return a, err
	}
	return d.Members.Account(r.Context(), s.Account)
}

// servePasses gives a seat its passes, when the account's own key asks.
func (d *Door) servePasses(_ *answer.Writer, r *answer.Request) (any, error) {
	a, err := d.account(r)
	if err != nil {
		return nil, err
	}
	if err := d.serving.Take(string(a.ID)); err != nil {
		return nil, err
	}
	q, err := passRequest(r)
	if err != nil {
		return nil, err
	}
	got, err := d.Passes.Serve(r.Context(), a.Face, publicKey(a.RequestKey), q)
	if err != nil {
		return nil, err
	}
	out := struct {
		Right string   `json:"right"`
		Read  []string `json:"read"`
	}{token.Encode(got.Right), make([]string, 0, len(got.Reads))}
	for _, s := range got.Reads {
		out.Read = append(out.Read, token.Encode(s))
	}
	return out, nil
}

// passRequest reads what a script asks. Faults: Invalid.
func passRequest(r *answer.Request) (q pass.Request, err error) {
	var in struct {
		Space, Right, Signature string
		Epoch                   int
		Read                    []string
	}
	bad := fault.New(fault.Invalid, "pass.serve.broken")
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil {
		return q, bad.Because(err)
	}
	q = pass.Request{Space: in.Space, Epoch: in.Epoch}
	ok := len(in.Read) == 0 || len(in.Read) == token.ReadPasses
	size := token.Right.Size()
	if in.Right != "" {
		var fits bool
		q.Right, fits = token.Decode(in.Right, size)
		ok = ok && fits
	}
	for _, s := range in.Read {
		b, fits := token.Decode(s, size)
		q.Reads, ok = append(q.Reads, b), ok && fits
	}
	q.Signature, _ = token.Decode(in.Signature, ed25519.SignatureSize) // none verifies as none
	if !ok {
		return q, bad
	}
	return q, nil
}

// requestKey reads the field of that name: empty, or a public key.
func requestKey(s string) (string, error) {
	if _, ok := token.Decode(s, ed25519.PublicKeySize); s != "" && !ok {
		return "", fault.New(fault.Invalid, "key.login.broken")
	}
	return s, nil
}

func publicKey(s string) ed25519.PublicKey {
	b, ok := token.Decode(s, ed25519.PublicKeySize)
	if !ok {
		return nil
	}
	return b
}
