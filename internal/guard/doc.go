// Package guard looks at a text before it is taken in, for what should not be read by
// everybody for years.
//
//	Redacted    refuses e-mail addresses, numbers and people's names
//	AsksWho     refuses what asks people to say who they are
//	Plain       refuses a line with characters that cannot be seen
//
// It reads texts as people see them: letters that look alike are one, and characters
// that show nothing are not there.
//
// It promises that what it found is quoted back, so that one sees what is meant, and
// that it keeps nothing. It is no proof of anything: it knows a few shapes in English,
// Spanish and Arabic, and others pass.
package guard
