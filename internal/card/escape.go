package card

import (
	"strings"
)

// unescape reads a text of versions 3 and 4 (RFC 6350, 3.4). What else stands behind a
// backslash stands for itself.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		if s[i] == 'n' || s[i] == 'N' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

var escaper = strings.NewReplacer(`\`, `\\`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`, ",", `\,`, ";", `\;`)

// cut cuts at marks that are not escaped; the parts still are.
func cut(s string, mark byte) (list []string) {
	from := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case mark:
			list, from = append(list, s[from:i]), i+1
		}
	}
	return append(list, s[from:])
}

// parts reads the value of a property of version 3 or 4.
func parts(s string, f form) (all [][]string) {
	switch f {
	case text:
		return [][]string{{unescape(s)}}
	case list:
		return [][]string{unescapeAll(cut(s, ','))}
	case fields:
		for _, c := range cut(s, ';') {
			all = append(all, unescapeAll(cut(c, ',')))
		}
		return all
	case uri:
		return [][]string{{unescape(s)}}
	}
	return [][]string{{s}}
}

func unescapeAll(list []string) []string {
	for i := range list {
		list[i] = unescape(list[i])
	}
	return list
}

// oldParts reads the value of a property of version 2.1, where only semicolons can be
// escaped, and commas are commas.
func oldParts(s string, f form) (all [][]string) {
	if f == list {
		list := strings.Split(s, ",")
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		return [][]string{list}
	}
	if f != fields {
		return [][]string{{strings.ReplaceAll(s, `\;`, ";")}}
	}
	for _, c := range cut(s, ';') {
		all = append(all, []string{strings.ReplaceAll(c, `\;`, ";")})
	}
	return all
}

// value writes a value for version 3 or 4.
func (p *Property) value() string {
	if p.Raw {
		return strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(p.Text())
	}
	if formOf(p) == uri {
		return strings.NewReplacer("\r", "", "\n", "").Replace(p.Text())
	}
	components := make([]string, len(p.Parts))
	for i, c := range p.Parts {
		words := make([]string, len(c))
		for j, w := range c {
			words[j] = escaper.Replace(w)
		}
		components[i] = strings.Join(words, ",")
	}
	return strings.Join(components, ";")
}
