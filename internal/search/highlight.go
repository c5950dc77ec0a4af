package search

import (
	"strings"
	"unicode"
)

const (
	snippetSize = 260 // bytes of a snippet, about; letters of other scripts take two
	leadIn      = 60  // bytes before the first marked word
)

// mark cuts a text into pieces, of which those are marked whose words are
// wanted. Joined they are the text again.
func mark(text string, wanted map[string]bool) []Piece {
	var out []Piece
	done := 0
	scan(text, func(w word) bool {
		if wanted[w.fold] {
			if w.from > done {
				out = append(out, Piece{Text: text[done:w.from]})
			}
			out = append(out, Piece{Text: text[w.from:w.to], Mark: true})
			done = w.to
		}
		return true
	})
	if done < len(text) {
		out = append(out, Piece{Text: text[done:]})
	}
	return out
}

// snippet is the stretch of a text with the most different wanted words, the
// first such, on one line, with … where something is left out.
func snippet(text string, wanted map[string]bool) []Piece {
	text = strings.Join(strings.Fields(text), " ")
	size := snippetSize
	if wide(text) {
		size = size * 7 / 4
	}
	from, to := 0, len(text)
	if len(text) > size {
		from, to = window(text, wanted, size)
	}
	out := mark(text[from:to], wanted)
	if from > 0 {
		out = append([]Piece{{Text: "… "}}, out...)
	}
	if to < len(text) {
		out = append(out, Piece{Text: " …"})
	}
	return out
}

// wide tells texts whose letters take more than one byte.
func wide(text string) bool {
	n := 0
	for _, r := range text {
		if n++; n > 40 {
			break
		}
		if unicode.IsLetter(r) && r >= 0x370 {
			return true
		}
	}
	return false
}

// window chooses which size bytes of text to show; it cuts between words.
func window(text string, wanted map[string]bool, size int) (from, to int) {
	var hits []word
	scan(text, func(w word) bool {
		if wanted[w.fold] {
			hits = append(hits, w)
		}
		return true
	})
	best, most := 0, 0
	inside := map[string]int{}
	for i, j := 0, 0; i < len(hits); i++ {
		for ; j < len(hits) && hits[j].to-hits[i].from <= size-leadIn; j++ {
			inside[hits[j].fold]++
		}
		if len(inside) > most {
			best, most = hits[i].from, len(inside)
		}
		if i < j {
			if inside[hits[i].fold]--; inside[hits[i].fold] == 0 {
				delete(inside, hits[i].fold)
			}
		} else {
			j = i + 1
		}
	}
	from = max(best-leadIn, 0)
	if len(text)-from < size {
		from = len(text) - size
	}
	to = between(text, from+size, len(text))
	if from = between(text, from, best); from > 0 && text[from] == ' ' {
		from++
	}
	return from, to
}

// between moves a cut to the next blank, or to limit where none comes soon; a
// cut at a blank leaves the blank out.
func between(text string, i, limit int) int {
	if i <= 0 {
		return 0
	}
	if i >= len(text) {
		return len(text)
	}
	if n := strings.IndexByte(text[i:], ' '); n >= 0 && i+n <= max(limit, i) && n <= 2*maxWord {
		return i + n
	}
	for i > 0 && i < len(text) && text[i]&0xC0 == 0x80 { // inside a letter
		i--
	}
	return i
}
