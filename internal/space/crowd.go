package space

// Crowd is k: for how many a set of people counts, when no branch of vouches may
// make up more than a third of it, because whoever holds one branch may hold
// many people of it. It is the largest k of which each branch, cut to a third of
// k, still adds up to k; fewer than three branches count for nobody.
func Crowd(byBranch map[string]int) int {
	k := 0
	for _, n := range byBranch {
		k += n
	}
	for {
		sum := 0
		for _, n := range byBranch {
			sum += min(n, k/3)
		}
		if sum >= k {
			return k
		}
		k = sum
	}
}
