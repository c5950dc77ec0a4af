package opinion_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"guildhall/internal/consultation/opinion"
)

// camps plants people who answer alike: each camp has its own mind on every
// statement and keeps to it in 85 of 100 answers. It returns who is in which camp.
func camps(seed uint64, sizes []int, statements int, answered float64) ([]opinion.Statement, []opinion.Cast, map[string]int) {
	r := rand.New(rand.NewPCG(seed, 0))
	var s []opinion.Statement
	minds := make([][]opinion.Choice, len(sizes))
	for i := range statements {
		s = append(s, opinion.Statement{ID: fmt.Sprint(i)})
		for c := range minds {
			minds[c] = append(minds[c], opinion.Choice(r.IntN(2)*2-1))
		}
	}
	var cast []opinion.Cast
	camp := make(map[string]int)
	for c, size := range sizes {
		for range size {
			id := fmt.Sprint(len(camp))
			camp[id] = c
			for i := range statements {
				if r.Float64() >= answered {
					continue
				}
				choice := minds[c][i]
				if r.Float64() > 0.85 {
					choice = opinion.Choice(r.IntN(3) - 1)
				}
				cast = append(cast, opinion.Cast{Person: id, Statement: s[i].ID, Choice: choice})
			}
		}
	}
	return s, cast, camp
}

// alike holds the groups found against the planted camps.
func alike(r opinion.Result, camp map[string]int) float64 {
	var found, planted []int
	for _, p := range r.People {
		if p.Group != opinion.Nobody {
			found, planted = append(found, p.Group), append(planted, camp[p.ID])
		}
	}
	return opinion.Rand(found, planted)
}

func TestMap_findsPlantedCamps(t *testing.T) {
	t.Parallel()
	for _, sizes := range [][]int{{40, 40}, {90, 30}, {60, 50, 40}, {300, 200, 100}} {
		for _, answered := range []float64{0.9, 0.4} {
			for seed := range uint64(3) {
				s, cast, camp := camps(seed, sizes, 40, answered)
				r := opinion.Map(opinion.Collect(s, cast))
				if got := alike(r, camp); got < 0.95 || len(r.Groups) != len(sizes) {
					t.Errorf("camps of %v, %.0f %% answered, seed %d: %d groups, adjusted Rand index %.2f", sizes, answered*100, seed, len(r.Groups), got)
				}
			}
		}
	}
}

func TestMap_sameInAnyOrder(t *testing.T) {
	t.Parallel()
	s, cast, _ := camps(7, []int{50, 30, 60}, 25, 0.5)
	want := opinion.Map(opinion.Collect(s, cast))
	r := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
		r.Shuffle(len(cast), func(i, j int) { cast[i], cast[j] = cast[j], cast[i] })
		if got := opinion.Map(opinion.Collect(s, cast)); !reflect.DeepEqual(got, want) {
			t.Fatal("the same votes in another order give another result")
		}
	}
}

// What a consultation came to must be the same on every machine and in every
// release: results that were signed are worked out again by whoever doubts them.
func TestMap_sameEverywhere(t *testing.T) {
	t.Parallel()
	s, cast, _ := camps(11, []int{70, 50, 40}, 30, 0.6)
	b, err := json.Marshal(opinion.Map(opinion.Collect(s, cast)))
	if err != nil {
		t.Fatal(err)
	}
	const want = "045a767d94afab2d"
	if got := fmt.Sprintf("%x", sha256.Sum256(b))[:16]; got != want {
		t.Errorf("the result is %s, it was %s: results that were signed would not verify any more", got, want)
	}
}

func TestMap_theLastAnswerCounts(t *testing.T) {
	t.Parallel()
	cast := []opinion.Cast{{Person: "1", Statement: "a", Choice: opinion.Agree}, {Person: "1", Statement: "a", Choice: opinion.Disagree}, {Person: "2", Statement: "a", Choice: opinion.Pass}}
	r := opinion.Map(opinion.Collect(nil, cast))
	if want := (opinion.Count{Disagree: 1, Pass: 1}); r.Statements[0].All != want {
		t.Errorf("counted %+v, want %+v", r.Statements[0].All, want)
	}
}

func TestMap_outMovesNobody(t *testing.T) {
	t.Parallel()
	s, cast, camp := camps(3, []int{40, 40}, 20, 0.8)
	// A statement on which chance divides everybody, taken out: no trace of it.
	s = append(s, opinion.Statement{ID: "noise", Out: true})
	before := opinion.Map(opinion.Collect(s, cast))
	i := 0
	for id := range camp {
		cast = append(cast, opinion.Cast{Person: id, Statement: "noise", Choice: opinion.Choice(i%2*2 - 1)})
		i++
	}
	if after := opinion.Map(opinion.Collect(s, cast)); !reflect.DeepEqual(after, before) {
		t.Error("answers on a statement that was taken out move people or are counted")
	}
	for _, st := range before.Statements {
		if st.ID == "noise" {
			t.Error("a statement that was taken out is in the result")
		}
	}
}

