// Package search finds articles, discussions, posts and open profiles by the
// words in them.
//
//	Find(ctx, Query)     a page of results, with highlights and a spelling hint
//	Consumer()           keeps the index by reading events
//	Rebuild(ctx)         makes the index anew; Stale tells when that is due
//	Sweep(ctx)           forgets words that no text has any more
//
// It promises:
//   - words are found however they are written: case, accents, Arabic vowel
//     signs, forms of alef and the article make no difference, and both
//     databases agree, because words are cut and folded here, in Go;
//   - no query is an error: what makes no sense finds nothing;
//   - what is hidden, held or erased is not shown, even before its event is
//     read: each result is read from its own room before it leaves;
//   - handling events in any portions gives the same index, and making it anew
//     gives the same again;
//   - a count is exact up to MaxRanked, and beyond says that it is an estimate.
//
// It refuses to know who reads and what was searched for before: no query is
// kept, counted or logged. It keeps no text, only words and where they stand.
// It does not know the rooms it searches: package app fills in a Source.
//
// # Queries
//
// All words must be there. "words in quotes" stand one after another; -word and
// -"some words" must not be there. When few texts hold the last word as it
// stands, words that begin with it count as well.
//
// # How it stays quick
//
// A text's number in the index is its moment, so the index itself gives matches
// newest first, and stops after MaxRanked. Only those, and matches in titles, are
// ranked. Filters are words too, of a kind that no text can hold.
package search
