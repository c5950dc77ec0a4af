// Package clause reads terms of service, finds each clause again in a later
// text, and says of every difference what kind it is.
//
// It promises:
//   - A clause is known by what it says: renumbered, moved, split, joined,
//     printed twice or set in other type, it is still the same.
//   - Every difference has a class and a reason (Change.Why) that can be said in
//     one sentence; when in doubt it is called substantive, because a missed
//     change costs more than a look at a small one.
//   - Parse and Compare are pure, give the same result on every machine, and
//     take time in proportion to the text: 100 kB in well under 200 ms.
//   - Text longer than MaxText, or in more than MaxClauses pieces, is refused.
//
// It refuses to know where a text came from and when; package watch does.
package clause
