package opinion

// Rand is the adjusted Rand index of two ways of grouping the same people (Hubert
// and Arabie 1985): 1 when they are the same whatever their groups are called,
// around 0 when they agree no more than by chance. Both slices have an entry for
// each person. Where there is nothing to tell apart it is 1.
func Rand[A, B comparable](a []A, b []B) float64 {
	type both struct {
		a A
		b B
	}
	ones, others, pairs := make(map[A]int), make(map[B]int), make(map[both]int)
	for i := range a {
		ones[a[i]]++
		others[b[i]]++
		pairs[both{a[i], b[i]}]++
	}
	together, first, second := couples(pairs), couples(ones), couples(others)
	all := len(a) * (len(a) - 1) / 2
	if all == 0 {
		return 1
	}
	chance := float64(first) * float64(second) / float64(all)
	if most := float64(first+second) / 2; most != chance {
		return (float64(together) - chance) / (most - chance)
	}
	return 1
}

// couples counts the pairs of people who are together.
func couples[K comparable](sizes map[K]int) int {
	n := 0
	for _, s := range sizes {
		n += s * (s - 1) / 2
	}
	return n
}
