package app

import (
	"context"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/job"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
	"guildhall/internal/question"
	"guildhall/internal/space"
)

// askMasks tells the masks' room what it needs of consultations.
func (h *Hall) askMasks(c *mask.Config) {
	c.Asked = func(ctx context.Context, id string) (mask.Asked, error) {
		c, err := h.Opinions.AmongMasks(ctx, consultation.ID(id))
		return mask.Asked{ID: id, Space: c.Space, Opened: c.Opened, Closes: c.Closes, Statements: c.Statements}, err
	}
	c.AskedIn = h.askedIn
	c.MaySign = h.Passes.MaySign
	c.Holds = func(ctx context.Context, id, spend string) (int, string, error) {
		return h.Opinions.Holds(ctx, consultation.ID(id), spend)
	}
	c.MaySay = func(ctx context.Context, id, spend, text string) error {
		return h.Opinions.MaySay(ctx, consultation.ID(id), spend, text)
	}
	c.Opinions = func(ctx context.Context, list []mask.Opinion) error {
		said := make([]consultation.Opinion, len(list))
		for i, o := range list {
			said[i] = consultation.Opinion{ID: consultation.ID(o.Consultation), Pass: o.Pass, Count: o.Count, Answers: o.Answers, Text: o.Text}
		}
		return h.Opinions.Take(ctx, said)
	}
}

// heardIn tells a space what became of its masks' posts that are cases of questions.
func (h *Hall) heardIn(ctx context.Context, space string, since int, before time.Time) (list []wire.Heard, err error) {
	all, err := h.Questions.Heard(ctx, space, question.Day(since), before)
	for _, x := range all {
		list = append(list, wire.Heard{ID: x.ID, To: x.Mask, What: string(x.What), Href: "/questions/" + string(x.Question), Title: x.Title, Day: int(x.Day)})
	}
	return list, err
}

// askedIn lists the open consultations of a space's masks with their statements.
func (h *Hall) askedIn(ctx context.Context, space string) (list []wire.Asked, err error) {
	open, err := h.Opinions.OfSpace(ctx, space)
	for _, c := range open {
		a := wire.Asked{ID: string(c.ID), Title: c.Title, Lang: c.Lang, Epoch: c.Epoch(), Closes: epoch.Day(c.Closes) - 1}
		all, err := h.Opinions.Statements(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range all {
			w := wire.Statement{N: s.N, Text: s.Text}
			if s.Removal != nil {
				w.Out = s.Removal.Reason
			}
			a.Statements = append(a.Statements, w)
		}
		list = append(list, a)
	}
	return list, err
}

// askable tells whether the masks of a space can be asked now.
func (h *Hall) askable(ctx context.Context, id string) error {
	s, err := h.Spaces.Space(ctx, space.ID(id))
	switch {
	case err != nil:
		return err
	case s.Kind != space.Safe || s.Closed():
		return fault.New(fault.NotFound, "consultation.no_masks")
	}
	speaking, _, err := h.Masks.Speaking(ctx, id)
	if err == nil && !speaking {
		err = fault.New(fault.Forbidden, "consultation.may.masks_few")
	}
	return err
}

// spaceName is what a space is called.
func (h *Hall) spaceName(ctx context.Context, id string) (string, error) {
	s, err := h.Spaces.Space(ctx, space.ID(id))
	return s.Name, err
}

// openedIn tells in which epoch a consultation of masks was opened.
func (h *Hall) openedIn(ctx context.Context, id string) (int, error) {
	c, err := h.Opinions.AmongMasks(ctx, consultation.ID(id))
	return c.Epoch(), err
}

// makeConsultationKey makes the key of the passes to a consultation as soon as it is
// opened: afterwards nobody could.
func (h *Hall) makeConsultationKey(ctx context.Context, j job.Job) error {
	var id string
	if err := j.Decode(&id); err != nil {
		return err
	}
	of, err := h.openedIn(ctx, id)
	if err != nil {
		return err
	}
	_, err = h.Passes.Issuer(ctx, token.Slot{Purpose: token.Consultation, Space: id, Epoch: of})
	return err
}
