// Package ident makes the names of things: ids, handles and the addresses that
// follow from titles.
//
// Promises: an id of a Maker sorts by the moment it was made, also within one
// millisecond and when the clock is set back; a Random text carries neither time
// nor order; two handles that a person could take for each other have the same
// Fold, so one of them cannot be taken; what ParseHandle accepts it accepts
// again unchanged.
//
// An id of a Maker tells when it was made. It is for public open things only;
// whatever belongs to a mask, a ballot or a seal takes Random.
//
// It refuses to know what the ids are of: each room has an id type of its own.
package ident
