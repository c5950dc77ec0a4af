package card

import (
	"cmp"
	"encoding/base64"
	"io"
	"maps"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// Read reads all cards of a file. A fault is an *Error with the line it stands in.
func Read(b []byte) ([]Card, error) {
	if len(b) > MaxBytes {
		return nil, wrong(1, "the file is larger than %d MB", MaxBytes>>20)
	}
	s, err := decoded(b)
	if err != nil {
		return nil, err
	}
	u := &unfolder{rows: split(s)}
	var cards []Card
	for {
		l, more := u.take(V3)
		if !more {
			break
		}
		if !is(l.text, "BEGIN:VCARD") {
			return nil, wrong(l.at, "a card begins with BEGIN:VCARD, and this does not")
		}
		if len(cards) == MaxCards {
			return nil, wrong(l.at, "more than %d cards in one file", MaxCards)
		}
		c, err := readCard(u, l.at)
		if err != nil {
			return nil, err
		}
		cards = append(cards, c)
	}
	if len(cards) == 0 {
		return nil, wrong(1, "there is no card in it")
	}
	return cards, nil
}

func is(row, want string) bool {
	name, value, _ := strings.Cut(row, ":")
	return strings.EqualFold(strings.TrimSpace(name)+":"+strings.TrimSpace(value), want)
}

// readCard reads what follows BEGIN, up to END.
func readCard(u *unfolder, began int) (c Card, err error) {
	v := u.version()
	if v == "" {
		return c, wrong(began, "the card does not say which VERSION it is (2.1, 3.0 and 4.0 are read)")
	}
	for {
		l, more := u.take(v)
		if !more {
			return c, wrong(began, "the card that begins here never ends: END:VCARD is missing")
		}
		if is(l.text, "END:VCARD") {
			return c, finish(&c, v, began)
		}
		if is(l.text, "BEGIN:VCARD") {
			return c, wrong(l.at, "a card begins inside another, which began in line %d", began)
		}
		p, err := readLine(l, v)
		if err != nil {
			return c, err
		}
		if p.Name == "AGENT" && v == V21 && p.Text() == "" {
			if err := u.agent(&p); err != nil {
				return c, err
			}
		}
		if p.Name != "VERSION" && p.Name != "PROFILE" {
			c.Properties = append(c.Properties, p)
		}
	}
}

// version looks ahead for the version of the card that has just begun.
func (u *unfolder) version() Version {
	for _, r := range u.rows[u.next:] {
		for _, v := range []Version{V21, V3, V4} {
			if is(r, "VERSION:"+string(v)) {
				return v
			}
		}
		if is(r, "END:VCARD") || is(r, "BEGIN:VCARD") {
			return ""
		}
	}
	return ""
}

// agent takes the card inside a card that version 2.1 allows as its text.
func (u *unfolder) agent(p *Property) error {
	if u.next >= len(u.rows) || !is(u.rows[u.next], "BEGIN:VCARD") {
		return nil
	}
	began, depth := u.next, 0
	for u.next < len(u.rows) {
		r := u.rows[u.next]
		u.next++
		switch {
		case is(r, "BEGIN:VCARD"):
			depth++
		case is(r, "END:VCARD"):
			depth--
		}
		if depth == 0 {
			p.setText(strings.Join(u.rows[began:u.next], "\n"))
			return nil
		}
	}
	return wrong(began+1, "the card that begins here never ends: END:VCARD is missing")
}

var nameOf = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// readLine reads one property.
func readLine(l line, v Version) (p Property, err error) {
	p.line = l.at
	head, value, found := cutValue(l.text)
	if !found {
		return p, wrong(l.at, "no colon: this is no line of a card")
	}
	words := cutOutside(head, ';')
	name := strings.TrimSpace(words[0])
	if group, rest, grouped := strings.Cut(name, "."); grouped {
		if !nameOf.MatchString(group) {
			return p, wrong(l.at, "%.40q is no name of a group", group)
		}
		p.Group, name = group, rest
	}
	if !nameOf.MatchString(name) {
		return p, wrong(l.at, "%.40q is no name of a property", name)
	}
	p.Name = canonical(strings.ToUpper(name))
	for _, w := range words[1:] {
		if err := p.readParam(w, v); err != nil {
			return p, err
		}
	}
	if err := p.readValue(value, v); err != nil {
		return p, err
	}
	return p, p.printed()
}

// printed refuses what no text has, wherever it came from.
func (p *Property) printed() error {
	all := slices.Concat(p.Parts...)
	for _, q := range p.Params {
		all = append(all, q.Values...)
	}
	for _, s := range all {
		if i := strings.IndexFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }); i >= 0 {
			return wrong(p.line, "a sign that cannot be printed (%#x) stands in a text", s[i])
		}
	}
	return nil
}

