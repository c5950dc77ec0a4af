package main

import "testing"

// TestHalve_leavesNothingEmpty: with one hall to learn from there is something to judge by.
func TestHalve_leavesNothingEmpty(t *testing.T) {
	t.Parallel()
	for _, halls := range []int{1, 2, 3, 4, 9} {
		var cases []lineup
		var of []int
		for h := range halls {
			for range 6 {
				cases, of = append(cases, lineup{}), append(of, h)
			}
		}
		if got := halve(cases, of); len(got[0]) < 6*halls/3 || len(got[1]) < 6*halls/3 && halls != 1 || len(got[1]) == 0 {
			t.Errorf("%d halls: %d and %d masks", halls, len(got[0]), len(got[1]))
		}
	}
}
