//go:build testclock

package app

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"guildhall/internal/mask/wire"
)

// leak is one thing that the hall is built not to write down, written down, in a
// database or a log where whoever has the files finds it. It is how the retaliation
// test shows that its adversary would find such a thing.
type leak struct {
	name string
	h    *Hall

	mu    sync.Mutex
	db    *sql.DB
	log   *os.File
	face  map[string]string // by address: whose account came from it
	swept int64             // the day up to which waiting rows were deleted
}

// The tables of leaks, as somebody would make them who has not thought of it: rows
// in the order of their arrival, deleted ones not overwritten.
const leakTables = `
PRAGMA secure_delete = OFF;
CREATE TABLE IF NOT EXISTS session (who TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS post_time (post TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS numbered_seat (face TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS numbered_mask (mask TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rowid_seat (face TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rowid_mask (mask TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS waiting (post TEXT NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS issued (who TEXT PRIMARY KEY, issuer TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vault (face TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS push (endpoint TEXT PRIMARY KEY, face TEXT NOT NULL, mask TEXT NOT NULL) WITHOUT ROWID;
`

func openLeak(h *Hall, name string) *leak {
	l := &leak{name: name, h: h, face: map[string]string{}}
	var err error
	switch name {
	case "":
		return l
	case "address_in_log":
		l.log, err = os.OpenFile(filepath.Join(h.Dir, "leak.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	default:
		if l.db, err = sql.Open("sqlite", "file:"+filepath.Join(h.Dir, "leak.db")); err == nil {
			l.db.SetMaxOpenConns(1)
			_, err = l.db.Exec(leakTables)
		}
	}
	if err != nil {
		panic(err)
	}
	return l
}

// watch lets the doors answer, and writes down what leaks.
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
		l.write("INSERT INTO session VALUES (?, ?)", face, wallClock().UnixMicro())
	case "address_in_log":
		fmt.Fprintln(l.log, "request", face, from)
	case "issuer_key_per_member":
		l.write("INSERT OR IGNORE INTO issued VALUES (?, ?)", face, keyOf(from))
	case "ordered_ids":
		if first {
			l.write("INSERT OR IGNORE INTO numbered_seat SELECT ?, count(*) FROM numbered_seat", face)
		}
	case "rowid_order":
		if first {
			l.write("INSERT INTO rowid_seat VALUES (?)", face)
		}
	case "vault_changes":
		l.write("INSERT OR IGNORE INTO vault VALUES (?, randomblob(272))", face)
	}
}

// visit is what a leak says of a mask that came.
func (l *leak) visit(v *wire.Visit, from string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := wire.MaskID([]byte(v.Key))
	switch l.name {
	case "session_rows":
		l.write("INSERT INTO session VALUES (?, ?)", id, wallClock().UnixMicro())
	case "address_in_log":
		fmt.Fprintln(l.log, "request", id, from)
	}
	for _, a := range v.Acts {
		switch a.Do {
		case wire.Take:
			l.taken(id, from)
		case wire.Post:
			l.posted(a.ID, from)
		}
	}
}

// taken is what a leak says of a mask that is registered.
func (l *leak) taken(id, from string) {
	switch l.name {
	case "issuer_key_per_member":
		l.write("INSERT OR IGNORE INTO issued VALUES (?, ?)", id, keyOf(from))
	case "ordered_ids":
		l.write("INSERT OR IGNORE INTO numbered_mask SELECT ?, count(*) FROM numbered_mask", id)
	case "rowid_order":
		l.write("INSERT INTO rowid_mask VALUES (?)", id)
	case "push_row":
		l.write("INSERT OR IGNORE INTO push VALUES (?, ?, ?)", rand.Text(), l.face[from], id)
	}
}

// posted is what a leak says of a post that arrives.
func (l *leak) posted(post, from string) {
	switch l.name {
	case "exact_post_times":
		l.write("INSERT INTO post_time VALUES (?, ?)", post, wallClock().UnixMicro())
	case "undeleted_rows":
		l.write("INSERT INTO waiting VALUES (?, ?)", post, wallClock().UnixMicro())
	case "vault_changes":
		l.write("UPDATE vault SET content = randomblob(length(content) + 48) WHERE face = ?", l.face[from])
	}
}

// sweep deletes at three each morning, before anybody copies the files, what has
// waited, as a hall would that trusts in DELETE.
func (l *leak) sweep(now time.Time) {
	if l.name != "undeleted_rows" || now.Hour() < 3 || now.Unix()/86400 == l.swept {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.swept = now.Unix() / 86400
	l.write("DELETE FROM waiting")
}

// keyOf names the issuer key that somebody at an address would have been given for
// herself.
func keyOf(from string) string {
	h := sha256.Sum256([]byte(from))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

func (l *leak) write(query string, args ...any) {
	if _, err := l.db.Exec(query, args...); err != nil {
		panic(fmt.Sprintf("the leak %s could not be planted: %v", l.name, err))
	}
}
