package ident

import "unicode"

// together are the scripts that one word may mix, after the "highly restrictive"
// level of Unicode Technical Standard 39: each alone, and those of Japanese,
// Chinese and Korean with Latin.
var together = [][]*unicode.RangeTable{
	{unicode.Latin, unicode.Han, unicode.Hiragana, unicode.Katakana},
	{unicode.Latin, unicode.Han, unicode.Bopomofo},
	{unicode.Latin, unicode.Han, unicode.Hangul},
}

// mixes tells whether a word mixes scripts or digits that can be taken for one
// another, such as Cyrillic and Latin.
func mixes(word string) bool {
	var scripts []*unicode.RangeTable
	zero := rune(-1)
	for _, r := range word {
		if unicode.IsDigit(r) {
			z := r - digit(r)
			if zero >= 0 && z != zero {
				return true
			}
			zero = z
			continue
		}
		if s := scriptOf(r); s != nil && !has(scripts, s) {
			scripts = append(scripts, s)
		}
	}
	if len(scripts) < 2 {
		return false
	}
	for _, set := range together {
		if within(scripts, set) {
			return false
		}
	}
	return true
}

// scriptOf is the script of r; nil for what all scripts share.
func scriptOf(r rune) *unicode.RangeTable {
	if unicode.In(r, unicode.Latin, unicode.Common, unicode.Inherited) {
		if unicode.Is(unicode.Latin, r) {
			return unicode.Latin
		}
		return nil
	}
	for _, s := range unicode.Scripts {
		if unicode.Is(s, r) {
			return s
		}
	}
	return nil
}

func has(list []*unicode.RangeTable, s *unicode.RangeTable) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func within(list, set []*unicode.RangeTable) bool {
	for _, x := range list {
		if !has(set, x) {
			return false
		}
	}
	return true
}
