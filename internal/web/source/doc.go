// Package source gives everybody the source of the very program that answers,
// as its licence (AGPL, section 13) promises them.
//
// It promises that the archive is made from the tree the program was built
// from, changes of its operator included. It refuses to know anything else.
package source
