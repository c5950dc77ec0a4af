//go:build browser

package browser

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/letterbox"
	"guildhall/internal/mask/wire"
	"guildhall/internal/web/quota"
)

// lettered is a hall in this process and its letterbox, both on the clock that the
// test moves.
type lettered struct {
	*timed
	box  *letterbox.Box
	host string
	dir  string // of the letterbox

	seen   sync.Mutex
	direct []string    // what visits did that came to the hall themselves
	away   atomic.Bool // the letterbox lets every line fall

	opened int64        // pages of the space so far
	handed atomic.Int64 // letters that the letterbox has taken
}

func openLettered(t *testing.T) *lettered {
	t.Helper()
	line, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(line.Addr().String())
	h := &lettered{host: "localhost:" + port, dir: t.TempDir()}
	h.timed = openTimed(t, func(c *app.Config) { c.Letterbox = "http://" + h.host })
	h.onTheWay = h.note
	h.box, err = letterbox.Open(letterbox.Config{
		Dir: h.dir, Now: h.now, Deliveries: h.safe() + "/letters",
		Client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(addr)
			return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort("localhost", port))
		}}},
	})
	h.ok(err)
	door := letterbox.NewDoor(h.box, quota.NewAddresses())
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.away.Load() {
			panic(http.ErrAbortHandler)
		}
		told := &status{ResponseWriter: w}
		door.ServeHTTP(told, r)
		if r.Method == http.MethodPut && told.code == http.StatusNoContent {
			h.handed.Add(1)
		}
	})}
	go server.Serve(line)
	t.Cleanup(func() { server.Close() })
	return h
}

// status notes how a request was answered.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// note keeps what each visit does that comes to the safe origin by itself.
func (h *lettered) note(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.Method == http.MethodPost && strings.HasPrefix(r.Host, "safe.") && r.URL.Path == "/m" {
		b, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(strings.NewReader(string(b)))
		if v, err := wire.Open(b); err == nil {
			h.seen.Lock()
			for _, a := range v.Acts {
				h.direct = append(h.direct, a.Do)
			}
			if v.Pass == nil {
				h.direct = append(h.direct, "as a mask")
			}
			h.seen.Unlock()
		}
	}
	next.ServeHTTP(w, r)
}

// unseen fails the test when a mask has come to the hall by itself.
func (h *lettered) unseen() {
	h.t.Helper()
	h.seen.Lock()
	defer h.seen.Unlock()
	if len(h.direct) > 0 {
		h.t.Errorf("the hall was come to directly: %v", h.direct)
	}
}

// waiting counts the letters that were not brought yet.
func (h *lettered) waiting() int {
	h.t.Helper()
	files, err := filepath.Glob(filepath.Join(h.dir, "letters", "*", "*"))
	h.ok(err)
	return len(files)
}

// deliver moves the clock past the third 03:00 from now, by which all letters are brought.
func (h *lettered) deliver() {
	h.t.Helper()
	at := h.now().UTC().Truncate(24 * time.Hour).Add(3*time.Hour + time.Minute)
	if !at.After(h.now()) {
		at = at.Add(24 * time.Hour)
	}
	h.pass(at.Add(2 * 24 * time.Hour).Sub(h.now()))
	_, err := h.box.Step(context.Background())
	h.ok(err)
}

// enters opens the space, in which she then stands so, and waits until a letter is ready.
func (p *visitor) enters(h *lettered, how string) {
	p.t.Helper()
	p.visit("/spaces/designers")
	p.stands(how)
	p.packed()
	h.opened++
}

// packed waits until the letter that leaves with the page stays the same.
func (p *visitor) packed() {
	p.t.Helper()
	p.until("a letter is ready", `(async()=>{const now=`+room+`.parting;await new Promise(r=>setTimeout(r,200));return now&&now===`+room+`.parting})()`)
}

// leaves puts the page away, and waits until each page has handed in its one letter.
func (p *visitor) leaves(h *lettered) {
	p.t.Helper()
	p.visit("/about")
	p.wait(fmt.Sprintf("each of %d pages has handed in its letter", h.opened), func() bool { return h.handed.Load() == h.opened })
}

// goes waits until what she has written is in the letter that is ready.
func (p *visitor) goes(h *lettered) {
	p.t.Helper()
	p.see("It goes to the letterbox " + h.host)
	p.until("it is in the letter", `!`+room+`.hasAttribute('aria-busy')`)
}

