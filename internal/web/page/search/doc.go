// Package searchpage shows what was found, and the form to look for it.
//
// It promises to work without scripts and in a text browser, to mark what was
// looked for, and that every page of results has an address of its own.
package searchpage
