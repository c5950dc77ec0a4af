// Package forumpage shows what the forum holds: the front page, articles,
// discussions, topics, and lists of them.
//
// It promises the same address for the same thing everywhere, and pages that
// read well in a text browser. It decides nothing: what a reader may see, the
// forum has left out already.
package forumpage
