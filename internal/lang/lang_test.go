package lang_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]lang.Lang{
		"en": lang.English, "en-GB": lang.English, "EN-us": lang.English,
		"es": lang.Spanish, "es-MX": lang.Spanish, "es_AR": lang.Spanish, "ar": lang.Arabic, "ar-EG": lang.Arabic,
	} {
		if got, ok := lang.Parse(tag); !ok || got != want {
			t.Errorf("Parse(%q) = %v, %v; want %v", tag, got, ok, want)
		}
	}
	for _, tag := range []string{"", "de", "est", "-", "english"} {
		if got, ok := lang.Parse(tag); ok {
			t.Errorf("Parse(%q) = %v; the hall does not speak that", tag, got)
		}
	}
	for _, l := range lang.All() {
		for _, form := range []string{l.String(), l.Tag()} {
			if got, ok := lang.Parse(form); !ok || got != l {
				t.Errorf("Parse(%q) = %v, %v; want %v", form, got, ok, l)
			}
		}
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	long := "es;q=0.9," + strings.Repeat("de-DE;q=0.1,", 1000) + "ar"
	for header, want := range map[string]lang.Lang{
		"":                              lang.English,
		"es-ES,es;q=0.9,en;q=0.8":       lang.Spanish,
		"es-419":                        lang.Spanish,
		"ar-EG,ar;q=0.9":                lang.Arabic,
		"en;q=0.1,ar;q=0.2":             lang.Arabic,
		"de-DE,de;q=0.9,es;q=0.5":       lang.Spanish,
		"de-DE,de":                      lang.English,
		"es;q=0,ar":                     lang.Arabic,
		"*":                             lang.English,
		"\x00\xff;;;":                   lang.English,
		strings.Repeat("-", 10_000):     lang.English,
		strings.Repeat("x-", 100) + "y": lang.English,
		long:                            lang.Spanish,
	} {
		for range 2 { // the second answer comes from memory
			if got := lang.Match(header); got != want {
				t.Errorf("Match(%.40q) = %v; want %v", header, got, want)
			}
		}
	}
}

func TestLang_zeroAndUnknownSpeakEnglish(t *testing.T) {
	t.Parallel()
	var l lang.Lang
	if l.Tag() != "en-GB" || l.Dir() != "ltr" || l.T("shell.nav.topics") != "Topics" {
		t.Error("the zero value is not English")
	}
	if l = 200; l.Name() != "English" || l.T("shell.nav.topics") != "Topics" || l.N("fault.too_long", 2) == "" {
		t.Error("a value from nowhere is not English")
	}
}

func TestT(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{lang.English.T("shell.page.of", 2, 1234), "Page 2 of 1,234"},
		{lang.Spanish.T("shell.page.of", 2, 1234), "Página 2 de 1234"},
		{lang.Arabic.T("shell.page.of", 2, 1234), "صفحة 2 من 1,234"},
		{lang.English.T("shell.page.of", 2), "Page 2 of "},
		{lang.English.T("shell.speaking_as", "Quiet Heron"), "You speak as Quiet Heron, your open profile."},
		{lang.English.T("shell.speaking_as", "هدى"), "You speak as \u2068هدى\u2069, your open profile."},
		{lang.Arabic.T("shell.speaking_as", "Quiet Heron"), "تتحدث باسم \u2068Quiet Heron\u2069، ملفك المفتوح."},
		{lang.Arabic.T("shell.speaking_as", "هدى"), "تتحدث باسم هدى، ملفك المفتوح."},
		{lang.Arabic.T("fault.too_large", lang.Verbatim("5 MB")), "هذا أكبر مما تقبله القاعة: الحدّ هو 5 MB. لم يُحفَظ شيء. عُد صفحة إلى الوراء: ما كتبته ما زال هناك."},
		{lang.English.T("fault.too_large", errors.New("five")), "This is larger than the hall takes: the limit is five. Nothing was kept. Go back one page: what you wrote is still there."},
		{lang.English.T("fault.too_large", nil), "This is larger than the hall takes: the limit is . Nothing was kept. Go back one page: what you wrote is still there."},
		{lang.English.T("no.such.key", 1), "no.such.key"},
		{lang.English.N("no.such.key", 1), "no.such.key"},
		{lang.English.N("shell.nav.topics", 3), "Topics"},
		{lang.English.T("fault.too_long", 40), "This may be 40 characters long at most."},
		{lang.English.T("fault.too_long", 1), "This may be 1 character long at most."},
		{lang.Spanish.N("fault.too_long", 2_000_000), "Puede tener 2\u00a0000\u00a0000 de caracteres como máximo."},
		{lang.Arabic.N("fault.too_long", 2), "حرفان على الأكثر."},
		{lang.Arabic.N("fault.too_long", 40), "40 حرفًا على الأكثر."},
		{lang.Arabic.N("fault.too_long", -3), "\u22123 أحرف على الأكثر."},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	before, words, after := lang.English.Link("shell.speaking_none")
	if before != "You are reading. To speak, " || words != "join or sign in" || after != "." {
		t.Errorf("got %q %q %q", before, words, after)
	}
	if before, words, after = lang.English.Link("shell.nav.topics"); before+after != "" || words != "Topics" {
		t.Errorf("got %q %q %q", before, words, after)
	}
}

func TestFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{fault.New(fault.Invalid, "fault.too_long", 40), "This may be 40 characters long at most."},
		{fault.New(fault.NotFound, ""), lang.English.T("fault.not_found")},
		{errors.New("disk on fire"), lang.English.T("fault.internal")},
		{fault.New(fault.SignIn, "nobody.wrote.this"), lang.English.T("fault.sign_in")},
	} {
		if got := lang.English.Fault(c.err); got != c.want {
			t.Errorf("Fault(%v) = %q, want %q", c.err, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{lang.English.Number(0), "0"},
		{lang.English.Number(999), "999"},
		{lang.English.Number(1000), "1,000"},
		{lang.English.Number(-1234567), "\u22121,234,567"},
		{lang.Spanish.Number(1000), "1000"},
		{lang.Spanish.Number(10000), "10\u00a0000"},
		{lang.Arabic.Number(1234567), "1,234,567"},
		{lang.English.Decimal(1234.5, 1), "1,234.5"},
		{lang.Spanish.Decimal(0.25, -1), "0,25"},
		{lang.English.Decimal(-0.5, 1), "\u22120.5"},
		{lang.English.Decimal(12, -1), "12"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 6, 30, 23, 30, 59, 999, time.UTC)
	cairo, err := time.LoadLocation("Africa/Cairo")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want string }{
		{lang.English.Date(moment, nil), "30 June 2026"},
		{lang.English.Date(moment, cairo), "1 July 2026"},
		{lang.Spanish.Date(moment, nil), "30 de junio de 2026"},
		{lang.Arabic.Date(moment, nil), "30 يونيو 2026"},
		{lang.English.Month(moment, cairo), "July 2026"},
		{lang.Spanish.Month(moment, nil), "junio de 2026"},
		{lang.English.DateTime(moment, nil), "30 June 2026, 23:30 UTC"},
		{lang.English.DateTime(moment, cairo), "1 July 2026, 02:30"},
		{lang.Arabic.DateTime(moment, cairo), "1 يوليو 2026، 02:30"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{lang.English.List(nil), ""},
		{lang.English.List([]string{"a"}), "a"},
		{lang.English.List([]string{"a", "b", "c"}), "a, b and c"},
		{lang.Spanish.List([]string{"avisos", "llamadas"}), "avisos y llamadas"},
		{lang.Spanish.List([]string{"avisos", "idiomas"}), "avisos e idiomas"},
		{lang.Spanish.List([]string{"agua", "hielo"}), "agua y hielo"},
		{lang.Arabic.List([]string{"أ", "ب", "ج"}), "أ، ب وج"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestT_allocations(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { lang.Arabic.T("shell.nav.topics") }); n != 0 {
		t.Errorf("a plain text costs %v allocations, want 0", n)
	}
	if n := testing.AllocsPerRun(100, func() { lang.Match("es-ES,es;q=0.9,en;q=0.8") }); n != 0 {
		t.Errorf("a header seen before costs %v allocations, want 0", n)
	}
}

func BenchmarkT(b *testing.B) {
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			lang.Arabic.T("shell.nav.topics")
		}
	})
	b.Run("args", func(b *testing.B) {
		for b.Loop() {
			lang.Arabic.T("shell.page.of", 2, 1234)
		}
	})
	b.Run("match", func(b *testing.B) {
		for b.Loop() {
			lang.Match("es-ES,es;q=0.9,en;q=0.8")
		}
	})
}

func TestFault_everyKindHasWords(t *testing.T) {
	t.Parallel()
	for k := fault.Internal; k <= fault.SignIn; k++ {
		err := fault.New(k, "")
		for _, l := range lang.All() {
			if s := l.Fault(err) + l.T("fault."+k.String()+"_title"); strings.Contains(s, "fault.") {
				t.Errorf("%v, %v: %q", l, k, s)
			}
		}
	}
}
