// Package watch looks at a row of recorded versions of one text and says which
// changes somebody should be told of.
//
// It promises:
//   - An alarm rises only for a substantive change that lasts: what goes back
//     within Lasts was a flap, what has gone back and forth often must stand far
//     longer, and no change of the recorder's own filter is one.
//   - Pages that are not the text (a login, a captcha, an error, an empty or
//     half-loaded page, another language) are never compared with it, and the
//     text that comes after them is compared with the last good one.
//   - A genuine return to an earlier text is an alarm like any other change.
//   - Versions may come in any order; they are looked at in the order of their
//     times, and named by their place in the row that was given.
//   - The result depends on the row alone: no clock, no chance, no state.
//
// It refuses to know how texts are fetched and where they are kept.
package watch
