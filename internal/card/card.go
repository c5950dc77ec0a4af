package card

import (
	"fmt"
	"slices"
	"strings"
)

// How much is read.
const (
	MaxBytes = 32 << 20 // of a file
	MaxCards = 20_000
)

// Version is a version of the format.
type Version string

// The versions that are written; 2.1 is only read.
const (
	V21 Version = "2.1"
	V3  Version = "3.0"
	V4  Version = "4.0"
)

// Card is one contact. The order of its properties is that of the file.
type Card struct{ Properties []Property }

// Property is one line of a card, without regard to a version: names are in capitals,
// texts as people read them.
type Property struct {
	Group  string
	Name   string // as in version 4; X-… for what that does not have
	Params []Param
	// Parts are the components of the value, each a list: of a text, one component
	// with one element. An address (URI) is one too.
	Parts [][]string
	// Data is what lies in the card itself, such as a picture; then there are no Parts,
	// and Media says what it is.
	Data  []byte
	Media string
	// Raw tells that the value's inner form is not known: Parts holds it as it stood.
	Raw  bool
	line int
}

// Param is a parameter with its values.
type Param struct {
	Name   string // in capitals
	Values []string
}

// Text is the value as one text, for properties that have one.
func (p *Property) Text() string {
	if len(p.Parts) == 0 || len(p.Parts[0]) == 0 {
		return ""
	}
	return p.Parts[0][0]
}

func (p *Property) setText(s string) { p.Parts = [][]string{{s}} }

// param are the values of a parameter.
func (p *Property) param(name string) []string {
	for _, q := range p.Params {
		if q.Name == name {
			return q.Values
		}
	}
	return nil
}

func (p *Property) add(name string, values ...string) {
	for i := range p.Params {
		if p.Params[i].Name == name {
			p.Params[i].Values = append(p.Params[i].Values, values...)
			return
		}
	}
	p.Params = append(p.Params, Param{name, values})
}

func (p *Property) drop(name string) {
	p.Params = slices.DeleteFunc(p.Params, func(q Param) bool { return q.Name == name })
}

// take removes a value of TYPE and tells whether it was there.
func (p *Property) take(kind string) bool {
	found := false
	for i := range p.Params {
		if p.Params[i].Name != "TYPE" {
			continue
		}
		n := len(p.Params[i].Values)
		p.Params[i].Values = slices.DeleteFunc(p.Params[i].Values, func(v string) bool { return strings.EqualFold(v, kind) })
		found = len(p.Params[i].Values) < n
	}
	p.Params = slices.DeleteFunc(p.Params, func(q Param) bool { return len(q.Values) == 0 })
	return found
}

// first is the first property of a name; nil when there is none.
func (c *Card) first(name string) *Property {
	for i := range c.Properties {
		if c.Properties[i].Name == name {
			return &c.Properties[i]
		}
	}
	return nil
}

// Error says what in a file cannot be read.
type Error struct {
	Line   int // counted from 1
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

func wrong(line int, reason string, args ...any) error {
	return &Error{line, fmt.Sprintf(reason, args...)}
}

// form is how the value of a property is built.
type form int

const (
	text   form = iota
	list        // texts with commas between them
	fields      // components with semicolons between them, each a list
	uri         // as it stands, without escapes
	plain       // as it stands: dates, numbers, what programs have made up
)

var forms = map[string]form{
	"FN": text, "NOTE": text, "TITLE": text, "ROLE": text, "EMAIL": text, "TEL": text, "KIND": text, "TZ": text, "LANG": text, "PRODID": text, "UID": text,
	"MAILER": text, "SORT-STRING": text, "CLASS": text, "LABEL": text, "NAME": text, "AGENT": text, "EXPERTISE": text, "HOBBY": text, "INTEREST": text, "ORG-DIRECTORY": uri,
	"BIRTHPLACE": text, "DEATHPLACE": text, "XML": text, "X-ABLABEL": text, "X-SKYPE": text, "X-AIM": text, "X-ICQ": text, "X-MSN": text, "X-YAHOO": text, "X-JABBER": text,
	"NICKNAME": list, "CATEGORIES": list,
	"N": fields, "ADR": fields, "ORG": fields, "GENDER": fields, "CLIENTPIDMAP": fields,
	"URL": uri, "PHOTO": uri, "LOGO": uri, "SOUND": uri, "KEY": uri, "SOURCE": uri, "FBURL": uri, "CALURI": uri, "CALADRURI": uri, "IMPP": uri, "RELATED": uri, "MEMBER": uri,
	"BDAY": plain, "ANNIVERSARY": plain, "DEATHDATE": plain, "REV": plain, "GEO": plain,
}

// formOf is the form of a property's value by its name and the parameter VALUE.
func formOf(p *Property) form {
	f, known := forms[p.Name]
	if !known {
		f = plain
	}
	switch v := p.param("VALUE"); {
	case len(v) == 0:
	case slices.ContainsFunc(v, func(s string) bool { return strings.EqualFold(s, "uri") || strings.EqualFold(s, "url") }):
		return uri
	case strings.EqualFold(v[0], "text") && f != fields && f != list:
		return text
	}
	return f
}

// names that differ between 3 and 4: as version 4 has them, and as 3 does.
var laterNames = []string{"ANNIVERSARY", "GENDER", "LANG", "KIND", "RELATED", "MEMBER", "XML", "CLIENTPIDMAP", "CALURI", "CALADRURI", "FBURL", "BIRTHPLACE", "DEATHPLACE", "DEATHDATE",
	"EXPERTISE", "HOBBY", "INTEREST", "ORG-DIRECTORY"}

// earlierNames are those that version 4 has not any more.
var earlierNames = []string{"LABEL", "AGENT", "MAILER", "CLASS", "NAME", "SORT-STRING"}
