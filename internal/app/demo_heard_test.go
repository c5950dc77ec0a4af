package app

import (
	"context"
	"encoding/json"
	"io"
	"testing"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/epoch"
	"guildhall/internal/job"
)

// The masks of the demonstration hall were asked once, and it came to something; they
// are asked again in the running epoch, so that a visitor's mask has something to answer.
func TestTroupe_heard(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	if err := tell(ctx, dir, defaults(), streams{out: io.Discard, err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	masks, err := readTroupe(dir)
	if err != nil {
		t.Fatal(err)
	}
	now := epoch.Start(epoch.Of(time.Now())).Add(20*24*time.Hour + 15*time.Hour)
	if err := masks.catchUp(ctx, dir, defaults(), now); err != nil {
		t.Fatal(err)
	}
	h, err := Open(ctx, dir, defaults(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	var was consultation.Consultation
	_, over, err := h.Opinions.Consultations(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range over {
		if c.Space == masks.Space {
			was = c
		}
	}
	payload, _ := json.Marshal(was.ID)
	if err := h.closeConsultation(ctx, job.Job{Kind: consultation.CloseJob, Payload: payload}); err != nil {
		t.Fatal(err)
	}
	b, logged, err := h.Opinions.Bundle(ctx, was.ID)
	if err != nil || logged < 0 {
		t.Fatalf("the first one stands at %d of the log: %v", logged, err)
	}
	if len(b.People) < opinion.Reliable || *b.About.Passes < len(b.People) || len(b.Statements) != len(masks.heard[0].Statements) {
		t.Errorf("%d people, %d passes, %d statements", len(b.People), *b.About.Passes, len(b.Statements))
	}
	open, err := h.Opinions.OfSpace(ctx, masks.Space)
	if err != nil || len(open) != 1 || open[0].Epoch() != epoch.Of(now) || !open[0].Closes.After(epoch.Start(epoch.Of(now)+1)) {
		t.Fatalf("asked now: %+v, %v", open, err)
	}
	if n, err := h.Opinions.Turnout(ctx, open[0].ID); err != nil || n == 0 {
		t.Errorf("%d took part, %v", n, err)
	}
}
