package question_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/question"
)

func TestNearest(t *testing.T) {
	each(t, func(h *hall) {
		for _, title := range []string{
			"How do I set a date or send a calendar invitation?", "May I share an e-mail address to get into a repository?", "May files go by Dropbox?",
			"Does the rule bind Enterprise clients?", "My portfolio shows an address: is the link a violation?", "Calls do not ring: what then?",
			"Can I use my own scheduling tool?", "Can I take over a screen to assess the job?", "Why were we not asked?", "¿Puedo usar mi propia agenda?",
			"هل أستطيع استعمال التقويم الخاص بي؟",
		} {
			h.ask(h.ana, title)
		}
		for typed, want := range map[string]string{
			"calendars and invitations":        "How do I set a date or send a calendar invitation?",
			"may i schedule with my tools":     "Can I use my own scheduling tool?",
			"SCREEN takeover":                  "Can I take over a screen to assess the job?",
			"is a link in a portfolio allowed": "My portfolio shows an address: is the link a violation?",
			"puedo usar otra AGENDA":           "¿Puedo usar mi propia agenda?",
			"تقويم":                            "هل أستطيع استعمال التقويم الخاص بي؟",
			"weather in the mountains":         "",
			"the":                              "",
			"":                                 "",
			"?!":                               "",
		} {
			near, err := h.Nearest(h.ctx, typed, "gigharbour")
			h.ok(err)
			got := ""
			if len(near) > 0 {
				got = near[0].Question.Title
			}
			if got != want || len(near) > 3 {
				h.t.Errorf("%q: %q, want %q", typed, got, want)
			}
		}
		// A merged one leads to where it stands, once.
		near, err := h.Nearest(h.ctx, "May files go by Dropbox?", "")
		h.ok(err)
		other, err := h.Nearest(h.ctx, "Calls do not ring", "")
		h.ok(err)
		_, err = h.Merge(h.ctx, h.dov, near[0].Question.ID, other[0].Question.ID, "To see what happens.")
		h.ok(err)
		if near, err = h.Nearest(h.ctx, "May files go by Dropbox?", ""); err != nil || len(near) == 0 || near[0].Question.ID != other[0].Question.ID {
			h.t.Error(near, err)
		}
	})
}

// BenchmarkNearest types a title of eight words among 50,000 questions whose words
// are as unequal as those of a language.
func BenchmarkNearest(b *testing.B) {
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(e.String(), func(b *testing.B) {
			h := benchHall(b, dbtest.Open(b, e))
			rng := rand.New(rand.NewPCG(1, 2))
			zipf := rand.NewZipf(rng, 1.1, 4, 20_000)
			h.fill(b, 50_000, func() string { return babble(zipf, 9) })
			titles := make([]string, 500)
			for i := range titles {
				titles[i] = babble(zipf, 8)
			}
			b.ResetTimer()
			for i := range b.N {
				if _, err := h.Nearest(h.ctx, titles[i%len(titles)], "gigharbour"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// babble is a sentence of made-up words, the common ones most often.
func babble(zipf *rand.Zipf, n int) string {
	var s strings.Builder
	for range n {
		w := zipf.Uint64()
		for range 3 {
			s.WriteByte("bdfgklmnprst"[w%12])
			s.WriteByte("aeiou"[w/12%5])
			w /= 60
		}
		s.WriteByte(' ')
	}
	return s.String() + "?"
}

type benched struct{ hall }

func benchHall(b *testing.B, d *db.DB) *benched {
	t := &testing.T{}
	h := newHall(t, d)
	return &benched{*h}
}

func (h *benched) fill(b *testing.B, n int, title func() string) {
	for i := 0; i < n; i += 500 {
		err := h.db.Tx(h.ctx, func(ctx context.Context) error {
			for k := range 500 {
				by := h.ana
				by.Face = face.ID(fmt.Sprintf("asker-%d", (i+k)/question.MaxADay)) // nobody asks more in a day
				if _, err := h.Ask(ctx, by, question.Asking{Title: title(), Lang: "en", Platform: "gigharbour", Owes: question.ByPlatform}); err != nil {
					return fmt.Errorf("filling: %w", err)
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
