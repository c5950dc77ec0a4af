package shell

// window lists the pages a pager shows around page, with 0 where some are left
// out: the first, the last, and two on either side.
func window(page, pages int) []int {
	var out []int
	for n := 1; n <= pages; n++ {
		near := n >= page-2 && n <= page+2
		// A gap of one page is shown as that page.
		lone := n == 2 && page == 5 || n == pages-1 && page == pages-4
		switch {
		case n == 1, n == pages, near, lone:
			out = append(out, n)
		case len(out) > 0 && out[len(out)-1] != 0:
			out = append(out, 0)
		}
	}
	return out
}
