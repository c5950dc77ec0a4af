package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"github.com/a-h/templ"

	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/web/answer"
	questionpage "guildhall/internal/web/page/question"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerClocks(m *answer.Mux) {
	m.Handle("GET /clock", d.clock)
	m.Handle("GET /clock.json", d.clockJSON)
	m.Handle("GET /clock.atom", d.clockFeed)
	m.Handle("GET /clock.svg", d.clockSign, answer.Shared())
	m.Handle("GET /platforms/{id}/clock", d.clock)
	m.Handle("GET /platforms/{id}/clock.json", d.clockJSON)
	m.Handle("GET /platforms/{id}/clock.atom", d.clockFeed)
	m.Handle("GET /platforms/{id}/clock.svg", d.clockSign, answer.Shared())
}

// clockLength is how many questions of a shelf a clock shows; its counts say how
// many there are.
const clockLength = 500

// clockThings are what a clock shows: "clock" is touched when a day begins.
func clockThings(string) []answer.Thing { return things("questions", "platforms", "clock") }

// clockPage reads the clock of a platform, or (empty) of all.
func (d *Door) clockPage(ctx context.Context, w *answer.Writer, id string, most int) (p questionpage.ClockPage, err error) {
	p.Platform, p.Today, p.Origin = id, d.Questions.Today(), d.URL
	if id != "" {
		if _, err = d.Platforms.Platform(ctx, proposer(viewer.From(ctx)), platform.ID(id)); err != nil {
			return p, err
		}
	}
	if p.Names, err = d.platformNames(ctx, w); err != nil {
		return p, err
	}
	f := question.Filter{Shelf: question.OpenShelf, Platform: id, Owes: question.ByPlatform, Limit: most}
	if p.Open, err = d.Questions.Questions(ctx, f); err != nil {
		return p, err
	}
	question.LongestFirst(p.Open, p.Today)
	f.Shelf = question.AnsweredShelf
	if p.Answered, err = d.Questions.Questions(ctx, f); err != nil {
		return p, err
	}
	days, err := d.Questions.Delays(ctx, id)
	if err != nil {
		return p, err
	}
	p.Pace = question.PaceOf(days)
	p.Counts, err = d.Questions.Counts(ctx, id, question.ByPlatform)
	return p, err
}

// clock shows a clock, with the hash of the same as JSON.
func (d *Door) clock(w *answer.Writer, r *answer.Request) error {
	id := r.PathValue("id")
	return w.Page(clockThings(id), func(ctx context.Context) (templ.Component, error) {
		p, err := d.clockPage(ctx, w, id, clockLength)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := writeClock(&b, p); err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b.Bytes())
		p.Hash = hex.EncodeToString(sum[:])
		return questionpage.ClockOf(p), nil
	})
}

// clockJSON is a clock for machines: on one day the same bytes for everybody,
// until something changes.
func (d *Door) clockJSON(w *answer.Writer, r *answer.Request) error {
	id := r.PathValue("id")
	return w.Data("application/json; charset=utf-8", clockThings(id), func(ctx context.Context, out io.Writer) error {
		p, err := d.clockPage(ctx, w, id, clockLength)
		if err != nil {
			return err
		}
		return writeClock(out, p)
	})
}

// The parts of a clock as JSON, version 1. Days are 2020-06-12, UTC.
type (
	clockDoc struct {
		Version   int             `json:"version"`
		Address   string          `json:"address"`
		AsOf      string          `json:"as_of"`
		Note      string          `json:"note"`
		Platform  string          `json:"platform,omitempty"`
		Open      int             `json:"open"`
		Answered  int             `json:"answered"`
		Median    int             `json:"median_days_to_an_answer"`
		InAWeek   int             `json:"answered_within_a_week"`
		Questions []clockQuestion `json:"questions"`
	}
	clockQuestion struct {
		Address    string `json:"address"`
		Title      string `json:"title"`
		Lang       string `json:"lang"`
		Platform   string `json:"platform"`
		State      string `json:"state"`
		Since      string `json:"since"`
		DaysWaited int    `json:"days_waited"`
		DaysPaused int    `json:"days_paused"`
		Answered   string `json:"answered,omitempty"`
		Promised   string `json:"promised,omitempty"`
		DaysLate   int    `json:"days_late,omitempty"`
		People     int    `json:"people"`
		Masks      int    `json:"masks,omitempty"` // whoever asks openly may be one of them
		Cases      int    `json:"cases"`
	}
)

