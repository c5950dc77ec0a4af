package forum

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"guildhall/internal/fault"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// excerptLen is the length of an excerpt in characters.
const excerptLen = 200

// again is for how long the same text of the same face is a duplicate.
const again = 24 * time.Hour

// title makes a title one plain line. Faults: Invalid on "title".
func title(s string) (string, error) {
	s, err := typed.Line("title", s, 0, MaxTitle)
	if err == nil && utf8.RuneCountInString(s) < MinTitle {
		err = fault.On("title", fault.Invalid, "fault.too_short", MinTitle)
	}
	return s, err
}

// reason makes a steward's reason plain. Faults: Invalid on "reason".
func reason(s string) (string, error) {
	s, err := typed.Line("reason", s, 0, MaxReason)
	if err == nil && s == "" {
		err = fault.On("reason", fault.Invalid, "forum.reason.empty")
	}
	return s, err
}

// tongue checks the language of a text. Faults: Invalid on "lang".
func tongue(s string) (string, error) {
	if s == "" {
		return "en", nil
	}
	tag, err := language.Parse(s)
	if err != nil || len(s) > 35 {
		return "", fault.On("lang", fault.Invalid, "forum.lang.unknown")
	}
	return tag.String(), nil
}

// origin checks the address an imported text was first published at.
func origin(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || len(s) > 2000 {
		return "", fault.On("source", fault.Invalid, "forum.source.broken")
	}
	return u.String(), nil
}

// longest is the longest source of each kind of text, in bytes.
var longest = map[Kind]int{KindArticle: MaxArticle, KindPost: MaxPost, KindSummary: MaxSummary}

// render turns a text into what is stored of it. links is the Actor's MaxLinks. Faults: Invalid on "text".
func (r *Room) render(src string, k Kind, links int) (markdown.Text, error) {
	o := markdown.Options{MaxBytes: longest[k], Top: 3, Breaks: k == KindPost, Host: r.host, ImageSize: r.size}
	if k == KindArticle {
		o.Top, o.IDPrefix = 2, "s-" // it stands alone on its page
	}
	t, err := markdown.Render(src, o)
	if err != nil {
		return t, err
	}
	if typed.Blank(t.Plain) && len(t.Images) == 0 {
		return t, fault.On("text", fault.Invalid, "forum.text.empty")
	}
	if links > 0 && len(t.Links) > links {
		return t, fault.On("text", fault.Invalid, "forum.text.links", links)
	}
	if links < 0 && len(t.Links) > 0 {
		return t, fault.On("text", fault.Invalid, "forum.text.no_links")
	}
	return t, nil
}

// fingerprint is the same for texts that differ in case, spaces and signs only.
// What has no letters is compared as it is.
func fingerprint(src string) string {
	key := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, src)
	if key == "" {
		key = "=" + strings.TrimSpace(src)
	}
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}
