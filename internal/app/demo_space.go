package app

import (
	"context"
	"fmt"
	"time"

	"guildhall/internal/demo"
	"guildhall/internal/face"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/moderation"
	"guildhall/internal/space"
)

// seated is how many members of the story hold a seat in its safe space.
const seated = 60

// spacesAfter is how long after the story's beginning its spaces are opened.
const spacesAfter = 40 * 24 * time.Hour

// openSpaces opens the spaces of the story, as a steward does.
func (t *teller) openSpaces(ctx context.Context) error {
	by := space.Actor{Face: t.faces[t.founder()].ID, Steward: true}
	for _, s := range t.story.Spaces {
		made, err := t.hall.Spaces.Open(ctx, by, space.Opening{Kind: space.Kind(s.Kind), Topic: s.Topic, Lang: "en", Reason: s.Reason, Says: space.Says{
			Name: s.Name, Purpose: s.Purpose, Rules: s.Rules, Entry: space.Entry(s.Entry), Pace: space.Pace(s.Pace), Label: space.Label(s.Label)}})
		if err != nil {
			return fmt.Errorf("space %s: %w", s.Name, err)
		}
		_, err = t.hall.Moderation.Decide(ctx, by.Face, moderation.OpenSpace, moderation.Target{Kind: "space", ID: string(made.ID)}, s.Reason)
		if err != nil {
			return err
		}
	}
	return nil
}

// takeSeats gives sixty members accounts, as of the story's first day, and by the
// rules: a third of them are founders, who vouch for two each, and a platform's
// mail vouches once more. hashes are the login codes of those who have one.
func (t *teller) takeSeats(ctx context.Context, hashes map[string]string) error {
	t.clock.set(t.story.Articles[0].At.Add(time.Hour))
	var ids []member.ID
	for i, m := range t.sitters() {
		hash := hashes[m.Handle]
		if hash == "" {
			hash = nobodysHash
		}
		id, err := t.join(ctx, t.faces[m.Handle], hash)
		if err != nil {
			return err
		}
		ids = append(ids, id)
		if err := t.vouchFor(ctx, ids, i); err != nil {
			return fmt.Errorf("member %s: %w", m.Handle, err)
		}
		if err := t.sit(ctx, t.faces[m.Handle].ID); err != nil {
			return err
		}
	}
	return nil
}

// nobodysHash is the login code of an account that nobody signs in to: no code has it.
const nobodysHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// sitters are the story's stewards and then others, the visitor's member among
// them, so that who founds the hall is who keeps it.
func (t *teller) sitters() (list []demo.Member) {
	for _, m := range t.story.Members {
		if m.Steward {
			list = append(list, m)
		}
	}
	for _, m := range t.story.Members {
		if !m.Steward && len(list) < seated {
			list = append(list, m)
		}
	}
	return list
}

// vouchFor makes member i a founder, or has two branches vouch for her.
func (t *teller) vouchFor(ctx context.Context, ids []member.ID, i int) error {
	if i < member.MaxFounders {
		c, err := t.hall.Members.InviteFounder(ctx)
		if err != nil {
			return err
		}
		return t.hall.Members.UseVouch(ctx, ids[i], c)
	}
	c, err := t.hall.Members.GiveVouch(ctx, ids[(i-member.MaxFounders)/2])
	if err != nil {
		return err
	}
	if err := t.hall.Members.UseVouch(ctx, ids[i], c); err != nil {
		return err
	}
	return t.hall.Members.UseMail(ctx, ids[i], ident.Random()[:22])
}

// sit takes a seat in each safe space.
func (t *teller) sit(ctx context.Context, f face.ID) error {
	all, err := t.hall.Spaces.Spaces(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Kind != space.Safe {
			continue
		}
		if err := t.hall.Spaces.Enter(ctx, space.Actor{Face: f}, s.ID); err != nil {
			return err
		}
	}
	return nil
}
