// Package moderationpage shows reports, the stewards' room and what stewards did.
//
// It promises that every deed of a steward is a form that works without scripts.
// It refuses to know who reported.
package moderationpage
