package owner

import (
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"math/big"
	"slices"
	"strings"

	"github.com/tyler-smith/go-bip39/wordlists"

	"guildhall/internal/fault"
)

const (
	salt   = "guildhall/accounts/1"
	rounds = 600_000
	words  = 7
	hidden = "•••"
)

// Phrase is seven words that open an account. It prints as dots; Reveal shows it.
type Phrase struct{ words [words]string }

// String hides the phrase from logs.
func (Phrase) String() string { return hidden }

// GoString hides the phrase from logs, too.
func (Phrase) GoString() string { return hidden }

// Reveal gives the words, for the one moment in which they are written down.
func (p Phrase) Reveal() string { return strings.Join(p.words[:], " ") }

// DrawPhrase draws seven words, each alone and uniformly.
func DrawPhrase(random io.Reader) (p Phrase, err error) {
	all := big.NewInt(int64(len(wordlists.English)))
	for i := range p.words {
		n, err := rand.Int(random, all)
		if err != nil {
			return p, err
		}
		p.words[i] = wordlists.English[n.Int64()]
	}
	return p, nil
}

// ParsePhrase reads words as they were typed: case, numbers and punctuation are
// forgiven, and four letters of a word are enough. Faults: Invalid, naming the
// word that is not in the list and never which of the others might be wrong.
func ParsePhrase(typed string) (p Phrase, err error) {
	typed = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return ' '
	}, strings.ToLower(typed))
	found := strings.Fields(typed)
	if len(found) != words {
		return p, fault.New(fault.Invalid, "account.keys.say.count", len(found))
	}
	for i, w := range found {
		if p.words[i] = listed(w); p.words[i] == "" {
			return p, fault.New(fault.Invalid, "account.keys.say.unknown", w, i+1)
		}
	}
	return p, nil
}

// listed finds the word of the list that w is or, with four letters, begins.
func listed(w string) string {
	at, exact := slices.BinarySearch(wordlists.English, w)
	switch {
	case exact:
		return w
	case len(w) < 4 || at == len(wordlists.English) || !strings.HasPrefix(wordlists.English[at], w):
		return ""
	case at+1 < len(wordlists.English) && strings.HasPrefix(wordlists.English[at+1], w):
		return ""
	}
	return wordlists.English[at]
}

// Keys are what a phrase turns into.
type Keys struct {
	login, vault [32]byte
}

// Keys stretches the phrase; it takes a noticeable moment.
func (p Phrase) Keys() (k Keys, err error) {
	seed, err := pbkdf2.Key(sha256.New, p.Reveal(), []byte(salt), rounds, 32)
	if err != nil {
		return k, err
	}
	login, err := derive(seed, "login")
	if err != nil {
		return k, err
	}
	vault, err := derive(seed, "vault")
	copy(k.login[:], login)
	copy(k.vault[:], vault)
	return k, err
}

// Login is what signs in; it is sent and must be kept like a key.
func (k Keys) Login() string { return base64.RawURLEncoding.EncodeToString(k.login[:]) }

// LoginHash is what the hall keeps of Login; it is sent at joining.
func (k Keys) LoginHash() string {
	h := sha256.Sum256(k.login[:])
	return base64.RawURLEncoding.EncodeToString(h[:])
}

func derive(secret []byte, use string) ([]byte, error) {
	return hkdf.Key(sha256.New, secret, []byte(salt), use, 32)
}
