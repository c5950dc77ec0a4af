// Package platformpage shows platforms: the list, the form to propose one, and
// each one's page, with the parts that other subjects put there.
//
// It promises that a domain is shown as machines write it, with a warning where
// people would write it in other letters; that what waits says so; and that every
// verdict stands there with its reason.
//
// It refuses to know what is said about a platform: parts come ready.
package platformpage
