package app

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/demo"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// hearing is an open consultation of the troupe's masks.
type hearing struct {
	ID     string
	Story  int // number in the story, from 0
	Opened int // day
	Closes int // first day on which nobody answers
	Papers map[int]*admitted
}

// admitted is how an actor stands in a hearing.
type admitted struct {
	Asked    int         // number of the mask, from 1, that last asked for a pass
	Pass     *token.Pass // nil: she has none
	Answered bool
	Said     bool // what she adds to the statements
}

// openHearing lets a steward ask the masks once in each epoch, as early as there are
// enough of them: so that there is something for a mask to answer from its first day.
// The story's first is of the past; the others take turns.
func (t *troupe) openHearing(ctx context.Context) error {
	now := t.hall.Now()
	day := epoch.Day(now)
	t.Opened = slices.DeleteFunc(t.Opened, func(h *hearing) bool { return day >= h.Closes })
	if t.Born == 0 || len(t.heard) < 2 || t.Asked == epoch.Of(now) {
		return nil
	}
	if speaking, _, err := t.hall.Masks.Speaking(ctx, t.Space); err != nil || !speaking {
		return err
	}
	n := 0
	if t.Asked > 0 {
		n = 1 + epoch.Of(now)%(len(t.heard)-1)
	}
	o := consultation.Opening{Title: t.heard[n].Title, About: t.heard[n].About, Lang: "en", Space: t.Space,
		LastDay: now.AddDate(0, 0, t.heard[n].Days-1).Format(time.DateOnly)}
	for _, s := range t.heard[n].Statements {
		if s.Mask == 0 {
			o.Seeds = append(o.Seeds, s.Text)
		}
	}
	by := consultation.Actor{Face: face.ID(t.Moderator), Steward: true}
	if err := consultation.MayAskMasks(by, now); err != nil {
		return nil // the last hour of an epoch: tomorrow
	}
	c, err := t.hall.Opinions.Open(ctx, by, o)
	if err != nil {
		return fmt.Errorf("masks are asked %q: %w", o.Title, err)
	}
	// Its job would make the key later; no job runs while the past is told.
	if _, err := t.hall.Passes.Issuer(ctx, token.Slot{Purpose: token.Consultation, Space: string(c.ID), Epoch: c.Epoch()}); err != nil {
		return err
	}
	t.Asked = c.Epoch()
	t.Opened = append(t.Opened, &hearing{ID: string(c.ID), Story: n, Opened: day, Closes: epoch.Day(c.Closes), Papers: map[int]*admitted{}})
	return nil
}

// opine lets those who take part ask for their pass, and, on a later day, say what they think.
func (t *troupe) opine(ctx context.Context) error {
	for _, h := range t.Opened {
		for i, a := range t.Actors[:players] {
			if i%8 > 4 || a.Stage != active { // not everybody answers
				continue
			}
			p := h.Papers[i]
			if p == nil {
				p = &admitted{}
				h.Papers[i] = p
			}
			if err := t.hear(ctx, h, i, p); err != nil {
				return fmt.Errorf("masks are asked %q: %w", t.heard[h.Story].Title, err)
			}
		}
	}
	return nil
}

// hear takes one actor a step on: the pass, what she adds, all her answers.
func (t *troupe) hear(ctx context.Context, h *hearing, i int, p *admitted) error {
	into := epoch.Day(t.hall.Now()) - h.Opened
	switch {
	case p.Pass == nil:
		return t.admit(ctx, h, t.Actors[i], p)
	case !p.Said:
		p.Said = true
		for j, s := range t.heard[h.Story].Statements {
			if s.Mask != i+1 {
				continue
			}
			id := sha256.Sum256(fmt.Append(t.Actors[i].Root[:], h.ID, j))
			if _, err := t.unmasked(ctx, h, i, p, wire.Act{Do: wire.Say, ID: token.Encode(id[:wire.IDSize]), Text: s.Text}); err != nil {
				return err
			}
		}
	case !p.Answered && into >= 1+i*7%9:
		answers, err := t.answers(ctx, h, i)
		if err != nil {
			return err
		}
		r, err := t.unmasked(ctx, h, i, p, wire.Act{Do: wire.Opine, Count: 1, Answers: answers})
		p.Answered = r.OK
		return err
	}
	return nil
}

// admit asks for the pass of an actor's mask, once for each mask of hers: one that was
// born in another epoch gets none.
func (t *troupe) admit(ctx context.Context, h *hearing, a *actor, p *admitted) error {
	if p.Asked > a.N {
		return nil
	}
	p.Asked = a.N + 1
	of := epoch.OfDay(h.Opened)
	k, err := t.hall.Passes.Issuer(ctx, token.Slot{Purpose: token.Consultation, Space: h.ID, Epoch: of})
	if err != nil {
		return err
	}
	q, err := a.Root.ConsultationPass(h.ID, of, k)
	if err != nil {
		return err
	}
	r, err := t.visit(ctx, a, nil, wire.Act{Do: wire.Admit, About: h.ID, Epoch: of, Blinded: q.Blinded})
	if err != nil || !r.OK {
		return err
	}
	pass, err := q.Finalize(r.Signature)
	p.Pass = &pass
	return err
}

// unmasked comes with the pass of an actor, under the key in it.
func (t *troupe) unmasked(ctx context.Context, h *hearing, i int, p *admitted, act wire.Act) (wire.Result, error) {
	return t.come(ctx, h.ID, t.Actors[i].Root.ConsultationKey(h.ID), p.Pass, act)
}

// answers draws what an actor thinks of the statements that are there, as her circle
// does; of ten she leaves one out.
func (t *troupe) answers(ctx context.Context, h *hearing, i int) (string, error) {
	list, err := t.hall.Opinions.Statements(ctx, consultation.ID(h.ID))
	if err != nil {
		return "", err
	}
	told := t.heard[h.Story].Statements
	root := t.Actors[i].Root
	r := rand.New(rand.NewPCG(binary.BigEndian.Uint64(root[:8]), uint64(h.Story)))
	row := make([]byte, len(list))
	for n, s := range list {
		at := slices.IndexFunc(told, func(o demo.Opinion) bool { return o.Text == s.Text })
		skip, drawn, pass := r.IntN(10) == 0, r.IntN(100), r.IntN(6) == 0
		switch {
		case at < 0 || skip:
			row[n] = '.'
		case drawn < told[at].Agree[i%demo.Circles]:
			row[n] = '+'
		case pass:
			row[n] = '0'
		default:
			row[n] = '-'
		}
	}
	return string(row), nil
}
