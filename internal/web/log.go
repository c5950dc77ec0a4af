package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"guildhall/internal/fault"
	"guildhall/internal/ledger"
	"guildhall/internal/web/answer"
	ledgerpage "guildhall/internal/web/page/ledger"
)

func (d *Door) registerLog(m *answer.Mux) {
	m.Handle("GET /log", d.log, answer.Params("page"))
	m.Mount("GET /log/"+ledger.CheckpointPath, d.logFile("text/plain; charset=utf-8", "public, max-age=5"))
	m.Mount("GET /log/"+ledger.KeyPath, d.logFile("text/plain; charset=utf-8", "public, max-age=3600"))
	m.Mount("GET /log/tile/{path...}", d.logFile("application/octet-stream", "public, max-age=604800, immutable"))
	m.Mount("GET /log/proof", http.HandlerFunc(d.logProof))
}

const (
	logLength = 20 // entries on one page
	keyLength = 30 // newest keys
)

// log shows what is in the public log, and how to check it.
func (d *Door) log(w *answer.Writer, r *answer.Request) error {
	n, err := r.Page()
	if err != nil {
		return err
	}
	return w.Page(things("log"), func(ctx context.Context) (templ.Component, error) {
		p, err := d.logPage(ctx, n)
		return ledgerpage.Show(p), err
	})
}

func (d *Door) logPage(ctx context.Context, n int) (p ledgerpage.Page, err error) {
	p = ledgerpage.Page{N: n, Key: d.Ledger.Key(), URL: d.URL}
	head, err := d.Ledger.Checkpoint()
	if err != nil {
		return p, err
	}
	p.Checkpoint, p.Size = string(head.Text), int(head.Size)
	p.Pages = max(1, (p.Size+logLength-1)/logLength)
	if n > p.Pages {
		return p, fault.New(fault.NotFound, "fault.not_found")
	}
	err = d.Ledger.Read(ctx, func(b *ledger.Book) {
		p.Wrong = append(p.Wrong, b.Wrong...)
		p.ManyBoxes = b.ManyBoxes()
		p.Counts, p.Keys = b.Counts(), b.Keys(keyLength)
		for _, kind := range ledger.Kinds {
			p.Kinds = append(p.Kinds, ledgerpage.Kind{Name: kind, Count: b.Kinds[kind]})
		}
	})
	if err != nil {
		return p, err
	}
	to := max(0, p.Size-(n-1)*logLength)
	for e, err := range d.Ledger.Entries(ctx, uint64(max(0, to-logLength)), uint64(to)) {
		if err != nil {
			return p, err
		}
		p.Entries = append([]ledger.Entry{e}, p.Entries...)
	}
	return p, nil
}

// logFile serves the log's files, the same bytes to everybody: no cookie is read
// and none is set.
func (d *Door) logFile(kind, cache string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := d.Ledger.Dir().File(r.Context(), r.URL.Path[len("/log/"):], ledger.MaxFile)
		if err != nil {
			refuseLog(w, err)
			return
		}
		openLog(w, kind, cache)
		_, _ = w.Write(b) // the reader went away: nothing to do
	})
}

func openLog(w http.ResponseWriter, kind, cache string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", cache)
}

// refuseLog answers programs, so it does so in a line of plain text.
func refuseLog(w http.ResponseWriter, err error) {
	if errors.Is(err, fs.ErrNotExist) || fault.Is(err, fault.NotFound) {
		http.Error(w, "The log has no such entry or file (yet).", http.StatusNotFound)
		return
	}
	slog.Error("log file", "cause", fault.Cause(err))
	http.Error(w, "The hall cannot read its log just now. Please try again in a minute.", http.StatusInternalServerError)
}

// logProof proves one entry under the newest checkpoint.
func (d *Door) logProof(w http.ResponseWriter, r *http.Request) {
	index, err := strconv.ParseUint(r.URL.Query().Get("index"), 10, 62)
	if err != nil {
		http.Error(w, "Say which entry: /log/proof?index=0 proves the first.", http.StatusBadRequest)
		return
	}
	p, err := d.Ledger.Proof(r.Context(), index)
	if err != nil {
		refuseLog(w, err)
		return
	}
	path := make([]string, len(p.Path))
	for i, h := range p.Path {
		path[i] = base64.RawURLEncoding.EncodeToString(h[:])
	}
	b, err := json.Marshal(map[string]any{"index": p.Index, "entry": string(p.Entry), "proof": path, "checkpoint": string(p.Checkpoint)})
	if err != nil {
		refuseLog(w, err)
		return
	}
	openLog(w, "application/json", "public, max-age=5")
	_, _ = w.Write(append(b, '\n')) // the reader went away: nothing to do
}
