package app

import (
	"context"
	"crypto/sha256"
	"fmt"

	"guildhall/internal/demo"
	"guildhall/internal/epoch"
	"guildhall/internal/mask"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// line is a post of the story as it stands in the hall.
type line struct {
	ID       string
	Day      int // on which it was sent
	Praised  bool
	Chapter  chapter
	Decision string // that hid it
}

// chapter is how far the case about a post has come.
type chapter int

const (
	untouched chapter = iota
	reportedLine
	hiddenLine
	appealedLine
)

// outAfter is how many days after it was sent a post has certainly come out.
const outAfter = 4

func (l *line) out(day int) bool { return l != nil && day >= l.Day+outAfter }

func placeOf(thread, post int) string { return fmt.Sprintf("%d.%d", thread, post) }

// speak lets everybody say what the story has for today, and what follows of it.
func (t *troupe) speak(ctx context.Context) error {
	day := epoch.Day(t.hall.Now())
	for i, thread := range t.story {
		for j, p := range thread.Posts {
			at := placeOf(i, j)
			l := t.Said[at]
			var err error
			switch {
			case l == nil && t.Born > 0 && day >= t.Born+p.Day && (j == 0 || t.Said[placeOf(i, max(p.Reply-1, 0))].out(day) && t.Said[placeOf(i, 0)].out(day)):
				err = t.say(ctx, i, j)
			case l.out(day) && !l.Praised && p.Praise > 0:
				err = t.praise(ctx, p, l)
			case l.out(day) && p.Report != "":
				err = t.turn(ctx, p, l)
			}
			if err != nil {
				return fmt.Errorf("masks, %q, post %d: %w", thread.Title, j+1, err)
			}
		}
	}
	return nil
}

// say sends a post, if its actor can speak today; else tomorrow.
func (t *troupe) say(ctx context.Context, i, j int) error {
	thread := t.story[i]
	p := thread.Posts[j]
	a := t.Actors[p.By-1]
	if a.Stage != active {
		return nil
	}
	act := wire.Act{Do: wire.Post, ID: t.lineID(i, j), Thread: t.lineID(i, 0), Lang: thread.Lang, Text: p.Text}
	if j == 0 {
		act.Title = thread.Title
	} else {
		act.Reply = t.lineID(i, max(p.Reply-1, 0))
	}
	r, err := t.visit(ctx, a, nil, act)
	if err == nil && r.OK {
		t.Said[placeOf(i, j)] = &line{ID: act.ID, Day: epoch.Day(t.hall.Now())}
	}
	return err
}

// lineID is the id of a post: the same one when it is sent again.
func (t *troupe) lineID(i, j int) string {
	root := t.Actors[t.story[i].Posts[j].By-1].Root
	h := sha256.Sum256(append(root[:], placeOf(i, j)...))
	return token.Encode(h[:wire.IDSize])
}

// praise lets others recommend a post: each a different one, and never its author.
func (t *troupe) praise(ctx context.Context, p demo.MaskedPost, l *line) error {
	for n := range p.Praise {
		a := t.Actors[(p.By+7*n)%players]
		if a.Stage != active {
			continue
		}
		if _, err := t.visit(ctx, a, nil, wire.Act{Do: wire.Recommend, ID: l.ID}); err != nil {
			return err
		}
	}
	l.Praised = true
	return nil
}

// turn takes the case about a post one chapter on.
func (t *troupe) turn(ctx context.Context, p demo.MaskedPost, l *line) error {
	author := t.Actors[p.By-1]
	switch {
	case l.Chapter == untouched:
		a := t.Actors[(p.By+4)%players]
		if a.Stage != active {
			return nil
		}
		r, err := t.visit(ctx, a, nil, wire.Act{Do: wire.Report, ID: l.ID, Kind: p.Report, Text: p.ReportWords})
		if err == nil && r.OK {
			l.Chapter = reportedLine
		}
		return err
	case l.Chapter == reportedLine && p.Hide != "":
		ss, err := t.hall.Moderation.Stewards(ctx)
		if err != nil {
			return err
		}
		d, err := t.hall.Masks.Decide(ctx, mask.Moderator{ID: t.Moderator, Stewards: len(ss)}, t.Space, mask.Wish{Deed: mask.Hide, Post: l.ID, Reason: p.Hide})
		l.Chapter, l.Decision = hiddenLine, d.ID
		return err
	case l.Chapter == hiddenLine && p.Appeal != "":
		r, err := t.visit(ctx, author, nil, wire.Act{Do: wire.Appeal, ID: l.ID, Text: p.Appeal})
		if err == nil && r.OK {
			l.Chapter = appealedLine
		}
		return err
	}
	return nil
}

// judge lets those who were drawn give their word: on the story's cases as it
// says, on those of visitors by lot.
func (t *troupe) judge(ctx context.Context) error {
	for _, a := range t.Actors {
		if a.Stage != active {
			continue
		}
		r, err := t.visit(ctx, a, nil, wire.Act{Do: wire.Status})
		if err != nil {
			return err
		}
		for _, b := range r.Judge {
			verdict, words := t.verdict(b.Case)
			if _, err := t.visit(ctx, a, nil, wire.Act{Do: wire.Judge, ID: b.Case, Verdict: verdict, Text: words}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *troupe) verdict(decision string) (verdict, words string) {
	for i, thread := range t.story {
		for j, p := range thread.Posts {
			if l := t.Said[placeOf(i, j)]; l != nil && l.Decision == decision && p.Verdict != "" {
				return p.Verdict, p.JurorWords
			}
		}
	}
	if sha256.Sum256([]byte(decision))[0]%2 == 0 {
		return mask.Overturned, ""
	}
	return mask.Upheld, ""
}
