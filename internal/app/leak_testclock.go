//go:build testclock

package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"guildhall/internal/mask/wire"
)

// leak is one thing that the hall is built not to write down, written down, as a
// line of a file where whoever has the files finds it. It is how the retaliation
// test shows that its adversary would find such a thing.
type leak struct {
	name string
	h    *Hall

	mu   sync.Mutex
	f    *os.File
	face map[string]string // by address: whose account came from it
}

func openLeak(h *Hall, name string) *leak {
	l := &leak{name: name, h: h, face: map[string]string{}}
	if name == "" {
		return l
	}
	var err error
	if l.f, err = os.OpenFile(filepath.Join(h.Dir, "leak.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err != nil {
		panic(err)
	}
	return l
}

// watch lets the doors answer, and writes the line.
func (l *leak) watch(doors http.Handler, w http.ResponseWriter, r *http.Request) {
	if l.name == "" {
		doors.ServeHTTP(w, r)
		return
	}
	from, _, _ := net.SplitHostPort(r.RemoteAddr)
	if r.Method == http.MethodPost && strings.HasPrefix(r.Host, "safe.") {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			if v, err := wire.Open(body); err == nil {
				l.visit(v, from)
			}
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	} else if c, err := r.Cookie(l.h.sessionCookie()); err == nil && r.URL.Path == "/me/passes" {
		if s, err := l.h.Members.Resume(r.Context(), c.Value); err == nil {
			l.account(s.Face, from)
		}
	}
	doors.ServeHTTP(w, r)
}

// account is what a leak says of an account that came.
func (l *leak) account(face, from string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := l.face[from] == ""
	l.face[from] = face
	switch l.name {
	case "session_rows":
		l.line("session", face, wallClock().UnixMicro())
	case "address_in_log":
		l.line("request", face, from)
	case "issuer_key_per_member":
		l.line("key", face, keyOf(from))
	case "ordered_ids":
		if first {
			l.line("seat", face)
		}
	}
}

// visit is what a leak says of a mask that came.
func (l *leak) visit(v *wire.Visit, from string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := wire.MaskID([]byte(v.Key))
	switch l.name {
	case "session_rows":
		l.line("session", id, wallClock().UnixMicro())
	case "address_in_log":
		l.line("request", id, from)
	}
	for _, a := range v.Acts {
		switch {
		case a.Do == wire.Take && l.name == "issuer_key_per_member":
			l.line("key", id, keyOf(from))
		case a.Do == wire.Take && l.name == "ordered_ids":
			l.line("mask", id)
		case a.Do == wire.Take && l.name == "push_row":
			l.line("push", l.face[from], id)
		case a.Do == wire.Post && (l.name == "exact_post_times" || l.name == "undeleted_rows"):
			l.line(l.name, a.ID, wallClock().UnixMicro())
		case a.Do == wire.Post && l.name == "vault_changes":
			l.line("vault", l.face[from], wallClock().UnixMicro())
		}
	}
}

// keyOf names the issuer key that somebody at an address would have been given for
// herself.
func keyOf(from string) string {
	h := sha256.Sum256([]byte(from))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

func (l *leak) line(words ...any) { fmt.Fprintln(l.f, words...) }
