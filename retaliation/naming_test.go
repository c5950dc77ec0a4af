package main

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestCheapest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		rows := 1 + r.IntN(5)
		costs := make([][]float64, rows)
		for i := range costs {
			for range rows + r.IntN(1) + 1 {
				costs[i] = append(costs[i], r.Float64())
			}
		}
		sum, used := 0.0, map[int]bool{}
		for i, j := range cheapest(costs) {
			if used[j] {
				t.Fatalf("column %d twice", j)
			}
			used[j] = true
			sum += costs[i][j]
		}
		if best := least(costs, 0, map[int]bool{}); math.Abs(sum-best) > 1e-9 {
			t.Fatalf("%v: %v, best is %v", costs, sum, best)
		}
	}
}

// least tries every way.
func least(costs [][]float64, row int, used map[int]bool) float64 {
	if row == len(costs) {
		return 0
	}
	best := math.Inf(1)
	for j, c := range costs[row] {
		if !used[j] {
			used[j] = true
			best = min(best, c+least(costs, row+1, used))
			used[j] = false
		}
	}
	return best
}

func TestNamed_namesNobodyTwiceInAnEpoch(t *testing.T) {
	t.Parallel()
	beliefs := [][]float64{{0.9, 0.1, 0}, {0.8, 0.1, 0.1}, {0.7, 0.2, 0.1}}
	got := named(beliefs, []int64{1, 1, 2})
	if got[0] != 0 || got[1] == 0 || got[2] != 0 {
		t.Errorf("named %v", got)
	}
}
