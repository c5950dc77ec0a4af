package account

import (
	"context"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/consultation/opinion"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/member"
	"guildhall/internal/news"
)

// line is what she was told of.
type line struct {
	What  news.Kind `json:"what"`
	Kind  string    `json:"kind"`
	ID    string    `json:"id"`
	Times int       `json:"times"`
	Day   string    `json:"day"` // 2026-11-23
}

func (d *Door) exportNews(ctx context.Context, s member.Session, x *exported) error {
	elsewhere, err := d.News.Follows(ctx, face.ID(s.Face))
	if err != nil {
		return err
	}
	for _, v := range elsewhere {
		x.Follows = append(x.Follows, thing{forum.Kind(v.Kind), v.ID, ""})
	}
	told, err := d.News.List(ctx, face.ID(s.Face))
	if err != nil {
		return err
	}
	for _, v := range told {
		x.Told = append(x.Told, line{v.Kind, v.Thing.Kind, v.Thing.ID, v.N, epoch.StartOfDay(v.Day).Format(time.DateOnly)})
	}
	return nil
}

// answers are what she has answered in a consultation; once it is over, nothing
// leads from her to them any more.
type answers struct {
	ID         string                 `json:"consultation"`
	Title      string                 `json:"title"`
	Statements map[int]opinion.Choice `json:"statements"` // by number: 1 agree, 0 pass, -1 disagree
	Own        int                    `json:"own"`        // statements that she added
}

// opinions lists what a face has answered or said in consultations that are open.
func (d *Door) opinions(ctx context.Context, f face.ID) (list []answers, err error) {
	open, over, err := d.Consultations.Consultations(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range append(open, over...) { // those that are over and not counted yet
		m, err := d.Consultations.Mine(ctx, consultation.Actor{Face: f}, c.ID)
		if err != nil {
			return nil, err
		}
		if len(m.Answers)+m.Said > 0 {
			list = append(list, answers{string(c.ID), c.Title, m.Answers, m.Said})
		}
	}
	return list, nil
}

func (d *Door) exportOpinions(ctx context.Context, s member.Session, x *exported) (err error) {
	x.Answers, err = d.opinions(ctx, face.ID(s.Face))
	return err
}
