package ident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"guildhall/internal/fault"
)

// The length of a handle, in visible characters: letters and digits with their
// marks, and separators.
const (
	MinHandle = 2
	MaxHandle = 40
)

// maxMarks is how many combining marks may stand on one letter. Vietnamese needs
// two, pointed Hebrew three.
const maxMarks = 3

// Handle is the name of a face as it is shown: one to several words of any
// script. It comes from ParseHandle, or from the database where one was put.
type Handle string

// String is the handle as shown.
func (h Handle) String() string { return string(h) }

// Key is the text under which two handles collide, for a unique column.
func (h Handle) Key() string { return Fold(string(h)) }

// Slug is the handle as part of an address ("quiet-heron"). Its Fold is the Key.
func (h Handle) Slug() string { return Slug(string(h)) }

// ParseHandle reads a name as a person typed it: compatibility forms are made
// plain, spaces trimmed and collapsed. Its faults are Invalid, on the field
// "name", and say what to change:
//
//   - ident.name.empty, .short, .long;
//   - ident.name.hidden: control, direction or invisible characters;
//   - ident.name.signs: anything but letters, digits and a few separators;
//   - ident.name.edges: separators at an end, or three in a row;
//   - ident.name.marks: too many on one letter, or on none;
//   - ident.name.mixed: scripts or digits that look alike mixed in one word;
//   - ident.name.reserved: see Reserved.
func ParseHandle(s string) (Handle, error) {
	if len(s) > 16*MaxHandle {
		return "", invalid("ident.name.long", MaxHandle)
	}
	if !utf8.ValidString(s) {
		return "", invalid("ident.name.hidden")
	}
	s = collapse(norm.NFKC.String(s))
	if s == "" {
		return "", invalid("ident.name.empty")
	}
	if err := checkRunes(s); err != nil {
		return "", err
	}
	if err := checkLength(s); err != nil {
		return "", err
	}
	for word := range strings.FieldsSeq(s) {
		if mixes(word) {
			return "", invalid("ident.name.mixed")
		}
	}
	if Fold(s) == "" {
		return "", invalid("ident.name.signs")
	}
	if Reserved(s) {
		return "", invalid("ident.name.reserved")
	}
	return Handle(s), nil
}

func invalid(key string, args ...any) error {
	return fault.On("name", fault.Invalid, key, args...)
}

// collapse trims spaces and leaves one between words. Only what Unicode calls a
// space counts: tabs and line ends are for checkRunes to refuse.
func collapse(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		if unicode.Is(unicode.Zs, r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// checkRunes refuses what may not stand in a handle, or not there.
func checkRunes(s string) error {
	rs := []rune(s)
	marks, seps := 0, 0
	for i, r := range rs {
		switch {
		case isJoiner(r) && joins(rs, i):
			continue
		case isHidden(r):
			return invalid("ident.name.hidden")
		case isSeparator(r):
			if seps++; seps > 2 || i == 0 || i == len(rs)-1 && r != '.' {
				return invalid("ident.name.edges")
			}
		case unicode.IsLetter(r), unicode.IsDigit(r):
			marks, seps = 0, 0
		case unicode.IsMark(r):
			if marks++; i == 0 || seps > 0 || marks > maxMarks {
				return invalid("ident.name.marks")
			}
		default:
			return invalid("ident.name.signs")
		}
	}
	return nil
}

func checkLength(s string) error {
	n := 0
	for _, r := range s {
		if !unicode.IsMark(r) && !isJoiner(r) {
			n++
		}
	}
	switch {
	case n < MinHandle:
		return invalid("ident.name.short", MinHandle)
	case n > MaxHandle:
		return invalid("ident.name.long", MaxHandle)
	}
	return nil
}

// isSeparator tells the signs that may stand between the letters of a name.
func isSeparator(r rune) bool {
	return r == ' ' || r == '-' || r == '_' || r == '.' || r == '·' || r == '‐' || isApostrophe(r)
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == '‘' || r == 'ʼ' || r == 'ʻ' || r == 'ʹ' || r == '`' || r == '´'
}

// isJoiner tells the two invisible characters that some scripts spell with.
func isJoiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// joins tells whether the joiner at i is part of the spelling: between two
// letters of an Arabic word, or after the sign that silences a vowel in Indic
// scripts (combining class 9).
func joins(rs []rune, i int) bool {
	if i == 0 || i == len(rs)-1 {
		return false
	}
	before := rs[i-1]
	if norm.NFC.PropertiesString(string(before)).CCC() == 9 {
		return true
	}
	return rs[i] == '\u200c' && unicode.Is(unicode.Arabic, before) && unicode.Is(unicode.Arabic, rs[i+1])
}

// isHidden tells characters that show nothing or steer what is shown.
func isHidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp,
		unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) || r == '\u2800' || r == utf8.RuneError
}
