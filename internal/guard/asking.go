package guard

import (
	"regexp"
	"strings"

	"guildhall/internal/fault"
)

// What a person can be found by, and what lies between asking for it and the word.
const (
	whatEnglish = `(?:user[\s-]*(?:names?|ids?)|profiles?|accounts?|ids?|e-?mails?|addresses|address|phones?|numbers?|names?|logins?|handles?|contracts?|tickets?|details|case)\b`
	whatSpanish = `(?:nombre|usuario|perfil|cuenta|correo|e-?mail|tel[eé]fono|n[uú]mero|contrato|datos|id)\b`
	whatArabic  = `(?:اسم|ملف|حساب|بريد|رقم|هاتف|عقد|بيانات)`
)

// Who is to be told is asked of people in these shapes: "message me", "send us your
// profile", "send your user name", "what is your account".
var shapes = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:message|dm|pm|e-?mail|text|call|contact|ping|write(?: to)?|reach(?: out)?(?: to)?|get in touch with|talk to)\s+(?:me|us)\b`),
	regexp.MustCompile(`(?i)\b(?:send|give|tell|share|provide|forward|show|drop|leave|post|let)\s+(?:me|us)\b[^.!?\n]{0,40}?\byour\s+(?:[\p{L}-]+\s+){0,3}?` + whatEnglish),
	regexp.MustCompile(`(?i)\b(?:what|which)(?:\s+is|['’]s)?\s+your\s+(?:[\p{L}-]+\s+){0,2}?` + whatEnglish),
	regexp.MustCompile(`(?i)\b(?:who are you|how can we (?:reach|contact|find) you)\b`),
	regexp.MustCompile(`(?i)(?:^|\P{L})(?:cu[aá]l|qu[eé])\s+es\s+(?:tu|su)\s+(?:[\p{L}-]+\s+){0,2}?` + whatSpanish),
	regexp.MustCompile(`(?:^|\P{L})ما\s+(?:هو\s+|هي\s+)?(?:\p{L}+\s+)?` + whatArabic + `(?:ك|كم|\s+المستخدم)`),
	regexp.MustCompile(`(?i)\b(?:escr[ií]b[ea]n?|m[aá]nd[ae]n?|env[ií][ae]n?|cont[aá]ct[ae]n?|ll[aá]m[ae]n?|d[ií](?:gan?)?|p[aá]s[ae]n?)(?:me|nos)\b`),
	regexp.MustCompile(`(?i)\b(?:env[ií][ae]n?|mand[ae]n?|pon(?:gan?)?|escrib[ea]n?|pas[ae]n?|indi(?:ca|que)n?|compart[ea]n?|facilit[ae]n?|danos|dinos|dej[ae]n?|necesitamos)\s+(?:aquí\s+)?(?:tu|su)s?\s+(?:[\p{L}-]+\s+){0,3}?` + whatSpanish),
	regexp.MustCompile(`(?:راسل|اكتب|كلّم|كلم)\s*(?:ل|إل|مع)?(?:ني|نا|ي|ينا|يّ)(?:\P{L}|$)|(?:تواصل مع|اتصل ب)(?:ني|نا|ي)(?:\P{L}|$)`),
	regexp.MustCompile(`(?:راسل|اكتب|تواصل|اتصل|كلّم|كلم)وا?\s*(?:ل|إل|مع|ب)?(?:ني|نا|ي|ينا|يّ)(?:\P{L}|$)`),
	regexp.MustCompile(`(?:اترك|ضع|أرسل|ارسل|أعط|زود|زوّد|شارك|اذكر|أخبر)(?:نا|ني|وا)?\s+(?:لنا\s+|لي\s+|إلينا\s+|إليّ\s+|ب)?(?:\p{L}+\s+)?` + whatArabic + `(?:ك|كم|\s+المستخدم)`),
}

// bare is the same without a word of whom to send it to. After "you may" and the like
// it is no question but an answer.
var (
	bare    = regexp.MustCompile(`(?i)\b(?:send|drop|type|message|share|provide|submit|forward|give|post|leave|include|state|reply with|answer with)\s+(?:[\p{L}]+\s+)?your\s+(?:[\p{L}-]+\s+){0,3}?` + whatEnglish)
	begged  = regexp.MustCompile(`(?i)\b(?:could|can|would|will|please)\s+you\s+(?:please\s+)?$`)
	allowed = regexp.MustCompile(`(?i)\b(?:may|can|could|must|should|need|to|not|never|n['’]t|don['’]t|if you|when you|who|whoever|freelancers|people|you)\s+(?:also\s+|only\s+|always\s+|now\s+|then\s+)?$`)
)

// signs are those of Markdown, which stand in the middle of what is asked.
var signs = strings.NewReplacer("*", "", "`", "", "~", "", "_", " ", "[", " ", "]", " ", "(", " ", ")", " ", "<", " ", ">", " ", "#", " ", "|", " ")

// AsksWho refuses a text of whoever answers others that asks them to say who they are:
// to write somewhere, or to name an account, an address or a number. Addresses of pages
// do not count. Faults: Invalid on field, with what was found.
func AsksWho(field, text string) error {
	s := link.ReplaceAllString(seen(text), " ")
	if m := mailbox.FindString(s); m != "" {
		return asks(field, m)
	}
	s = strings.Join(strings.Fields(signs.Replace(s)), " ")
	for _, shape := range shapes {
		if m := shape.FindString(s); m != "" {
			return asks(field, m)
		}
	}
	for _, at := range bare.FindAllStringIndex(s, -1) {
		if before := s[max(0, at[0]-30):at[0]]; begged.MatchString(before) || !allowed.MatchString(before) {
			return asks(field, s[at[0]:at[1]])
		}
	}
	return nil
}

func asks(field, found string) error {
	return fault.On(field, fault.Invalid, "guard.asks", clip(found))
}
