// Package spacepage shows spaces: the list, each one's page, its rules with their
// history, the stewards' forms, and what a browser needs to be a mask in them.
//
// It promises that everything about a space can be read without scripts, and that
// the page of a safe space says what is protected and what is not before anybody
// speaks there. That page holds nothing of what is said: the space's own script
// fetches it from the safe origin, without cookies, and shows it. Without scripts
// the page says what is needed, and offers the program that does the same from
// the command line. Every word, of the script too, is rendered here.
//
// It refuses to know who sits where and who speaks: it shows the reader's own
// seat and counts of the beginning of the epoch. docs/PASSES.md is what its script
// follows.
package spacepage
