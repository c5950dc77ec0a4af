package questionpage

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"guildhall/internal/lang"
	"guildhall/internal/question"
)

// Sign is a clock for other people's pages.
type Sign struct {
	Title  string // the platform's name, or the hall's
	Counts question.Counts
	Oldest int // days
	Today  question.Day
	Hall   string // host of the hall
}

// WriteSign draws a clock as a picture of its own, 320 by 96, with a title that
// screen readers say. It holds no script, no link and nothing from elsewhere.
func WriteSign(out io.Writer, l lang.Lang, s Sign) error {
	x := 16
	if l.Dir() == "rtl" {
		x = 304 // where such a text starts
	}
	open := l.N("question.shelf.open", s.Counts.Open)
	oldest := l.N("question.sign.oldest", s.Oldest)
	foot := l.T("question.sign.foot", l.Date(s.Today.Time(), nil), s.Hall)
	_, err := fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="96" viewBox="0 0 320 96" role="img" lang="%s" direction="%s" font-family="system-ui, sans-serif" text-anchor="start">`+
		`<title>%s</title><rect x="0.5" y="0.5" width="319" height="95" rx="6" fill="#fffdf8" stroke="#d9cfc0"/>`+
		`<text x="%[4]d" y="28" font-size="15" font-weight="700" fill="#221c17">%[5]s</text>`+
		`<text x="%[4]d" y="52" font-size="15" fill="#9a3a12">%[6]s</text>`+
		`<text x="%[4]d" y="82" font-size="11" fill="#5c5148">%[7]s</text></svg>`,
		l.Tag(), l.Dir(), plain(s.Title+": "+open+", "+oldest+". "+foot), x, plain(short(s.Title, 34)), plain(open+" · "+oldest), plain(foot))
	return err
}

func plain(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

func short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
