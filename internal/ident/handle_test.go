package ident

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"guildhall/internal/fault"
)

func TestParseHandle(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Quiet Heron":                 "Quiet Heron",
		"  Quiet \u00a0 Heron ":       "Quiet Heron",
		"bo":                          "bo",
		"O’Brien":                     "O’Brien",
		"J. Doe":                      "J. Doe",
		"Sammy D.":                    "Sammy D.",
		"Jean-Luc":                    "Jean-Luc",
		"María José":                  "María José",
		"Marı\u0301a":                 "Marı\u0301a",
		"Ｑｕｉｅｔ":                       "Quiet",
		"Наталья":                     "Наталья",
		"Ana Петрова":                 "Ana Петрова",
		"ليلى الحسن":                  "ليلى الحسن",
		"علی\u200cرضا":                "علی\u200cرضا",
		"クレオ":                         "クレオ",
		"田中さくら":                       "田中さくら",
		"Kim 김":                       "Kim 김",
		"श्रीमती":                     "श्रीमती",
		"क्\u200dष":                   "क्\u200dष",
		"Nguyễn Thị Minh Khai":        "Nguyễn Thị Minh Khai",
		"שָׁלוֹם":                     "שָׁלוֹם",
		"Bo 42":                       "Bo 42",
		strings.Repeat("x", 40):       strings.Repeat("x", 40),
		strings.Repeat("e\u0301", 40): strings.Repeat("é", 40),
	} {
		if got, err := ParseHandle(in); err != nil || string(got) != want {
			t.Errorf("ParseHandle(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestParseHandle_refused(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                 "empty",
		" \u3000 ":                         "empty",
		"x":                                "short",
		"e\u0301":                          "short",
		strings.Repeat("x", 41):            "long",
		strings.Repeat("x", 1<<20):         "long",
		strings.Repeat("ﷺ", 30):            "long",
		"ab\u202ecd":                       "hidden",
		"ab\u2066cd":                       "hidden",
		"ab\u200fcd":                       "hidden",
		"ab\u200dcd":                       "hidden",
		"ab\u200ccd":                       "hidden",
		"\u200cعلی":                        "hidden",
		"ab\x00cd":                         "hidden",
		"ab\tcd":                           "hidden",
		"ab\ncd":                           "hidden",
		"ab\u00adcd":                       "hidden",
		"ab\u3164":                         "hidden",
		"\u115f\u1160":                     "hidden",
		"ab\ufe0f":                         "hidden",
		"ab\U000e0061":                     "hidden",
		"ab\ue000":                         "hidden",
		"ab\xff":                           "hidden",
		"⠀⠀":                               "hidden",
		"<b>Bo</b>":                        "signs",
		"bo@example":                       "signs",
		"Bo 🙂":                             "signs",
		"Bo✓":                              "signs",
		"a/b":                              "signs",
		"ʼʼ":                               "edges",
		"ـــ":                              "signs",
		"-bo":                              "edges",
		"bo-":                              "edges",
		"b...o":                            "edges",
		"b\u0301\u0302\u0303\u0304\u0305o": "marks",
		"\u0301bo":                         "marks",
		"b \u0301o":                        "marks",
		"pаypal":                           "mixed", // Cyrillic а
		"Οliver":                           "mixed", // Greek Ο
		"bo1٢":                             "mixed",
		"Ꭺna":                              "mixed",
		"admin":                            "reserved",
		"Ad-Min":                           "reserved",
		"a d m i n":                        "reserved",
		"ADM1N":                            "reserved",
		"4dmin":                            "reserved",
		"admin 2":                          "reserved",
		"Ａdmin":                            "reserved",
		"Bo (Support)":                     "signs",
		"Bo Support":                       "reserved",
		"Guildhall Bo":                     "reserved",
		"TheGuildHallTeam":                 "reserved",
		"The Mоderator":                    "mixed",
		"5teward":                          "reserved",
		"former member":                    "reserved",
		"Former_Members":                   "reserved",
		"formermember7":                    "reserved",
		"deleted":                          "reserved",
		"Soporte":                          "reserved",
		"المشرف":                           "reserved",
		"اداره":                            "reserved",
		"عضو سابق":                         "reserved",
		"οfficial":                         "mixed",
	} {
		_, err := ParseHandle(in)
		f := fault.From(err)
		if err == nil || f.Kind != fault.Invalid || f.Field != "name" || f.Key != "ident.name."+want {
			t.Errorf("ParseHandle(%.40q) = %v; want ident.name.%s", in, err, want)
		}
	}
}

func TestFold_collide(t *testing.T) {
	t.Parallel()
	for _, class := range [][]string{
		{"Quiet Heron", "quiet-heron", "QUIETHERON", "Quiet_Her0n", "Qu1et Heron", "Qulet Heron", "quiet  heron", "Ｑuiet Heron", "Quiet Herοn", "𝐐𝐮𝐢𝐞𝐭 Heron", "Qᴜɪᴇᴛ Heron", "Quiet\u200b Heron"},
		{"Ana", "Аnа", "ΑΝΑ", "ꓮꓠꓮ", "Ꭺna", "áña", "ᴀɴᴀ"},
		{"Marne", "Mame", "MARNE", "Marпe"},
		{"Bo 10", "Bo lO", "Bo Io", "bo١٠", "Bo १०"},
		{"vvren", "wren", "Wren"},
		{"Сосо", "Coco", "сосо"},
		{"José", "Jose", "Jose\u0301"},
		{"Straße", "STRASSE"},
		{"أحمد", "احمد", "أَحْمَد", "احـــمد"},
		{"ليلى", "ليلي", "لیلی"},
		{"שלום", "שָׁלוֹם"},
		{"ロト", "口卜", "ﾛﾄ"},
		{"Æon", "aeon"},
	} {
		for _, s := range class[1:] {
			if Fold(s) != Fold(class[0]) {
				t.Errorf("Fold(%q) = %q, but Fold(%q) = %q", s, Fold(s), class[0], Fold(class[0]))
			}
		}
	}
}

func TestFold_apart(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, s := range []string{"ana", "bo", "cleo", "dov", "anna", "ann", "cleon", "か", "が", "ليلى", "ليل", "김", "감", "เก", "แก", "की", "का", "Вика", "Выка"} {
		if other, taken := seen[Fold(s)]; taken || Fold(s) == "" {
			t.Errorf("Fold(%q) = %q, as that of %q", s, Fold(s), other)
		}
		seen[Fold(s)] = s
	}
}

// Every code point by itself, and between two letters that could form a pair.
func TestFold_idempotentForEveryRune(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		for _, s := range [...]string{string(r), "r" + string(r) + "n"} {
			once := Fold(s)
			if twice := Fold(once); twice != once {
				t.Errorf("U+%04X: Fold(%q) = %q, folded again %q", r, s, once, twice)
			}
		}
	}
}

