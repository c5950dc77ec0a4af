package trusted_test

import (
	"testing"

	"guildhall/internal/web/page/trusted"
)

func TestLink_onlyTheWeb(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://ana.example/work":     "https://ana.example/work",
		"HTTP://ana.example":           "HTTP://ana.example",
		"javascript:alert(1)":          "#",
		" javascript:alert(1)":         "#",
		"java\tscript:alert(1)":        "#",
		"data:text/html,x":             "#",
		"//elsewhere.example":          "#",
		"https://":                     "#",
		"":                             "#",
		"httpsjavascript://%0aalert()": "#",
	} {
		if got := string(trusted.Link(address)); got != want {
			t.Errorf("Link(%q) = %q, want %q", address, got, want)
		}
	}
}
