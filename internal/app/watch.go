package app

import (
	"context"
	"log/slog"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/mail"
	healthpage "guildhall/internal/web/page/health"
)

// watchEvery is how often the house is looked at.
const watchEvery = time.Hour

// watch looks at the house until ctx ends. It is no job of the queue: on a disk
// that is full the queue stands still, and just then somebody must be told.
func (h *Hall) watch(ctx context.Context) {
	w := &watchman{hall: h, sender: h.Mail, written: map[string]int64{}}
	for tick := time.NewTicker(watchEvery); ; {
		w.look(ctx)
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// watchman warns the operator: in the log at every look, by letter once a day.
type watchman struct {
	hall    *Hall
	sender  *mail.Sender
	written map[string]int64 // subject → day of its last letter
}

func (w *watchman) look(ctx context.Context) {
	h, err := w.hall.House(ctx)
	if err != nil {
		if ctx.Err() == nil { // a stop is no trouble
			slog.Error("watch", "cause", fault.Cause(err))
		}
		return
	}
	l, _ := lang.Parse("en")
	c := w.hall.Config
	if h.DiskLow {
		free := healthpage.Megabytes(h.DiskFree)
		slog.Warn("the disk is nearly full; megabytes free", "count", free)
		w.write(ctx, l.T("health.letter.subject", c.name()), l.T("health.letter.text", free, c.URL))
	}
	if h.Dead > 0 {
		slog.Warn("jobs were given up", "count", h.Dead)
		w.write(ctx, l.T("health.letter.jobs_subject", c.name()), l.T("health.letter.jobs_text", h.Dead, c.URL))
	}
}

// write sends a letter unless one with its subject went today. One that did not
// go is tried again at the next look.
func (w *watchman) write(ctx context.Context, subject, text string) {
	today := w.hall.Now().Unix() / 86400
	to := w.hall.Config.OperatorMail
	if to == "" || w.sender == nil || w.written[subject] == today {
		return
	}
	if err := w.sender.Send(ctx, mail.Letter{To: to, Subject: subject, Text: text}); err != nil {
		slog.Warn("letter to the operator", "cause", fault.Cause(err))
		return
	}
	w.written[subject] = today
}

// name is the name over the door.
func (c Config) name() string {
	if c.Name != "" {
		return c.Name
	}
	return "Guildhall"
}
