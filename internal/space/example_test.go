package space_test

import (
	"fmt"

	"guildhall/internal/space"
)

// A branch of vouches may be large; it counts for a third of the others at most.
func ExampleCrowd() {
	fmt.Println(space.Crowd(map[string]int{"one": 40, "two": 7, "three": 6, "mail": 3}))
	// Output: 24
}
