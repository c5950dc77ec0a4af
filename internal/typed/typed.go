package typed

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/fault"
)

// Line makes one line of what a person typed and checks that it has least to most
// characters; with least 0 it may be empty. Faults: Invalid on the field.
func Line(field, s string, least, most int) (string, error) {
	if !utf8.ValidString(s) {
		return "", fault.On(field, fault.Invalid, "fault.not_text")
	}
	return checked(field, OneLine(s), least, most)
}

// Lines is Line for what may have several: spaces and line breaks stay, but none at
// either end. Faults: Invalid on the field.
func Lines(field, s string, least, most int) (string, error) {
	if !utf8.ValidString(s) {
		return "", fault.On(field, fault.Invalid, "fault.not_text")
	}
	s = strings.Map(func(c rune) rune {
		if c != '\n' && c != '\t' && !Printable(c) {
			return -1
		}
		return c
	}, s)
	return checked(field, strings.TrimSpace(s), least, most)
}

// OneLine is a text without what cannot be printed, with single spaces between words.
func OneLine(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case !Printable(c):
			return -1
		}
		return c
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Printable is false for controls, for what steers the direction of the text around
// it (Unicode's Bidi_Control), for a mark of byte order and for what was no text.
func Printable(c rune) bool {
	return !unicode.IsControl(c) && !unicode.Is(unicode.Bidi_Control, c) && c != '\ufeff' && c != unicode.ReplacementChar
}

// Blank tells that a text shows nothing: that it has only spaces, and signs that take
// no room or are there to look like none.
func Blank(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool {
		return unicode.IsGraphic(c) && !unicode.IsSpace(c) && !unicode.In(c, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) && c != '\u2800'
	})
}

func checked(field, s string, least, most int) (string, error) {
	n := utf8.RuneCountInString(s)
	if Blank(s) {
		n = 0
	}
	switch {
	case n < least && n == 0:
		return s, fault.On(field, fault.Invalid, "fault.empty")
	case n < least:
		return s, fault.On(field, fault.Invalid, "fault.too_short", least)
	case n > most:
		return s, fault.On(field, fault.Invalid, "fault.too_long", most)
	}
	return s, nil
}
