package main

import (
	"math"
	"math/rand/v2"
	"testing"
)

func found(told, masks int) []bool {
	f := make([]bool, masks)
	for i := range told {
		f[i] = true
	}
	return f
}

func TestTailOf_isTheBinomialOne(t *testing.T) {
	t.Parallel()
	tail := tailOf(10, 0.02)
	sum := 0.
	for k := range 3 { // by hand: what is left after 0, 1 and 2
		sum += []float64{1, 10, 45}[k] * math.Pow(0.02, float64(k)) * math.Pow(0.98, float64(10-k))
	}
	if math.Abs(tail[3]-(1-sum)) > 1e-12 || math.Abs(tail[0]-1) > 1e-9 {
		t.Errorf("three of ten: %g, want %g; none or more: %g", tail[3], 1-sum, tail[0])
	}
}

// TestFates_manyOfManyAreWorseThanFewOfFew: a share says nothing without how many masks
// it is of.
func TestFates_manyOfManyAreWorseThanFewOfFew(t *testing.T) {
	t.Parallel()
	list := fates([][]bool{found(3, 10), found(8, 40), nil, found(0, 25)}, 50)
	if len(list) != 3 || list[0].member != 1 || list[1].member != 0 {
		t.Fatalf("fates: %+v", list)
	}
}

func TestGuessed_isAsOftenAsItSays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	const halls = 300
	low := 0
	for range halls { // halls in which somebody guesses
		var all [][]bool
		for i := range 20 {
			f := make([]bool, 8+2*i)
			for k := range f {
				f[k] = r.IntN(20) == 0
			}
			all = append(all, f)
		}
		if p, _ := guessed(fates(all, 20), 20, 400, rand.New(rand.NewPCG(1, 2))); p < 0.1 {
			low++
		}
	}
	if low > halls*16/100 {
		t.Errorf("of %d halls in which somebody guesses %d are called unlikely at one in ten", halls, low)
	}
	all := make([][]bool, 20)
	for i := range all {
		all[i] = found(1, 30)
	}
	all[7] = found(9, 30)
	if p, _ := guessed(fates(all, 20), 20, 2000, r); p > 0.01 {
		t.Errorf("nine of thirty at one in twenty are called chance: %g", p)
	}
}

// TestApartFrom_newcomersAreCountedBeside: what is told of those who came late moves no
// figure of the others.
func TestApartFrom_newcomersAreCountedBeside(t *testing.T) {
	t.Parallel()
	h := hall{truth: truth{Suspects: []names{{}, {Late: true}}}, docket: docket{culprits: []culprit{{truth: 0}, {truth: 1}, {truth: 0}}}}
	v := verdicts{candidates: 2, hits: []bool{false, true, true}, spread: []float64{2, 1, 2}}
	settled, newcomers := apartFrom([]hall{h}, []verdicts{v})
	if a := advantage(settled); a != 0 {
		t.Errorf("one of two at one in two is %g, want 0", a)
	}
	if a := advantage(newcomers); a != 1 {
		t.Errorf("newcomers are all told: %g, want 1", a)
	}
	if e := effectiveSet(settled); e != 2 {
		t.Errorf("the others hide among %g, want 2", e)
	}
}
