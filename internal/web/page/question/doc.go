// Package questionpage shows questions and their clocks: shelves, one question
// with its cases, answers and book, asking, the stewards' forms, clock pages, and
// the picture of a clock for other people's pages.
//
// It promises that everything works without scripts (near.ts only brings the
// nearest questions while one types); that no clock stands without the sentence
// that nobody is obliged by law to answer; and that what was taken back or
// corrected stays to be seen, struck out, with who and why.
//
// It refuses to know what a post says: the door hands the words in.
package questionpage
