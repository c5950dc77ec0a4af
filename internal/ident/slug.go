package ident

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxSlug is the length of a slug in code points.
const maxSlug = 80

// Slug makes the part of an address that says what a title is about: lower-case
// letters and digits of any script, joined by hyphens, at most 80 code points,
// cut between words where that costs less than half. It is never empty.
func Slug(title string) string {
	if len(title) > 1<<12 {
		title = strings.ToValidUTF8(title[:1<<12], "")
	}
	var out []rune
	gap := false
	for _, r := range strings.ToLower(norm.NFKC.String(title)) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && len(out) > 0 && !gap:
			if gap && len(out) > 0 {
				out = append(out, '-')
			}
			gap = false
			out = append(out, r)
		case isApostrophe(r) || isJoiner(r): // don’t is one word
		default:
			gap = true
		}
	}
	s := norm.NFC.String(string(cutWords(out)))
	if s == "" {
		return "untitled"
	}
	return s
}

// cutWords shortens to maxSlug, at a hyphen if one is in the second half.
func cutWords(s []rune) []rune {
	if len(s) <= maxSlug {
		return s
	}
	end := maxSlug
	for i := maxSlug; i > maxSlug/2; i-- {
		if s[i] == '-' {
			end = i
			break
		}
	}
	return s[:end]
}
