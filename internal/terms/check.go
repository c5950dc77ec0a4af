package terms

import (
	"context"
	"net/url"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/terms/watch"
)

// How often and how fast platforms are visited.
const (
	checkEvery = 12 * time.Hour
	againAfter = 24 * time.Hour // a failure
	politely   = 5 * time.Second
	mostDelay  = time.Minute // a host that wishes for more is visited once a minute
	perRun     = 200         // documents
)

// Outcome is what a check found.
type Outcome struct {
	Document DocumentID
	New      bool  // a text that differs from the last one
	Err      error // why it could not be had
}

// CheckDue visits the documents whose time has come, one after the other, and
// tells each outcome. It returns an error only when the hall itself cannot go on.
func (r *Room) CheckDue(ctx context.Context, tell func(Outcome)) (err error) {
	defer fault.Wrap(&err, "terms.CheckDue")
	ids, err := list(ctx, r.db, qDocumentsDue, func(scan scanner) (id DocumentID, err error) { return id, scan(&id) }, db.Micros(r.moment()), perRun)
	if err != nil {
		return err
	}
	return r.visit(ctx, ids, tell)
}

// Check visits documents now, due or not. Faults: NotFound.
func (r *Room) Check(ctx context.Context, tell func(Outcome), ids ...DocumentID) (err error) {
	defer fault.Wrap(&err, "terms.Check")
	return r.visit(ctx, ids, tell)
}

func (r *Room) visit(ctx context.Context, ids []DocumentID, tell func(Outcome)) error {
	v := &visits{room: r, hosts: map[string]*robots{}, last: map[string]time.Time{}, most: mostDelay}
	for _, id := range ids {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d, err := r.Document(ctx, id)
		if err != nil {
			return err
		}
		o := Outcome{Document: id}
		text, err := v.text(ctx, d)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		now := r.moment()
		next, why := now.Add(checkEvery), ""
		if err != nil {
			next, why, o.Err = now.Add(againAfter), fault.From(err).Key, err
		} else if n, err := r.Keep(ctx, id, watch.Record{At: now, Text: text}); err != nil {
			return err
		} else if o.New = n > 0; !o.New {
			if err := r.Judge(ctx, id); err != nil { // what waited may have lasted by now
				return err
			}
		}
		if err := r.checked(ctx, id, now, next, why); err != nil {
			return err
		}
		tell(o)
	}
	return nil
}

func (r *Room) checked(ctx context.Context, id DocumentID, now, next time.Time, why string) error {
	return r.db.Tx(ctx, func(ctx context.Context) error {
		r.touched(ctx, id)
		_, err := r.db.Exec(ctx, qDocumentChecked, id, db.Micros(now), why, db.Micros(next))
		return err
	})
}

// visits are the visits of one run.
type visits struct {
	room  *Room
	hosts map[string]*robots
	last  map[string]time.Time
	most  time.Duration // that is waited between two visits to one host
	// looking is true when somebody waits for one page: the rules of its host are
	// then asked right before it.
	looking bool
}

// text fetches all sources of a document.
func (v *visits) text(ctx context.Context, d Document) (string, error) {
	return v.declared(ctx, d.Declaration())
}

// declared fetches all sources of a declaration.
func (v *visits) declared(ctx context.Context, said Declaration) (string, error) {
	if v.room.get == nil || len(said.Sources) == 0 {
		return "", fault.New(fault.Invalid, "terms.check.nowhere")
	}
	var parts []string
	for _, s := range said.Sources {
		part, err := v.source(ctx, s)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "\n\n"), nil
}

func (v *visits) source(ctx context.Context, s Source) (string, error) {
	u, err := url.Parse(s.Fetch)
	if err != nil {
		return "", fault.New(fault.Invalid, "fetch.address")
	}
	rules, err := v.robots(ctx, u)
	if err != nil {
		return "", err
	}
	if !rules.may(u.RequestURI()) {
		return "", fault.New(fault.Forbidden, "terms.check.robots")
	}
	if err := v.wait(ctx, u.Host, rules.delay); err != nil {
		return "", err
	}
	p, err := v.room.get(ctx, s.Fetch, "text/html,application/xhtml+xml,text/plain;q=0.8")
	if err != nil {
		return "", err
	}
	if to, err := url.Parse(p.FinalURL); err == nil && to.Host != u.Host { // it lives elsewhere now: that host is asked as well
		there, err := v.robots(ctx, to)
		if err != nil {
			return "", err
		}
		if !there.may(to.RequestURI()) {
			return "", fault.New(fault.Forbidden, "terms.check.robots")
		}
	}
	return extract(p.Body, p.ContentType, s)
}

// robots asks a host what it allows, once a run. A host without rules allows
// everything; one that cannot be reached is not visited.
func (v *visits) robots(ctx context.Context, u *url.URL) (robots, error) {
	at := u.Scheme + "://" + u.Host
	if r := v.hosts[at]; r != nil {
		return *r, nil
	}
	p, err := v.room.get(ctx, at+"/robots.txt", "text/plain")
	if !v.looking {
		v.last[u.Host] = v.room.now()
	}
	switch f := fault.From(err); {
	case err == nil:
		r := readRobots(string(p.Body))
		v.hosts[at] = &r
	case f.Kind == fault.NotFound || f.Key == "fetch.answered" && refusedByClient(f):
		v.hosts[at] = &robots{}
	default:
		return robots{}, err
	}
	return *v.hosts[at], nil
}

// refusedByClient tells whether an answer was of the 400s: the RFC takes these
// for a host without rules.
func refusedByClient(f *fault.Error) bool {
	if len(f.Args) == 0 {
		return false
	}
	status, ok := f.Args[0].(int)
	return ok && status >= 400 && status < 500
}

// wait lets some time pass between two visits to one host.
func (v *visits) wait(ctx context.Context, host string, wished time.Duration) error {
	delay := min(max(politely, wished), v.most)
	if last, ok := v.last[host]; ok {
		if left := delay - v.room.now().Sub(last); left > 0 {
			if err := v.room.pause(ctx, left); err != nil {
				return err
			}
		}
	}
	v.last[host] = v.room.now()
	return nil
}
