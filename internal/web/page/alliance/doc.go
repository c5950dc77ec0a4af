// Package alliancepage shows whom the reader knows and who wishes to know her.
//
// It promises that these pages are only ever one reader's own, and that nothing on them
// tells a wish that was declined from one that nobody has looked at.
package alliancepage
