package proof

import (
	"bytes"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
)

// message is a mail, as far as it matters.
type message struct {
	raw        []byte // with CRLF everywhere
	from       string // domain of the only sender, lower case
	to         string // the only recipient's address, lower case
	date       time.Time
	signatures []signature
}

// signature is a DKIM-Signature as its tags say it; whether it is true is for
// the library.
type signature struct {
	n        int // which one of the message
	domain   string
	selector string
	headers  []string
	made     time.Time // its own word, else the mail's date
	expires  time.Time
	part     bool // it covers a part of the body only (l=)
	value    string
}

// check refuses what a signature may be and a proof may not.
func (s signature) check() error {
	if s.part {
		return refuse("part")
	}
	for _, must := range []string{"from", "to", "date"} {
		if !slices.Contains(s.headers, must) {
			return refuse("bare")
		}
	}
	return nil
}

// marks names what may count once: the signature, and the person it was sent to.
func (m *message) marks(hash func(string, []byte) [32]byte) [][32]byte {
	marks := [][32]byte{hash("to", []byte(m.to))}
	for _, s := range m.signatures {
		marks = append(marks, hash("signature", []byte(s.value)))
	}
	return marks
}

// parse reads the head of a mail as the library does, and refuses what two
// programs could read differently.
func parse(b []byte) (*message, error) {
	if len(b) > MaxBytes {
		return nil, refuse("large")
	}
	m := &message{raw: lines(b)}
	fields, err := head(m.raw)
	if err != nil {
		return nil, err
	}
	var from, to, date []string
	var signed []string
	for _, f := range fields {
		switch f.name {
		case "from":
			from = append(from, f.value)
		case "to":
			to = append(to, f.value)
		case "date":
			date = append(date, f.value)
		case "dkim-signature":
			signed = append(signed, f.value)
		}
	}
	if err := m.people(from, to, date); err != nil {
		return nil, err
	}
	if len(signed) > maxSignatures {
		return nil, refuse("none")
	}
	for i, v := range signed {
		s := tags(v, m.date)
		s.n = i
		m.signatures = append(m.signatures, s)
	}
	return m, nil
}

// people reads who wrote to whom and when: one each.
func (m *message) people(from, to, date []string) error {
	switch {
	case len(from) > 1:
		return refuse("several_from")
	case len(to) > 1 || len(date) > 1:
		return refuse("several")
	case len(from) == 0 || len(to) == 0 || len(date) == 0:
		return refuse("none")
	}
	a, err := mail.ParseAddressList(from[0])
	if err != nil {
		return refuse("none")
	}
	if len(a) > 1 {
		return refuse("several_from")
	}
	_, domain, _ := strings.Cut(a[0].Address, "@")
	m.from = strings.ToLower(domain)
	if a, err = mail.ParseAddressList(to[0]); err != nil || len(a) != 1 {
		return refuse("several")
	}
	m.to = strings.ToLower(a[0].Address)
	if m.date, err = mail.ParseDate(date[0]); err != nil {
		return refuse("none")
	}
	return nil
}

// lines makes all ends of lines CRLF, as mail is signed, and leaves out the line
// that mailboxes put before a mail.
func lines(b []byte) []byte {
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	if bytes.HasPrefix(b, []byte("From ")) {
		_, b, _ = bytes.Cut(b, []byte("\n"))
	}
	return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))
}

// field is one line of a head, unfolded.
type field struct{ name, value string }

// head reads the fields up to the empty line.
func head(raw []byte) (fields []field, err error) {
	for {
		l, rest, ok := bytes.Cut(raw, []byte("\r\n"))
		raw = rest
		switch {
		case !ok:
			return nil, refuse("none")
		case len(l) == 0:
			if len(fields) == 0 {
				return nil, refuse("none")
			}
			return fields, nil
		case (l[0] == ' ' || l[0] == '\t') && len(fields) > 0:
			fields[len(fields)-1].value += " " + string(bytes.TrimSpace(l))
		default:
			name, value, ok := strings.Cut(string(l), ":")
			if !ok || name == "" || strings.ContainsAny(name, " \t\r") {
				return nil, refuse("none")
			}
			fields = append(fields, field{strings.ToLower(name), strings.TrimSpace(value)})
		}
	}
}

// tags reads the tags of a signature. A broken one is left for the library to
// refuse.
func tags(v string, date time.Time) (s signature) {
	s.made = date
	for t := range strings.SplitSeq(v, ";") {
		name, value, _ := strings.Cut(t, "=")
		value = strings.Join(strings.Fields(value), "")
		switch strings.TrimSpace(name) {
		case "d":
			s.domain = strings.ToLower(value)
		case "s":
			s.selector = value
		case "h":
			s.headers = strings.Split(strings.ToLower(value), ":")
		case "t":
			if n, err := strconv.ParseInt(value, 10, 64); err == nil {
				s.made = time.Unix(n, 0)
			}
		case "x":
			if n, err := strconv.ParseInt(value, 10, 64); err == nil {
				s.expires = time.Unix(n, 0)
			}
		case "l":
			s.part = true
		case "b":
			s.value = value
		}
	}
	return s
}

// revoked tells whether a key's record says that the key is no longer good.
func revoked(record string) bool {
	for t := range strings.SplitSeq(record, ";") {
		if name, value, ok := strings.Cut(t, "="); ok && strings.TrimSpace(name) == "p" {
			return strings.TrimSpace(value) == ""
		}
	}
	return true
}
