package letterbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"guildhall/internal/letterbox"
	"guildhall/internal/mask/letter"
	"guildhall/internal/web/quota"
)

// post is a letterbox on a socket, and a hall that only counts what it is brought.
type post struct {
	t    testing.TB
	dir  string
	box  *letterbox.Box
	url  string
	hall *httptest.Server

	mu      sync.Mutex
	at      time.Time
	letters int        // the most that wait, and that are answered
	away    bool       // the hall takes nothing
	brought [][][]byte // by request
}

// mostWait is after how long a letter is brought for certain.
const mostWait = 3 * 24 * time.Hour

// Nine on a Monday morning.
var begin = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newPost(t testing.TB) *post {
	p := &post{t: t, dir: t.TempDir(), at: begin}
	p.hall = httptest.NewServer(http.HandlerFunc(p.take))
	t.Cleanup(p.hall.Close)
	p.open()
	return p
}

// open opens the box, as after a stop.
func (p *post) open() {
	p.t.Helper()
	var err error
	p.box, err = letterbox.Open(letterbox.Config{Dir: p.dir, Now: p.now, Deliveries: p.hall.URL + "/letters", Client: p.hall.Client(), Letters: p.letters, Answers: p.letters})
	p.ok(err)
	web := httptest.NewServer(letterbox.NewDoor(p.box, quota.NewAddresses()))
	p.t.Cleanup(web.Close)
	p.url = web.URL
}

func (p *post) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) now() time.Time { p.mu.Lock(); defer p.mu.Unlock(); return p.at }

func (p *post) wait(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = p.at.Add(d)
}

func (p *post) set(away bool) { p.mu.Lock(); defer p.mu.Unlock(); p.away = away }

// take is the hall: it answers each letter with its first byte, over and over.
func (p *post) take(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away || err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	list, err := letter.Split(b)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.brought = append(p.brought, list)
	answers := make([][]byte, len(list))
	for i := range list {
		answers[i] = bytes.Repeat(list[i][:1], letter.AnswerSize)
	}
	_, _ = w.Write(letter.Join(answers))
}

// do asks the letterbox and gives the status and the body.
func (p *post) do(method, id string, body []byte, headers ...string) (int, []byte) {
	p.t.Helper()
	q, err := http.NewRequest(method, p.url+"/letters/"+id, bytes.NewReader(body))
	p.ok(err)
	for i := 0; i < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	r, err := http.DefaultClient.Do(q)
	p.ok(err)
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	p.ok(err)
	if r.Header.Get("Access-Control-Allow-Origin") != "*" || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Set-Cookie") != "" {
		p.t.Errorf("headers: %v", r.Header)
	}
	return r.StatusCode, b
}

func (p *post) want(method, id string, body []byte, status int, key string) {
	p.t.Helper()
	got, b := p.do(method, id, body)
	var said struct{ Error, Message string }
	if key != "" {
		p.ok(json.Unmarshal(b, &said))
	}
	if got != status || said.Error != key || key != "" && (said.Message == "" || said.Message == key) {
		p.t.Errorf("%s: %d %+v, want %d %s", method, got, said, status, key)
	}
}

// step lets the letterbox look at its clock.
func (p *post) step() (int, error) { return p.box.Step(context.Background()) }

func sealed(fill byte) []byte { return bytes.Repeat([]byte{fill}, 65+16+letter.Short) }

// files are those of letters and answers.
func (p *post) files() (list []string) {
	p.ok(filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "period" {
			list = append(list, path)
		}
		return err
	}))
	return list
}
