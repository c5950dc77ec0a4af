package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"

	"guildhall/internal/fault"
)

// Answer is the first part of what the hall says to a visit.
type Answer struct {
	V       int      `json:"v"`
	Results []Result `json:"results"` // one for each act, in their order
}

// Body is the body of an answer in pieces: the bundle's is shared by all who read,
// and never copied.
type Body [][]byte

// Len is its length in bytes.
func (b Body) Len() (n int) {
	for _, piece := range b {
		n += len(piece)
	}
	return n
}

// WriteTo writes all of it. Faults: w's.
func (b Body) WriteTo(w io.Writer) (n int64, err error) {
	for _, piece := range b {
		m, err := w.Write(piece)
		if n += int64(m); err != nil {
			return n, err
		}
	}
	return n, nil
}

// WriteAnswer makes the body of an answer: the results, then a bundle already
// packed with gzip; an empty one for who may not read. Both parts are padded.
func WriteAnswer(results []Result, bundle []byte) (Body, error) {
	if results == nil {
		results = []Result{}
	}
	b, err := json.Marshal(Answer{V: Version, Results: results})
	if err != nil {
		return nil, fault.New(fault.Internal, "fault.internal").Because(err)
	}
	head := appendPart(make([]byte, 0, stepped(4+len(b))+4), b)
	head = binary.BigEndian.AppendUint32(head, uint32(len(bundle)))
	return Body{head, bundle, zeros[:stepped(4+len(bundle))-4-len(bundle)]}, nil
}

// ReadAnswer takes an answer apart; bundle is packed still. Clients use it.
// Faults: Invalid.
func ReadAnswer(body []byte) (a Answer, bundle []byte, err error) {
	first, rest, ok := cutPart(body)
	if !ok {
		return Answer{}, nil, broken("pass.reply.broken")
	}
	bundle, rest, ok = cutPart(rest)
	if !ok || len(rest) > 0 {
		return Answer{}, nil, broken("pass.reply.broken")
	}
	d := json.NewDecoder(bytes.NewReader(first)) // a newer hall may say more
	if d.Decode(&a) != nil || a.V != Version {
		return Answer{}, nil, broken("pass.reply.broken")
	}
	return a, bundle, nil
}

// appendPart writes u32(length) ‖ part ‖ zeros up to a step.
func appendPart(b, part []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
	b = append(b, part...)
	return append(b, zeros[:stepped(len(b))-len(b)]...)
}

var zeros [Step]byte

// stepped is the next multiple of Step.
func stepped(n int) int { return (n + Step - 1) / Step * Step }

// cutPart reads what appendPart wrote; the padding must be zeros.
func cutPart(b []byte) (part, rest []byte, ok bool) {
	if len(b) < Step || len(b) > MaxAnswer {
		return nil, nil, false
	}
	n := int64(binary.BigEndian.Uint32(b)) + 4
	end := (n + Step - 1) / Step * Step
	if end > int64(len(b)) || len(bytes.Trim(b[n:end], "\x00")) > 0 {
		return nil, nil, false
	}
	return b[4:n], b[end:], true
}
