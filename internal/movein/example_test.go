package movein_test

import (
	"context"
	"fmt"
	"strings"

	"guildhall/internal/movein"
)

// A blog is read first and written after; what is read can be looked at. To
// write it: movein.New(config).MoveIn(ctx, blog).
func Example() {
	export := new(export).post("Pay on time", "Thirty days are <b>too long</b>.\n\n[gallery]",
		said("2", "1", "1", "", "Bo", "Sixty here."), said("1", "0", "1", "", "Cas", "Thirty?"), said("3", "0", "spam", "", "Deal", "Buy!")).String()
	blog, err := movein.ReadWordPress(context.Background(), strings.NewReader(export), movein.Limits{})
	if err != nil {
		panic(err)
	}
	for _, it := range blog.Items {
		fmt.Println(it.Title, "by", it.Author+":", it.Text)
		for _, c := range it.Comments {
			fmt.Println(strings.Repeat("  ", c.Depth)+"-", c.Author+":", c.Text)
		}
	}
	for _, s := range blog.Skipped {
		fmt.Println("without", s.Sort, s.What, "because", s.Why)
	}
	for _, n := range blog.Notes {
		fmt.Println(n.Where+":", n.What)
	}
	// Output:
	// Pay on time by Ana Ruiz: Thirty days are **too long**.
	// - Cas: Thirty?
	//   - Bo: Sixty here.
	// without comment number 3 by Deal on “Pay on time” because it was marked as spam
	// Pay on time: left out: a gallery whose pictures are not in the file
}
