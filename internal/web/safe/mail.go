package safe

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
)

// shown is a mail as it travels. Bodies are padded with spaces to steps of 4,096
// bytes, as visits are.
type shown struct {
	Epoch   int        `json:"epoch"`
	Blinded wire.Bytes `json:"blinded"`
	Mail    wire.Bytes `json:"mail"` // the file as it was saved
}

// mail answers a platform's mail with a blind signature. Nothing ties it to the
// account that will use it, and nothing of it is kept.
func (d *Door) mail(w http.ResponseWriter, r *http.Request) {
	select {
	case d.seats <- struct{}{}:
		defer func() { <-d.seats }()
	case <-r.Context().Done():
		return
	}
	l := speaks(r)
	body, err := read(w, r, wire.MaxBody, bodyTime)
	if err != nil {
		d.refuse(w, l, err)
		return
	}
	in, err := readShown(body)
	if err != nil {
		d.refuse(w, l, err)
		return
	}
	sig, err := d.Mail(r.Context(), in.Epoch, in.Blinded, in.Mail)
	if err != nil {
		d.refuse(w, l, err)
		return
	}
	b, _ := json.Marshal(map[string]wire.Bytes{"signature": sig})
	b = append(b, strings.Repeat(" ", max(0, wire.Step-len(b)))...)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b)
}

// readShown reads a body. Faults: Invalid for what no client sends.
func readShown(body []byte) (in shown, err error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	broken := fault.New(fault.Invalid, "safe.broken")
	if dec.Decode(&in) != nil || in.Epoch < 0 || in.Epoch > math.MaxInt32 || len(in.Mail) == 0 {
		return in, broken
	}
	if _, err := dec.Token(); err != io.EOF {
		return in, broken
	}
	return in, nil
}
