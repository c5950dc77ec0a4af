package lang

import "strings"

// Lang is one language the hall speaks. The zero value is English, so a Lang is
// always usable; it is comparable and fit to be part of a cache key.
type Lang uint8

// The languages, in the order in which they are offered.
const (
	English Lang = iota
	Spanish
	Arabic
	count
)

// locale is what the program must know about a language besides its texts.
type locale struct {
	code, tag, name string
	dir             string
	group, decimal  string
	minGroup        int // a number is grouped from this many digits on
	date, month     string
	join, last      string // between the things of a list, and before its last one
	comma           string // between date and time
	months          [12]string
	plural          func(n int) category
	needs           []category
}

var locales = [count]locale{
	English: {
		code: "en", tag: "en-GB", name: "English", dir: "ltr",
		group: ",", decimal: ".", minGroup: 4,
		date: "{d} {m} {y}", month: "{m} {y}", join: ", ", last: " and ", comma: ", ",
		months: [12]string{"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December"},
		plural: pluralEnglish, needs: []category{one, other},
	},
	Spanish: {
		// A space groups digits in every Spanish-speaking country alike; comma
		// and point mean opposite things in Madrid and in Mexico.
		code: "es", tag: "es", name: "Español", dir: "ltr",
		group: "\u00a0", decimal: ",", minGroup: 5,
		date: "{d} de {m} de {y}", month: "{m} de {y}", join: ", ", last: " y ", comma: ", ",
		months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio",
			"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
		plural: pluralSpanish, needs: []category{one, many, other},
	},
	Arabic: {
		// Latin digits throughout: they are read from Rabat to Baghdad, and
		// amounts, versions and code beside them use them already.
		code: "ar", tag: "ar", name: "العربية", dir: "rtl",
		group: ",", decimal: ".", minGroup: 4,
		date: "{d} {m} {y}", month: "{m} {y}", join: "، ", last: " و", comma: "، ",
		months: [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
			"يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		plural: pluralArabic, needs: []category{zero, one, two, few, many, other},
	},
}

var all = []Lang{English, Spanish, Arabic}

// All lists the languages in the order in which they are offered. The caller
// may keep and change the slice.
func All() []Lang { return append([]Lang(nil), all...) }

// Parse reads a language from its short code or BCP 47 tag, in any case; a
// region that the hall has no texts of its own for is ignored (es-MX is es).
// The second result is false when the hall does not speak the language.
func Parse(tag string) (Lang, bool) {
	code, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	for _, l := range all {
		if strings.EqualFold(code, locales[l].code) {
			return l, true
		}
	}
	return English, false
}

func (l Lang) locale() *locale {
	if l >= count {
		l = English
	}
	return &locales[l]
}

// String is the short code ("en"), as cookies, databases and addresses keep it.
func (l Lang) String() string { return l.locale().code }

// Tag is the BCP 47 tag for the lang attribute of a page.
func (l Lang) Tag() string { return l.locale().tag }

// Name is the name of the language in the language itself.
func (l Lang) Name() string { return l.locale().name }

// Dir is the writing direction, "ltr" or "rtl", for the dir attribute of a page.
func (l Lang) Dir() string { return l.locale().dir }
