package question

import (
	"strings"
	"testing"
	"unicode/utf8"

	"guildhall/internal/fault"
)

func TestRedacted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"May I write to ana.b+c@mail.example about it?":                   "question.personal.mail",
		"Write to ana (at) mail (dot) example":                            "question.personal.mail",
		"Call +34 600 123 456 at once":                                    "question.personal.number",
		"Call me: 0600 12 34 56 78":                                       "question.personal.number",
		"My account is 123456789012":                                      "question.personal.number",
		"٠٦٠٠١٢٣٤٥٦٧٨":                                                    "question.personal.number",
		"My client Maria Huber wants Zoom":                                "question.personal.name",
		"The fee was $3,500 and is now $50,000":                           "",
		"In force since 2020-06-26, said on 26.05.2020":                   "",
		"See https://support.gigharbour.example/articles/360052511133":    "",
		"My client insists on Zoom: who tells him?":                       "",
		"Clause 7.2, version 5.2, for 24 months; 1 of 1,027 posts":        "",
		"Our client is in London and wants to meet in Paris at the start": "",
	} {
		err := redacted("text", text)
		got := ""
		if err != nil {
			got = fault.From(err).Key
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzRedacted(f *testing.F) {
	f.Add("a@b.c +1 2 3 4 5 6 7 8 9")
	f.Add(strings.Repeat("my client ", 50))
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		if err := redacted("text", s); err != nil {
			e := fault.From(err)
			if e.Kind != fault.Invalid || len(e.Args) != 1 || utf8.RuneCountInString(e.Args[0].(string)) > 61 {
				t.Fatalf("%q: %v", s, err)
			}
		}
	})
}

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
