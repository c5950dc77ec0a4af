package letterbox_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/mask/letter"
)

func TestBox_thereAndBack(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	id := letter.NewID()
	p.want("GET", id, nil, 404, "letterbox.unknown")
	p.want("PUT", id, sealed(1), 204, "")
	p.want("PUT", id, sealed(1), 204, "")
	p.want("PUT", id, sealed(2), 409, "letterbox.other")
	p.want("GET", id, nil, 202, "")
	p.wait(17*time.Hour + 59*time.Minute)
	if n, err := p.step(); n != 0 || err != nil {
		t.Fatalf("before three: %d, %v", n, err)
	}
	p.wait(2*24*time.Hour + time.Minute)
	if n, err := p.step(); n != 1 || err != nil {
		t.Fatalf("at three of the third day: %d, %v", n, err)
	}
	if status, b := p.do("GET", id, nil); status != 200 || !bytes.Equal(b, bytes.Repeat([]byte{1}, letter.AnswerSize)) {
		t.Errorf("the answer: %d, %d bytes", status, len(b))
	}
	p.want("DELETE", id, nil, 409, "letterbox.brought")
	p.want("PUT", id, sealed(1), 409, "letterbox.brought")
	p.wait(15 * 24 * time.Hour)
	_, err := p.step()
	p.ok(err)
	p.want("GET", id, nil, 404, "letterbox.unknown")
	if files := p.files(); len(files) > 0 {
		t.Errorf("kept for ever: %v", files)
	}
}

func TestBox_refuses(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	id := letter.NewID()
	for _, n := range []int{0, 1, len(sealed(1)) - 1, len(sealed(1)) + 1, letter.MaxSize + 1, 1 << 20} {
		p.want("PUT", id, make([]byte, n), 413, "letterbox.length")
	}
	p.want("PUT", "..%2f"+id[3:], sealed(1), 400, "letterbox.id")
	p.want("PUT", id+"A", sealed(1), 400, "letterbox.id")
	p.want("DELETE", id, nil, 404, "letterbox.unknown")
	for _, name := range []string{"Cookie", "Authorization", "Referer"} {
		if status, b := p.do("PUT", id, sealed(1), name, "x=1"); status != 400 || !bytes.Contains(b, []byte("letterbox.identified")) {
			t.Errorf("%s: %d %s", name, status, b)
		}
	}
	p.want("PUT", id, bytes.Repeat([]byte{1}, letter.MaxSize), 204, "")
}

func TestBox_takenBack(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	id := letter.NewID()
	p.want("PUT", id, sealed(1), 204, "")
	p.want("DELETE", id, nil, 204, "")
	p.want("GET", id, nil, 404, "letterbox.unknown")
	p.wait(mostWait)
	if n, err := p.step(); n != 0 || err != nil || len(p.brought) > 0 {
		t.Errorf("brought all the same: %d, %v", n, err)
	}
	// Once a delivery has begun it may have arrived, whatever the hall said.
	p.want("PUT", id, sealed(1), 204, "")
	p.set(true)
	p.wait(mostWait)
	if _, err := p.step(); err == nil {
		t.Error("a hall that takes nothing is no failure")
	}
	p.want("DELETE", id, nil, 409, "letterbox.brought")
}

// Whoever has filled the box cannot open it for one letter at a moment of his choice.
func TestBox_fullOpensForNobody(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.letters = 10
	p.open()
	var ids []string
	for range p.letters {
		ids = append(ids, letter.NewID())
		p.want("PUT", ids[len(ids)-1], sealed(1), 204, "")
	}
	p.want("PUT", letter.NewID(), sealed(2), 503, "letterbox.many")
	r, err := http.Get(p.url + "/healthz")
	p.ok(err)
	if r.Body.Close(); r.StatusCode != 503 {
		t.Errorf("a full box is %d", r.StatusCode)
	}
	for _, id := range ids {
		p.want("DELETE", id, nil, 204, "")
	}
	p.want("PUT", letter.NewID(), sealed(2), 503, "letterbox.many")
	p.wait(mostWait)
	_, err = p.step()
	p.ok(err)
	p.want("PUT", letter.NewID(), sealed(2), 204, "")
}

// Answers take no room from letters; when there are too many, the oldest go.
func TestBox_answersTakeNoRoom(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.letters = 5
	p.open()
	var rounds [3][]string
	for i := range rounds {
		for range p.letters {
			id := letter.NewID()
			p.want("PUT", id, sealed(1), 204, "")
			rounds[i] = append(rounds[i], id)
		}
		for range 3 {
			p.wait(24 * time.Hour)
			_, err := p.step()
			p.ok(err)
		}
	}
	for _, id := range rounds[0] {
		p.want("GET", id, nil, 404, "letterbox.unknown")
	}
	for _, id := range rounds[2] {
		if status, _ := p.do("GET", id, nil); status != 200 {
			t.Errorf("a new answer: %d", status)
		}
	}
}