// anyName draws texts that are often names.
var anyName = rapid.OneOf(
	rapid.String(),
	rapid.StringOfN(rapid.RuneFrom([]rune("abrnvliIO01 -_.’áßſ")), 0, 45, -1),
	rapid.StringOfN(rapid.RuneFrom(nil, unicode.Cyrillic, unicode.Greek), 0, 20, -1),
	rapid.StringOfN(rapid.RuneFrom([]rune(" ـ\u200c"), unicode.Arabic, unicode.Hebrew), 0, 20, -1),
	rapid.StringOfN(rapid.RuneFrom([]rune("\u200d "), unicode.Devanagari, unicode.Thai, unicode.Hangul), 0, 20, -1),
)

func TestFold_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyName.Draw(t, "name")
		key := Fold(s)
		if Fold(key) != key {
			t.Fatalf("Fold(%q) = %q, folded again %q", s, key, Fold(key))
		}
		if up := Fold(strings.ToUpper(s)); up != key && !strings.ContainsAny(s, "ŉǰΐΰẖẗẘẙẚıſıŀ") {
			t.Fatalf("Fold(%q) = %q, in capitals %q", s, key, up)
		}
		checkHandle(t, s)
	})
}

type failer interface{ Fatalf(string, ...any) }

// checkHandle holds what must be true of every text that ParseHandle takes.
func checkHandle(t failer, s string) {
	h, err := ParseHandle(s)
	if err != nil {
		if f := fault.From(err); f.Kind != fault.Invalid || f.Field != "name" || !strings.HasPrefix(f.Key, "ident.name.") {
			t.Fatalf("ParseHandle(%q): a fault of another kind: %v", s, err)
		}
		return
	}
	again, err := ParseHandle(h.String())
	if err != nil || again != h {
		t.Fatalf("ParseHandle(%q) = %q; parsed again %q, %v", s, h, again, err)
	}
	if h.Key() == "" || h.Key() != Fold(s) {
		t.Fatalf("%q has the key %q, but was read from %q with the key %q", h, h.Key(), s, Fold(s))
	}
	if Fold(h.Slug()) != h.Key() {
		t.Fatalf("%q: the address %q has the key %q, want %q", h, h.Slug(), Fold(h.Slug()), h.Key())
	}
	for _, r := range h.String() {
		if unicode.IsControl(r) || isRedirecting(r) {
			t.Fatalf("%q holds U+%04X", h, r)
		}
	}
	if len(h) > 4*(MaxHandle*(maxMarks+2)) {
		t.Fatalf("%q is %d bytes long", h, len(h))
	}
}

