package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"guildhall/internal/event"
	"guildhall/internal/job"
	"guildhall/internal/ledger"
	"guildhall/internal/moderation"
	"guildhall/internal/terms"
	"guildhall/internal/web/asset"
)

// EnterAssets puts the hashes of all built files into the log. A start with the
// same files changes nothing.
func (h *Hall) EnterAssets(ctx context.Context) error {
	files := map[string]string{}
	for name, sum := range asset.Sums() {
		files[name] = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if len(files) == 0 { // compiled without `make assets`
		return nil
	}
	_, err := h.Ledger.Append(ctx, ledger.Assets{Files: files})
	return err
}

// decisionJob enters one decision of the stewards into the log. It is a job,
// not the reader of the event itself, because what is in the log stays there
// when the reader's transaction is undone.
const decisionJob = "ledger.decision"

// logReader hands decisions and versions of terms on to the log.
func (h *Hall) logReader() event.Consumer {
	return event.Consumer{Name: "ledger", Handle: func(ctx context.Context, batch []event.Event) error {
		for _, e := range batch {
			var err error
			switch e.Kind {
			case "moderation.decided":
				err = h.Jobs.Add(ctx, decisionJob, e.Subject, e.Subject, h.Now())
			case terms.EventRecorded:
				err = h.logVersion(ctx, e)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}}
}

// enterDecision enters a decision; one that is there already stays as it is.
func (h *Hall) enterDecision(ctx context.Context, j job.Job) error {
	var id string
	if err := j.Decode(&id); err != nil {
		return err
	}
	d, err := h.Moderation.Decision(ctx, id)
	if err != nil {
		return err
	}
	_, err = h.Ledger.Append(ctx, ledger.Decision{ID: d.ID, Deed: string(d.Deed), Day: dayOf(d.At), Hash: decisionHash(d)})
	return err
}

// decisionHash is of what the public page says of a decision. Who decided is not
// in it, because the page does not say it.
func decisionHash(d moderation.Decision) string {
	said := []string{"guildhall/log/1/decision", d.ID, string(d.Deed), d.Target.Kind, d.Target.ID, d.Undoes, d.Reason}
	sum := sha256.Sum256([]byte(strings.Join(said, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// dayOf is the day in UTC, counted from 1970.
func dayOf(t time.Time) int { return int(t.Unix() / 86_400) }
