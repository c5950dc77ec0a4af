// Package mask is the room of the safe spaces: masks, what they say, and the ticks
// at which all of it comes out. docs/PASSES.md is its protocol.
//
// # What one can do
//
//	Visit     everything a mask or reader does at once; each act can be repeated
//	Bundle    what a space shows, made once a tick, the same bytes for all
//	Tick      lets out what is due, shuffled; at batch ticks masks are born
//	Decide    what moderation does to a mask, in its space only
//	Void      after a restore without the newest file: what could have been used since
//	Concluding, Concluded    what waits for a consultation comes out as it closes, and how many passes were given
//	NoteServed    that a seat was served its right, under a mark, for the issuer
//
// # Promises
//
//   - Nothing here can be joined to an account: the only ids are hashes of keys that
//     their owners made, and the file lies apart from the hall's database.
//   - What a visit was answered for is on the disk, and survives kill -9. It lies
//     sealed in the box of package safedb until a tick moves it to the tables; the
//     tables change at ticks only, and when a moderator decides or the hall stops; the
//     file is smoothed then. Rights and renewals wait for the weekly batch tick. So the
//     files tell no order and no hour, nor what waits.
//   - A mask is given one pass to a consultation, and nothing in the file names it beside
//     that; what is said with the pass stands beside no mask at all.
//   - A right makes one mask, whatever is repeated, replayed or restored: it names
//     the mask's key, and the row of a mask is never deleted.
//   - No text, id or key is in an error or a log line.
//
// # It refuses to know
//
// Accounts, faces, sessions and addresses, and whose a mark is. What it needs of spaces, issuers and the
// log it is handed as functions.
package mask
