package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/fetch"
	"guildhall/internal/terms"
	"guildhall/internal/terms/clause"
)

// contract writes terms of service of about size bytes that mean nothing, the same for
// the same seed.
func contract(seed uint64, size int) string {
	r := rand.New(rand.NewPCG(seed, 9))
	words := make([]string, 900)
	for i := range words {
		words[i] = strings.Repeat(string(rune('a'+i%26)), 1+i%3) + fmt.Sprintf("%c%c%c", 'a'+i/26%26, 'e'+i%7, 'a'+i%19)
	}
	var b strings.Builder
	for section := 1; b.Len() < size; section++ {
		fmt.Fprintf(&b, "## %d. Section %s\n\n", section, words[r.IntN(len(words))])
		for p := 1; p <= 6; p++ {
			fmt.Fprintf(&b, "%d.%d ", section, p)
			for range 30 + r.IntN(60) {
				b.WriteString(words[r.IntN(len(words))] + " ")
			}
			b.WriteString("\n\n")
		}
	}
	return b.String()
}

// measureComparing aligns and classifies two versions of 100 kB in which every tenth
// clause has changed.
func measureComparing(context.Context, *bench) error {
	old := contract(1, 100_000)
	clauses := strings.Split(old, "\n\n")
	for i := 0; i < len(clauses); i += 10 {
		clauses[i] = strings.Replace(clauses[i], " a", " not a", 1) + " within 30 days of the notice"
	}
	now := strings.Join(clauses, "\n\n")
	var took []float64
	for range 15 {
		begun := time.Now()
		x, err := clause.Parse(old)
		if err != nil {
			return err
		}
		y, err := clause.Parse(now)
		if err != nil {
			return err
		}
		if len(clause.Compare(x, y)) == 0 {
			return fmt.Errorf("no change was found")
		}
		took = append(took, millis(time.Since(begun)))
	}
	say("terms_compare_100k", median(took), "ms")
	return nil
}

// watched is how many documents are checked, and hosts how many servers they lie on.
const (
	watched = 1000
	hosts   = 50
)

// measureWatch checks 1,000 documents of 100 kB twice, the second time with a change in
// every tenth, fetched over loopback. The politeness between visits to one host is waited for on
// a clock that is moved; that of memory is the most that the whole program ever held,
// the server of the pages included.
func measureWatch(ctx context.Context, b *bench) error {
	dir, err := os.MkdirTemp("", "guildhall-bench-terms-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		return err
	}
	at, waited, round := time.Now(), time.Duration(0), 0
	pages, stop, err := servePages(&round)
	if err != nil {
		return err
	}
	defer stop()
	room := terms.New(terms.Config{DB: d, Events: event.New(d), Now: func() time.Time { return at }, Get: pages.get,
		Pause: func(_ context.Context, d time.Duration) error { at, waited = at.Add(d), waited+d; return nil }})
	for i := range watched {
		id := terms.DocumentID(fmt.Sprintf("service%04d--terms-of-service", i))
		said := terms.Declaration{Sources: []terms.Source{{Fetch: fmt.Sprintf("http://host%d.example/%d", i%hosts, i), Select: []terms.Range{{Selector: "main"}}}}}
		if err := room.Watch(ctx, id, fmt.Sprintf("Service %d", i), "Terms of Service", said); err != nil {
			return err
		}
	}
	if err := forgetPeak(); err != nil {
		return err
	}
	before, err := peak()
	if err != nil {
		return err
	}
	begun := time.Now()
	for range 2 {
		seen, failed := 0, error(nil)
		for seen < watched && failed == nil {
			last := seen
			err := room.CheckDue(ctx, func(o terms.Outcome) {
				if seen++; o.Err != nil || o.New != (round == 0 || changes(number(o.Document))) {
					failed = fmt.Errorf("%s: new %v, %v", o.Document, o.New, o.Err)
				}
			})
			if err != nil {
				return err
			}
			if seen == last {
				break
			}
		}
		if failed != nil || seen != watched {
			return fmt.Errorf("%d documents were checked: %v", seen, failed)
		}
		round++
		at = at.Add(4 * 24 * time.Hour)
	}
	most, err := peak()
	if err != nil {
		return err
	}
	say("terms_check_1000_memory", most, "MB")
	say("terms_check_1000_memory_before", before, "MB")
	say("terms_check_1000_seconds", time.Since(begun).Seconds()/2, "s")
	say("terms_check_1000_waited", waited.Seconds()/2, "s")
	return nil
}

// changes tells whether a document has changed when it is looked at again.
func changes(n int) bool { return n%10 == 0 }

// number is which of the documents it is.
func number(id terms.DocumentID) (n int) {
	fmt.Sscanf(string(id), "service%04d", &n)
	return n
}

// pages is a web of documents on loopback.
type pages struct {
	addr   string
	client http.Client
}

func servePages(round *int) (*pages, func(), error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.ParseUint(r.URL.Path[1:], 10, 64)
		if err != nil {
			http.NotFound(w, r) // robots.txt too: everything is allowed
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>Terms</title><nav>Home</nav><main><h1>Terms of Service</h1>")
		for i, p := range strings.Split(contract(n, 100_000), "\n\n") {
			if *round > 0 && i == 40 && changes(int(n)) {
				p += " You must not share contact details within 30 days."
			}
			fmt.Fprintf(w, "<p>%s</p>\n", p)
		}
		fmt.Fprint(w, "</main>")
	})}
	go s.Serve(l)
	return &pages{addr: l.Addr().String()}, func() { s.Close() }, nil
}

func (p *pages) get(ctx context.Context, address, accept string) (fetch.Page, error) {
	path := address[strings.LastIndexByte(address, '/'):]
	r, err := http.NewRequestWithContext(ctx, "GET", "http://"+p.addr+path, nil)
	if err != nil {
		return fetch.Page{}, err
	}
	r.Header.Set("Accept", accept)
	a, err := p.client.Do(r)
	if err != nil {
		return fetch.Page{}, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if a.StatusCode == 404 {
		return fetch.Page{ContentType: "text/plain", FinalURL: address}, nil
	}
	return fetch.Page{Body: body, ContentType: a.Header.Get("Content-Type"), FinalURL: address}, err
}

// forgetPeak lets the system count anew how much memory this program held at most.
func forgetPeak() error { return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// peak is the most memory this program held since then, in MB.
func peak() (float64, error) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(v), " kB"), 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("the system does not say how much memory was held")
}
