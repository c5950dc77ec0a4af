// Package typed reads what people type into short fields: names, titles, reasons.
//
// It promises that what it gives has no control characters, nothing that steers the
// direction of the text around it, and no more characters than were asked for; Line
// gives one line with single spaces. What cannot be taken is refused with a sentence
// that says why, on the field. Long texts are package markdown's.
package typed
