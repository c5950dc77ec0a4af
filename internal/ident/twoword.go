package ident

import (
	_ "embed" // the word lists
	"encoding/binary"
	"io"
	"strings"
)

//go:embed words/adjectives.txt
var adjectiveList string

//go:embed words/nouns.txt
var nounList string

// The words are of weather, colour, landscape, trees, birds and instruments:
// nothing that describes a person. No word is in both lists.
var (
	adjectives = strings.Fields(adjectiveList)
	nouns      = strings.Fields(nounList)
)

// TwoWordName draws a name to begin with, such as "Quiet Heron", from r, which
// is crypto/rand's Reader outside tests; each name is equally likely. Names
// repeat after some hundreds of draws, so the caller tries again when one is
// taken. It panics when r fails, as crypto/rand itself does.
func TwoWordName(r io.Reader) string {
	return capital(adjectives[below(r, len(adjectives))]) + " " + capital(nouns[below(r, len(nouns))])
}

// below draws a number under n, without favouring any.
func below(r io.Reader, n int) int {
	limit := uint32(1<<32 - 1<<32%uint64(n)) // multiple of n; n is no power of two here, or limit is 0
	for {
		var b [4]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			panic("ident: no randomness: " + err.Error())
		}
		if v := binary.BigEndian.Uint32(b[:]); limit == 0 || v < limit {
			return int(v % uint32(n))
		}
	}
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
