package opinion

import "math"

// point is where somebody stands on the map.
type point struct{ x, y float64 }

const (
	// turns bounds the search for a direction; one in which nothing moves by more
	// than still ends it.
	turns = 1000
	still = 1e-12
	// grid is what coordinates are rounded to: coarser than what arithmetic may
	// differ by, finer than any decision needs.
	grid = 1e6
)

// project finds the two directions in which opinions differ most and says where
// everybody stands on them.
//
// Missing answers count as the statement's mean, which is nought once the mean is
// taken off, so only given answers are looked at. Somebody's place is pushed out
// by sqrt(statements / answers): who answered little would otherwise stand in the
// middle for that alone. Statements that moderation took out are columns of
// noughts which everybody has answered (Polis: zero-out-columns,
// sparsity-aware-project-ptpts).
func (v *Votes) project() []point {
	rows, out := v.centred()
	first, second := directions(rows, len(v.statements))
	places := make([]point, len(rows))
	for i, row := range rows {
		var x, y float64
		for _, c := range row {
			x += float64(c.value * first[c.at])
			y += float64(c.value * second[c.at])
		}
		push := math.Sqrt(float64(len(v.statements)) / float64(max(len(row)+out, 1)))
		places[i] = point{round(x * push), round(y * push)}
	}
	return places
}

// entry is an answer with its statement's mean taken off.
type entry struct {
	at    int
	value float64
}

// centred takes each statement's mean off its answers; out counts the statements
// that were taken out.
func (v *Votes) centred() (rows [][]entry, out int) {
	sum, n := make([]int, len(v.statements)), make([]int, len(v.statements))
	for _, row := range v.rows {
		for _, c := range row {
			sum[c.at] += int(c.choice)
			n[c.at]++
		}
	}
	rows = make([][]entry, len(v.rows))
	for i, row := range v.rows {
		rows[i] = make([]entry, len(row))
		for j, c := range row {
			rows[i][j] = entry{c.at, float64(c.choice) - float64(sum[c.at])/float64(n[c.at])}
		}
	}
	for _, s := range v.statements {
		if s.Out {
			out++
		}
	}
	return rows, out
}

// directions returns the two leading eigenvectors of rowsᵀ·rows (n by n) by power
// iteration, as Polis does, the second at right angles to the first. The start is
// fixed, and each product is rounded by itself, float64(a*b): a machine that fuses
// product and sum would otherwise differ in the last digit, and in the end in a
// group.
func directions(rows [][]entry, n int) (first, second []float64) {
	through := product(rows, n)
	first = leading(through, n, nil)
	second = leading(through, n, first)
	return first, second
}

// leading turns a fixed start towards the strongest direction at right angles to
// another, which may be nil. Where nothing differs the direction is nought.
func leading(through func(x, y []float64), n int, other []float64) []float64 {
	x, y := make([]float64, n), make([]float64, n)
	seed := uint64(1)
	for i := range x {
		x[i] = 0.5 + float64(unit(&seed))
	}
	aside(x, other)
	unitLength(x)
	for range turns {
		through(x, y)
		aside(y, other)
		if !unitLength(y) {
			return y
		}
		moved := 0.0
		for i := range x {
			moved = max(moved, math.Abs(x[i]-y[i]))
		}
		x, y = y, x
		if moved < still {
			break
		}
	}
	upright(x)
	return x
}

// product returns the function that writes rowsᵀ·rows·x into y. Few statements
// are worth a table of their pairs; many are not.
func product(rows [][]entry, n int) func(x, y []float64) {
	given := 0
	for _, row := range rows {
		given += len(row)
	}
	if n*n > 2*given {
		return func(x, y []float64) { throughRows(rows, x, y) }
	}
	pairs := make([]float64, n*n)
	for _, row := range rows { // the upper half; the lower is the same
		for i, a := range row {
			line := pairs[a.at*n : (a.at+1)*n]
			for _, b := range row[i:] {
				line[b.at] += float64(a.value * b.value)
			}
		}
	}
	for i := range n {
		for j := range i {
			pairs[i*n+j] = pairs[j*n+i]
		}
	}
	return func(x, y []float64) {
		for i := range y {
			y[i] = dot(pairs[i*n:(i+1)*n], x)
		}
	}
}

// throughRows writes rowsᵀ·rows·x into y without a table.
func throughRows(rows [][]entry, x, y []float64) {
	clear(y)
	for _, row := range rows {
		d := 0.0
		for _, c := range row {
			d += float64(c.value * x[c.at])
		}
		for _, c := range row {
			y[c.at] += float64(d * c.value)
		}
	}
}

// dot is the sum of products, in order.
func dot(a, b []float64) float64 {
	d := 0.0
	for i, x := range a {
		d += float64(x * b[i])
	}
	return d
}

// aside takes off x what points along other, a unit vector or nil.
func aside(x, other []float64) {
	if other == nil {
		return
	}
	d := dot(x, other)
	for i := range x {
		x[i] -= float64(d * other[i])
	}
}

// unitLength scales x to length one, and reports whether it has a length at all.
func unitLength(x []float64) bool {
	l := math.Sqrt(dot(x, x))
	if l < still {
		clear(x)
		return false
	}
	for i := range x {
		x[i] /= l
	}
	return true
}

// upright chooses between a direction and its opposite, which are equally right:
// the heaviest statement points up, among equally heavy ones the first.
func upright(x []float64) {
	heaviest := 0
	for i := range x {
		if round(math.Abs(x[i])) > round(math.Abs(x[heaviest])) {
			heaviest = i
		}
	}
	if len(x) > 0 && x[heaviest] < 0 {
		for i := range x {
			x[i] = -x[i]
		}
	}
}

// round rounds to the grid.
func round(x float64) float64 {
	r := math.Round(x*grid) / grid
	return r + 0 // no negative nought
}

// unit draws the next number in [0, 1) from a fixed sequence (splitmix64).
func unit(seed *uint64) float64 {
	*seed += 0x9e3779b97f4a7c15
	z := *seed
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}
