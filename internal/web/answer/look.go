package answer

import (
	"net/http"
	"strings"

	"guildhall/internal/lang"
	"guildhall/internal/web/viewer"
)

// Names of the cookies that hold how a reader likes the hall. They tell nothing
// else and are not signed.
const (
	LangCookie  = "lang"
	ThemeCookie = "theme"
)

// look is what a page for a reader who is not signed in depends on besides its
// address.
type look struct {
	lang  lang.Lang
	theme string
}

// look reads how the sender of r likes pages, and whether they carry a cookie
// that may sign them in.
func (m *Mux) look(r *http.Request) (k look, personal bool) {
	chosen := false
	for _, line := range r.Header["Cookie"] {
		for line != "" {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			name, value, _ := strings.Cut(strings.TrimLeft(pair, " "), "=")
			switch name {
			case LangCookie:
				if l, ok := lang.Parse(value); ok {
					k.lang, chosen = l, true
				}
			case ThemeCookie:
				if value == viewer.Light || value == viewer.Dark {
					k.theme = value
				}
			default:
				for _, s := range m.Sessions {
					if name == s {
						personal = true
					}
				}
			}
		}
	}
	if chosen {
		return k, personal
	}
	switch langs := r.Header["Accept-Language"]; len(langs) {
	case 0:
	case 1:
		k.lang = lang.Match(langs[0])
	default:
		k.lang = lang.Match(strings.Join(langs, ","))
	}
	return k, personal
}
