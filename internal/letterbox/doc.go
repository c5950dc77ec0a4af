// Package letterbox keeps sealed letters to a hall for one to three days, drawn by lot,
// and brings those of a day all at once and shuffled. Somebody else than the hall's operator runs it, so that
// the hall does not see when anybody writes. docs/PASSES.md, "Letters", is its protocol.
//
//	PUT    /letters/ID    hands a letter in
//	GET    /letters/ID    asks for its answer
//	DELETE /letters/ID    takes back what was not brought yet
//
// It promises:
//
//   - What was acknowledged is on the disk and survives kill -9, until the hall has
//     answered it, or for fourteen days; an answer is kept for fourteen days.
//   - A letter goes with one of the next three deliveries, each as likely, and nothing but
//     its directory says with which: the day of a delivery says little of a letter's.
//   - What comes after 03:00 UTC is not of today's delivery, however often and however
//     late that is tried again: the hour of a delivery says nothing of a letter's.
//   - No address is written anywhere; who comes too often is counted in memory, under a
//     key that dies with the process. Files go by the ids that devices draw, have the
//     time 0, and are touched together each minute, so that not even their inodes keep
//     the moment at which one came. In which order they came a file system may still
//     show by where it has put them: whoever runs the letterbox could see that anyhow.
//   - Every letter lies there as it came: sealed. Nothing here could open one.
//
// It refuses to know what a letter says, whether it says anything, and whose it is.
package letterbox
