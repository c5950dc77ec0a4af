package terms

import (
	"strings"

	"golang.org/x/net/html"

	"guildhall/internal/fault"
)

// mostTries is how many pairs of a node and a part of a selector are looked at on one
// page, at worst: some seconds.
const mostTries = 5e8

// affordable refuses selectors that the page could make cost minutes. A selector of k
// parts is tried from each node up all ways to choose k-1 of its ancestors, and one that
// asks for siblings or places among them looks at all of them for each: so whoever makes
// the page decides what it costs. Faults: Invalid.
func affordable(root *html.Node, rs []Range) error {
	var deep []float64 // how many nodes lie at each depth
	var wide float64   // pairs of siblings
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		if depth == len(deep) {
			deep = append(deep, 0)
		}
		deep[depth]++
		children := 0.0
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			children++
			walk(c, depth+1)
		}
		wide += children * children
	}
	walk(root, 0)
	for _, r := range rs {
		tries := 0.0
		if r.asksSiblings() {
			tries = wide
		}
		for _, s := range r.parts() {
			for depth, nodes := range deep {
				tries += nodes * ways(depth, s-1)
			}
		}
		if tries > mostTries {
			return fault.New(fault.Invalid, "terms.check.deep")
		}
	}
	return nil
}

// ways is in how many ways k of n can be chosen.
func ways(n, k int) float64 {
	w := 1.0
	for i := range k {
		w = w * float64(n-i) / float64(i+1)
	}
	return w
}

// asksSiblings tells whether one of a range's selectors may look at siblings.
func (r Range) asksSiblings() bool {
	return strings.ContainsAny(r.Selector+r.StartBefore+r.StartAfter+r.EndBefore+r.EndAfter, "~:")
}

// parts is how many parts each of a range's selectors has.
func (r Range) parts() (out []int) {
	for _, s := range []string{r.Selector, r.StartBefore, r.StartAfter, r.EndBefore, r.EndAfter} {
		for one := range strings.SplitSeq(s, ",") {
			if n := len(strings.FieldsFunc(one, func(c rune) bool { return strings.ContainsRune(" \t\f\r\n>+~", c) })); n > 0 {
				out = append(out, n)
			}
		}
	}
	return out
}