// cutValue cuts at the first colon that stands in no quotes.
func cutValue(s string) (head, value string, found bool) {
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ':' && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return strings.Cut(s, ":") // a quote that nobody closes
}

// cutOutside cuts at a mark that stands in no quotes.
func cutOutside(s string, mark byte) (list []string) {
	quoted, from := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == mark && !quoted:
			list, from = append(list, s[from:i]), i+1
		}
	}
	return append(list, s[from:])
}

// readParam reads "TYPE=home", or "HOME" as version 2.1 writes it.
func (p *Property) readParam(s string, v Version) error {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil
	}
	name, value, named := strings.Cut(s, "=")
	if !named {
		return p.bare(strings.ToUpper(s), v)
	}
	name = strings.ToUpper(strings.TrimSpace(name))
	if !nameOf.MatchString(name) {
		return wrong(p.line, "%.40q is no name of a parameter", name)
	}
	for _, x := range cutOutside(value, ',') {
		x = strings.TrimSpace(x)
		if q := len(x); q > 1 && x[0] == '"' && x[q-1] == '"' {
			x = x[1 : q-1]
		}
		x = uncaret.Replace(x)
		if name == "TYPE" { // "work,voice" may stand in quotes together
			for _, one := range strings.Split(x, ",") {
				if one != "" {
					p.add(name, one)
				}
			}
			continue
		}
		if name == "LABEL" {
			x = unescape(x)
		}
		p.add(name, x)
	}
	return nil
}

// uncaret are the escapes of RFC 6868.
var uncaret = strings.NewReplacer("^n", "\n", "^'", `"`, "^^", "^")

// bare reads a parameter that has no name.
func (p *Property) bare(word string, v Version) error {
	switch word {
	case "QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B":
		p.add("ENCODING", word)
	case "INLINE", "URL", "CONTENT-ID", "CID":
		p.add("VALUE", word)
	default:
		if v == V4 || !nameOf.MatchString(word) {
			return wrong(p.line, "the parameter %.40q has no value", word)
		}
		p.add("TYPE", word)
	}
	return nil
}

// readValue reads the value by how it is encoded and built.
func (p *Property) readValue(s string, v Version) (err error) {
	encoding := ""
	if e := p.param("ENCODING"); len(e) > 0 {
		encoding = strings.ToUpper(e[0])
	}
	charset := p.param("CHARSET")
	p.drop("ENCODING")
	p.drop("CHARSET")
	switch encoding {
	case "", "8BIT", "7BIT":
	case "QUOTED-PRINTABLE":
		if s, err = p.printable(s, charset); err != nil {
			return err
		}
	case "BASE64", "B":
		if err := p.readData(s); err != nil || !p.words() {
			return err
		}
		s, v = strings.ReplaceAll(string(p.Data), "\r\n", "\n"), V21 // a text all the same
		p.Data, p.Media = nil, ""
	default:
		return wrong(p.line, "the encoding %.40q is not known", encoding)
	}
	f := formOf(p)
	if named, known := forms[p.Name]; f == uri && (named == uri || !known) && v != V21 && strings.HasPrefix(strings.ToLower(s), "data:") {
		return p.readDataURI(s)
	}
	if v == V21 {
		p.Parts = oldParts(s, f)
	} else {
		p.Parts = parts(s, f)
	}
	p.Raw = f == plain
	return nil
}

