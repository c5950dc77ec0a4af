package typed_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"guildhall/internal/fault"
	"guildhall/internal/typed"
)

func TestLine(t *testing.T) {
	for _, c := range []struct {
		in, want, key string
		least         int
	}{
		{"  two\u00a0 \r\n words\t", "two words", "", 0},
		{"evil\u202egnp.exe", "evilgnp.exe", "", 0},
		{"\ufeffa\x00b\u2066c\u2069\ufffd", "abc", "", 0},
		{"ab\xff", "", "fault.not_text", 0},
		{"يد بيد", "يد بيد", "", 3},
		{"family 👩‍🌾", "family 👩‍🌾", "", 3},
		{"", "", "", 0},
		{" \u200f ", "", "fault.empty", 3},
		{"ab", "ab", "fault.too_short", 3},
		{strings.Repeat("é", 20), strings.Repeat("é", 20), "", 3},
		{strings.Repeat("é", 21), strings.Repeat("é", 21), "fault.too_long", 3},
	} {
		got, err := typed.Line("f", c.in, c.least, 20)
		if got != c.want {
			t.Errorf("%q is read as %q", c.in, got)
		}
		refused(t, err, c.key)
	}
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	switch f := fault.From(err); {
	case key == "" && err != nil, key != "" && err == nil:
		t.Errorf("refused as %v, want %q", err, key)
	case err != nil && (f.Key != key || f.Field != "f" || f.Kind != fault.Invalid):
		t.Errorf("refused as %+v, want %q", f, key)
	}
}

func TestLines(t *testing.T) {
	got, err := typed.Lines("f", "\n- be kind\n\n- \u202eno names\r\n ", 3, 100)
	if got != "- be kind\n\n- no names" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	_, err = typed.Lines("f", " \n ", 3, 100)
	refused(t, err, "fault.empty")
	_, err = typed.Lines("f", "ab\xff", 0, 100)
	refused(t, err, "fault.not_text")
}

func FuzzLine(f *testing.F) {
	f.Add("a\u2028b\u202e")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := typed.Line("f", s, 0, 50)
		if err == nil && (utf8.RuneCountInString(got) > 50 || !utf8.ValidString(got) || strings.ContainsFunc(got, func(c rune) bool { return !typed.Printable(c) })) {
			t.Errorf("%q is read as %q", s, got)
		}
		if again := typed.OneLine(got); again != got {
			t.Errorf("%q is read as %q, and that as %q", s, got, again)
		}
	})
}

// What shows nothing is nothing, whatever it is made of.
func TestBlank(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", " \n", "\u200b\u200b\u200b\u200b", "\u3164\u3164\u3164", "\u2800", "\u00ad", "\ufe0f", "\u115f \u1160", "\uffa0", "\u2060\u180e"} {
		if !typed.Blank(s) {
			t.Errorf("%+q shows", s)
		}
		_, err := typed.Line("title", s, 1, 100)
		if f := fault.From(err); err == nil || f.Key != "fault.empty" || f.Field != "title" {
			t.Errorf("%+q: %v", s, err)
		}
	}
	for _, s := range []string{"a", ".", "é", "\u0301a", "不", "👩\u200d💻", "نعم", "\u00b7"} {
		if typed.Blank(s) {
			t.Errorf("%+q does not show", s)
		}
	}
}
