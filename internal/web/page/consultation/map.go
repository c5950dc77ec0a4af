package consultationpage

import (
	"math"
	"strconv"

	"guildhall/internal/consultation/bundle"
)

// The size of the map in its own units.
const mapWidth, mapHeight, mapEdge = 640.0, 420.0, 24.0

// mark is one person on the map.
type mark struct {
	group int // from 1
	path  string
}

// label names a group in the middle of its people.
type label struct {
	group int // from 0
	x, y  string
}

// draw places people and the names of groups. Both directions have one scale, so that
// distances mean the same.
func draw(m bundle.Map) (marks []mark, labels []label) {
	if len(m.Places) == 0 {
		return nil, nil
	}
	left, right, low, high := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, p := range m.Places {
		left, right = math.Min(left, p.X), math.Max(right, p.X)
		low, high = math.Min(low, p.Y), math.Max(high, p.Y)
	}
	scale := math.Min((mapWidth-2*mapEdge)/math.Max(right-left, 1e-6), (mapHeight-2*mapEdge)/math.Max(high-low, 1e-6))
	at := func(x, y float64) (float64, float64) {
		return mapWidth/2 + (x-(left+right)/2)*scale, mapHeight/2 - (y-(low+high)/2)*scale
	}
	sums := make([][3]float64, len(m.Groups))
	for _, p := range m.Places {
		x, y := at(p.X, p.Y)
		marks = append(marks, mark{p.Group, shape(p.Group, x, y)})
		s := &sums[p.Group-1]
		s[0], s[1], s[2] = s[0]+x, s[1]+y, s[2]+1
	}
	for g, s := range sums {
		labels = append(labels, label{g, short(s[0] / s[2]), short(s[1] / s[2])})
	}
	return marks, labels
}

// look is the class of a group's marks, from 1.
func look(group int) string {
	return [...]string{"in-1", "in-2", "in-3", "in-4", "in-5"}[(group-1)%5]
}

// shape draws a person of a group: each group has a form of its own, for those who do
// not tell colours apart.
func shape(group int, x, y float64) string {
	const r = 6
	to := func(dx, dy float64) string { return short(x+dx) + " " + short(y+dy) }
	switch group {
	case 1: // a disc
		return "M" + to(-r, 0) + "a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z"
	case 2: // a square
		return "M" + to(-r+1, -r+1) + "h10v10h-10z"
	case 3: // a triangle
		return "M" + to(0, -r-1) + "L" + to(r+1, r-1) + "L" + to(-r-1, r-1) + "z"
	case 4: // a diamond
		return "M" + to(0, -r-2) + "L" + to(r+1, 0) + "L" + to(0, r+2) + "L" + to(-r-1, 0) + "z"
	}
	// a cross
	return "M" + to(-2, -r) + "h4v4h4v4h-4v4h-4v-4h-4v-4h4z"
}

// short writes a coordinate.
func short(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }
