package accountpage

// LetterKind is what somebody says who comes from a letter.
type LetterKind string

// The kinds.
const (
	ProveLetter LetterKind = "prove" // the address is hers
	StopLetter  LetterKind = "stop"  // no more letters
	SeenLetter  LetterKind = "seen"  // she has seen what it tells of
)

// LetterPage asks somebody who comes from a letter for one press.
type LetterPage struct {
	Kind LetterKind
	Path string // to which the press goes
	Done bool
}

// letterWords are the words for each kind: title, question, button, and what is said after it.
var letterWords = map[LetterKind][4]string{
	ProveLetter: {"notice.prove.title", "notice.prove.text", "notice.prove.do", "notice.prove.done"},
	StopLetter:  {"notice.stop.title", "notice.stop.text", "notice.stop.do", "notice.stop.done"},
	SeenLetter:  {"notice.seen.title", "notice.seen.text", "notice.seen.do", "notice.seen.done"},
}
