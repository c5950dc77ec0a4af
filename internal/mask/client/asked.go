package client

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"strings"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// Paper is how its owner stands in a consultation of masks.
type Paper struct {
	Space   string      `json:"space"`
	Epoch   int         `json:"epoch"`             // whose masks are asked
	Pass    *token.Pass `json:"pass,omitempty"`    // nil before it came
	Refused string      `json:"refused,omitempty"` // why this mask gets none
	Count   int         `json:"count"`             // of Answers
	Answers string      `json:"answers"`           // a letter for each statement
}

// Paper gives how the owner stands in a consultation, to be changed and kept.
func (h *Home) Paper(space, id string, epoch int) *Paper {
	if h.State.Papers == nil {
		h.State.Papers = map[string]*Paper{}
	}
	p := h.State.Papers[id]
	if p == nil {
		p = &Paper{Space: space, Epoch: epoch}
		h.State.Papers[id] = p
	}
	return p
}

// Wanting lists the consultations of a space to which its mask has no pass yet and may
// get one, as far as this home knows.
func (h *Home) Wanting(m Mask, space string, asked []wire.Asked) []wire.Asked {
	return slices.DeleteFunc(slices.Clone(asked), func(a wire.Asked) bool {
		p := h.Paper(space, a.ID, a.Epoch)
		return p.Pass != nil || p.Refused != "" || epoch.Day(m.now()) > a.Until
	})
}

// ConsultationKeys reads the key of the passes to a consultation from both addresses of
// the hall, without the account. Faults: as of Keys.
func (m Mask) ConsultationKeys(ctx context.Context, id string, logged Logged) (k Keys, err error) {
	defer fault.Wrap(&err, "client.ConsultationKeys")
	one, err := fetch(ctx, m.client("keys"), m.Hall.URL.String()+"/consultations/"+url.PathEscape(id)+"/keys")
	if err != nil {
		return k, err
	}
	two, err := fetch(ctx, m.client("keys"), m.Hall.Safe().String()+"/keys?consultation="+url.QueryEscape(id))
	if err != nil {
		return k, err
	}
	if !bytes.Equal(one, two) {
		return k, fault.New(fault.Forbidden, "client.keys_differ")
	}
	return checkKeys(ctx, id, one, logged)
}

// admission is the request for the pass to a consultation. Faults: NotFound without a
// key.
func (h *Home) admission(id string, epoch int, k Keys) (*token.Request, error) {
	issuer, ok := k.Key(token.Consultation, epoch)
	if !ok {
		return nil, fault.New(fault.NotFound, "client.no_key")
	}
	return h.Root.ConsultationPass(id, epoch, issuer)
}

// Admission is the act by which the mask of a space asks for its pass to a consultation,
// whose keys are k. Faults: NotFound without a key.
func (h *Home) Admission(a wire.Asked, k Keys) (wire.Act, error) {
	q, err := h.admission(a.ID, a.Epoch, k)
	if err != nil {
		return wire.Act{}, err
	}
	return wire.Act{Do: wire.Admit, About: a.ID, Epoch: a.Epoch, Blinded: q.Blinded}, nil
}

// Admitted takes in what came of an admission: the pass, or why there is none. A pass
// that the key did not sign is a fault, and is not asked for again. Faults: Invalid.
func (h *Home) Admitted(space string, act wire.Act, r wire.Result, k Keys) error {
	p := h.Paper(space, act.About, act.Epoch)
	if !r.OK {
		if strings.HasPrefix(r.Error, "mask.admit.") { // it is for good
			p.Refused = r.Message
		}
		return h.Keep()
	}
	q, err := h.admission(act.About, act.Epoch, k)
	if err != nil {
		return err
	}
	pass, err := q.Finalize(r.Signature)
	if err != nil {
		return err
	}
	p.Pass = &pass
	return h.Keep()
}

// Opine says acts with the pass to a consultation, in a visit of its own on a connection
// of its own. Faults: Forbidden without a pass, and as of Mask.Visit.
func (h *Home) Opine(ctx context.Context, m Mask, id string, acts ...wire.Act) ([]wire.Result, error) {
	p := h.State.Papers[id]
	if p == nil || p.Pass == nil {
		return nil, errNoPaper
	}
	rs, _, err := m.Visit(ctx, id, h.Root.ConsultationKey(id), p.Pass, acts...)
	return rs, err
}

// OpineByLetter does the same by letter.
func (h *Home) OpineByLetter(ctx context.Context, m Mask, k Keys, id string, acts ...wire.Act) error {
	p := h.State.Papers[id]
	if p == nil || p.Pass == nil {
		return errNoPaper
	}
	v := wire.Visit{Space: id, Acts: acts}
	v.Show(*p.Pass)
	return h.post(ctx, m, p.Space, k, v, h.Root.ConsultationKey(id))
}

var errNoPaper = fault.New(fault.Forbidden, "client.no_paper")

// Opinion is the act that says all answers of a consultation after some were changed.
func (p *Paper) Opinion() wire.Act {
	return wire.Act{Do: wire.Opine, Count: p.Count, Answers: p.Answers}
}

// Change sets the answers to some statements, each one of + - 0, and counts that as one
// change of mind.
func (p *Paper) Change(letters map[int]byte) {
	row := []byte(p.Answers)
	for n, letter := range letters {
		for len(row) < n {
			row = append(row, '.')
		}
		row[n-1] = letter
	}
	p.Answers = string(row)
	p.Count++
}

// Hold takes in what the hall says holds. Another device may have said more: then what
// that said stands, and it tells so.
func (p *Paper) Hold(r wire.Result) (others bool) {
	if r.Count < p.Count || r.Count == p.Count && r.Answers == p.Answers {
		return false
	}
	p.Count, p.Answers = r.Count, r.Answers
	return true
}
