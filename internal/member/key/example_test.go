package key_test

import (
	"context"
	"crypto/rand"
	"fmt"

	"guildhall/internal/member/key"
)

// A member joins without scripts, and signs in the next day.
func Example() {
	ctx, gate := context.Background(), key.NewGate(rand.Reader, 2, 16)

	code := key.NewLoginCode(rand.Reader)
	note := code.Reveal()               // shown once; she writes it down
	stored, err := gate.Hash(ctx, code) // all the hall keeps

	typed, err2 := key.ParseCode(" " + note)
	ok, err3 := gate.Check(ctx, stored, typed)
	fmt.Println(len(note), code, ok, err, err2, err3)
	// Output: 29 ••• true <nil> <nil> <nil>
}
