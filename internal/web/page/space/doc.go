// Package spacepage shows spaces, and what a browser needs to be a mask in them.
//
// It promises that a page of a safe space holds nothing of what is said there:
// the space's own script fetches that from the safe origin, without cookies, and
// shows it. Without scripts the page says what is needed, and offers the program
// that does the same from the command line. Every word, of the script too, is
// rendered here. It refuses to know members and masks: the door hands it plain
// words. docs/PASSES.md is what its script follows.
package spacepage
