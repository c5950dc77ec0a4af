// Package openpage shows what is open in a hall, so that nothing stalls unseen: each
// thing with who owes its next step, what that is, and by when.
//
// It promises that what stands still is marked for everybody to see, without blame. It
// refuses to know why.
package openpage

import (
	"time"

	"github.com/a-h/templ"
)

// Page is all that is open, by sort.
type Page struct {
	Questions, Consultations, Restates []Row
}

// Row is one open thing.
type Row struct {
	Title, Href, Lang string
	Owner             templ.Component // who owes the next step
	Next              string          // what that is
	Since             time.Time       // a day, UTC: from when on it has waited; zero: not said
	By                time.Time       // a day, UTC: by when; zero: no day was set
	Still             bool            // it stands still
}
