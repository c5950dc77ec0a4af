// Package polis reads consultations that the Polis software exported, comments.csv
// and votes.csv, so that what our own program makes of them can be compared with
// what was made of them then.
//
// Exports differ: in what a column is called in detail, in which sign means
// agreeing, in the order of lines. It finds out instead of asking. Of what it cannot
// read it leaves out the line, and says how many it left out; what is no such file at
// all is refused.
package polis
