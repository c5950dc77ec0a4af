package representative

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// What a file holds is compared and nothing else: found is found as a line of its own.
func FuzzInFile(f *testing.F) {
	const text = "guildhall-representative=hall.test/gigharbour/0123456789ABCDEFGHJKMNPQRS"
	for _, s := range []string{"", text, "\ufeff" + text, "a\r\n" + text + "\r\nb", text[:20], strings.Repeat("\n", maxLines) + text, text + "\x00", "\xff\xfe" + text, strings.ReplaceAll(text, "a", "а")} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		lines := strings.Split(strings.TrimPrefix(string(file), "\ufeff"), "\n")
		want := len(file) <= MaxFile && slices.ContainsFunc(lines[:min(len(lines), maxLines)], func(l string) bool { return string(bytes.TrimSpace([]byte(l))) == text })
		if got := inFile(file, text); got != want {
			t.Errorf("%q: %v", file, got)
		}
		if inRecords([]string{string(file)}, text) != (strings.TrimSpace(string(file)) == text) {
			t.Errorf("%q as a record", file)
		}
	})
}
