package card

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// aliases are names that programs have for what version 4 has a name of its own for.
var aliases = map[string]string{
	"X-MS-ANNIVERSARY": "ANNIVERSARY", "X-ADDRESSBOOKSERVER-KIND": "KIND", "X-ADDRESSBOOKSERVER-MEMBER": "MEMBER",
	"X-BDAY": "BDAY", "X-REV": "REV", "X-GEO": "GEO",
}

// canonical is a property's name as version 4 has it.
func canonical(name string) string {
	if n, known := aliases[name]; known {
		return n
	}
	if n, ours := strings.CutPrefix(name, "X-"); ours && (slices.Contains(laterNames, n) || slices.Contains(earlierNames, n)) {
		return n
	}
	return name
}

// laterParams are those that version 3 has not; there they are X-….
var laterParams = []string{"ALTID", "PID", "MEDIATYPE", "CALSCALE", "GEO", "TZ", "PREF", "SORT-AS"}

// canonicalise brings what is said differently before version 4 into its form.
func (p *Property) canonicalise() {
	for i := range p.Params {
		if n, ours := strings.CutPrefix(p.Params[i].Name, "X-"); ours && slices.Contains(laterParams, n) {
			p.Params[i].Name = n
		}
		if p.Params[i].Name == "TYPE" {
			for j, v := range p.Params[i].Values {
				p.Params[i].Values[j] = strings.ToLower(v)
			}
		}
	}
	if p.take("pref") && len(p.param("PREF")) == 0 {
		p.add("PREF", "1")
	}
	if p.Name == "EMAIL" {
		p.take("internet")
	}
	if m := p.param("MEDIATYPE"); p.Data != nil && len(m) > 0 {
		p.Media = cmp.Or(m[0], p.Media)
		p.drop("MEDIATYPE")
	}
	if v := p.param("VALUE"); len(v) > 0 && !slices.Contains([]string{"text", "uri", "utc-offset"}, strings.ToLower(v[0])) {
		p.drop("VALUE")
		if strings.EqualFold(v[0], "url") || strings.EqualFold(v[0], "cid") || strings.EqualFold(v[0], "content-id") {
			p.add("VALUE", "uri")
		}
	}
	p.canonicaliseValue()
}

var (
	longDate = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)(?:[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?([Zz]|[+-]\d\d:?\d\d)?)?$`)
	date     = regexp.MustCompile(`^(?:\d{4}(?:-\d\d)?|\d{8}|--\d\d(?:\d\d)?|---\d\d)?(?:T(?:\d\d|-)(?:\d\d|-)?(?:\d\d)?(?:Z|[+-]\d\d(?:\d\d)?)?)?$`)
	oldGeo   = regexp.MustCompile(`^\s*(-?[0-9.]+)\s*[;,]\s*(-?[0-9.]+)\s*$`)
)

func (p *Property) canonicaliseValue() {
	switch p.Name {
	case "BDAY", "ANNIVERSARY", "DEATHDATE", "REV":
		if !p.Raw {
			return
		}
		s := strings.TrimSpace(p.Text())
		if m := longDate.FindStringSubmatch(s); m != nil {
			s = m[1] + m[2] + m[3]
			if m[4] != "" {
				s += "T" + m[4] + m[5] + m[6] + strings.ToUpper(strings.ReplaceAll(m[7], ":", ""))
			}
		}
		if y := p.param("X-APPLE-OMIT-YEAR"); len(y) > 0 && len(s) == 8 && strings.HasPrefix(s, y[0]) {
			s = "--" + s[4:]
			p.drop("X-APPLE-OMIT-YEAR")
		}
		if p.setText(s); !date.MatchString(s) || s == "" {
			p.setText(unescape(s))
			p.Raw = false
			p.drop("VALUE")
			p.add("VALUE", "text")
		}
	case "GEO":
		if m := oldGeo.FindStringSubmatch(p.Text()); m != nil {
			p.setText("geo:" + m[1] + "," + m[2])
		}
	}
}

// finish makes one whole of what was read.
func finish(c *Card, v Version, began int) error {
	for i := range c.Properties {
		c.Properties[i].canonicalise()
	}
	c.joinLabels()
	if s, n := c.first("SORT-STRING"), c.first("N"); s != nil && n != nil && len(n.param("SORT-AS")) == 0 {
		n.add("SORT-AS", s.Text())
		c.remove(s)
	}
	if fn := c.first("FN"); fn != nil && fn.Text() != "" {
		return nil
	}
	name := c.called()
	if name == "" {
		return wrong(began, "the card that begins here has no name: neither FN nor N, nor an organisation, an address of mail or a number to call it by")
	}
	if fn := c.first("FN"); fn != nil {
		fn.setText(name)
		return nil
	}
	c.Properties = slices.Insert(c.Properties, 0, Property{Name: "FN", Parts: [][]string{{name}}, line: began})
	return nil
}

func (c *Card) remove(p *Property) {
	for i := range c.Properties {
		if &c.Properties[i] == p {
			c.Properties = slices.Delete(c.Properties, i, i+1)
			return
		}
	}
}

// joinLabels puts the label of an address, a line of its own before version 4, to it.
func (c *Card) joinLabels() {
	for i := 0; i < len(c.Properties); {
		l := &c.Properties[i]
		if l.Name != "LABEL" || !c.labelled(l) {
			i++
			continue
		}
		c.remove(l)
	}
}

func (c *Card) labelled(l *Property) bool {
	for i := range c.Properties {
		a := &c.Properties[i]
		if a.Name == "ADR" && len(a.param("LABEL")) == 0 && sameTypes(a.param("TYPE"), l.param("TYPE")) {
			a.add("LABEL", l.Text())
			return true
		}
	}
	return false
}

func sameTypes(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// called is what a card without FN is called by.
func (c *Card) called() string {
	if n := c.first("N"); n != nil {
		at := func(i int) string {
			if i >= len(n.Parts) {
				return ""
			}
			return strings.Join(n.Parts[i], " ")
		}
		s := strings.Join(strings.Fields(strings.Join([]string{at(3), at(1), at(2), at(0), at(4)}, " ")), " ")
		if s != "" {
			return s
		}
	}
	for _, name := range []string{"NICKNAME", "ORG", "EMAIL", "TEL", "IMPP", "URL"} {
		if p := c.first(name); p != nil && p.Text() != "" {
			return cmp.Or(strings.TrimSpace(p.Text()), name)
		}
	}
	return ""
}
