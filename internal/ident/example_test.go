package ident_test

import (
	"fmt"
	"time"

	"guildhall/internal/ident"
)

func Example() {
	maker := ident.NewMaker(time.Now)
	first, second := maker.New(), maker.New()
	fmt.Println(len(first), first < second)

	h, err := ident.ParseHandle("  Quiet   Heron ")
	fmt.Println(h, h.Slug(), err)

	// Cyrillic letters in one word, a digit for a letter in the other.
	fmt.Println(ident.Fold("Quiet Неrоn") == h.Key(), ident.Fold("Qu1et-Heron") == h.Key())

	fmt.Println(ident.Slug("Why you need a voice?"))
	// Output:
	// 26 true
	// Quiet Heron quiet-heron <nil>
	// true true
	// why-you-need-a-voice
}
