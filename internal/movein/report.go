package movein

import (
	"fmt"
	"slices"
	"strings"
)

// Report says what moving in did. Numbers count what is new in the hall.
type Report struct {
	Title, Link                                         string
	Posts, Pages, Comments, Pictures, Topics, Redirects int
	AlreadyPosts, AlreadyPages, AlreadyComments         int
	Skipped                                             []Skip
	Notes                                               []Note
}

// weight puts first what somebody wrote.
var weight = map[string]int{"post": 3, "page": 2, "comment": 1}

// String is the report for people to read: what came, what was left out and why,
// and what of the rest is not as it was.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n\n", first(r.Title, "Untitled blog"), r.Link)
	fmt.Fprintf(&b, "Moved in: %d posts, %d pages, %d comments, %d pictures, %d topics; %d old addresses lead here.\n",
		r.Posts, r.Pages, r.Comments, r.Pictures, r.Topics, r.Redirects)
	if n := r.AlreadyPosts + r.AlreadyPages + r.AlreadyComments; n > 0 {
		fmt.Fprintf(&b, "Here already: %d posts, %d pages, %d comments; they were not touched.\n", r.AlreadyPosts, r.AlreadyPages, r.AlreadyComments)
	}
	if len(r.Skipped) > 0 {
		b.WriteString("\nLeft out:\n")
		type group struct{ sort, why string }
		var order []group
		names := map[group][]string{}
		for _, s := range r.Skipped {
			g := group{s.Sort, s.Why}
			if names[g] == nil {
				order = append(order, g)
			}
			names[g] = append(names[g], s.What)
		}
		slices.SortStableFunc(order, func(a, b group) int { return weight[b.sort] - weight[a.sort] })
		for _, g := range order {
			fmt.Fprintf(&b, "  %s, because %s (%d)\n", g.sort, g.why, len(names[g]))
			for _, n := range names[g] {
				b.WriteString("    " + n + "\n")
			}
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\nNot as it was:\n")
		for i, n := range r.Notes {
			if i == 0 || r.Notes[i-1].Where != n.Where {
				b.WriteString("  " + first(n.Where, "The source") + "\n")
			}
			b.WriteString("    " + n.What + "\n")
		}
	}
	return b.String()
}
