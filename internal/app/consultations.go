package app

import (
	"context"

	"guildhall/internal/consultation"
	"guildhall/internal/face"
	"guildhall/internal/job"
	"guildhall/internal/ledger"
)

// openConsultations makes the room of consultations, and the job that closes them.
func (h *Hall) openConsultations() {
	h.Opinions = consultation.New(consultation.Config{
		DB: h.DB, Events: h.Events, Jobs: h.Jobs, Faces: h.Faces, Now: h.Now, Joined: h.joined, Touch: h.touch, Host: h.host(),
		Speaking: h.askable, SpaceName: h.spaceName,
	})
	h.Jobs.Handle(consultation.KeyJob, h.makeConsultationKey)
	h.Jobs.Handle(consultation.CloseJob, h.closeConsultation)
}

// joined tells the room of consultations when the member behind a face joined.
func (h *Hall) joined(ctx context.Context, f face.ID) (consultation.Joined, error) {
	c, err := h.Members.CreditOf(ctx, string(f))
	return consultation.Joined{Epoch: c.Joined, Founder: c.Founder, Vouched: c.Vouches > 0}, err
}

// closeConsultation works out what a consultation came to and enters it into the log.
// After a crash it runs again: closing twice is closing once, and so is entering.
func (h *Hall) closeConsultation(ctx context.Context, j job.Job) error {
	var id consultation.ID
	if err := j.Decode(&id); err != nil {
		return err
	}
	c, err := h.Opinions.Consultation(ctx, id)
	if err != nil {
		return err
	}
	passes := 0
	if c.Space != "" && !c.Done {
		if passes, err = h.Masks.Concluding(ctx, string(id)); err != nil {
			return err
		}
	}
	hash, err := h.Opinions.Close(ctx, id, passes)
	if err != nil {
		return err
	}
	if c.Space != "" {
		if err := h.Masks.Concluded(ctx, string(id)); err != nil {
			return err
		}
	}
	at, err := h.Ledger.Append(ctx, ledger.Consultation{ID: string(id), Day: dayOf(c.Closes), Hash: hash})
	if err != nil {
		return err
	}
	return h.Opinions.Logged(ctx, id, at)
}
