package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"guildhall/internal/db"
	"guildhall/internal/web/answer"
)

// journal is the log of all stories. They run side by side in one process; what
// they must not say is different for each.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

var logged journal

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) bytes() []byte {
	j.mu.Lock()
	defer j.mu.Unlock()
	return bytes.Clone(j.b.Bytes())
}

// errors lists the lines logged as errors.
func (j *journal) errors() (lines []string) {
	for l := range strings.Lines(string(j.bytes())) {
		if strings.Contains(l, "level=ERROR") {
			lines = append(lines, strings.TrimSpace(l))
		}
	}
	return lines
}

// listen makes the journal the program's log, as wordy as it can be.
func listen() {
	slog.SetDefault(slog.New(answer.Quiet(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))))
}

// place is where something may have been left.
type place struct {
	name string
	text []byte
}

// left lists all that the story's hall has written, but for its answers.
func (w *world) left() (all []place, err error) {
	all = append(all, place{"the log", logged.bytes()})
	rec := httptest.NewRecorder()
	promhttp.HandlerFor(w.hall.Metrics, promhttp.HandlerOpts{}).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	all = append(all, place{"the metrics", rec.Body.Bytes()})
	err = filepath.WalkDir(w.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "secret.key" {
			return err
		}
		b, err := os.ReadFile(name)
		all = append(all, place{d.Name(), b})
		return err
	})
	if err != nil || w.engine == db.SQLite {
		return all, err
	}
	rows, err := dump(w.config.Database)
	return append(all, rows...), err
}

// dump reads all tables of a PostgreSQL database as text.
func dump(at string) (all []place, err error) {
	d, err := sql.Open("pgx", at)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := texts(d, `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`)
	if err != nil {
		return nil, err
	}
	for _, n := range strings.Fields(names) {
		rows, err := texts(d, `SELECT t::text FROM "`+n+`" t`)
		if err != nil {
			return nil, err
		}
		all = append(all, place{"the table " + n, []byte(rows)})
	}
	return all, nil
}

// texts is the first column of a query's rows, a line each.
func texts(d *sql.DB, query string) (string, error) {
	rows, err := d.QueryContext(context.Background(), query)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return "", err
		}
		b.WriteString(s + "\n")
	}
	return b.String(), rows.Err()
}

// forms are the ways in which a secret could be written down.
func forms(secret string) [][]byte {
	plain := strings.NewReplacer("-", "", " ", "").Replace(secret)
	return [][]byte{
		[]byte(secret), []byte(strings.ToLower(secret)), []byte(plain), []byte(strings.ToLower(plain)),
		[]byte(hex.EncodeToString([]byte(secret))), []byte(base64.StdEncoding.EncodeToString([]byte(secret))[:len(secret)]),
	}
}

// privacy is the oracle at the end of every story: what only passes through must
// have left nothing anywhere.
func (w *world) privacy() error {
	all, err := w.left()
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	answered := append(all[:len(all):len(all)], place{"an answer", w.answers.Bytes()})
	for secret, what := range w.secrets {
		in := all
		if strings.HasPrefix(what, "the ") { // addresses, agents, notes of cameras: not even their owner is shown them
			in = answered
		}
		for _, f := range forms(secret) {
			for _, p := range in {
				if bytes.Contains(p.text, f) {
					return fmt.Errorf("%s stands in %s", what, p.name)
				}
			}
		}
	}
	return nil
}

// anywhere tells where a text stands: in an answer or in what was left.
func (w *world) anywhere(text string) (where string, err error) {
	all, err := w.left()
	if err != nil {
		return "", err
	}
	w.mu.Lock()
	all = append(all, place{"an answer", bytes.Clone(w.answers.Bytes())})
	w.mu.Unlock()
	for _, p := range all {
		if i := bytes.Index(p.text, []byte(text)); i >= 0 {
			return fmt.Sprintf("%s: %q", p.name, p.text[max(0, i-60):min(len(p.text), i+80)]), nil
		}
	}
	return "", nil
}
