package guard

import (
	"strings"
	"testing"
	"unicode/utf8"

	"guildhall/internal/fault"
)

func TestRedacted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"May I write to ana.b+c@mail.example about it?":                   "guard.personal.mail",
		"Write to ana\u200b@mail\u00ad.example":                           "guard.personal.mail",
		"Write to ana (at) mail (dot) example":                            "guard.personal.mail",
		"Call +34 600 123 456 at once":                                    "guard.personal.number",
		"Call me: 0600 12 34 56 78":                                       "guard.personal.number",
		"My account is 123456789012":                                      "guard.personal.number",
		"٠٦٠٠١٢٣٤٥٦٧٨":                                                    "guard.personal.number",
		"My client Maria Huber wants Zoom":                                "guard.personal.name",
		"A buyer named Huber never paid":                                  "guard.personal.name",
		"The recruiter (Ana Pérez) asked for my address":                  "guard.personal.name",
		"Is it true that Mrs. Huber decides this alone?":                  "guard.personal.name",
		"Mi cliente, María Gómez, no paga":                                "guard.personal.name",
		"¿Decide esto la Sra. Gómez?":                                     "guard.personal.name",
		"لماذا لا يدفع السيد أحمد علي أجري؟":                              "guard.personal.name",
		"عميلي اسمه أحمد":                                                 "guard.personal.name",
		"Why Does The Client Pay The Fee For Everything":                  "",
		"MY CLIENT DOES NOT PAY ME":                                       "",
		"Freelancers in Hong Kong were not asked":                         "",
		"Does it bind Enterprise and Business clients?":                   "",
		"A client from New York City asked for a call":                    "",
		"Is the boss of Gigharbour ever going to answer?":                 "",
		"Every employee of Gigharbour Ireland Limited should read it":     "",
		"The client Terms of Service say so":                              "",
		"هل يدفع السيد أجري؟":                                             "",
		"The fee was $3,500 and is now $50,000":                           "",
		"In force since 2020-06-26, said on 26.05.2020":                   "",
		"See https://support.gigharbour.example/articles/360052511133":    "",
		"My client insists on Zoom: who tells him?":                       "",
		"Clause 7.2, version 5.2, for 24 months; 1 of 1,027 posts":        "",
		"Our client is in London and wants to meet in Paris at the start": "",
	} {
		err := Redacted("text", text)
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
		if err := Redacted("text", s); err != nil {
			e := fault.From(err)
			if e.Kind != fault.Invalid || len(e.Args) != 1 || utf8.RuneCountInString(e.Args[0].(string)) > 61 {
				t.Fatalf("%q: %v", s, err)
			}
		}
	})
}
