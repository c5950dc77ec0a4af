package question

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"guildhall/internal/ident"
)

const (
	stem     = 5  // letters of a word that count: "schedule" and "scheduling" are one
	shortest = 3  // letters of a word that counts at all
	askWords = 12 // words of a title being typed that are looked up
	keptMost = 60 // words of a question that are kept
)

// words are the first different words of a text, folded: case, accents and
// letters that look alike are taken away, the Arabic article too, and of what is
// left, without the s of a plural, the first five letters stay. Cutting words off works nearly as well as a
// stemmer in languages that inflect at the end, and needs to know none of them
// (McNamee and Mayfield, Character n-gram tokenization, 2004).
func words(text string, most int) (list []string) {
	seen := map[string]bool{}
	for f := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '’'
	}) {
		if len(list) == most {
			break
		}
		if len(f) > 100 {
			continue // no word that people ask with
		}
		w := singular(bare(ident.Fold(f)))
		if utf8.RuneCountInString(w) < shortest {
			continue
		}
		w = first(w, stem)
		if !seen[w] {
			seen[w] = true
			list = append(list, w)
		}
	}
	return list
}

// articles stand before an Arabic noun and are written as one word with it.
var articles = []string{"وال", "بال", "كال", "فال", "ال", "لل"}

func bare(s string) string {
	for _, a := range articles {
		if rest, ok := strings.CutPrefix(s, a); ok && utf8.RuneCountInString(rest) >= shortest {
			return rest
		}
	}
	return s
}

// singular takes away the s of a plural in English and Spanish, which matters in
// short words only.
func singular(s string) string {
	if rest, ok := strings.CutSuffix(s, "s"); ok && len(rest) > shortest && !strings.HasSuffix(rest, "s") {
		return rest
	}
	return s
}

func first(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
