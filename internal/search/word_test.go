package search_test

import (
	"context"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/search"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for a, b := range map[string]string{
		"Información": "informacion", "STRASSE": "straße", "İstanbul": "istanbul", "ﬁne": "fine", "Ａ１": "a1", "Łódź": "lodz",
		"أحمد": "احمد", "القاعة": "قاعه", "والقاعة": "قاعه", "مُحَمَّد": "محمد", "على": "علي", "ســلام": "سلام", "٢٠٢٦": "2026", "۲۰۲۶": "2026",
		"don’t": "don't", "Ana’s": "ana", "ΣΊΣΥΦΟΣ": "σισυφοσ", "Ёлка": "елка", "한국": "한국", "co\u00adoperate": "cooperate", "𝟙𝟚": "12",
	} {
		if search.Fold(a) != search.Fold(b) || search.Fold(a) == "" {
			t.Errorf("%s folds to %q, %s to %q", a, search.Fold(a), b, search.Fold(b))
		}
	}
	if search.Fold("الله") == search.Fold("له") {
		t.Error("too little was left of a word")
	}
}

func TestFold_twiceIsOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("الوبكفل'’sSßﷺـةىأ\u064b½Ⅷ")))).Draw(t, "s")
		once := search.Fold(s)
		if again := search.Fold(once); again != once {
			t.Fatalf("%q folds to %q, then to %q", s, once, again)
		}
		for _, r := range once {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
				t.Fatalf("%q folds to %q, which holds %U", s, once, r)
			}
		}
	})
}

// Whatever is marked, the text is still the text; and marked is just what is
// wanted.
func TestMark_keepsTheText(t *testing.T) {
	t.Parallel()
	words := rapid.SampledFrom([]string{"heron", "Herón", "القاعة", "day", "東", "x", "—", "\n", "👩‍🔧", "e-mail", "\xff", "it’s"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(words).Draw(t, "words"), " ") + rapid.String().Draw(t, "tail")
		wanted := map[string]bool{"heron": true, search.Fold("القاعة"): true, "東": true}
		var all string
		for _, p := range search.Mark(text, wanted) {
			all += p.Text
			if p.Mark && !wanted[search.Fold(p.Text)] {
				t.Fatalf("%q is marked", p.Text)
			}
			if !p.Mark && strings.Contains(p.Text, " heron ") {
				t.Fatalf("%q is not marked", p.Text)
			}
		}
		if all != text {
			t.Fatalf("%q became %q", text, all)
		}
		line := strings.Join(strings.Fields(text), " ")
		shown := ""
		for _, p := range search.Snippet(text, wanted) {
			shown += p.Text
		}
		shown = strings.TrimSuffix(strings.TrimPrefix(shown, "… "), " …")
		if !strings.Contains(line, shown) || len(shown) > 1000 {
			t.Fatalf("%q is not of %q", shown, line)
		}
		if utf8.ValidString(text) && !utf8.ValidString(shown) {
			t.Fatalf("%q is cut inside a letter", shown)
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		"", "a b", `"a b" -c`, `-"`, `"" "`, "a* OR b NOT (c)", "'; DROP TABLE search_doc; --", "search_word:x", "^a", "NEAR(a b)", "{words}:a",
		"a\x00b", "\xff\xfe", "القاعة -مكالمة", "“x” «y» „z“", strings.Repeat("a ", 500), strings.Repeat("é", 500), "﷽ ﷺ", "-a", "a\uE000kposts", `\`, `'a' & 'b':*`,
	} {
		f.Add(s)
	}
	var halls []*hall
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		h := open(f, dbtest.Open(f, e))
		h.post("some words to find, a b c and القاعة")
		h.index()
		halls = append(halls, h)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got []string
		for _, h := range halls {
			r, err := h.room.Find(context.Background(), search.Query{Text: text, Topic: text, Kind: search.ParseKind(text)})
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			if r, err = h.room.Find(context.Background(), search.Query{Text: text, Author: text, Lang: text}); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			if r, err = h.room.Find(context.Background(), search.Query{Text: text}); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			got = append(got, idsOf(r)+"|"+r.Meant)
		}
		if got[0] != got[1] {
			t.Fatalf("%q: the engines disagree: %q, %q", text, got[0], got[1])
		}
	})
}
