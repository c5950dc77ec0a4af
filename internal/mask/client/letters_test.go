package client

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/ledger"
	"guildhall/internal/mask/letter"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// postbox is a letterbox of which the test says what the hall answered.
type postbox struct {
	mu      sync.Mutex
	letters map[string][]byte
	answer  func(sealed []byte) (status int, body []byte)
}

func (p *postbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := strings.TrimPrefix(r.URL.Path, "/letters/")
	sealed, there := p.letters[id]
	switch {
	case r.Method == http.MethodPut:
		p.letters[id], _ = io.ReadAll(r.Body)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodDelete:
		delete(p.letters, id)
		w.WriteHeader(http.StatusNoContent)
	default:
		status, body := p.answer(sealed)
		w.WriteHeader(status)
		_, _ = w.Write(body)
	}
}

const room = "designers"

// writer is somebody whose mask writes by letter.
func writer(t *testing.T) (*Home, Mask, Keys, *letter.Key, *postbox) {
	t.Helper()
	hall, err := letter.Derive(bytes.Repeat([]byte{5}, 32))
	if err != nil {
		t.Fatal(err)
	}
	box := &postbox{letters: map[string][]byte{}}
	s := httptest.NewServer(box)
	t.Cleanup(s.Close)
	h, err := MakeHome(t.TempDir(), token.Root{1}, State{})
	if err != nil {
		t.Fatal(err)
	}
	at, err := ParseHall(s.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	at.Now = func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
	return h, Mask{Hall: at}, Keys{space: room, letters: &Letters{Box: s.URL, Key: hall.Public()}}, hall, box
}

// answers seals what the hall would say.
func answers(t *testing.T, hall *letter.Key, status int, said string) func([]byte) (int, []byte) {
	return func(sealed []byte) (int, []byte) {
		_, secret, err := hall.Open(sealed)
		if err != nil {
			t.Error(err)
		}
		b, err := letter.SealAnswer(secret, status, []byte(said))
		if err != nil {
			t.Error(err)
		}
		return http.StatusOK, b
	}
}

func some() wire.Act {
	id := letter.NewID()
	return wire.Act{Do: wire.Post, ID: id, Thread: id, Title: "t", Lang: "en", Text: "I say so."}
}

// A letter speaks with the mask's key, a silent one with a key of its own; both are
// noted and asked for, and what they bring is given once.
func TestLetters_handedInAndCollected(t *testing.T) {
	t.Parallel()
	h, m, k, hall, box := writer(t)
	act := some()
	if err := h.HandIn(t.Context(), m, room, k, nil, act); err != nil {
		t.Fatal(err)
	}
	if err := h.HandIn(t.Context(), m, room, k, nil); err != nil {
		t.Fatal(err)
	}
	mine := h.Root.MaskKey(room, 0).Public().(ed25519.PublicKey)
	for i, l := range h.In(room).Letters {
		body, _, err := hall.Open(box.letters[l.ID])
		if err != nil {
			t.Fatal(err)
		}
		v, err := wire.Open(body)
		if err != nil || !v.Parting || v.Pass != nil || (i == 0) != mine.Equal(ed25519.PublicKey(v.Key)) || len(v.Acts) != 1-i {
			t.Errorf("letter %d: %+v %v", i, v, err)
		}
	}
	box.answer = func([]byte) (int, []byte) { return http.StatusAccepted, nil }
	if back, err := h.Collect(t.Context(), m, room, k); err != nil || len(back) != 0 || !h.Underway(room, wire.Post) {
		t.Errorf("not brought yet: %+v %v", back, err)
	}
	box.answer = func(sealed []byte) (int, []byte) {
		body, _, _ := hall.Open(sealed)
		if v, _ := wire.Open(body); len(v.Acts) == 0 {
			return answers(t, hall, 403, `{"error":"mask.unknown","message":"Who?"}`)(sealed)
		}
		return answers(t, hall, 200, `{"v":1,"results":[{"do":"post","ok":true,"id":"`+act.ID+`","state":"waiting","from":1,"to":4}]}`)(sealed)
	}
	again, err := OpenHome(h.dir) // also after the program was started anew
	if err != nil {
		t.Fatal(err)
	}
	back, err := again.Collect(t.Context(), m, room, k)
	if err != nil || len(back) != 1 || back[0].Lost || back[0].Refused != nil || back[0].Results[0].To != 4 {
		t.Fatalf("%+v %v", back, err)
	}
	if len(again.In(room).Letters) != 0 {
		t.Error("letters that came back are kept")
	}
}

func TestLetters_lostAndRefused(t *testing.T) {
	t.Parallel()
	h, m, k, hall, box := writer(t)
	for name, c := range map[string]struct {
		answer        func([]byte) (int, []byte)
		lost, refused bool
	}{
		"unknown":         {func([]byte) (int, []byte) { return http.StatusNotFound, nil }, true, false},
		"another key":     {func([]byte) (int, []byte) { return http.StatusOK, letter.Noise() }, true, false},
		"days late":       {answers(t, hall, 400, `{"error":"mask.day","message":"Late."}`), true, false},
		"refused":         {answers(t, hall, 403, `{"error":"mask.unknown","message":"Who?"}`), false, true},
		"too few results": {answers(t, hall, 200, `{"v":1,"results":[]}`), false, true},
	} {
		if err := h.HandIn(t.Context(), m, room, k, nil, some()); err != nil {
			t.Fatal(err)
		}
		box.answer = c.answer
		back, err := h.Collect(t.Context(), m, room, k)
		if err != nil || len(back) != 1 || back[0].Lost != c.lost || (back[0].Refused != nil) != c.refused || len(back[0].Acts) != 1 {
			t.Errorf("%s: %+v %v", name, back, err)
		}
	}
}

func TestLetters_takenBackOrAway(t *testing.T) {
	t.Parallel()
	h, m, k, _, box := writer(t)
	act := some()
	if err := h.HandIn(t.Context(), m, room, k, nil, act); err != nil {
		t.Fatal(err)
	}
	if done, err := h.TakeBack(t.Context(), m, room, act.ID); !done || err != nil || len(box.letters) != 0 || len(h.In(room).Letters) != 0 {
		t.Errorf("taken back: %t %v", done, err)
	}
	if done, err := h.TakeBack(t.Context(), m, room, act.ID); done || err != nil {
		t.Errorf("again: %t %v", done, err)
	}
	k.letters.Box = "http://localhost:1" // nobody listens there
	if err := h.HandIn(t.Context(), m, room, k, nil, act); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a letterbox that is away: %v", err)
	}
	if !h.Underway(room, wire.Post) {
		t.Error("what was not handed in is forgotten")
	}
	if _, err := h.Collect(t.Context(), m, room, k); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nothing is known of it: %v", err)
	}
	if err := h.HandIn(t.Context(), m, room, Keys{space: room}, nil, act); !fault.Is(err, fault.NotFound) {
		t.Errorf("a hall without a letterbox: %v", err)
	}
}

