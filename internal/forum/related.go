package forum

import (
	"cmp"
	"context"
	"slices"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// togetherFrom is how many faces must recommend both articles before that is
// said: a smaller number would tell who they are.
const togetherFrom = 3

// near is how many articles each reason brings into the choice.
const near = 30

var (
	qNearTopic = db.SQL("forum.nearTopic", `SELECT article_id FROM forum_article_topic WHERE topic_key = $1 ORDER BY at DESC, article_id DESC LIMIT $2`)
	qNearLinks = db.SQL("forum.nearLinks", `
		SELECT to_id, 1 FROM forum_article_link WHERE article_id = $1 UNION ALL SELECT article_id, 0 FROM forum_article_link WHERE to_id = $1`)
	qNearPlatform = db.SQL("forum.nearPlatform", `
		SELECT id FROM forum_article WHERE platform_key = $1 AND at >= $2 AND at < $3 ORDER BY at DESC, id DESC LIMIT $4`)
	qNearFaces = db.SQL("forum.nearFaces", `
		SELECT o.thing_id, COUNT(*) FROM forum_recommendation m JOIN forum_recommendation o ON o.face_id = m.face_id
		WHERE m.thing_id = $1 AND o.kind = 'article' AND o.thing_id <> $1 GROUP BY o.thing_id HAVING COUNT(*) >= $2
		ORDER BY COUNT(*) DESC, o.thing_id LIMIT $3`)
)

// candidate is an article that may be related, with why.
type candidate struct {
	id      ArticleID
	topics  []TopicKey
	reasons []Reason
}

// weight orders candidates: the number says how much each reason is worth.
func (c candidate) weight() (w int) {
	for _, r := range c.reasons {
		switch r.Kind {
		case LinksTo, LinkedFrom:
			w += 5
		case SameTopics:
			w += 3 * len(r.Topics)
		case SamePlatform, SameFaces:
			w += 2
		}
	}
	return w
}

// Related lists up to n shown articles worth reading after one, best first; the
// same for everybody. Faults: NotFound.
func (r *Room) Related(ctx context.Context, id ArticleID, n int) (list []Related, err error) {
	defer fault.Wrap(&err, "forum.Related(%s)", id)
	a, found, err := r.articleRow(ctx, id)
	if err != nil {
		return nil, err
	}
	if !found || a.State != Shown {
		return nil, fault.New(fault.NotFound, "forum.article.none")
	}
	near, err := r.candidates(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, c := range near {
		if len(list) == n {
			break
		}
		other, shown, err := r.shownArticle(ctx, c.id)
		if err != nil {
			return nil, err
		}
		if shown {
			list = append(list, Related{other, c.reasons})
		}
	}
	return list, r.named(ctx, authors(list, func(l *Related) *face.Face { return &l.Article.Author })...)
}

func (r *Room) shownArticle(ctx context.Context, id ArticleID) (a Article, found bool, err error) {
	found, err = r.row(ctx, qArticleAmong, func(scan scanner) (err error) {
		a, err = scanArticle(scan)
		return err
	}, string(id))
	return a, found, err
}

func (r *Room) candidates(ctx context.Context, a Article) ([]candidate, error) {
	by := map[ArticleID]*candidate{}
	add := func(id ArticleID) *candidate {
		if by[id] == nil {
			by[id] = &candidate{id: id}
		}
		return by[id]
	}
	for _, step := range []func(context.Context, Article, func(ArticleID) *candidate) error{
		r.nearLinks, r.nearTopics, r.nearPlatform, r.nearFaces,
	} {
		if err := step(ctx, a, add); err != nil {
			return nil, err
		}
	}
	delete(by, a.ID)
	var list []candidate
	for _, c := range by {
		slices.SortStableFunc(c.reasons, func(x, y Reason) int { return cmp.Compare(y.Kind, x.Kind) })
		list = append(list, *c)
	}
	slices.SortFunc(list, func(x, y candidate) int {
		if n := y.weight() - x.weight(); n != 0 {
			return n
		}
		return cmp.Compare(y.id, x.id) // ids sort by time: the newer first
	})
	return list, nil
}

func (r *Room) nearLinks(ctx context.Context, a Article, add func(ArticleID) *candidate) error {
	return r.db.Rows(ctx, qNearLinks, func(scan func(...any) error) error {
		var id ArticleID
		var to int
		if err := scan(&id, &to); err != nil {
			return err
		}
		k := LinkedFrom
		if to == 1 {
			k = LinksTo
		}
		c := add(id)
		c.reasons = append(c.reasons, Reason{Kind: k})
		return nil
	}, string(a.ID))
}

func (r *Room) nearTopics(ctx context.Context, a Article, add func(ArticleID) *candidate) error {
	var touched []*candidate
	for _, k := range a.Topics {
		ids, err := r.texts(ctx, qNearTopic, string(k), near)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c := add(ArticleID(id))
			if len(c.topics) == 0 {
				touched = append(touched, c)
			}
			c.topics = append(c.topics, k)
		}
	}
	for _, c := range touched {
		topics, err := r.TopicsOf(ctx, c.topics)
		if err != nil {
			return err
		}
		c.reasons = append(c.reasons, Reason{Kind: SameTopics, Topics: topics})
	}
	return nil
}

func (r *Room) nearPlatform(ctx context.Context, a Article, add func(ArticleID) *candidate) error {
	key := ident.Fold(a.Platform)
	if key == "" {
		return nil
	}
	month := time.Date(a.At.Year(), a.At.Month(), 1, 0, 0, 0, 0, time.UTC)
	ids, err := r.texts(ctx, qNearPlatform, key, db.Micros(month), db.Micros(month.AddDate(0, 1, 0)), near)
	for _, id := range ids {
		c := add(ArticleID(id))
		c.reasons = append(c.reasons, Reason{Kind: SamePlatform, Platform: a.Platform, Month: month})
	}
	return err
}

func (r *Room) nearFaces(ctx context.Context, a Article, add func(ArticleID) *candidate) error {
	if a.Recommendations < togetherFrom {
		return nil
	}
	return r.db.Rows(ctx, qNearFaces, func(scan func(...any) error) error {
		var id ArticleID
		var n int
		if err := scan(&id, &n); err != nil {
			return err
		}
		c := add(id)
		c.reasons = append(c.reasons, Reason{Kind: SameFaces, Faces: n})
		return nil
	}, string(a.ID), togetherFrom, near)
}
