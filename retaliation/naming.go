package main

import (
	"maps"
	"math"
	"slices"
)

// named names an account for each mask of a hall: nobody twice for masks of one epoch,
// and those that what he believes makes likeliest together. Whoever may name one member
// again and again finds her for certain and everybody else never, and has learnt nothing.
func named(beliefs [][]float64, epochs []int64) []int {
	of := map[int64][]int{}
	for i, e := range epochs {
		of[e] = append(of[e], i)
	}
	names := make([]int, len(beliefs))
	for _, e := range slices.Sorted(maps.Keys(of)) {
		var costs [][]float64
		for _, i := range of[e] {
			row := make([]float64, len(beliefs[i]))
			for j, p := range beliefs[i] {
				row[j] = -math.Log(max(p, 1e-12))
			}
			costs = append(costs, row)
		}
		for k, j := range cheapest(costs) {
			names[of[e][k]] = j
		}
	}
	return names
}

// cheapest gives each row a column of its own so that the sum of the costs is the
// least: the Hungarian method (Kuhn 1955) with potentials, one shortest augmenting
// path a row, in O(rows² · columns). There must be as many columns as rows, or more.
func cheapest(costs [][]float64) []int {
	rows, cols := len(costs), len(costs[0])
	u, v := make([]float64, rows+1), make([]float64, cols+1)
	taken, way := make([]int, cols+1), make([]int, cols+1) // the row that has a column, 1-based; the column before on the path
	for i := 1; i <= rows; i++ {
		taken[0] = i
		at, least, used := 0, make([]float64, cols+1), make([]bool, cols+1)
		for j := range least {
			least[j] = math.Inf(1)
		}
		for taken[at] != 0 {
			used[at] = true
			row, next, step := taken[at], 0, math.Inf(1)
			for j := 1; j <= cols; j++ {
				if used[j] {
					continue
				}
				if c := costs[row-1][j-1] - u[row] - v[j]; c < least[j] {
					least[j], way[j] = c, at
				}
				if least[j] < step {
					step, next = least[j], j
				}
			}
			for j := range used {
				if used[j] {
					u[taken[j]] += step
					v[j] -= step
				} else {
					least[j] -= step
				}
			}
			at = next
		}
		for at != 0 {
			taken[at], at = taken[way[at]], way[at]
		}
	}
	of := make([]int, rows)
	for j := 1; j <= cols; j++ {
		if taken[j] != 0 {
			of[taken[j]-1] = j - 1
		}
	}
	return of
}
