package card

import (
	"bufio"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Write writes cards as version V4 or V3.
func Write(w io.Writer, cards []Card, v Version) error {
	b := bufio.NewWriter(w)
	for _, c := range cards {
		writeLine(b, "BEGIN:VCARD")
		writeLine(b, "VERSION:"+string(v))
		if v == V4 {
			c.write4(b)
		} else {
			c.write3(b)
		}
		writeLine(b, "END:VCARD")
	}
	return b.Flush()
}

// once are the properties that version 4 allows once.
var once = []string{"N", "BDAY", "ANNIVERSARY", "GENDER", "REV", "PRODID", "UID", "KIND"}

func (c Card) write4(w *bufio.Writer) {
	seen := map[string]bool{}
	for _, p := range c.Properties {
		p = p.clone()
		name := p.Name
		if slices.Contains(earlierNames, name) || seen[name] && slices.Contains(once, name) {
			name = "X-" + strings.TrimPrefix(name, "X-")
		}
		seen[p.Name] = true
		p.padded()
		value := p.value()
		switch {
		case p.Data != nil:
			value = "data:" + p.Media + ";base64," + base64.StdEncoding.EncodeToString(p.Data)
			if forms[p.Name] != uri {
				p.add("VALUE", "uri")
			}
		case forms[p.Name] == uri && isURI(p):
			p.drop("VALUE") // it is the default there
		}
		p.writeLine(w, name, value, V4)
	}
}

func isURI(p Property) bool {
	v := p.param("VALUE")
	return len(v) > 0 && strings.EqualFold(v[0], "uri")
}

func (c Card) write3(w *bufio.Writer) {
	if c.first("N") == nil {
		n := Property{Name: "N", Parts: [][]string{{c.first("FN").Text()}, {""}, {""}, {""}, {""}}}
		c.Properties = append([]Property{n}, c.Properties...)
	}
	for _, p := range c.Properties {
		p = p.clone()
		name, label := p.Name, p.param("LABEL")
		if slices.Contains(laterNames, name) {
			name = "X-" + name
		}
		if p.Name == "ADR" {
			p.drop("LABEL")
		}
		if p.Name == "N" && len(p.param("SORT-AS")) > 0 {
			sort := Property{Name: "SORT-STRING", Parts: [][]string{{strings.Join(p.param("SORT-AS"), ",")}}}
			p.drop("SORT-AS")
			sort.writeLine(w, sort.Name, sort.value(), V3)
		}
		types := p.param("TYPE")
		p.padded()
		name, value := p.earlier(name)
		p.writeLine(w, name, value, V3)
		if p.Name == "ADR" && len(label) > 0 {
			l := Property{Name: "LABEL", Params: []Param{{"TYPE", slices.Clone(types)}}, Parts: [][]string{{strings.Join(label, "\n")}}}
			if len(types) == 0 {
				l.Params = nil
			}
			l.writeLine(w, l.Name, l.value(), V3)
		}
	}
}

// earlier gives name and value of a property in version 3, and fits its parameters.
func (p *Property) earlier(name string) (string, string) {
	if pref := p.param("PREF"); len(pref) > 0 && pref[0] == "1" {
		p.drop("PREF")
		p.add("TYPE", "pref")
	}
	if p.Data != nil {
		p.earlierData()
	}
	for i := range p.Params {
		if slices.Contains(laterParams, p.Params[i].Name) {
			p.Params[i].Name = "X-" + p.Params[i].Name
		}
	}
	if p.Data != nil {
		return name, base64.StdEncoding.EncodeToString(p.Data)
	}
	switch p.Name {
	case "BDAY", "ANNIVERSARY", "REV":
		return p.earlierDate(name)
	case "GEO":
		if lat, long, found := strings.Cut(strings.TrimPrefix(p.Text(), "geo:"), ","); found && oldGeo.MatchString(lat+";"+long) {
			return name, lat + ";" + long
		}
		return "X-GEO", p.value()
	case "TEL":
		if number, called := strings.CutPrefix(p.Text(), "tel:"); called && isURI(*p) {
			p.drop("VALUE")
			p.setText(number)
		}
	case "PHOTO", "LOGO", "SOUND", "KEY":
		if !isURI(*p) && strings.Contains(p.Text(), ":") {
			p.drop("VALUE")
			p.add("VALUE", "uri")
		}
	}
	return name, p.value()
}

func (p *Property) earlierData() {
	p.add("ENCODING", "b")
	for kind, media := range medias {
		if media == p.Media {
			p.add("TYPE", kind)
			return
		}
	}
	p.add("MEDIATYPE", p.Media)
}

// earlierDate writes a date as version 3 does. What it cannot say keeps the form of
// version 4 under another name; a day without a year is said as telephones say it.
func (p *Property) earlierDate(name string) (string, string) {
	s := p.Text()
	day, clock, timed := strings.Cut(s, "T")
	switch {
	case !p.Raw:
		return "X-" + strings.TrimPrefix(name, "X-"), p.value()
	case len(day) == 6 && strings.HasPrefix(day, "--") && !timed:
		p.add("X-APPLE-OMIT-YEAR", "1604")
		return name, "1604-" + day[2:4] + "-" + day[4:]
	case len(day) != 8 || strings.HasPrefix(day, "-"):
		return "X-" + strings.TrimPrefix(name, "X-"), s
	}
	s = day[:4] + "-" + day[4:6] + "-" + day[6:]
	if !timed {
		return name, s
	}
	for len(strings.TrimRight(clock, "Z")) < 6 || strings.IndexAny(clock, "+-") >= 0 && strings.IndexAny(clock, "+-") < 6 {
		i := strings.IndexAny(clock+"Z", "Z+-")
		clock = clock[:i] + "00" + clock[i:]
	}
	zone := clock[6:]
	if len(zone) == 5 {
		zone = zone[:3] + ":" + zone[3:]
	}
	return name, s + "T" + clock[:2] + ":" + clock[2:4] + ":" + clock[4:6] + zone
}

// padded gives names and addresses all their components.
func (p *Property) padded() {
	for least := map[string]int{"N": 5, "ADR": 7}[p.Name]; len(p.Parts) < least; {
		p.Parts = append(p.Parts, []string{""})
	}
}

// clone lets writing change what it needs to.
func (p Property) clone() Property {
	params := make([]Param, len(p.Params))
	for i, q := range p.Params {
		params[i] = Param{q.Name, slices.Clone(q.Values)}
	}
	p.Params, p.Parts = params, slices.Clone(p.Parts)
	return p
}

func (p *Property) writeLine(w *bufio.Writer, name, value string, v Version) {
	var b strings.Builder
	if p.Group != "" {
		b.WriteString(p.Group + ".")
	}
	b.WriteString(name)
	for _, q := range p.Params {
		b.WriteString(";" + q.Name + "=")
		for i, x := range q.Values {
			if i > 0 {
				b.WriteString(",")
			}
			if q.Name == "TYPE" && v == V3 {
				x = strings.ToUpper(x)
			}
			b.WriteString(quote(q.Name, x))
		}
	}
	writeLine(w, b.String()+":"+value)
}

// quote writes the value of a parameter (RFC 6350, 5, and RFC 6868).
func quote(name, s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if name == "LABEL" {
		s = strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(s)
	}
	s = strings.NewReplacer("^", "^^", "\n", "^n", "\r", "^n", `"`, "^'").Replace(s)
	if strings.ContainsAny(s, ",;:\\ ") {
		return `"` + s + `"`
	}
	return s
}

// fold is the most bytes of a line (RFC 6350, 3.2).
const fold = 75

// writeLine folds a line where it must, never inside a letter.
func writeLine(w *bufio.Writer, s string) {
	for most := fold; len(s) > most; most = fold - 1 {
		at := most
		for at > 0 && !utf8.RuneStart(s[at]) {
			at--
		}
		_, _ = w.WriteString(s[:at] + "\r\n ") // Flush tells
		s = s[at:]
	}
	_, _ = w.WriteString(s + "\r\n")
}