// badQuote finds an equals sign that begins no letter and ends no line.
var badQuote = regexp.MustCompile(`=(?:[^0-9A-Fa-f\n]|[0-9A-Fa-f](?:[^0-9A-Fa-f]|$))`)

// printable decodes quoted-printable, in whatever letters it is.
func (p *Property) printable(s string, charset []string) (string, error) {
	if badQuote.MatchString(s) {
		return "", wrong(p.line, "this is no quoted-printable text: behind = stand two digits of 0 to 9 and A to F")
	}
	b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(s)))
	if err != nil {
		return "", wrong(p.line, "this is no quoted-printable text")
	}
	out := strings.ReplaceAll(string(b), "\r\n", "\n")
	if len(charset) > 0 && !strings.EqualFold(charset[0], "UTF-8") {
		e, err := htmlindex.Get(charset[0])
		if err != nil {
			return "", wrong(p.line, "the letters %.40q are not known", charset[0])
		}
		if out, err = e.NewDecoder().String(out); err != nil {
			return "", wrong(p.line, "these are not letters of %.40q", charset[0])
		}
	}
	if !utf8.ValidString(out) {
		if len(charset) > 0 {
			return "", wrong(p.line, "these are not letters of %.40q", charset[0])
		}
		e, _ := htmlindex.Get("windows-1252")
		return e.NewDecoder().String(out)
	}
	return out, nil
}

// readData reads Base64 and what it is of.
func (p *Property) readData(s string) error {
	s = strings.Join(strings.Fields(s), "")
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "=")) // some write too many of these
	if err != nil {
		return wrong(p.line, "this is no Base64, or part of it is missing")
	}
	p.Data, p.Media = slices.Concat([]byte{}, b), ""
	p.drop("VALUE")
	for _, kind := range slices.Sorted(maps.Keys(medias)) {
		if slices.ContainsFunc(p.param("TYPE"), func(t string) bool { return strings.EqualFold(t, kind) }) {
			p.take(kind)
			p.Media = medias[kind]
		}
	}
	if p.Media == "" {
		p.Media, _, _ = strings.Cut(http.DetectContentType(b), ";")
	}
	return nil
}

// words tells whether data is of a property that has words, and is words.
func (p *Property) words() bool {
	f, known := forms[p.Name]
	return known && f != uri && utf8.Valid(p.Data)
}

// medias are the kinds of data that versions before 4 have words for.
var medias = map[string]string{
	"JPEG": "image/jpeg", "GIF": "image/gif", "PNG": "image/png", "BMP": "image/bmp", "TIFF": "image/tiff", "WEBP": "image/webp",
	"WAVE": "audio/wave", "BASIC": "audio/basic", "AIFF": "audio/aiff", "OGG": "audio/ogg",
	"X509": "application/pkix-cert", "PGP": "application/pgp-keys",
}

// readDataURI reads "data:image/png;base64,…" (RFC 2397); one in another form stays an address.
func (p *Property) readDataURI(s string) error {
	head, data, found := strings.Cut(s[len("data:"):], ",")
	media, based := strings.CutSuffix(head, ";base64")
	if !found || !based {
		p.setText(s)
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(data, `\`, ""))
	if err != nil {
		return wrong(p.line, "this is no Base64, or part of it is missing")
	}
	p.Data, p.Media = slices.Concat([]byte{}, b), cmp.Or(media, "text/plain") // as RFC 2397 has it
	p.drop("VALUE")
	p.drop("MEDIATYPE")
	return nil
}
