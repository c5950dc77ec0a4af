package lang_test

import (
	"testing"

	"golang.org/x/text/language"

	"guildhall/internal/lang"
)

func TestAutonym(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{"fr": "Français", "pt-BR": "Português (BR)", "EN": "English", "ar": "العربية", "tlh": "tlh", "tlh-AQ": "tlh-AQ", "": "", "ceb": "Cebuano"} {
		if got := lang.Autonym(tag); got != want {
			t.Errorf("%s is called %q, want %q", tag, got, want)
		}
		if _, err := language.Parse(tag); err != nil && tag != "" {
			t.Error(err)
		}
	}
	for _, l := range lang.All() {
		if got := lang.Autonym(l.String()); got != l.Name() {
			t.Errorf("the hall calls itself %q in %s, and that is called %q", l.Name(), l.String(), got)
		}
	}
}
