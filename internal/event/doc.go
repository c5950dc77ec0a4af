// Package event keeps what happened: appended in the same transaction as the
// fact, read in order by cursor.
//
// It promises: an event is there exactly when its fact is; numbers have no
// gaps and follow the order of commits; a consumer's own writes and its cursor
// commit together, so that within the database each event is handled once, and
// after a crash nothing is skipped; what every reader has passed is forgotten
// (Shorten), and nothing else is.
//
// It refuses to know what kinds mean, and to carry anything secret: what
// concerns masks, ballots and seals appends no per-person event.
package event