// A key for letters is refused when the log has it not, or another one of its day or
// later: that could be for one person.
func TestLetters_keyInTheLog(t *testing.T) {
	t.Parallel()
	at := func(key string, day int, index uint64) ledger.BoxAt {
		return ledger.BoxAt{Letterbox: ledger.Letterbox{Box: "https://letters.example", Key: key, Day: day}, Index: index}
	}
	mine, other := token.Encode(bytes.Repeat([]byte{1}, 65)), token.Encode(bytes.Repeat([]byte{2}, 65))
	for name, c := range map[string]struct {
		boxes []ledger.BoxAt
		good  bool
	}{
		"there":              {[]ledger.BoxAt{at(mine, 10, 3)}, true},
		"after another":      {[]ledger.BoxAt{at(other, 9, 1), at(mine, 10, 3)}, true},
		"twice":              {[]ledger.BoxAt{at(mine, 10, 3), at(mine, 11, 4)}, true},
		"elsewhere":          {[]ledger.BoxAt{at(mine, 10, 2)}, false},
		"another that day":   {[]ledger.BoxAt{at(other, 10, 2), at(mine, 10, 3)}, false},
		"a later one":        {[]ledger.BoxAt{at(mine, 10, 3), at(other, 12, 4)}, false},
		"another altogether": {[]ledger.BoxAt{at(other, 10, 3)}, false},
	} {
		if got := letterboxStands(c.boxes, Letters{Box: "https://letters.example", Key: bytes.Repeat([]byte{1}, 65), Place: 3}); got != c.good {
			t.Errorf("%s: %t", name, got)
		}
	}
	var l Letters
	if err := json.Unmarshal([]byte(`{"box":"https://b","key":"`+mine+`","place":3}`), &l); err != nil || l.Place != 3 || token.Encode(l.Key) != mine {
		t.Errorf("%+v %v", l, err)
	}
}
