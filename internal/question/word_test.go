package question

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Words are few, short, and the same when they are cut again.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"May I send a scheduling link?", "¿Puedo usar mi agenda?", "هل أستطيع استعمال التقويم؟", "e\u0301t\u00e9s", "日本語の質問", "a'b’c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		ws := words(s, 12)
		if len(ws) > 12 {
			t.Fatal(len(ws))
		}
		for _, w := range ws {
			if n := utf8.RuneCountInString(w); n > stem || n < shortest {
				t.Fatalf("%q gave %q", s, w)
			}
			if strings.ContainsRune(w, 0) {
				t.Fatalf("%q gave %q", s, w)
			}
		}
	})
}

func TestPlainly(t *testing.T) {
	t.Parallel()
	if s := plainly("*[a](b)* <c>"); s != `\*\[a\](b)\* \<c\>` {
		t.Error(s)
	}
}
