// Package reply is the room of what stands directly below a claim: the reply of the
// platform that it names, and what the hall itself has put right.
//
// # What one can do
//
//	Write, Revise       a representative replies, once for each claim; the text changes
//	Reply, Below        one; that below a claim
//	Revisions           all states of a reply
//	Hush, Unhush        stewards: hide with a reason, and show again
//	Correct, Corrections  stewards: a visible note below a claim, never changed
//
// # Promises
//
//   - A platform has one reply below a claim, with an address of its own, as long as
//     the claim may be. Nobody but the platform changes its words; each state stays.
//   - A reply that is hidden says so, and why.
//   - A text that asks people to say who they are is sent back.
//   - After a commit, Touch is told "reply:ID" and "reply:KIND:THING".
//
// # It refuses to know
//
// Accounts; who acts for a platform, and whether it may still; what a claim says, and
// which platform it names.
package reply
