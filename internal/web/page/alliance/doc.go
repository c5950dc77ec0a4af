// Package alliancepage shows whom the reader knows and who wishes to know her.
//
// It promises that these pages are only ever one reader's own, and that nothing on them
// tells a wish that was declined from one that nobody has looked at.
//
// Cards are shown by the browser, which alone has them: its programs lie here too.
package alliancepage