// noDuty is in every clock that leaves the house.
const noDuty = "Nobody is obliged by law to answer. The clock says how long people have waited, no more."

func writeClock(out io.Writer, p questionpage.ClockPage) error {
	doc := clockDoc{Version: 1, Address: p.Origin + questionpage.ClockHref(p.Platform), AsOf: p.Today.String(), Note: noDuty,
		Platform: p.Platform, Open: p.Counts.Open, Answered: p.Counts.Answered, Median: p.Pace.Median, InAWeek: p.Pace.InAWeek, Questions: []clockQuestion{}}
	for _, list := range [][]question.Question{p.Open, p.Answered} {
		for _, q := range list {
			c := q.Tally.On(p.Today)
			doc.Questions = append(doc.Questions, clockQuestion{Address: p.Origin + questionpage.Href(q.ID), Title: q.Title, Lang: q.Lang, Platform: q.Platform,
				State: string(c.State), Since: c.Since.String(), DaysWaited: c.Waited, DaysPaused: c.Paused, Answered: c.Stop.String(),
				Promised: c.Promised.String(), DaysLate: c.Late, People: q.Faces, Masks: q.Masks, Cases: q.Variants})
		}
	}
	e := json.NewEncoder(out)
	e.SetIndent("", " ")
	return e.Encode(doc)
}

// clockFeed tells followers which questions are open, the newest first, and which
// were answered.
func (d *Door) clockFeed(w *answer.Writer, r *answer.Request) error {
	id := r.PathValue("id")
	return w.Data(shell.Atom+"; charset=utf-8", clockThings(id), func(ctx context.Context, out io.Writer) error {
		p, err := d.clockPage(ctx, w, id, clockLength)
		if err != nil {
			return err
		}
		l := viewer.From(ctx).Lang
		href := questionpage.ClockHref(id)
		f := feed{Title: l.T("question.clock.title"), Path: d.URL + href, Own: d.URL + href}
		if id != "" {
			f.Title = l.T("question.clock.of", p.Names[id])
		}
		open := p.Open[max(0, len(p.Open)-feedLength):]
		for _, list := range [][]question.Question{open, p.Answered[:min(len(p.Answered), feedLength)]} {
			for _, q := range list {
				c := q.Tally.On(p.Today)
				at := item{Path: d.URL + questionpage.Href(q.ID), Title: q.Title, Lang: q.Lang, At: q.At, Author: viewer.From(ctx).HallName(),
					HTML: "<p>" + escape(l.N("question.reads."+string(c.State), c.Waited)) + "</p>"}
				if c.Stop != 0 {
					at.Edited = c.Stop.Time()
				}
				f.Items = append(f.Items, at)
			}
		}
		return writeAtom(out, viewer.From(ctx).HallName(), f)
	})
}

// clockSign is a clock as a picture, which other people's pages may show.
func (d *Door) clockSign(w *answer.Writer, r *answer.Request) error {
	id := r.PathValue("id")
	return w.Data("image/svg+xml; charset=utf-8", clockThings(id), func(ctx context.Context, out io.Writer) error {
		p, err := d.clockPage(ctx, w, id, 1)
		if err != nil {
			return err
		}
		s := questionpage.Sign{Title: viewer.From(ctx).HallName(), Counts: p.Counts, Today: p.Today, Hall: d.host()}
		if id != "" {
			s.Title = p.Names[id]
		}
		if len(p.Open) > 0 {
			s.Oldest = p.Open[0].Tally.On(p.Today).Waited
		}
		return questionpage.WriteSign(out, viewer.From(ctx).Lang, s)
	})
}
