// Package lang holds every text of the hall in each of its languages, with
// plurals, numbers, dates and writing directions.
//
// The texts lie in catalog/<locale>/<area>.toml, one file per subject; each key
// begins with the name of its file:
//
//	"forum.reply.empty" = "Write something first. Nothing was lost."
//	"forum.reply.by"    = "Reply by {0}"
//
//	["forum.replies"]
//	one   = "{n} reply"
//	other = "{n} replies"
//
// A text has places for arguments by position, {0} to {9}; a text with plural
// forms is a table of CLDR categories (en: one, other; es: one, many, other;
// ar: zero, one, two, few, many, other) in which {n} is the count. Other braces
// are refused. The text [in brackets] of a text is what Link takes apart; all
// other functions leave brackets as they are. Quotation marks and apostrophes
// are typographic (’ “ ” « »), and an ellipsis is one character (…).
//
// Promises: looking a text up without arguments allocates nothing; every key
// exists in every language with the same arguments, and every key the source
// names exists (tests); an argument never changes the direction of the sentence
// around it; nothing here reads a clock.
//
// It refuses to know about HTML: what it returns is plain text, to be escaped by
// the page like any other.
package lang
