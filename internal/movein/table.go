package movein

import (
	"slices"
	"strconv"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Cells may cover others, but not so many that a small table fills the memory.
const (
	maxSpan  = 12  // columns or rows one cell may cover
	maxSpans = 100 // such cells in one table
)

// table keeps a table whose cells hold words. One that only arranges a page, or
// holds lists or pictures with captions, becomes what it holds, row by row.
func (c *conversion) table(n *html.Node) {
	for _, k := range kids(n) {
		if k.DataAtom != atom.Thead && k.DataAtom != atom.Tbody && k.DataAtom != atom.Tfoot && k.DataAtom != atom.Tr && k.Type == html.ElementNode {
			if k.DataAtom == atom.Colgroup || k.DataAtom == atom.Col {
				remove(k)
				continue
			}
			n.Parent.InsertBefore(detached(k), n) // a caption, by now a paragraph
		}
	}
	rows := find(n, atom.Tr)
	wide, rich := 0, len(find(n, atom.Table)) > 0
	for _, tr := range rows {
		wide = max(wide, len(cells(tr)))
		for _, td := range cells(tr) {
			rich = rich || !inlineCell(td)
		}
	}
	if hollow(n) {
		remove(n)
		return
	}
	if rich || wide < 2 {
		c.unroll(n, rows)
		return
	}
	covering := 0
	for _, tr := range rows {
		tr.Attr = nil
		for _, td := range cells(tr) {
			spans := []html.Attribute{}
			for _, key := range []string{"colspan", "rowspan"} {
				if v, err := strconv.Atoi(attr(td, key)); err == nil && v > 1 && v <= maxSpan {
					spans = append(spans, html.Attribute{Key: key, Val: strconv.Itoa(v)})
				}
			}
			if covering += len(spans); covering > maxSpans {
				spans = nil
			}
			td.Attr = spans
		}
	}
	n.Attr = nil
}

func detached(n *html.Node) *html.Node {
	remove(n)
	return n
}

func cells(tr *html.Node) []*html.Node {
	var out []*html.Node
	for _, k := range kids(tr) {
		if k.DataAtom == atom.Td || k.DataAtom == atom.Th {
			out = append(out, k)
		}
	}
	return out
}

// inlineCell makes one line of what a cell holds, and tells whether it could.
func inlineCell(td *html.Node) bool {
	for k := range td.Descendants() {
		if isBlock(k) && k.DataAtom != atom.P && k.DataAtom != atom.Div && k.DataAtom != atom.Hr {
			return false
		}
	}
	for _, k := range find(td, atom.P, atom.Div) {
		k.InsertBefore(element0(atom.Br), k.FirstChild)
		k.AppendChild(element0(atom.Br))
		peel(k)
	}
	var pending *html.Node
	words := false
	for _, k := range slices.Collect(td.Descendants()) {
		switch {
		case k.DataAtom == atom.Br || k.DataAtom == atom.Hr:
			if pending != nil {
				remove(pending)
			}
			pending = k
		case k.DataAtom == atom.Img || k.Type == html.TextNode && !blank(k.Data):
			if pending != nil && words {
				replace(pending, textNode(" / "))
			} else if pending != nil {
				replace(pending, textNode(" "))
			}
			pending, words = nil, true
		}
	}
	if pending != nil {
		remove(pending)
	}
	return true
}

// unroll gives each cell as a paragraph or whatever it holds.
func (c *conversion) unroll(n *html.Node, rows []*html.Node) {
	out := element0(atom.Div)
	for _, tr := range rows {
		for _, td := range cells(tr) {
			if hollow(td) {
				continue
			}
			cell := adopt(element0(atom.Div), td)
			if td.DataAtom == atom.Th && !holdsBlock(cell) {
				cell.Data, cell.DataAtom = "p", atom.P
				bold(cell)
			}
			out.AppendChild(cell)
		}
	}
	if len(rows) > 1 {
		c.note("a table with more than words in its cells; it is there row by row")
	}
	replace(n, out)
}
