package opinion

import (
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Our directions are those that gonum finds.
func TestDirections_asGonum(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	for _, n := range []int{2, 3, 10, 60} {
		for _, people := range []int{3, 40, 400} {
			dense := mat.NewDense(people, n, nil)
			rows := make([][]entry, people)
			for i := range rows {
				lean := r.NormFloat64()
				for j := range n {
					if r.Float64() < 0.6 {
						v := lean*float64(j%3) + r.NormFloat64()/4
						rows[i] = append(rows[i], entry{j, v})
						dense.Set(i, j, v)
					}
				}
			}
			var pairs mat.SymDense
			pairs.SymOuterK(1, dense.T())
			var eigen mat.EigenSym
			if !eigen.Factorize(&pairs, true) {
				t.Fatal("gonum finds nothing")
			}
			var vectors mat.Dense
			eigen.VectorsTo(&vectors)
			first, second := directions(rows, n)
			for k, ours := range [][]float64{first, second} {
				theirs := mat.Col(nil, n-1-k, &vectors)
				if along := math.Abs(dot(ours, theirs)); math.Abs(along-1) > 1e-6 {
					t.Errorf("%d people, %d statements, direction %d: turned by %v", people, n, k, 1-along)
				}
			}
		}
	}
}

// The table of pairs and the way without it give the same.
func TestProduct_bothWays(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	rows := make([][]entry, 50)
	for i := range rows {
		for j := range 8 {
			rows[i] = append(rows[i], entry{j, r.NormFloat64()})
		}
	}
	x := []float64{1, -2, 3, 0, 0.5, 1, 1, -1}
	y, z := make([]float64, 8), make([]float64, 8)
	product(rows, 8)(x, y)
	throughRows(rows, x, z)
	for i := range y {
		if math.Abs(y[i]-z[i]) > 1e-9 {
			t.Errorf("%v by the table, %v without it", y, z)
		}
	}
}

func TestSilhouette_byHand(t *testing.T) {
	t.Parallel()
	points := []point{{0, 0}, {0, 1}, {10, 0}, {10, 1}}
	// For every point the own cluster is 1 away, the other (10 + sqrt(101)) / 2.
	other := (10 + math.Sqrt(101)) / 2
	if got, want := silhouette(points, clusters{0, 0, 1, 1}), round((other-1)/other); got != want {
		t.Errorf("%v, want %v", got, want)
	}
	if got := silhouette(points, clusters{0, 0, 0, 0}); got != 0 {
		t.Errorf("one cluster is separated by %v", got)
	}
	if got := silhouette(points[:2], clusters{0, 1}); got != 0 {
		t.Errorf("points alone are separated by %v", got)
	}
}

func TestConsensusAndDivide_byHand(t *testing.T) {
	t.Parallel()
	groups := []Count{{Agree: 8, Disagree: 2}, {Agree: 1, Disagree: 8, Pass: 1}}
	if got, want := consensus(groups), round(9.0/12*2/12); got != want {
		t.Errorf("consensus %v, want %v", got, want)
	}
	if got, want := divide(groups), round(9.0/12-2.0/12); got != want {
		t.Errorf("divide %v, want %v", got, want)
	}
	// Two against one divide nobody for sure.
	if got := divide([]Count{{Agree: 1}, {Disagree: 1}}); got != 0 {
		t.Errorf("two people divide by %v", got)
	}
}

func TestVoices_ofAGroup(t *testing.T) {
	t.Parallel()
	tallies := []Tally{
		{ID: "all for it", Groups: []Count{{Agree: 20}, {Agree: 30}}},
		{ID: "only we", Groups: []Count{{Agree: 19, Disagree: 1}, {Agree: 2, Disagree: 28}}},
		{ID: "we not", Groups: []Count{{Agree: 3, Disagree: 17}, {Agree: 15, Disagree: 15}}},
		{ID: "unknown", Groups: []Count{{}, {Agree: 30}}},
	}
	got := voices(tallies, 0)
	if len(got) != 2 || got[0].Statement != "only we" || !got[0].Agree || got[1].Statement != "we not" || got[1].Agree {
		t.Errorf("%+v", got)
	}
	// Nothing is certain of three people, but one statement comes nearest.
	few := []Tally{{ID: "a", Groups: []Count{{Agree: 1}, {Agree: 2}}}, {ID: "b", Groups: []Count{{Agree: 1}, {Disagree: 2}}}}
	if got := voices(few, 0); len(got) != 1 || got[0].Statement != "b" {
		t.Errorf("%+v", got)
	}
}

func TestRand_known(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b []int
		want float64
	}{
		{[]int{0, 0, 1, 1}, []int{5, 5, 3, 3}, 1},
		{[]int{0, 0, 1, 1}, []int{0, 1, 0, 1}, -0.5},
		{[]int{0, 0, 1, 2}, []int{0, 0, 1, 1}, 0.5714285714285715},
		{[]int{0, 0, 0}, []int{1, 1, 1}, 1},
		{nil, nil, 1},
	}
	for _, tt := range tests {
		if got := Rand(tt.a, tt.b); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%v and %v: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

// A processor that has an instruction for a product and a sum in one must not use it
// here: it rounds once where others round twice.
func TestNothingIsFused(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for another processor")
	}
	t.Parallel()
	cmd := exec.Command("go", "build", "-gcflags=-S", "-o", os.DevNull, ".")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "opinion.nearest") {
		t.Fatal("the compiler shows nothing")
	}
	for line := range strings.Lines(string(out)) {
		for _, fused := range []string{"FMADD", "FMSUB", "FNMADD", "FNMSUB"} {
			if strings.Contains(line, "\t"+fused) {
				t.Error(strings.TrimSpace(line))
			}
		}
	}
}
