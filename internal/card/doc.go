// Package card reads contact cards of any kind of vCard (2.1, 3.0 and 4.0) and writes
// them as vCard 4 (RFC 6350) or 3 (RFC 2426).
//
//	Read(b)                  all cards of a file
//	Write(w, cards, version) as 4 or as 3
//
// It promises that nothing a card says gets lost: what the other version has no place
// for goes along under a name of its own (X-…) and comes back from there; and that what
// cannot be read is refused with the line it stands in and the reason, never skipped.
//
// It refuses to know whose card it is, and what becomes of it.
package card
