package wire

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/pass/token"
)

// Version is the version of visits, answers and bundles.
const Version = 1

// signatureSize is the length of a signature as it travels.
const signatureSize = 86

// partingSize is the least length of a parting visit, whether it says something or
// nothing, so that whoever watches the line cannot tell most posts from silence.
const partingSize = 2 * Step

// Bytes are bytes that travel as base64url without padding.
type Bytes []byte

// MarshalText writes base64url.
func (b Bytes) MarshalText() ([]byte, error) { return []byte(token.Encode(b)), nil }

// UnmarshalText reads what MarshalText wrote and nothing else.
func (b *Bytes) UnmarshalText(s []byte) error {
	v, ok := token.Decode(string(s), len(s)*3/4)
	if !ok {
		return broken("pass.visit.broken")
	}
	*b = v
	return nil
}

// Visit is everything that one key does at once.
type Visit struct {
	V     int    `json:"v"`
	Space string `json:"space"`
	Day   int    `json:"day"`
	Lang  string `json:"lang"`
	Key   Bytes  `json:"key"`            // Ed25519; it signs the visit
	Pass  *Pass  `json:"pass,omitempty"` // when the key is no mask
	Acts  []Act  `json:"acts"`
	// Parting says that the page was put away and nobody reads the answer, which
	// then holds no bundle.
	Parting bool `json:"parting,omitempty"`
}

// Pass is a pass as it travels in a visit, whose key and space belong to it.
type Pass struct {
	Purpose   token.Purpose `json:"purpose"`
	Epoch     int           `json:"epoch"`
	Prefix    Bytes         `json:"prefix"`
	Signature Bytes         `json:"signature"`
}

// Token gives the pass of the visit for checking; nil when there is none.
func (v *Visit) Token() *token.Pass {
	if v.Pass == nil {
		return nil
	}
	return &token.Pass{
		Slot:   token.Slot{Purpose: v.Pass.Purpose, Space: v.Space, Epoch: v.Pass.Epoch},
		Prefix: v.Pass.Prefix, Key: ed25519.PublicKey(v.Key), Signature: v.Pass.Signature,
	}
}

// Show puts a pass into the visit whose key it names.
func (v *Visit) Show(p token.Pass) {
	v.Pass = &Pass{Purpose: p.Purpose, Epoch: p.Epoch, Prefix: p.Prefix, Signature: p.Signature}
}

// Seal makes the body of a visit: it sets version and key, signs and pads.
// Faults: Invalid for a visit that Open would refuse.
func Seal(v Visit, key ed25519.PrivateKey) ([]byte, error) {
	v.V, v.Key = Version, Bytes(key.Public().(ed25519.PublicKey))
	if v.Acts == nil {
		v.Acts = []Act{} // "acts" is a list, also when nothing is done
	}
	if err := v.check(); err != nil {
		return nil, err
	}
	for _, a := range v.Acts {
		if err := a.Check(); err != nil {
			return nil, err
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil, broken("pass.visit.broken").Because(err)
	}
	sig := ed25519.Sign(key, signed(b))
	body := append([]byte(token.Encode(sig)), '\n')
	body = append(body, b...)
	body = append(body, bytes.Repeat([]byte{' '}, v.length(len(body))-len(body))...)
	if len(body) > MaxBody {
		return nil, broken("pass.visit.long")
	}
	return body, nil
}

// Open reads the body of a visit: the signature is the key's, the length a step,
// every field known and within its limit. Whether the day is right, the key a
// mask, the pass good and each act well-formed (Act.Check), the caller looks. Faults: Invalid for what no client
// sends, Forbidden when the signature is not the key's.
func Open(body []byte) (*Visit, error) {
	v, b, sig, err := parse(body)
	if err != nil {
		return nil, err
	}
	if !ed25519.Verify(ed25519.PublicKey(v.Key), signed(b), sig) {
		return nil, fault.New(fault.Forbidden, "pass.visit.unsigned")
	}
	return v, nil
}

// Reopen reads the body of a visit that Open has read before: these very bytes, whose
// signature need not be checked again. Faults: as of Open.
func Reopen(body []byte) (*Visit, error) {
	v, _, _, err := parse(body)
	return v, err
}

// parse takes a body apart: the visit, the bytes that are signed, and the signature.
func parse(body []byte) (v *Visit, b, sig []byte, err error) {
	if len(body) > MaxBody {
		return nil, nil, nil, broken("pass.visit.long")
	}
	if len(body) == 0 || len(body)%Step != 0 || body[signatureSize] != '\n' {
		return nil, nil, nil, broken("pass.visit.broken")
	}
	sig, ok := token.Decode(string(body[:signatureSize]), ed25519.SignatureSize)
	b = bytes.TrimRight(body[signatureSize+1:], " ")
	if !ok {
		return nil, nil, nil, broken("pass.visit.broken")
	}
	v = new(Visit)
	if err := strictly(b, v); err != nil {
		return nil, nil, nil, err
	}
	if len(body) != v.length(signatureSize+1+len(b)) { // a length of its own would mark somebody
		return nil, nil, nil, broken("pass.visit.broken")
	}
	return v, b, sig, v.check()
}

// Trim takes off a body the spaces that a letter adds to those of the visit itself,
// and gives what Open reads. A body that Seal made of a parting visit stays as it is.
func Trim(body []byte) []byte {
	n := len(bytes.TrimRight(body, " "))
	return body[:min(len(body), max(partingSize, stepped(n)))]
}

// length is how long the body of a visit is that takes n bytes: whole steps.
func (v *Visit) length(n int) int {
	if v.Parting {
		n = max(n, partingSize)
	}
	return stepped(n)
}

func signed(b []byte) []byte { return append([]byte("guildhall/masks/1/visit\x00"), b...) }

// check holds every field of the frame against its limit; acts are checked one by
// one, because a refused act does not stop the others.
func (v *Visit) check() error {
	slot := token.Slot{Purpose: token.Read, Space: v.Space, Epoch: 0}
	if v.V != Version || slot.Check() != nil || v.Day < 0 || len(v.Key) != ed25519.PublicKeySize ||
		!language(v.Lang) || v.Acts == nil || len(v.Acts) > MaxActs {
		return broken("pass.visit.broken")
	}
	if p := v.Pass; p != nil {
		size := p.Purpose.Size()
		if p.Purpose != token.Right && p.Purpose != token.Read && p.Purpose != token.Consultation || v.Token().Check() != nil ||
			len(p.Prefix) != token.PrefixSize || len(p.Signature) != size {
			return broken("pass.visit.broken")
		}
	}
	return nil
}

// language tells whether s can be the tag of a language; empty is none.
func language(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(s) <= 16
}

// strictly reads one JSON value without unknown fields into v.
func strictly(b []byte, v any) error {
	if !utf8.Valid(b) { // the decoder would put in marks, and other programs other ones
		return broken("pass.visit.broken")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return broken("pass.visit.broken").Because(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return broken("pass.visit.broken")
	}
	return nil
}

func broken(key string) *fault.Error { return fault.New(fault.Invalid, key) }
