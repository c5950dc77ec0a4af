package letter_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hpke"
	"net/http"
	"testing"

	"crypto/ecdh"

	"guildhall/internal/fault"
	"guildhall/internal/mask/letter"
	"guildhall/internal/mask/wire"
)

func key(t testing.TB, fill byte) *letter.Key {
	t.Helper()
	k, err := letter.Derive(bytes.Repeat([]byte{fill}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// visit is the body of a parting visit with a text of n bytes; 0 is none.
func visit(t testing.TB, n int) []byte {
	t.Helper()
	v := wire.Visit{Space: "designers", Day: 20_000, Lang: "en", Parting: true}
	if n > 0 {
		id := letter.NewID()
		v.Acts = []wire.Act{{Do: wire.Post, ID: id, Thread: id, Title: "t", Lang: "en", Text: string(bytes.Repeat([]byte("w"), n))}}
	}
	b, err := wire.Seal(v, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLetter_thereAndBack(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	for _, c := range []struct{ text, size int }{{0, letter.Short}, {5_000, letter.Short}, {9_000, letter.Long}, {wire.MaxText, letter.Long}} {
		body := visit(t, c.text)
		sealed, secret, err := letter.Seal(k.Public(), body)
		if err != nil || len(sealed) != 65+16+c.size {
			t.Fatalf("a text of %d: a letter of %d bytes, %v", c.text, len(sealed), err)
		}
		got, theirs, err := k.Open(sealed)
		if err != nil || !bytes.Equal(got, body) || !bytes.Equal(secret, theirs) {
			t.Fatalf("a text of %d: %v, %d bytes of %d", c.text, err, len(got), len(body))
		}
		if _, err := wire.Open(got); err != nil {
			t.Errorf("a text of %d: the visit: %v", c.text, err)
		}
		answer, err := letter.SealAnswer(theirs, http.StatusForbidden, []byte(`{"error":"x"}`))
		if err != nil || len(answer) != letter.AnswerSize {
			t.Fatalf("an answer of %d bytes, %v", len(answer), err)
		}
		status, said, err := letter.OpenAnswer(secret, answer)
		if err != nil || status != http.StatusForbidden || string(said) != `{"error":"x"}` {
			t.Errorf("the answer: %d %s %v", status, said, err)
		}
	}
}

// What the standard library seals by itself, as another program would, opens.
func TestLetter_otherPrograms(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	public, err := hpke.DHKEM(ecdh.P256()).NewPublicKey(k.Public())
	if err != nil {
		t.Fatal(err)
	}
	body := visit(t, 100)
	sealed, err := hpke.Seal(public, hpke.HKDFSHA256(), hpke.AES128GCM(), []byte("guildhall/letters/1"), body)
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := k.Open(sealed); err != nil || !bytes.Equal(got, body) {
		t.Fatalf("%v", err)
	}
}

func TestLetter_refused(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	sealed, secret, err := letter.Seal(k.Public(), visit(t, 10))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, 40, 65, len(sealed) - 1} {
		altered := bytes.Clone(sealed)
		altered[at] ^= 1
		if _, _, err := k.Open(altered); !fault.Is(err, fault.Invalid) {
			t.Errorf("altered at %d: %v", at, err)
		}
	}
	if _, _, err := key(t, 2).Open(sealed); !fault.Is(err, fault.Invalid) {
		t.Errorf("another hall's key: %v", err)
	}
	if _, _, err := k.Open(sealed[:len(sealed)-1]); !fault.Is(err, fault.Invalid) {
		t.Errorf("cut off: %v", err)
	}
	if _, _, err := letter.Seal(k.Public(), make([]byte, letter.Long+1)); fault.From(err).Key != "letter.long" {
		t.Errorf("too long: %v", err)
	}
	if _, _, err := letter.Seal(make([]byte, 65), visit(t, 0)); fault.From(err).Key != "letter.key" {
		t.Errorf("no key: %v", err)
	}
	// A short visit in a long letter would mark its sender.
	padded := append(visit(t, 10), bytes.Repeat([]byte{' '}, letter.Long-letter.Short)...)
	marked, _, err := letter.Seal(k.Public(), padded)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.Open(marked); !fault.Is(err, fault.Invalid) {
		t.Errorf("longer than need be: %v", err)
	}
	for name, answer := range map[string][]byte{"noise": letter.Noise(), "none": nil} {
		if _, _, err := letter.OpenAnswer(secret, answer); fault.From(err).Key != "letter.unanswered" {
			t.Errorf("%s: %v", name, err)
		}
	}
	long, err := letter.SealAnswer(secret, http.StatusOK, make([]byte, 20_000))
	if err != nil {
		t.Fatal(err)
	}
	if status, said, err := letter.OpenAnswer(secret, long); err != nil || status != 413 || !bytes.Contains(said, []byte("letter.long")) {
		t.Errorf("a long answer: %d %s %v", status, said, err)
	}
}

func TestDelivery_joinAndSplit(t *testing.T) {
	t.Parallel()
	short, long := make([]byte, 65+16+letter.Short), bytes.Repeat([]byte{1}, letter.MaxSize)
	got, err := letter.Split(letter.Join([][]byte{long, short, long}))
	if err != nil || len(got) != 3 || !bytes.Equal(got[0], long) || !bytes.Equal(got[1], short) {
		t.Fatalf("%d letters, %v", len(got), err)
	}
	many := make([][]byte, letter.Together+1)
	for i := range many {
		many[i] = short
	}
	for name, b := range map[string][]byte{
		"none": nil, "too many": letter.Join(many), "cut off": letter.Join([][]byte{short})[:100], "another length": letter.Join([][]byte{short[1:]}), "a rest": append(letter.Join([][]byte{short}), 0),
	} {
		if _, err := letter.Split(b); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := letter.SplitAnswers(letter.Join([][]byte{letter.Noise()})); err != nil || len(got) != 1 {
		t.Errorf("answers: %d, %v", len(got), err)
	}
}

// Whatever anybody brings is read or refused, and what was read is what was written.
func FuzzSplit(f *testing.F) {
	f.Add([]byte{})
	f.Add(letter.Join([][]byte{make([]byte, 65+16+letter.Short)}))
	f.Add([]byte{0, 0, 0, 1, 9})
	k := key(f, 1)
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := letter.Split(b)
		if err != nil {
			if list != nil {
				t.Error("letters and an error")
			}
			return
		}
		if !bytes.Equal(letter.Join(list), b) {
			t.Error("other bytes")
		}
		for _, one := range list {
			if body, _, err := k.Open(one); err == nil {
				_, _ = wire.Open(body)
			}
		}
	})
}