// While the hall is away nothing is lost, and what comes meanwhile waits for the next
// day: the hour of a delivery says nothing of a letter's.
func TestBox_hallAway(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	first, second := letter.NewID(), letter.NewID()
	p.want("PUT", first, sealed(1), 204, "")
	p.set(true)
	p.wait(mostWait)
	if _, err := p.step(); err == nil {
		t.Fatal("a hall that is away is no failure")
	}
	p.want("PUT", second, sealed(2), 204, "")
	p.set(false)
	if n, err := p.step(); n != 0 || err != nil {
		t.Errorf("tried again at once: %d, %v", n, err)
	}
	p.open() // also after a stop
	p.wait(90 * time.Second)
	if n, err := p.step(); n != 1 || err != nil {
		t.Errorf("a little later: %d, %v", n, err)
	}
	p.want("GET", first, nil, 200, "")
	p.want("GET", second, nil, 202, "")
	p.wait(mostWait)
	if n, err := p.step(); n != 1 || err != nil {
		t.Errorf("on one of the next days: %d, %v", n, err)
	}
	p.want("GET", second, nil, 200, "")
}

// With which of three deliveries a letter goes is drawn when it comes, also over a stop,
// and nobody can tell before.
func TestBox_byLot(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	const n = 240
	for i := range n {
		p.ok(p.box.Put(letter.NewID(), sealed(byte(i))))
	}
	var got [4]int
	for day := range got {
		p.wait(24 * time.Hour)
		p.open()
		var err error
		got[day], err = p.step()
		p.ok(err)
	}
	for _, each := range got[:3] { // 80 ± 7 are expected
		if each < 40 || each > 120 {
			t.Errorf("brought by day: %v", got)
		}
	}
	if got[0]+got[1]+got[2] != n || got[3] != 0 {
		t.Errorf("%d letters were brought so: %v", n, got)
	}
}

// Just after three, before the letterbox has looked at its clock, a letter is not of the
// delivery that begins.
func TestBox_atThree(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.wait(18 * time.Hour)
	for i := range 40 {
		p.ok(p.box.Put(letter.NewID(), sealed(byte(i))))
	}
	if n, err := p.step(); n != 0 || err != nil {
		t.Errorf("%d went at once, %v", n, err)
	}
}

// Many go in several requests, each in an order of its own.
func TestBox_shuffled(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	const n = letter.Together + 40
	ids := make([]string, n)
	for i := range ids {
		ids[i] = letter.NewID()
	}
	slices.Sort(ids) // or the order of their ids would hide that in which they came
	for i, id := range ids {
		p.ok(p.box.Put(id, append(sealed(byte(i)), make([]byte, letter.Long-letter.Short)...)))
	}
	p.wait(mostWait)
	if got, err := p.step(); got != n || err != nil || len(p.brought) != 2 || len(p.brought[0]) != letter.Together {
		t.Fatalf("%d brought in %d requests, %v", got, len(p.brought), err)
	}
	inOrder := 0
	for i, l := range p.brought[0][1:] {
		if l[0] == p.brought[0][i][0]+1 {
			inOrder++
		}
	}
	if inOrder > letter.Together/8 {
		t.Errorf("%d of %d came right after the one before", inOrder, letter.Together)
	}
}

// Files say neither when nor from where.
func TestBox_filesSayNothing(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	ids := map[string]bool{}
	for i := range 5 {
		id := letter.NewID()
		ids[id] = true
		p.want("PUT", id, sealed(byte(i)), 204, "")
		p.wait(time.Hour)
	}
	p.wait(mostWait)
	_, err := p.step()
	p.ok(err)
	id := letter.NewID()
	ids[id] = true
	p.want("PUT", id, sealed(9), 204, "")
	p.ok(p.box.Blur())
	files := p.files()
	if len(files) != 6 {
		t.Errorf("%d files", len(files))
	}
	p.ok(filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		p.ok(err)
		info, err := d.Info()
		p.ok(err)
		if info.ModTime().Unix() != 0 || path != p.dir && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", path, info.ModTime(), info.Mode())
		}
		if !d.IsDir() {
			b, err := os.ReadFile(path)
			p.ok(err)
			if bytes.Contains(b, []byte("127.0.0.1")) || !ids[d.Name()] && d.Name() != "period" || strings.Contains(path, "127.0") {
				t.Errorf("%s says too much", path)
			}
		}
		return nil
	}))
}

// What a crash leaves half made is swept, and what had its answer is not brought again.
func TestBox_afterACrash(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	id := letter.NewID()
	p.want("PUT", id, sealed(1), 204, "")
	p.wait(mostWait)
	_, err := p.step()
	p.ok(err)
	answers := p.files()
	if len(answers) != 1 {
		t.Fatalf("%v", answers)
	}
	period := filepath.Base(filepath.Dir(answers[0]))
	out := filepath.Join(p.dir, "letters", period)
	p.ok(os.MkdirAll(out, 0o700))
	p.ok(os.WriteFile(filepath.Join(out, id), sealed(1), 0o600))
	p.ok(os.WriteFile(filepath.Join(out, ".new-123"), []byte("half"), 0o600))
	p.open()
	if n, err := p.step(); n != 0 || err != nil {
		t.Errorf("brought again: %d, %v", n, err)
	}
	if files := p.files(); len(files) != 1 || files[0] != answers[0] {
		t.Errorf("not swept: %v", files)
	}
	p.want("GET", id, nil, 200, "")
}

func TestDoor_tooOften(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	for i := range 121 {
		status, b := p.do("PUT", letter.NewID(), sealed(1))
		if want := map[bool]int{true: 204, false: 429}[i < 120]; status != want {
			t.Fatalf("letter %d: %d %s", i, status, b)
		}
	}
	status, _ := p.do("OPTIONS", letter.NewID(), nil, "Origin", "https://hall.example", "Access-Control-Request-Method", "PUT")
	if status != 204 {
		t.Errorf("a browser that asks first: %d", status)
	}
}
