package web

import (
	"context"

	"guildhall/internal/consultation"
	"guildhall/internal/space"
	"guildhall/internal/web/answer"
	consultationpage "guildhall/internal/web/page/consultation"
)

// spaceOf is what the space is called whose masks a consultation asks; empty for open
// profiles.
func (d *Door) spaceOf(ctx context.Context, w *answer.Writer, c consultation.Consultation) (string, error) {
	if c.Space == "" {
		return "", nil
	}
	w.Shows(answer.Thing("space:" + c.Space))
	s, err := d.Spaces.Space(ctx, space.ID(c.Space))
	return s.Name, err
}

// electorates are the spaces whose masks a reader can ask.
func (d *Door) electorates(r *answer.Request) (list []consultationpage.Electorate, err error) {
	if consultation.MayAskMasks(consulted(r.Viewer), d.Now()) != nil {
		return nil, nil
	}
	all, err := d.Spaces.Spaces(r.Context())
	for _, s := range all {
		if s.Kind != space.Safe || s.Closed() {
			continue
		}
		speaking, born, err := d.Masks.Speaking(r.Context(), string(s.ID))
		if err != nil {
			return nil, err
		}
		if speaking {
			list = append(list, consultationpage.Electorate{ID: string(s.ID), Name: s.Name, Born: born})
		}
	}
	return list, err
}

// maskForm is what masks answer a consultation by, as long as it is open; nil for one of
// open profiles.
func (d *Door) maskForm(ctx context.Context, c consultation.Consultation) (*consultationpage.Masks, error) {
	if c.Space == "" || d.SafeOrigin == "" || c.Over(d.Now()) {
		return nil, nil
	}
	s, err := d.Spaces.Space(ctx, space.ID(c.Space))
	if err != nil {
		return nil, err
	}
	m := &consultationpage.Masks{Safe: d.SafeOrigin, Pace: string(s.Pace), Letterbox: d.Letterbox != ""}
	m.Statements, err = d.Consultations.Statements(ctx, c.ID)
	return m, err
}