func TestMap_whoIsOnTheMap(t *testing.T) {
	t.Parallel()
	s, cast, _ := camps(5, []int{20, 20}, 12, 1)
	for i := range 6 { // too few answers, of twelve
		cast = append(cast, opinion.Cast{Person: "little", Statement: s[i].ID, Choice: opinion.Agree})
	}
	for i := range 7 {
		cast = append(cast, opinion.Cast{Person: "enough", Statement: s[i].ID, Choice: opinion.Agree})
	}
	for _, p := range opinion.Map(opinion.Collect(s, cast)).People {
		if on := p.Group != opinion.Nobody; (p.ID == "little") == on {
			t.Errorf("%s is on the map: %v", p.ID, on)
		}
	}
}

func TestMap_fewPeopleAreOnTheMapAnyway(t *testing.T) {
	t.Parallel()
	s, cast, _ := camps(5, []int{10}, 12, 1)
	for i := range 20 { // who answered most comes first: three answers before two
		for j := range 2 + i%2 {
			cast = append(cast, opinion.Cast{Person: fmt.Sprint("late", i), Statement: s[j].ID, Choice: opinion.Agree})
		}
	}
	r := opinion.Map(opinion.Collect(s, cast))
	if r.OnTheMap() != 15 || !r.TooFew() {
		t.Errorf("%d people are on the map, too few: %v; want 15, true", r.OnTheMap(), r.TooFew())
	}
	for _, p := range r.People {
		var n int
		if _, err := fmt.Sscanf(p.ID, "late%d", &n); err == nil && n%2 == 0 && p.Group != opinion.Nobody {
			t.Errorf("%s answered twice and is on the map before those who answered three times", p.ID)
		}
	}
}

func TestMap_smallAndStrange(t *testing.T) {
	t.Parallel()
	same := func(people, statements int, c opinion.Choice) (cast []opinion.Cast) {
		for p := range people {
			for s := range statements {
				cast = append(cast, opinion.Cast{Person: fmt.Sprint("p", p), Statement: fmt.Sprint("s", s), Choice: c})
			}
		}
		return cast
	}
	tests := []struct {
		name   string
		cast   []opinion.Cast
		groups int
	}{
		{"nobody", nil, 0},
		{"one answer", same(1, 1, opinion.Agree), 1},
		{"all of one mind", same(50, 10, opinion.Agree), 1},
		{"all pass", same(50, 10, opinion.Pass), 1},
		{"one statement", append(same(40, 1, opinion.Agree), opinion.Cast{Person: "q", Statement: "s0", Choice: opinion.Disagree}), 2},
	}
	for _, tt := range tests {
		if r := opinion.Map(opinion.Collect(nil, tt.cast)); len(r.Groups) != tt.groups {
			t.Errorf("%s: %d groups, want %d", tt.name, len(r.Groups), tt.groups)
		}
		r := opinion.Map(opinion.Collect([]opinion.Statement{{ID: "silent"}}, tt.cast))
		if len(r.Uniting()) > 0 && r.Uniting()[0].ID == "silent" {
			t.Errorf("%s: a statement that nobody answered unites", tt.name)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("%s: %v", tt.name, err) // NaN and infinity are no JSON
		}
	}
}

func FuzzMap(f *testing.F) {
	f.Add([]byte{1, 2, 2, 3, 4, 0, 1, 2, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var cast []opinion.Cast
		for ; len(b) >= 3 && len(cast) < 2000; b = b[3:] {
			cast = append(cast, opinion.Cast{Person: fmt.Sprint(b[0]), Statement: fmt.Sprint(b[1] % 40), Choice: opinion.Choice(int(b[2]%3) - 1)})
		}
		r := opinion.Map(opinion.Collect([]opinion.Statement{{ID: "3", Out: true}}, cast))
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		for _, p := range r.People {
			if p.Group >= len(r.Groups) {
				t.Fatalf("%s is in group %d of %d", p.ID, p.Group, len(r.Groups))
			}
		}
		for g, group := range r.Groups {
			if group.Size == 0 {
				t.Fatalf("group %d is empty", g)
			}
		}
	})
}

func BenchmarkMap2000x200(b *testing.B) {
	s, cast, _ := camps(1, []int{900, 700, 400}, 200, 1)
	for b.Loop() {
		opinion.Map(opinion.Collect(s, cast))
	}
}
