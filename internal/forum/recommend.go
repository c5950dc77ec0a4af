package forum

import (
	"context"

	"guildhall/internal/fault"
)

// Recommend recommends a post or an article and tells the count; doing it twice
// is once. Who recommends is counted, never listed. Faults: SignIn; NotFound for
// what is not shown; Forbidden for one's own.
func (r *Room) Recommend(ctx context.Context, by Actor, t Thing) (count int, err error) {
	defer fault.Wrap(&err, "forum.Recommend(%s %s)", t.Kind, t.ID)
	return r.recommend(ctx, by, t, 1)
}

// Withdraw takes a recommendation back and tells the count. Faults: as Recommend.
func (r *Room) Withdraw(ctx context.Context, by Actor, t Thing) (count int, err error) {
	defer fault.Wrap(&err, "forum.Withdraw(%s %s)", t.Kind, t.ID)
	return r.recommend(ctx, by, t, -1)
}

// recommended is what a recommendation needs to know of its thing.
type recommended struct {
	author string
	state  State
	within string
	count  int
	things []string // whose pages show the count
}

func (r *Room) recommend(ctx context.Context, by Actor, t Thing, step int) (count int, err error) {
	if err = MayWrite(by); err != nil {
		return 0, err
	}
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		w, err := r.recommendable(ctx, by, t)
		if err != nil {
			return err
		}
		if err := MayRecommend(by, w.author, w.state); err != nil {
			return err
		}
		count, err = r.recommendTx(ctx, by, t, step, w)
		return err
	})
	return count, err
}

func (r *Room) recommendable(ctx context.Context, by Actor, t Thing) (w recommended, err error) {
	switch t.Kind {
	case KindPost:
		p, err := r.postTxMay(ctx, by, PostID(t.ID))
		in := string(p.Discussion)
		return recommended{string(p.Author.ID), p.State, in, p.Recommendations, []string{"discussion:" + in}}, err
	case KindArticle:
		a, found, err := r.articleRow(ctx, ArticleID(t.ID))
		if err == nil && !found {
			err = fault.New(fault.NotFound, "forum.article.none")
		}
		things := []string{"article:" + t.ID, "front"}
		for _, k := range a.Topics {
			things = append(things, "topic:"+string(k))
		}
		return recommended{string(a.Author.ID), a.State, t.ID, a.Recommendations, things}, err
	}
	return w, fault.New(fault.NotFound, "fault.not_found")
}

func (r *Room) recommendTx(ctx context.Context, by Actor, t Thing, step int, w recommended) (int, error) {
	q, args := qRecommend, []any{t.ID, string(by.Face), string(t.Kind), w.within}
	if step < 0 {
		q, args = qWithdraw, args[:2]
	}
	n, err := r.db.Exec(ctx, q, args...)
	if err != nil || n == 0 {
		return w.count, err
	}
	q = qPostRecount
	if t.Kind == KindArticle {
		q = qArticleRecount
	}
	var count int
	if _, err := r.db.Row(ctx, q, []any{t.ID, step}, &count); err != nil {
		return 0, err
	}
	r.touched(ctx, w.things...)
	return count, nil
}

// Recommended tells which posts of a discussion, or whether an article, the
// actor has recommended, by id.
func (r *Room) Recommended(ctx context.Context, a Actor, within Thing) (ids map[string]bool, err error) {
	defer fault.Wrap(&err, "forum.Recommended(%s)", within.ID)
	ids = map[string]bool{}
	if a.Face == "" {
		return ids, nil
	}
	err = r.db.Rows(ctx, qRecommended, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids[id] = true
		return err
	}, string(a.Face), within.ID)
	return ids, err
}
