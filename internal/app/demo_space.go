package app

import (
	"context"
	"fmt"
	"time"

	"guildhall/internal/demo"
	"guildhall/internal/face"
	"guildhall/internal/ident"
	"guildhall/internal/member"
	"guildhall/internal/member/key/owner"
	"guildhall/internal/moderation"
	"guildhall/internal/space"
)

// sitting is how many members of the story hold a seat in its safe space; the
// troupe has some more.
const sitting = 60

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

// keyring opens an account to whoever opens the hall.
type keyring struct {
	hash  string // of its login code
	vault owner.Keys
}

// takeSeats gives sixty members of the story accounts, as of its first day, and by the
// rules: a third of them are founders, who vouch for two each, and a platform's
// mail vouches once more. Those who came so vouch later for others, who have never
// spoken openly. It gives the troupe of all of them.
func (t *teller) takeSeats(ctx context.Context, guests map[string]keyring) (*troupe, error) {
	r := &troupe{cast: cast{Moderator: string(t.faces[t.founder()].ID), Said: map[string]*line{}}}
	t.clock.set(t.story.Articles[0].At.Add(time.Hour))
	var ids []member.ID
	for i, m := range t.sitters() {
		g, isGuest := guests[m.Handle]
		a := &actor{Face: string(t.faces[m.Handle].ID), Root: drawRoot()}
		id, err := t.takeSeat(ctx, a, g, ids, i)
		if err != nil {
			return nil, fmt.Errorf("member %s: %w", m.Handle, err)
		}
		ids = append(ids, id)
		if isGuest {
			r.Guests = append(r.Guests, a)
		} else {
			r.Actors = append(r.Actors, a)
		}
	}
	t.clock.set(t.story.Articles[0].At.Add(4 * member.GiveAfter))
	for i := len(ids); len(r.Actors) < players+understudies; i++ {
		name, err := t.hall.Faces.Draw(ctx)
		if err != nil {
			return nil, err
		}
		f, err := t.hall.Faces.New(ctx, name)
		if err != nil {
			return nil, err
		}
		a := &actor{Face: string(f.ID), Root: drawRoot()}
		if _, err = t.takeSeat(ctx, a, keyring{}, ids, i); err != nil {
			return nil, fmt.Errorf("understudy %d: %w", i, err)
		}
		r.Actors = append(r.Actors, a)
	}
	return r, t.sayWhere(ctx, r)
}

// sayWhere tells the troupe its space.
func (t *teller) sayWhere(ctx context.Context, r *troupe) error {
	all, err := t.hall.Spaces.Spaces(ctx)
	for _, s := range all {
		if s.Kind == space.Safe {
			r.Space = string(s.ID)
		}
	}
	return err
}

// takeSeat opens an account, has it vouched for, and takes a seat.
func (t *teller) takeSeat(ctx context.Context, a *actor, g keyring, ids []member.ID, i int) (member.ID, error) {
	id, err := t.join(ctx, a, g)
	if err != nil {
		return "", err
	}
	if err := t.vouchFor(ctx, append(ids, id), i); err != nil {
		return "", err
	}
	return id, t.sit(ctx, face.ID(a.Face))
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
		if !m.Steward && len(list) < sitting {
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
	id := ids[len(ids)-1]
	if err := t.hall.Members.UseVouch(ctx, id, c); err != nil {
		return err
	}
	return t.hall.Members.UseMail(ctx, id, ident.Random()[:22])
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
