package forum

import (
	"cmp"
	"context"
	"slices"

	"guildhall/internal/fault"
)

// maxFollows is how many things one face may follow.
const maxFollows = 1000

// Follow follows a topic, a discussion or an article; doing it twice is once.
// Faults: SignIn, NotFound; TooMany after a thousand.
func (r *Room) Follow(ctx context.Context, by Actor, t Thing) (err error) {
	defer fault.Wrap(&err, "forum.Follow(%s %s)", t.Kind, t.ID)
	if err = MayWrite(by); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		switch t.Kind {
		case KindTopic:
			topic, err := r.Topic(ctx, TopicKey(t.ID))
			if err != nil {
				return err
			}
			t.ID = string(topic.Key)
		case KindDiscussion, KindArticle:
			if err := r.mayHistory(ctx, by, t); err != nil {
				return err
			}
		default:
			return fault.New(fault.NotFound, "fault.not_found")
		}
		var n int
		if _, err := r.db.Row(ctx, qFollows, []any{string(by.Face)}, &n); err != nil {
			return err
		}
		if n >= maxFollows {
			return fault.New(fault.TooMany, "forum.follow.many", maxFollows)
		}
		_, err := r.db.Exec(ctx, qFollow, string(by.Face), string(t.Kind), t.ID)
		return err
	})
}

// Unfollow stops following; what is not followed is no fault. Faults: SignIn.
func (r *Room) Unfollow(ctx context.Context, by Actor, t Thing) (err error) {
	defer fault.Wrap(&err, "forum.Unfollow(%s %s)", t.Kind, t.ID)
	if err = MayWrite(by); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		_, err := r.db.Exec(ctx, qUnfollow, string(by.Face), string(t.Kind), t.ID)
		return err
	})
}

// Following tells whether the actor follows a thing.
func (r *Room) Following(ctx context.Context, a Actor, t Thing) (following bool, err error) {
	defer fault.Wrap(&err, "forum.Following(%s %s)", t.Kind, t.ID)
	if a.Face == "" {
		return false, nil
	}
	var one int
	return r.db.Row(ctx, qFollowing, []any{string(a.Face), string(t.Kind), t.ID}, &one)
}

// Follows lists what the actor follows, most recently active first. What she has
// read is known to her browser only.
func (r *Room) Follows(ctx context.Context, a Actor) (list []Followed, err error) {
	defer fault.Wrap(&err, "forum.Follows")
	if err = MayWrite(a); err != nil {
		return nil, err
	}
	err = r.db.Rows(ctx, qFollowed, func(scan func(...any) error) error {
		var f Followed
		var active int64
		if err := scan(&f.Thing.Kind, &f.Thing.ID, &f.Title, &f.Slug, &active, &f.LastSeq); err != nil {
			return err
		}
		f.ActiveAt = moment(active)
		list = append(list, f)
		return nil
	}, string(a.Face))
	slices.SortFunc(list, func(a, b Followed) int {
		if n := b.ActiveAt.Compare(a.ActiveAt); n != 0 {
			return n
		}
		return cmp.Compare(a.Thing.ID, b.Thing.ID)
	})
	return list, err
}
