package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	_ "embed" // the word lists
	"strings"

	"guildhall/internal/pass/token"
)

//go:embed words/adjectives.txt
var adjectiveList string

//go:embed words/nouns.txt
var nounList string

// The words are of materials, shapes and made things: nothing that describes a
// person, and none of the words of open names, so that no name looks like both.
// The lists are part of the protocol: 256 words each, in this order, for ever.
var (
	adjectives = strings.Fields(adjectiveList)
	nouns      = strings.Fields(nounList)
)

// MaskID names a mask in its space: 22 characters of base64url.
func MaskID(key ed25519.PublicKey) string {
	h := hash("guildhall/masks/1/id", key)
	return token.Encode(h[:IDSize])
}

// Name is what a mask is called, such as "Velvet Compass": in Latin letters and
// in every language the same. Two masks of a space can bear the same name; their
// pictures differ.
func Name(key ed25519.PublicKey) string {
	h := hash("guildhall/masks/1/name", key)
	return capital(adjectives[h[0]]) + " " + capital(nouns[h[1]])
}

func hash(what string, key ed25519.PublicKey) [sha256.Size]byte {
	return sha256.Sum256(append(append([]byte(what), 0), key...))
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