// joinMasked joins by hand and becomes a mask by letters, among many.
func (h *lettered) joinMasked() *visitor {
	h.t.Helper()
	p := h.joinSeated()
	p.excuse(h.host) // it speaks to the letterbox, which knows nothing of one of the two letters that a page has ready
	p.enters(h, "choose-later")
	h.crowd(36)
	h.toMonday()
	p.enters(h, "choose")
	p.press("Become a mask this week")
	p.stands("leaving-letter")
	p.leaves(h)
	h.deliver()
	p.enters(h, "born")
	h.crowd(16) // alone, hers would wait for another batch
	h.toMonday()
	p.enters(h, "asking-letter")
	p.leaves(h)
	h.deliver()
	p.enters(h, "active")
	return p
}

// inArabic looks at the page once more as somebody who reads Arabic, and is not signed
// in: a member's language is that of her account.
func (p *visitor) inArabic(h *lettered, says, name string) {
	p.t.Helper()
	session := p.session()
	p.cookie(sessionCookie, "none")
	p.cookie("lang", "ar")
	p.leaves(h)
	p.enters(h, "active")
	p.until("it is said in Arabic", `document.dir==='rtl' && document.body.innerText.includes(`+quote(says)+`)`)
	p.inspectSafe(name)
	p.cookie("lang", "en")
	p.cookie(sessionCookie, session)
}

// TestLetter_writtenBroughtAnswered walks a letter: written under the mask, handed in
// when the page is put away, brought at 03:00, come out, and its answer taken in.
func TestLetter_writtenBroughtAnswered(t *testing.T) {
	t.Parallel()
	h := openLettered(t)
	p := h.joinMasked()
	p.until("the page names who runs the letterbox, and promises no more to whoever is signed in", room+`.dataset.promise==='P1' && document.querySelector('[data-part=letterbox]').innerText.includes('`+h.host+`')`)
	p.fill("Title", "Who pays late")
	p.fill("Your text", "Some clients pay after months. What do you do?")
	p.press("Say it under the mask")
	p.goes(h)
	p.inspectSafe("letter-written")
	p.leaves(h)
	p.enters(h, "active")
	p.see("In the letterbox " + h.host + ". It is brought")
	p.press("Who could know that this is me?")
	p.see("Reading goes to the hall itself.")
	p.inspectSafe("letter-waiting")
	p.inArabic(h, "في صندوق الرسائل", "letter-arabic")

	p.leaves(h)
	h.deliver()
	if n := h.waiting(); n != 0 {
		t.Errorf("%d letters were not brought", n)
	}
	p.enters(h, "active")
	p.see("It waits in the hall among the others")
	p.see("Taking it back now goes to the hall directly")
	p.inspectSafe("letter-brought")
	h.pass(comingOut)
	p.enters(h, "active")
	p.press("Who pays late")
	p.until("the post is hers", `[...document.querySelectorAll('.said')].some(e=>e.innerText.includes('Some clients pay')&&e.innerText.includes('You'))`)
	h.unseen()
}

// TestLetter_takenBack takes a letter out of the letterbox again.
func TestLetter_takenBack(t *testing.T) {
	t.Parallel()
	h := openLettered(t)
	p := h.joinMasked()
	p.fill("Title", "Said too soon")
	p.fill("Your text", "This should not be read.")
	p.press("Say it under the mask")
	p.goes(h)
	p.leaves(h)
	p.enters(h, "active")
	p.see("In the letterbox")
	n := h.waiting()
	p.press("Take back")
	p.until("the text is in the box again", `document.querySelector('[name=text]').value==='This should not be read.'`)
	if h.waiting() != n-1 {
		t.Error("the letter is still there")
	}
	p.leaves(h)
	h.deliver()
	h.pass(comingOut)
	p.enters(h, "active")
	if eval[bool](p, `document.querySelector('[data-part=rows]').innerText.includes('Said too soon')`) {
		t.Error("it came out")
	}
	h.unseen()
}

// TestLetter_away keeps what is said while the letterbox is not reached.
func TestLetter_away(t *testing.T) {
	t.Parallel()
	h := openLettered(t)
	p := h.joinMasked()
	p.fill("Title", "Held up")
	p.fill("Your text", "Said while the letterbox was away.")
	p.press("Say it under the mask")
	p.goes(h)
	h.away.Store(true)
	p.visit("/about")
	h.opened-- // its letter is lost
	p.enters(h, "active")
	p.see(fmt.Sprintf("The letterbox %s has not been reached since", h.host))
	p.see("On its way to the letterbox")
	p.inspectSafe("letter-away")
	h.away.Store(false)
	h.pass(time.Hour) // now it is known that it did not arrive
	p.enters(h, "active")
	p.goes(h)
	p.leaves(h)
	p.enters(h, "active")
	p.see("In the letterbox")
	h.unseen()
}
