package guard

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guildhall/internal/fault"
)

// alike are the Cyrillic and Greek letters that look like Latin ones. (The table of
// package ident goes further and makes names of texts: there 1 is l.)
var alike = strings.NewReplacer(
	"а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "у", "y", "х", "x", "і", "i", "ј", "j", "ѕ", "s", "һ", "h", "ԁ", "d", "ԛ", "q", "ԝ", "w", "ո", "n",
	"А", "A", "В", "B", "Е", "E", "О", "O", "Р", "P", "С", "C", "У", "Y", "Х", "X", "І", "I", "Ј", "J", "Ѕ", "S", "Н", "H", "К", "K", "М", "M", "Т", "T",
	"α", "a", "ο", "o", "ρ", "p", "ν", "v", "ι", "i", "υ", "u", "κ", "k", "χ", "x",
	"Α", "A", "Β", "B", "Ε", "E", "Η", "H", "Ι", "I", "Κ", "K", "Μ", "M", "Ν", "N", "Ο", "O", "Ρ", "P", "Τ", "T", "Υ", "Y", "Χ", "X", "Ζ", "Z",
)

// seen is a text as its reader sees it: without what shows nothing, in one form of
// what has several, and with one letter for those that look alike.
func seen(text string) string {
	return alike.Replace(strings.Map(func(r rune) rune {
		if hides(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(text)))
}

// hides tells characters that show nothing or steer what is shown.
func hides(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}

// Plain refuses a line that holds characters which cannot be seen, or which steer how
// the rest is shown. Faults: Invalid on field.
func Plain(field, line string) error {
	if strings.ContainsFunc(line, func(r rune) bool { return hides(r) || unicode.IsControl(r) || r == unicode.ReplacementChar }) {
		return fault.On(field, fault.Invalid, "guard.hidden")
	}
	return nil
}
