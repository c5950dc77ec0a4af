package accountpage

import "time"

// VouchesPage is where one gives vouches, uses them, and sees what one has.
type VouchesPage struct {
	Vouches int // from different branches
	Founder bool
	Branch  string
	Code    string // one that was just made; shown once
	MayGive error  // why she cannot give one; nil when she can
	Left    int    // vouches there to give
	Mail    bool   // this hall knows platforms

	Founding      bool // the reader is a steward and founders can be named
	FoundersLeft  int
	FoundingUntil time.Time

	Said  string // what has just happened
	Once  string
	Err   error
	Typed string // the code that was typed
	Known string // whether the box was ticked
	// Reason is why another founder is named.
	Reason string
}

// mailScripts are the modules of the page, where there is something for them.
func mailScripts(p VouchesPage) []string {
	if !p.Mail || p.Founder || p.Vouches >= 2 {
		return nil
	}
	return []string{"mail.js"}
}
