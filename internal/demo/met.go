package demo

// Kind is what somebody of the story can be met for, in minutes.
type Kind struct {
	Name          string
	Length, After int
}

// Met are people of the story who can be met, by their handles: at which hours from
// Monday on, and for what.
var Met = []struct {
	Handle, Zone string
	Days         [7]string
	Kinds        []Kind
}{
	{"quiet-heron", "Europe/Madrid", [7]string{"10:00-13:00", "10:00-13:00, 16:00-18:00", "10:00-13:00", "16:00-18:00", "10:00-12:00"},
		[]Kind{{"First talk", 30, 10}, {"A text, read together", 60, 15}}},
	{"new-pigeon", "America/Bogota", [7]string{"", "08:00-11:00", "", "08:00-11:00"}, []Kind{{"Narration, a trial", 20, 10}}},
}

// Visitor has booked the first free time of the first kind of somebody.
type Visitor struct{ Name, With string }

// Visitors have booked.
var Visitors = []Visitor{{"Ines, a small museum", "quiet-heron"}, {"Radio for the harbour", "quiet-heron"}}
