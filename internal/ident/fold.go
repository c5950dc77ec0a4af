package ident

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold returns the key under which two names collide: what is left when case,
// compatibility forms, separators, invisible characters, accents and the
// difference between characters that look alike are taken away. It keeps letters
// and digits only and folding twice changes nothing. It is no text to show.
//
// The idea is the skeleton of Unicode Technical Standard 39; the table is a small
// one of our own (see lookalikes.go). It prefers calling two different names one
// to the opposite: the price of the former is another try at a name.
func Fold(s string) string {
	s = norm.NFKD.String(strings.ToValidUTF8(s, ""))
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case isApostrophe(r), r == tatweel, isHidden(r), unicode.Is(diacritics, r):
		case unicode.IsDigit(r):
			r = '0' + digit(r)
			fallthrough
		case unicode.IsLetter(r), unicode.IsMark(r):
			r = small(r)
			if like, ok := lookalikes[r]; ok {
				b.WriteString(like)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return norm.NFC.String(pairs.Replace(b.String()))
}

// small folds case: by way of the capital, so that ς and σ, ſ and s meet. (The
// case folding of x/text answers Cherokee with the other case, back and forth.)
func small(r rune) rune { return unicode.ToLower(unicode.ToUpper(r)) }

// tatweel only stretches an Arabic word.
const tatweel = 'ـ'

// pairs are two letters that look like one. No answer is part of another pair.
var pairs = strings.NewReplacer("rn", "m", "vv", "w")

// diacritics are the marks that make an accent, a vowel or a point, not a letter
// of its own: "José" and "Jose" are one name, and so are pointed and plain Hebrew.
var diacritics = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0300, Hi: 0x036F, Stride: 1}, // Latin, Greek, Cyrillic
		{Lo: 0x0483, Hi: 0x0489, Stride: 1}, // Cyrillic
		{Lo: 0x0591, Hi: 0x05BD, Stride: 1}, // Hebrew points
		{Lo: 0x05BF, Hi: 0x05C7, Stride: 1},
		{Lo: 0x0610, Hi: 0x061A, Stride: 1}, // Arabic marks
		{Lo: 0x064B, Hi: 0x065F, Stride: 1},
		{Lo: 0x0670, Hi: 0x0670, Stride: 1},
		{Lo: 0x06D6, Hi: 0x06ED, Stride: 1},
		{Lo: 0x08D3, Hi: 0x08FF, Stride: 1},
		{Lo: 0x1AB0, Hi: 0x1AFF, Stride: 1}, // combining marks, extended
		{Lo: 0x1DC0, Hi: 0x1DFF, Stride: 1}, // combining marks, supplement
		{Lo: 0x20D0, Hi: 0x20FF, Stride: 1}, // for symbols
		{Lo: 0xFE20, Hi: 0xFE2F, Stride: 1}, // half marks
	},
}

// digit is the value of a decimal digit of any script: Unicode keeps each ten
// together, in order.
func digit(r rune) rune {
	for _, x := range unicode.Nd.R16 {
		if r >= rune(x.Lo) && r <= rune(x.Hi) {
			return (r - rune(x.Lo)) % 10
		}
	}
	for _, x := range unicode.Nd.R32 {
		if r >= rune(x.Lo) && r <= rune(x.Hi) {
			return (r - rune(x.Lo)) % 10
		}
	}
	return 0
}