func isRedirecting(r rune) bool {
	return r == 0x61C || r == 0x200E || r == 0x200F || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

func FuzzParseHandle(f *testing.F) {
	for _, s := range []string{"Quiet Heron", "pаypal", "علی\u200cرضا", "ab\u202ecd", "ﷺ", "क्\u200dष", "İstanbul", "ŉ", "ß", "ʼn", "\xff", "ͅι", "田中さくら", "a\u0301\u0302\u0303", "ꙮ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkHandle(t, s) })
}

func TestSlug(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 40)
	for in, want := range map[string]string{
		"Why you need a voice":     "why-you-need-a-voice",
		"  Don’t — ever! ":         "dont-ever",
		"C++ & Go, 2nd ed.":        "c-go-2nd-ed",
		"¿Qué cambió en 2020?":     "qué-cambió-en-2020",
		"لماذا تحتاج إلى صوت؟":     "لماذا-تحتاج-إلى-صوت",
		"Ｆｕｌｌ　ｗｉｄｔｈ":               "full-width",
		"../../etc/passwd":         "etc-passwd",
		"":                         "untitled",
		"!!!":                      "untitled",
		"\u0301\u0301":             "untitled",
		"🙂":                        "untitled",
		long:                       strings.TrimSuffix(strings.Repeat("word-", 16), "-"),
		strings.Repeat("x", 200):   strings.Repeat("x", 80),
		strings.Repeat("ω", 1<<20): strings.Repeat("ω", 80),
		"a\u202eb":                 "a-b",
		"bad\xffbytes":             "bad-bytes",
	} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%.40q) = %q, want %q", in, got, want)
		}
	}
}

func TestSlug_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyName.Draw(t, "title")
		slug := Slug(s)
		if n := utf8.RuneCountInString(slug); n == 0 || n > maxSlug {
			t.Fatalf("Slug(%q) = %q is %d long", s, slug, n)
		}
		if Slug(slug) != slug {
			t.Fatalf("Slug(%q) = %q, again %q", s, slug, Slug(slug))
		}
		if strings.ContainsAny(slug, "/?#%&. \\\"'<>") || strings.Contains(slug, "--") || slug[0] == '-' || slug[len(slug)-1] == '-' {
			t.Fatalf("Slug(%q) = %q", s, slug)
		}
	})
}

func TestTwoWordName(t *testing.T) {
	t.Parallel()
	if len(adjectives) < 200 || len(nouns) < 200 {
		t.Errorf("%d adjectives and %d nouns, want 200 of each", len(adjectives), len(nouns))
	}
	folded := map[string]string{}
	for _, list := range [][]string{adjectives, nouns} {
		for _, w := range list {
			if other, twice := folded[Fold(w)]; twice {
				t.Errorf("%q and %q are one word", w, other)
			}
			folded[Fold(w)] = w
			if _, err := ParseHandle(capital(w) + " " + capital(w)); err != nil {
				t.Errorf("%q does not make a handle: %v", w, err)
			}
		}
	}
	r := bufio.NewReader(rand.Reader)
	seen := map[string]bool{}
	for range 2000 {
		seen[TwoWordName(r)] = true
	}
	if len(seen) < 1900 { // about 35 repeats are expected of 60,000 names
		t.Errorf("only %d different names in 2000 draws", len(seen))
	}
	if got, want := TwoWordName(bytes.NewReader(make([]byte, 8))), capital(adjectives[0])+" "+capital(nouns[0]); got != want {
		t.Errorf("from zeros: %q, want %q", got, want)
	}
}

// Any two names of the lists must be apart, and none of them reserved.
func TestTwoWordName_allApart(t *testing.T) {
	t.Parallel()
	keys := make(map[string]string, len(adjectives)*len(nouns))
	for _, a := range adjectives {
		for _, n := range nouns {
			key := Fold(a + n)
			if other, twice := keys[key]; twice {
				t.Errorf("%q and %q have one key", a+" "+n, other)
			}
			keys[key] = a + " " + n
			for _, part := range reservedPart {
				if strings.Contains(plain.Replace(key), part) {
					t.Errorf("%q is reserved", a+" "+n)
				}
			}
		}
	}
}

func BenchmarkParseHandle(b *testing.B) {
	for b.Loop() {
		if _, err := ParseHandle("Наталья Петрова"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("Quiet Heron")
	}
}
