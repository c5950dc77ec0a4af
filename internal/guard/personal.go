package guard

import (
	"regexp"
	"strings"
	"unicode"

	"guildhall/internal/fault"
)

var (
	link     = regexp.MustCompile(`https?://[^\s)>\]]+`)
	mailbox  = regexp.MustCompile(`(?i)[\p{L}\d._%+-]+\s*(?:@|\(at\)|\[at\])\s*[\p{L}\d-]+(?:\s*(?:\.|\(dot\)|\[dot\])\s*[\p{L}\d-]+)+`)
	digits   = regexp.MustCompile(`\+?\p{Nd}[\p{Nd} .()/-]{5,}\p{Nd}`)
	personed = regexp.MustCompile(`(?i)\b(?:my client|our client|mi cliente|client called|client named)\s*[,:]?\s*(?:is|es|called|named|,)?\s*(?:(?-i:[A-Z\p{Lu}][\p{L}'’-]+)\s+){1,2}(?-i:[\p{Lu}][\p{L}'’-]+)`)
)

// Redacted refuses a text that holds an e-mail address, a number by which a
// person or an account can be found, or a client's name: a question is read by
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
	if m := personed.FindString(s); m != "" {
		return fault.On(field, fault.Invalid, "guard.personal.name", clip(m))
	}
	return nil
}

// clip shortens what is quoted back.
func clip(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return string(r)
}
