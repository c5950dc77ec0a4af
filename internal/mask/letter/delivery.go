package letter

import "encoding/binary"

// Together is how many letters one request to a hall holds at most.
const Together = 256

// MaxDelivery is the most bytes of a request, MaxAnswers those of what comes back.
const (
	MaxDelivery = Together * (4 + sealedBy + Long)
	MaxAnswers  = Together * (4 + AnswerSize)
)

// Join writes letters, or answers, one after another: of each u32(length), then itself.
func Join(list [][]byte) []byte {
	n := 0
	for _, one := range list {
		n += 4 + len(one)
	}
	b := make([]byte, 0, n)
	for _, one := range list {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(one))), one...)
	}
	return b
}

// Split reads the letters of a delivery. They share b's memory. Faults: Invalid for
// what Join did not write of letters, or of none, or of too many.
func Split(b []byte) ([][]byte, error) { return split(b, Fits) }

// SplitAnswers reads the answers to a delivery, likewise.
func SplitAnswers(b []byte) ([][]byte, error) {
	return split(b, func(n int64) bool { return n == AnswerSize })
}

func split(b []byte, fits func(int64) bool) (list [][]byte, err error) {
	for len(b) > 0 {
		if len(b) < 4 || len(list) == Together {
			return nil, errNoLetter
		}
		n := int64(binary.BigEndian.Uint32(b))
		if !fits(n) || n > int64(len(b)-4) {
			return nil, errNoLetter
		}
		list, b = append(list, b[4:4+n:4+n]), b[4+n:]
	}
	if len(list) == 0 {
		return nil, errNoLetter
	}
	return list, nil
}
