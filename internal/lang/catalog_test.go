package lang

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// variants lists the texts of an entry by plural category; "" for a plain one.
func variants(e *entry) map[string]*text {
	if e.forms == nil {
		return map[string]*text{"": &e.text}
	}
	out := map[string]*text{}
	for c, t := range e.forms {
		if t != nil {
			out[categoryNames[c]] = t
		}
	}
	return out
}

func TestCatalog_sameKeysAndArguments(t *testing.T) {
	t.Parallel()
	for key, en := range catalogs[English]() {
		for _, l := range all[1:] {
			e := catalogs[l]()[key]
			switch {
			case e == nil:
				t.Errorf("%v lacks %s", l, key)
			case (e.forms == nil) != (en.forms == nil):
				t.Errorf("%s has plural forms in %v or in en, not in both", key, l)
			default:
				sameArguments(t, l, key, e, en)
			}
		}
	}
	for _, l := range all[1:] {
		for key := range catalogs[l]() {
			if catalogs[English]()[key] == nil {
				t.Errorf("%v has %s, en lacks it", l, key)
			}
		}
	}
}

// sameArguments holds every form to the arguments of the English one. Only a form
// for exactly one number may leave out that number.
func sameArguments(t *testing.T, l Lang, key string, e, en *entry) {
	model := &en.text
	if en.forms != nil {
		model = en.forms[other]
	}
	for form, x := range variants(e) {
		want, got := slotSet(model), slotSet(x)
		if form == "zero" || form == "one" || form == "two" {
			delete(want, countSlot)
			delete(got, countSlot)
		}
		for s := range want {
			if !got[s] {
				t.Errorf("%v %s %s: argument %s of the English text is missing", l, key, form, slotName(s))
			}
		}
		for s := range got {
			if !want[s] {
				t.Errorf("%v %s %s: the English text has no argument %s", l, key, form, slotName(s))
			}
		}
		if a, b := strings.Count(model.plain, "["), strings.Count(x.plain, "["); a != b {
			t.Errorf("%v %s %s: %d words in brackets, the English text has %d", l, key, form, b, a)
		}
	}
}

func slotSet(t *text) map[int8]bool {
	set := map[int8]bool{}
	for _, s := range t.slots {
		set[s] = true
	}
	return set
}

func slotName(s int8) string {
	if s == countSlot {
		return "{n}"
	}
	return "{" + string(rune('0'+s)) + "}"
}

func TestCatalog_pluralCategories(t *testing.T) {
	t.Parallel()
	for _, l := range all {
		for key, e := range catalogs[l]() {
			if e.forms == nil {
				if slotSet(&e.text)[countSlot] {
					t.Errorf("%v %s counts with {n} but has no plural forms", l, key)
				}
				continue
			}
			for c := range categories {
				if needed := slices.Contains(l.locale().needs, c); needed != (e.forms[c] != nil) {
					t.Errorf("%v %s: form %q is missing, or never used in this language", l, key, categoryNames[c])
				}
			}
			// English leads: its "one" must also list the arguments.
			if l == English {
				sameArguments(t, l, key, e, e)
			}
		}
	}
}

// The rules of CLDR as x/text has them.
func TestPlural_asCLDR(t *testing.T) {
	t.Parallel()
	forms := map[plural.Form]category{plural.Zero: zero, plural.One: one, plural.Two: two,
		plural.Few: few, plural.Many: many, plural.Other: other}
	tags := [count]language.Tag{language.English, language.Spanish, language.Arabic}
	for _, l := range all {
		for n := range 2000 {
			want := forms[plural.Cardinal.MatchPlural(tags[l], n, 0, 0, 0, 0)]
			if got := l.pluralOf(n); got != want {
				t.Errorf("%v %d: %s, want %s", l, n, categoryNames[got], categoryNames[want])
			}
			if l.pluralOf(-n) != l.pluralOf(n) {
				t.Errorf("%v: %d and %d differ", l, n, -n)
			}
		}
	}
	// x/text has an older CLDR, from before Spanish got its form for millions.
	for n, want := range map[int]category{1_000_000: many, 3_000_000: many, 1_000_001: other, 0: other} {
		if got := Spanish.pluralOf(n); got != want {
			t.Errorf("es %d: %s, want %s", n, categoryNames[got], categoryNames[want])
		}
	}
}

