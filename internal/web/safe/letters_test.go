package safe_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/mask"
	"guildhall/internal/mask/letter"
	"guildhall/internal/mask/wire"
	"guildhall/internal/web/quota"
	"guildhall/internal/web/safe"
)

func lettered(t *testing.T, change func(*safe.Config)) (*site, *letter.Key) {
	t.Helper()
	k, err := letter.Derive(bytes.Repeat([]byte{3}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return newSite(t, func(c *safe.Config) {
		c.Letters = k
		if change != nil {
			change(c)
		}
	}), k
}

// deliver brings letters and gives the status and the answers.
func (s *site) deliver(letters ...[]byte) (int, [][]byte) {
	s.t.Helper()
	r, err := http.Post(s.url+"/letters", "application/octet-stream", bytes.NewReader(letter.Join(letters)))
	s.ok(err)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	s.ok(err)
	if r.StatusCode != http.StatusOK {
		return r.StatusCode, nil
	}
	answers, err := letter.SplitAnswers(b)
	s.ok(err)
	return r.StatusCode, answers
}

// write seals a visit into a letter.
func (s *site) write(k *letter.Key, v wire.Visit, key ed25519.PrivateKey) (sealed, secret []byte) {
	s.t.Helper()
	v.Parting = true
	sealed, secret, err := letter.Seal(k.Public(), s.seal(v, key))
	s.ok(err)
	return sealed, secret
}

// opened reads an answer.
func (s *site) opened(secret, answer []byte) (status int, a wire.Answer, said string) {
	s.t.Helper()
	status, b, err := letter.OpenAnswer(secret, answer)
	s.ok(err)
	s.ok(json.Unmarshal(b, &a))
	return status, a, string(b)
}

func post(text string) wire.Act {
	id := letter.NewID()
	return wire.Act{Do: wire.Post, ID: id, Thread: id, Title: "From a letter", Lang: "en", Text: text}
}

// What letters bring is done as if their masks had come; brought again, it counts once.
func TestLetters_visitsLikeOthers(t *testing.T) {
	t.Parallel()
	s, k := lettered(t, nil)
	masks := s.masks(20)
	one, two := post("I say so."), post("So do I.")
	a, mine := s.write(k, wire.Visit{Acts: []wire.Act{one}}, masks[0])
	b, theirs := s.write(k, wire.Visit{Acts: []wire.Act{two, {Do: wire.Status}}}, masks[1])
	for range 2 {
		status, answers := s.deliver(b, a)
		if status != 200 || len(answers) != 2 {
			t.Fatalf("%d, %d answers", status, len(answers))
		}
		if status, got, said := s.opened(mine, answers[1]); status != 200 || len(got.Results) != 1 || got.Results[0].State != "waiting" {
			t.Errorf("the first: %d %s", status, said)
		}
		if status, got, said := s.opened(theirs, answers[0]); status != 200 || len(got.Results) != 2 || got.Results[1].State != "active" {
			t.Errorf("the second: %d %s", status, said)
		}
	}
	s.mu.Lock()
	s.at = s.at.Add(time.Hour)
	s.mu.Unlock()
	s.ok(s.room.TestOnlyTick(context.Background()))
	_, bundle := s.visit(wire.Visit{Acts: []wire.Act{}}, masks[2])
	if bundle == nil || !shows(t, bundle, one.Text, two.Text) {
		t.Errorf("%d bytes are shown", len(bundle))
	}
}

// One letter is no reason to refuse another.
func TestLetters_eachForItself(t *testing.T) {
	t.Parallel()
	s, k := lettered(t, func(c *safe.Config) { c.Pace = quota.New(c.Masks.Now, quota.Limit{Count: 2, Per: time.Hour}) })
	masks := s.masks(10)
	s.mu.Lock()
	s.at = s.at.Add(2 * time.Hour)
	s.mu.Unlock()
	good, secret := s.write(k, wire.Visit{}, masks[0])
	stranger, refused := s.write(k, wire.Visit{}, ed25519.NewKeyFromSeed(make([]byte, 32)))
	again, third := s.write(k, wire.Visit{}, masks[0])
	altered := bytes.Clone(good)
	altered[len(altered)-1] ^= 1
	other, err := letter.Derive(bytes.Repeat([]byte{9}, 32))
	s.ok(err)
	foreign, lost := s.write(other, wire.Visit{}, masks[1])
	sealed, late := s.writtenBefore(k, wire.LetterLeeway+1, masks[2])
	waited, kept := s.writtenBefore(k, wire.LetterLeeway, masks[4])
	early, ahead := s.writtenBefore(k, -wire.DayLeeway-1, masks[5])
	open, staying, err := letter.Seal(k.Public(), append(s.seal(wire.Visit{}, masks[3]), bytes.Repeat([]byte{' '}, wire.Step)...))
	s.ok(err)

	status, answers := s.deliver(altered, good, stranger, again, foreign, sealed, good, open, waited, early)
	if status != 200 || len(answers) != 10 {
		t.Fatalf("%d, %d answers", status, len(answers))
	}
	for i, secret := range map[int][]byte{0: secret, 4: lost} {
		if _, _, err := letter.OpenAnswer(secret, answers[i]); err == nil {
			t.Errorf("letter %d was answered", i)
		}
	}
	for i, want := range map[int]struct {
		secret []byte
		status int
		says   string
	}{
		1: {secret, 200, `"results":[]`}, 2: {refused, 403, "mask.unknown"}, 3: {third, 200, `"results":[]`},
		5: {late, 400, "mask.day"}, 6: {secret, 429, "fault.wait_minutes"}, 7: {staying, 400, "pass.visit.broken"},
		8: {kept, 200, `"results":[]`}, 9: {ahead, 400, "mask.day"},
	} {
		if status, _, said := s.opened(want.secret, answers[i]); status != want.status || !bytes.Contains([]byte(said), []byte(want.says)) {
			t.Errorf("letter %d: %d %s", i, status, said)
		}
	}
	if status, _ := s.deliver(); status != 400 {
		t.Errorf("no letters: %d", status)
	}
	r, err := http.Post(s.url+"/letters", "", bytes.NewReader(make([]byte, 100)))
	s.ok(err)
	r.Body.Close()
	if r.StatusCode != 400 {
		t.Errorf("no delivery: %d", r.StatusCode)
	}
}

// writtenBefore is a letter that says nothing and was written so many days ago.
func (s *site) writtenBefore(k *letter.Key, days int, key ed25519.PrivateKey) (sealed, secret []byte) {
	s.t.Helper()
	body, err := wire.Seal(wire.Visit{Space: "designers", Day: epoch.Day(s.now()) - days, Parting: true, Acts: []wire.Act{}}, key)
	s.ok(err)
	sealed, secret, err = letter.Seal(k.Public(), body)
	s.ok(err)
	return sealed, secret
}

// A letter that is brought once more days later does not do again what was taken back
// meanwhile, though its day would still be good; on the next day it may be a delivery
// whose answer was lost.
func TestLetters_broughtAgain(t *testing.T) {
	t.Parallel()
	s, k := lettered(t, nil)
	masks := s.masks(20)
	one := post("Taken back.")
	said, secret := s.write(k, wire.Visit{Acts: []wire.Act{one}}, masks[0])
	s.deliver(said)
	takesBack, other := s.write(k, wire.Visit{Acts: []wire.Act{{Do: wire.Withdraw, ID: one.ID}}}, masks[0])
	s.deliver(takesBack)
	pass := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.at = s.at.Add(24 * time.Hour)
	}
	pass()
	_, answers := s.deliver(takesBack)
	if status, _, said := s.opened(other, answers[0]); status != 200 {
		t.Errorf("on the next day: %d %s", status, said)
	}
	pass()
	_, answers = s.deliver(said)
	if status, _, said := s.opened(secret, answers[0]); status != 400 || !strings.Contains(said, "mask.day") {
		t.Errorf("two days later: %d %s", status, said)
	}
}

// Slow lines do not keep a letterbox out: whoever is long on the line makes room.
func TestLetters_slowLines(t *testing.T) {
	t.Parallel()
	s, k := lettered(t, nil)
	s.door.Impatient()
	for range safe.BagsAtOnce {
		line, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		s.ok(err)
		t.Cleanup(func() { line.Close() })
		_, err = io.WriteString(line, "POST /letters HTTP/1.1\r\nHost: safe.hall.example\r\nContent-Length: 100000\r\n\r\nslow")
		s.ok(err)
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for s.door.Bags() < safe.BagsAtOnce {
		select {
		case <-tick.C:
		case <-time.After(20 * time.Second):
			t.Fatal("the slow lines were never in")
		}
	}
	sealed, _ := s.write(k, wire.Visit{}, s.masks(10)[0])
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	q, err := http.NewRequestWithContext(ctx, "POST", s.url+"/letters", bytes.NewReader(letter.Join([][]byte{sealed})))
	s.ok(err)
	r, err := http.DefaultClient.Do(q)
	s.ok(err)
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		t.Errorf("behind slow lines: %d", r.StatusCode)
	}
}

// A hall that cannot write answers nothing, so that the letterbox comes again.
func TestLetters_hallThatCannotWrite(t *testing.T) {
	t.Parallel()
	s, k := lettered(t, nil)
	masks := s.masks(20)
	sealed, secret := s.write(k, wire.Visit{Acts: []wire.Act{post("I say so.")}}, masks[0])
	s.mu.Lock()
	s.at = s.at.Add(time.Hour)
	s.mu.Unlock()
	s.ok(s.room.TestOnlyTick(context.Background())) // spaces are asked for once in a tick
	asked := s.room.Space
	s.room.Space = func(context.Context, string) (mask.Space, error) {
		return mask.Space{}, fault.New(fault.Unavailable, "db.disk_full")
	}
	if status, _ := s.deliver(sealed); status != 503 {
		t.Errorf("while it is full: %d", status)
	}
	s.room.Space = asked
	status, answers := s.deliver(sealed)
	if status != 200 {
		t.Fatalf("later: %d", status)
	}
	if status, got, said := s.opened(secret, answers[0]); status != 200 || got.Results[0].State != "waiting" {
		t.Errorf("later: %d %s", status, said)
	}
}

// shows tells whether a packed bundle has some texts.
func shows(t *testing.T, packed []byte, texts ...string) bool {
	t.Helper()
	b, err := wire.Unpack(packed)
	if err != nil {
		t.Fatal(err)
	}
	said, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if !bytes.Contains(said, []byte(text)) {
			return false
		}
	}
	return true
}
