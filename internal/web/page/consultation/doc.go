// Package consultationpage holds the templates of consultations: the list, one that
// is open, with a statement at a time, and one that is closed, with what it came to.
//
// The map of opinions is drawn here as an SVG without styles or scripts, and says
// nothing that the table beside it does not say.
package consultationpage
