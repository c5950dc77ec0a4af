// Package consultation is the room of consultations: statements that people agree
// or disagree with until an hour that was set beforehand, and what that comes to.
//
// # What one can do
//
//	Open                            begin one: title, closing day, first statements; also
//	                                in a platform's name, about what it plans itself
//	Consultation, Consultations     what there is; OfOrigin: what began from a thing
//	Statements                      all of them, also those taken out, with the reason
//	Say                             add a statement of one's own
//	Answer, Mine                    agree, disagree or pass; what one has answered
//	Reintroduce, Restore, Revisions    other words about it, with the earlier ones
//	TakeOut, PutBack                moderation, with a reason that everybody reads
//	Close, Logged                   a job's work at the hour that was set
//	Bundle                          what it came to, and all there is to check it
//	Forget                          what a face leaves behind
//	AmongMasks, OfSpace, Take, Holds, MaySay    the same for the masks of a space, who come with passes
//	Turnout, Silence                how many took part until last night; for how long nobody new has
//
// # Promises
//
//   - It closes at the hour that was set, which nobody can move. Nothing of what was
//     answered is shown before, and nothing can be answered after.
//   - A statement never changes; it can be taken out with a reason, and put back.
//   - One person, one answer to a statement; it may be changed until the end.
//   - No table says which face answered what, with what time or in what order: a row
//     is found by a keyed hash of the face, and the key is destroyed at closing. What is
//     published numbers people in an order drawn by chance.
//   - The electorate is either the open profiles of this hall or the masks of one space
//     that were born in one epoch, never both, and says so. What masks say comes with
//     passes; whose they are nobody here knows.
//   - The result is worked out again from what is published (package bundle).
//
// # It refuses to know
//
// Accounts, and what a consultation began from: that is a kind and an id, which
// whoever shows it understands. When somebody joined is told by a function.
package consultation
