package guard

import (
	"regexp"
	"strings"
	"unicode"

	"guildhall/internal/fault"
)

var (
	link    = regexp.MustCompile(`https?://[^\s)>\]]+`)
	mailbox = regexp.MustCompile(`(?i)[\p{L}\d._%+-]+\s*(?:@|\(at\)|\[at\])\s*[\p{L}\d-]+(?:\s*(?:\.|\(dot\)|\[dot\])\s*[\p{L}\d-]+)+`)
	digits  = regexp.MustCompile(`\+?\p{Nd}[\p{Nd} .()/-]{5,}\p{Nd}`)

	// someone is a first and a last name, as they are written.
	someone = `(?:(?-i:\p{Lu}\p{Ll}[\p{L}'’-]*)\s+){1,2}(?-i:\p{Lu}\p{Ll}[\p{L}'’-]*)`
	// personed are the shapes in which people say whom they mean: by what she is to them,
	// by how she is called, and by how she is addressed.
	personed = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(?:client|customer|buyer|seller|recruiter|freelancer|contractor|colleague|co-worker|employee|boss|neighbou?r|cliente|clienta|comprador|compradora|reclutadora?|autónom[oa]|compañer[oa]|jef[ea])\s*[,:(]?\s*(?:is|es|called|named|who is|llamad[oa])?\s*[,:(]?\s*` + someone),
		regexp.MustCompile(`(?i)\b(?:client|customer|buyer|seller|recruiter|freelancer|contractor|colleague|man|woman|person|somebody|someone|cliente|clienta|persona|alguien)\s+(?:called|named|by the name of|llamad[oa]|que se llama)\s+(?-i:\p{Lu}\p{Ll}[\p{L}'’-]*)`),
		regexp.MustCompile(`(?:^|[^\p{L}])(?:Mr|Mrs|Ms|Mx|Miss|Sr|Sra|Srta|Señor|Señora|Señorita|Herr|Frau|Mme|Monsieur|Madame)\.?\s+\p{Lu}\p{Ll}[\p{L}'’-]*`),
		regexp.MustCompile(`(?:^|[^\p{L}])(?:السيد|السيدة|الآنسة|الأستاذة|الأستاذ|عميلي|عميلتي|زبوني)\s+(?:اسمه\s+|اسمها\s+|هو\s+|هي\s+)\p{L}+`),
		regexp.MustCompile(`(?:^|[^\p{L}])(?:السيد|السيدة|الآنسة)\s+\p{L}+\s+\p{L}+`),
	}
)

// Redacted refuses a text that holds an e-mail address, a number by which a
// person or an account can be found, or the name of a person: a question is read by
// everybody, for years. What is found is quoted, so that one sees what is meant;
// addresses of pages do not count. It is no proof of anything: names in other
// shapes pass. Faults: Invalid on field.
func Redacted(field, text string) error {
	s := link.ReplaceAllString(seen(text), " ")
	if m := mailbox.FindString(s); m != "" {
		return fault.On(field, fault.Invalid, "guard.personal.mail", clip(m))
	}
	for _, m := range digits.FindAllString(s, -1) {
		n := 0
		for _, r := range m {
			if unicode.IsDigit(r) {
				n++
			}
		}
		if n >= 9 || n >= 7 && m[0] == '+' {
			return fault.On(field, fault.Invalid, "guard.personal.number", clip(m))
		}
	}
	for i, shape := range personed {
		if i == 0 && headed(s) {
			continue
		}
		if m := shape.FindString(s); m != "" {
			return fault.On(field, fault.Invalid, "guard.personal.name", clip(m))
		}
	}
	return nil
}

// headed tells whether a text has capital letters as a headline has them: there they
// make no name.
func headed(s string) bool {
	upper, all := 0, 0
	for _, w := range strings.Fields(s) {
		if r := []rune(w); len(r) > 2 && unicode.IsLetter(r[0]) {
			all++
			if unicode.IsUpper(r[0]) {
				upper++
			}
		}
	}
	return 3*upper > 2*all
}

// clip shortens what is quoted back.
func clip(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return string(r)
}
