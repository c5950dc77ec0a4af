package message

import "testing"

// Whatever bytes come, they are refused or have the form; nothing is read beyond them.
func FuzzForm(f *testing.F) {
	f.Add([]byte{0, 1, 0, 2, 1, 'g', 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 9, 0x41, 0x10})
	f.Add([]byte{0, 1, 0, 3, 0, 2, 1, 9, 2, 9, 9})
	f.Add([]byte{0, 1, 0, 5, 0, 1, 0, 2, 3, 1, 2, 3})
	f.Add([]byte{0, 1, 0, 2, 0xbf, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		ok := 0
		for _, err := range []error{checkSealed(b, "g", 1, contentText), checkSealed(b, "g", 1, contentChange), checkWelcome(b), checkPackage(b)} {
			if err == nil {
				ok++
			}
		}
		if ok > 1 {
			t.Errorf("%x is several things", b)
		}
	})
}
