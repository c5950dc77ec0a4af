package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"

	"guildhall/internal/fault"
)

// Answer is the first part of what the hall says to a visit.
type Answer struct {
	V       int      `json:"v"`
	Results []Result `json:"results"` // one for each act, in their order
}

// WriteAnswer makes the body of an answer: the results, then a bundle already
// packed with gzip; an empty one for who may not read. Both parts are padded.
func WriteAnswer(results []Result, bundle []byte) ([]byte, error) {
	if results == nil {
		results = []Result{}
	}
	b, err := json.Marshal(Answer{V: Version, Results: results})
	if err != nil {
		return nil, fault.New(fault.Internal, "fault.internal").Because(err)
	}
	out := make([]byte, 0, stepped(4+len(b))+stepped(4+len(bundle))) // once: a bundle is large
	return appendPart(appendPart(out, b), bundle), nil
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
