package demo

// Known are people of the story who know each other, by their handles. Two of them are
// those whose accounts visitors may use.
var Known = [][2]string{
	{"new-pigeon", "quiet-heron"},
	{"new-pigeon", "kind-badger"},
	{"quiet-heron", "copper-kettle"},
	{"quiet-heron", "tin-whistle"},
	{"kind-badger", "first-invoice"},
}

// Wish is what somebody of the story wishes of somebody, and waits for.
type Wish struct{ From, To, Words string }

// Wishes wait for the two visitors.
var Wishes = []Wish{
	{"first-invoice", "new-pigeon", "You asked what I would have asked in my first month. I would like to hear how it goes."},
	{"low-tide", "quiet-heron", "You edited the guide that my narration follows. I may have found two mistakes in it."},
}

// Introduced is what one of the story suggests to two others.
var Introduced = struct{ By, One, Other, Words string }{
	"kind-badger", "new-pigeon", "first-invoice", "Two who began in the same spring, on two oceans.",
}