// blame are words that the hall does not say to people, in small letters.
var blame = map[Lang][]string{
	English: {"oops", "whoops", "uh-oh", "invalid", "illegal", "fatal", "error", "your fault", "you failed", "you forgot", "failed to", "ciphertext", "please note"},
	Spanish: {"¡ups", "vaya,", "inválid", "ilegal", "fatal", "error", "culpa tuya", "tu culpa", "olvidaste", "has olvidado"},
	Arabic:  {"خطأ منك", "خطؤك", "غير صالح", "أخطأت", "نسيت أن"},
}

func TestCatalog_words(t *testing.T) {
	t.Parallel()
	for _, l := range all {
		for key, e := range catalogs[l]() {
			for _, x := range variants(e) {
				for _, complaint := range complaints(l, x.plain) {
					t.Errorf("%v %s: %s: %q", l, key, complaint, x.plain)
				}
				if l != English && untranslated(x.plain) && x.plain == catalogs[English]()[key].plain {
					t.Errorf("%v %s is still in English: %q", l, key, x.plain)
				}
			}
		}
	}
}

func complaints(l Lang, s string) (out []string) {
	if strings.TrimSpace(s) == "" {
		return []string{"empty"}
	}
	if strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
		out = append(out, "spaces too many")
	}
	if strings.ContainsAny(s, `'"`) || strings.Contains(s, "...") {
		out = append(out, "typewriter signs; write ’ “ ” « » …")
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf) && r != '\u200c' && r != '\u00ad'
	}) {
		out = append(out, "invisible characters")
	}
	low := strings.ToLower(s)
	for _, word := range blame[l] {
		if strings.Contains(low, word) {
			out = append(out, "says "+word)
		}
	}
	if a, b := strings.Count(s, "["), strings.Count(s, "]"); a > 1 || a != b {
		out = append(out, "more than one pair of brackets")
	}
	if l == Arabic && strings.ContainsAny(s, "?,;") {
		out = append(out, "Latin punctuation; write ؟ ، ؛")
	}
	return out
}

// untranslated tells whether a text equal to the English one can be no accident.
func untranslated(s string) bool { return len(strings.Fields(s)) >= 3 }

func TestPrepare_refuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"{", "}", "{}", "{x}", "{10}", "{0", "a {count} b", "0}", "{{0}}"} {
		if _, err := prepare(s); err == nil {
			t.Errorf("prepare(%q) succeeds", s)
		}
	}
	for _, raw := range []string{`"b.x" = "key of another file"`, `a.x = "key without quotes"`, `"a.x" = 3`, `"a.x" = ["list"]`,
		`"a.x" = {one = "no other"}`, `"a.x" = {other = "o", several = "s"}`, `"a.x" = {other = 1}`, `"a.x" = "{y}"`,
		`"a.x" = {other = "{y}"}`, `not toml`} {
		if err := add(map[string]*entry{}, "a.", []byte(raw)); err == nil {
			t.Errorf("add(%s) succeeds", raw)
		}
	}
	for in, want := range map[string][]string{"{0}": {"", ""}, "a{n}b{1}": {"a", "b", ""}, "plain": nil} {
		if got, err := prepare(in); err != nil || !slices.Equal(got.pieces, want) {
			t.Errorf("prepare(%q) = %q, %v; want %q", in, got.pieces, err, want)
		}
	}
}

// strays are words for which the hall has another one; see catalog/README.md.
var strays = map[Lang]*regexp.Regexp{
	English: regexp.MustCompile(`(?i)\b(threads?|users?|usernames?|passwords?|javascript|canceled|color|favorite)\b`),
	Spanish: regexp.MustCompile(`(?i)\b(casa|stewards?|coordina\w*|administrador\w*|usuari[oa]s?|hilos?|claves? de acceso|contraseñas?|javascript)\b`),
	Arabic:  regexp.MustCompile(`الدار|أدمن|مستخدم|كلمة المرور|كلمة السر|جافا`),
}

// elsewhere tells of keys whose sentences speak of servers of others, which have passwords.
func elsewhere(key string) bool {
	return strings.HasPrefix(key, "booking.feed.") || strings.HasPrefix(key, "caldav.")
}

func TestCatalog_terms(t *testing.T) {
	t.Parallel()
	for _, l := range all {
		for key, e := range catalogs[l]() {
			if elsewhere(key) {
				continue
			}
			for _, x := range variants(e) {
				if word := strays[l].FindString(x.plain); word != "" {
					t.Errorf("%v %s says %q; catalog/README.md has the hall's word for it: %q", l, key, word, x.plain)
				}
			}
		}
	}
}
