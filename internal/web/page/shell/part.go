package shell

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
)

const tints = 6 // .tint-0 to .tint-5 in part.css

// tint picks one of the portrait colours, always the same for a name.
func tint(name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash never refuses
	return "tint-" + strconv.Itoa(int(h.Sum32()%tints))
}

// initials are the first letters of the first two words of a name. Letters that
// join (Arabic) are kept apart, or two of them would read as a word.
func initials(name string) string {
	var b strings.Builder
	words := strings.Fields(name)
	for _, word := range words[:min(2, len(words))] {
		for _, r := range word {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				continue
			}
			if b.Len() > 0 && unicode.Is(unicode.Arabic, r) {
				b.WriteRune('\u200c') // zero-width non-joiner
			}
			b.WriteRune(unicode.ToUpper(r))
			break
		}
	}
	return b.String()
}

// window lists the pages a pager shows around page, with 0 where some are left
// out: the first, the last, and two on either side.
func window(page, pages int) []int {
	var out []int
	for n := 1; n <= pages; n++ {
		near := n >= page-2 && n <= page+2
		// A gap of one page is shown as that page.
		lone := n == 2 && page == 5 || n == pages-1 && page == pages-4
		switch {
		case n == 1, n == pages, near, lone:
			out = append(out, n)
		case len(out) > 0 && out[len(out)-1] != 0:
			out = append(out, 0)
		}
	}
	return out
}
