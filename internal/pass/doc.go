// Package pass is the hall's issuer of passes: it keeps the keys that sign, signs
// blindly, and serves each seat once. docs/PASSES.md is its protocol, package
// token its arithmetic.
//
// It promises: one key for each slot (purpose, space, epoch), made at the first
// need in its epoch and in the public log before anything is signed with it; a
// seat is given one right, ever, and read passes in their epoch; the same request
// gets the same bytes, for ever for a right; a request that the account's own key
// did not sign gets nothing; signing takes the same time whatever is signed.
//
// What it stores of a seat is its right: the hash of what was asked and the epoch,
// noted apart and sealed until the week has ended; no time, no order (rows are clustered by a hash, and on PostgreSQL rewritten in
// shuffled order each night), no message and no signature. Of read passes it stores
// nothing, because they are asked for in every epoch: a row would date a visit in
// each. How many rights were served is counted by week and branch of vouches, not
// by seat.
//
// It refuses to know what passes are used for, whether they are, and by whom;
// and it never sees a message, a mask or a signature as it will be shown.
package pass
