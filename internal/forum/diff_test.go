package forum

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildhall/internal/markdown"
)

// All Same and Removed segments are the old text, all Same and Added the new.
func TestCompare_losesNothing(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"calls", "ring", "never", " ", "\n\n", ".", "–", "سلام", "é", "e\u0301", "👍", "don’t", "**"})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 40).Draw(t, "words"), "") })
	rapid.Check(t, func(t *rapid.T) {
		old, now := text.Draw(t, "old"), text.Draw(t, "now")
		var a, b strings.Builder
		for _, s := range Compare(old, now) {
			if s.Text == "" {
				t.Fatal("an empty segment")
			}
			if s.Op != Added {
				a.WriteString(s.Text)
			}
			if s.Op != Removed {
				b.WriteString(s.Text)
			}
		}
		if a.String() != old || b.String() != now {
			t.Fatalf("%q -> %q came out as %q -> %q", old, now, a.String(), b.String())
		}
	})
}

func TestCompare_readsWell(t *testing.T) {
	t.Parallel()
	got := Compare("The quick brown fox sleeps.", "The slow red fox sleeps well.")
	want := []Segment{{Same, "The "}, {Removed, "quick brown"}, {Added, "slow red"}, {Same, " fox sleeps"}, {Added, " well"}, {Same, "."}}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("segment %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// More different words than there are numbers below the replacement character.
func TestCompare_manyWords(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 9000 {
		b.WriteString(strings.Repeat("x", i%7+1))
		b.WriteString(time.Duration(i).String())
		b.WriteByte(' ')
	}
	old := b.String()
	got := Compare(old, old+"end")
	if len(got) != 2 || got[0] != (Segment{Same, old}) || got[1] != (Segment{Added, "end"}) {
		t.Errorf("got %d segments", len(got))
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"# A\n\nb *c* `d`\n":        "A\nb c d",
		"- one\n- two\n\n1 < 2 & 3": "one\ntwo\n1 < 2 & 3",
		"```\n<b>\n```":             "<b>",
		"> quoted\n\nsaid":          "quoted\nsaid",
		"":                          "",
	} {
		text, err := markdown.Render(src, markdown.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := plain(text.HTML); got != want {
			t.Errorf("%q became %q, want %q", src, got, want)
		}
	}
}

func TestQuote_namesAndHeads(t *testing.T) {
	t.Parallel()
	if got, want := quote("a]b[c\n*", "ID", "\n\n  text  \n> old\n"), "> [abc ](/posts/ID):\n>\n> text\n\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadMark(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "-", "12", "12-x", "x-01j00000000000000000000000", "99999999999999999999-01j00000000000000000000000"} {
		if at, id := readMark(s); id != "" || at < 1<<60 {
			t.Errorf("%q was read as %d %s", s, at, id)
		}
	}
	a := Article{ID: "01j00000000000000000000000", At: time.Unix(12, 0)}
	if at, id := readMark(a.Mark()); at != 12_000_000 || id != string(a.ID) {
		t.Errorf("got %d %s", at, id)
	}
}
