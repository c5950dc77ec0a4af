// Package ledger is the hall's public, append-only log.
//
// What a hall must not be able to take back, or to say differently to different
// people, stands in it: the keys that sign passes, how many rights were served
// and how many masks were born, the decisions of stewards, the hashes of every
// style and script. It is a Merkle tree (RFC 6962) in plain files, laid out as
// C2SP tlog-tiles says, and its head is a checkpoint (C2SP tlog-checkpoint): a
// signed note (C2SP signed-note, Ed25519). Any program that knows these formats
// can read and check it.
//
// It promises:
//   - Append returns after the entry is integrated, under a signed checkpoint
//     and on the disk. A crash leaves the checkpoint before or the one after.
//   - The same entry is in the log once, however often it is appended; so what
//     was made before a crash is simply appended again.
//   - An entry is one line of JSON with its keys sorted, of a kind this package
//     knows, and nothing in it names a person: Append refuses the rest.
//   - Nothing runs and next to nothing is kept in memory between two calls. The
//     tree itself is the index by content.
//   - What is read from the files is checked against the signed head before
//     anything is built on it.
//   - Audit finds what a hall could do wrong with a log: two keys for one slot,
//     a key out of its epoch, more masks than rights, numbers that fall.
//
// It refuses to run inside a database transaction, because what is in the log
// stays there when the transaction is undone: commit first, then append, and
// let the next start append what a crash left out.
//
// It refuses to know who anybody is, and where the web is.
package ledger
