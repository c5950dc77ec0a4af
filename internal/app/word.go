package app

import (
	"fmt"
	"slices"
	"strings"
)

// Words of the command line of which only some make sense.
type (
	language   string
	reportKind string
	verdict    string
)

func (l *language) UnmarshalText(b []byte) error { return among(l, b, "en", "es", "ar") }

func (k *reportKind) UnmarshalText(b []byte) error {
	return among(k, b, "person", "insult", "spam", "other")
}

func (v *verdict) UnmarshalText(b []byte) error { return among(v, b, "upheld", "overturned") }

// among sets a word to what was typed, when that is one of those that may stand there.
func among[W ~string](w *W, typed []byte, words ...string) error {
	if !slices.Contains(words, string(typed)) {
		return fmt.Errorf("%q is none of %s", typed, strings.Join(words, ", "))
	}
	*w = W(typed)
	return nil
}
