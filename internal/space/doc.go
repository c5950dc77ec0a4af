// Package space is the room of spaces: rooms with a purpose and house rules. An
// open space gathers the discussions of its topic, under open profiles; in a
// safe one people speak under masks, of which this room knows nothing.
//
// # What one can do
//
//	Open, Change, Close, Reopen     stewards, with a reason; everything keeps its history
//	Space, Spaces, OfTopic          what a space says of itself
//	Revisions                       what it said before, who changed it and why
//	Enter, Leave                    a member takes a seat, or gives it up
//	Standing                        what a seat is good for, and why not yet
//	Seats, Counted                  one's own seats; how many there were as the epoch began
//	MaySpeak                        whether a face may write about the topic of an open space
//	Forget                          what a face leaves behind
//	Keep                            nightly: counts of the epoch; seats shuffled
//	Crowd                           k: what a set of people counts for, with the branch cap
//
// # Promises
//
//   - A seat is a row of two ids. Neither its place in the file nor anything
//     beside it tells when it was taken; pages show counts of the beginning of the
//     epoch and never who sits where.
//   - Whoever comes and goes appends no event and touches no page.
//   - A space's address lasts; a closed space is said to be closed and stays
//     readable.
//
// # It refuses to know
//
// Masks, passes, posts, and accounts: what it must know of the member behind a
// face (Credit) is handed in by a function, as four plain values.
package space
