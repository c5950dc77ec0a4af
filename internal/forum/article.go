package forum

import (
	"context"
	"regexp"
	"strings"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// Article reads one article. Faults: NotFound when there is none for this reader.
func (r *Room) Article(ctx context.Context, a Actor, id ArticleID) (t Article, err error) {
	defer fault.Wrap(&err, "forum.Article(%s)", id)
	t, found, err := r.articleRow(ctx, id)
	if err != nil {
		return Article{}, err
	}
	if !found {
		return Article{}, fault.New(fault.NotFound, "forum.article.none")
	}
	if err = r.named(ctx, &t.Author); err != nil {
		return Article{}, err
	}
	if err = MayReadArticle(a, t); err != nil {
		return Article{}, err
	}
	switch t.State {
	case Hushed:
		t.Hush, err = r.hushRow(ctx, string(id))
	case Waits:
		t.Hold, err = r.holdRow(ctx, string(id))
	}
	return t, err
}

// Articles lists shown articles, newest first, without their HTML. In a list by
// face its owner and stewards see hidden and waiting ones too.
func (r *Room) Articles(ctx context.Context, a Actor, f Filter) (list []Article, err error) {
	defer fault.Wrap(&err, "forum.Articles")
	at, id := readMark(f.Before)
	args := []any{at, id, f.Lang, limit(f.Limit)}
	q := qArticles
	switch {
	case f.Topic != "":
		q, args = qArticlesByTopic, append(args, string(f.Topic))
	case f.Face != "":
		q, args = qArticlesByFace, append(args, string(f.Face), bit(a.sees(f.Face)))
	case f.Platform != "":
		q, args = qArticlesByPlatform, append(args, ident.Fold(f.Platform))
	}
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		t, err := scanArticle(scan)
		list = append(list, t)
		return err
	}, args...)
	if err != nil {
		return nil, err
	}
	return list, r.named(ctx, authors(list, func(a *Article) *face.Face { return &a.Author })...)
}

// authors points at a face of each of a list.
func authors[T any](list []T, of func(*T) *face.Face) []*face.Face {
	out := make([]*face.Face, len(list))
	for i := range list {
		out[i] = of(&list[i])
	}
	return out
}

// article is what is written of an article.
type article struct {
	title    string
	lang     string
	platform string
	source   string
	text     string
	topics   []TopicKey
	rendered markdown.Text
}

func (a article) platformKey() string { return ident.Fold(a.platform) }

// checkArticle reads the fields of an article; text is rendered.
func (r *Room) checkArticle(ctx context.Context, by Actor, n NewArticle) (a article, err error) {
	if a.title, err = title(n.Title); err != nil {
		return a, err
	}
	if a.lang, err = tongue(n.Lang); err != nil {
		return a, err
	}
	if a.platform, err = typed.Line("platform", n.Platform, 0, MaxPlatform); err != nil {
		return a, err
	}
	if a.source, err = origin(n.Source); err != nil {
		return a, err
	}
	if a.topics, err = r.chosen(ctx, n.Topics); err != nil {
		return a, err
	}
	a.text = n.Text
	a.rendered, err = r.render(n.Text, KindArticle, by.MaxLinks)
	return a, err
}

// Publish publishes an article, and opens its discussion. Faults: SignIn; Invalid
// on "title", "lang", "platform", "topics" or "text"; Conflict when the same face
// published under this title within a day; Forbidden for an import by somebody
// who is not a steward.
func (r *Room) Publish(ctx context.Context, by Actor, n NewArticle) (t Article, err error) {
	defer fault.Wrap(&err, "forum.Publish")
	if err = MayWrite(by); err != nil {
		return Article{}, err
	}
	if err = mayImport(by, n.Imported); err != nil {
		return Article{}, err
	}
	a, err := r.checkArticle(ctx, by, n)
	if err != nil {
		return Article{}, err
	}
	at, author := r.moment(), by.Face
	if n.Imported {
		at, author = when(n.At, at), whom(n.Face, author)
	}
	id := ArticleID(r.ids.New())
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		if !n.Imported {
			if err := r.titledTx(ctx, author, a.title, at); err != nil {
				return err
			}
		}
		return r.publishTx(ctx, id, a, author, at, n)
	})
	if err != nil {
		return Article{}, err
	}
	return r.Article(ctx, Actor{Face: author}, id)
}

func when(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t.UTC().Truncate(time.Microsecond)
}

func whom(f, otherwise face.ID) face.ID {
	if f == "" {
		return otherwise
	}
	return f
}

// titledTx refuses a second article of one title within a day: a double click.
func (r *Room) titledTx(ctx context.Context, author face.ID, title string, at time.Time) error {
	var id string
	found, err := r.db.Row(ctx, qArticleTitled, []any{string(author), db.Micros(at.Add(-again)), title}, &id)
	if err != nil {
		return err
	}
	if found {
		return fault.On("title", fault.Conflict, "forum.article.duplicate")
	}
	return nil
}

func (r *Room) publishTx(ctx context.Context, id ArticleID, a article, author face.ID, at time.Time, n NewArticle) error {
	us, did, slug := db.Micros(at), DiscussionID(r.ids.New()), ident.Slug(a.title)
	state, topics := Shown, unkeys(a.topics)
	if n.Held != "" {
		state = Waits
	}
	excerpt := a.rendered.Excerpt(excerptLen)
	if _, err := r.db.Exec(ctx, qDiscussionMake, string(did), slug, a.title, a.lang, string(id), string(author), topics, "", us,
		bit(state != Shown), bit(n.Imported), ""); err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qArticleMake, string(id), slug, a.title, a.lang, string(author), a.platform, a.platformKey(), topics,
		excerpt, a.rendered.Words, us, int64(state), string(did), bit(n.Imported), a.source, string(a.rendered.HTML)); err != nil {
		return err
	}
	if err := r.aboutTx(ctx, id, did, a.topics, at, at); err != nil {
		return err
	}
	if err := r.linksTx(ctx, id, a.text); err != nil {
		return err
	}
	v := Revision{Thing: id.Thing(), N: 1, By: face.Face{ID: author}, At: at, Title: a.title, Source: a.text}
	if err := r.revisionMakeTx(ctx, v); err != nil {
		return err
	}
	if state == Waits {
		return r.holdTx(ctx, id.Thing(), n.Held, at)
	}
	return r.shownTx(ctx, id, did, author, a.topics)
}

// shownTx says that an article is to be seen from now on.
func (r *Room) shownTx(ctx context.Context, id ArticleID, did DiscussionID, author face.ID, topics []TopicKey) error {
	if err := r.countTx(ctx, topics, 1, 0); err != nil {
		return err
	}
	r.touchedArticle(ctx, id, did, author, topics)
	return r.happened(ctx, EventPublished, string(id), nil)
}

// touchedArticle tells which pages show an article.
func (r *Room) touchedArticle(ctx context.Context, id ArticleID, did DiscussionID, author face.ID, topics []TopicKey) {
	things := []string{"front", "article:" + string(id), "discussion:" + string(did), "face:" + string(author)}
	for _, k := range topics {
		things = append(things, "topic:"+string(k))
	}
	r.touched(ctx, things...)
}

// aboutTx writes the topics of an article and of its discussion.
func (r *Room) aboutTx(ctx context.Context, id ArticleID, did DiscussionID, topics []TopicKey, at, active time.Time) error {
	if _, err := r.db.Exec(ctx, qArticleTopicErase, string(id)); err != nil {
		return err
	}
	for _, k := range topics {
		if _, err := r.db.Exec(ctx, qArticleTopicMake, string(k), db.Micros(at), string(id)); err != nil {
			return err
		}
	}
	return r.discussedTx(ctx, did, topics, active)
}

// discussedTx writes the topics of a discussion.
func (r *Room) discussedTx(ctx context.Context, id DiscussionID, topics []TopicKey, active time.Time) error {
	if _, err := r.db.Exec(ctx, qDiscussionTopicErase, string(id)); err != nil {
		return err
	}
	for _, k := range topics {
		if _, err := r.db.Exec(ctx, qDiscussionTopicMake, string(k), db.Micros(active), string(id)); err != nil {
			return err
		}
	}
	return nil
}

// toArticle finds the articles a text links to: /articles/ID, whatever follows.
var toArticle = regexp.MustCompile(`/articles/([0-9a-hjkmnp-tv-z]{26})\b`)

func (r *Room) linksTx(ctx context.Context, id ArticleID, text string) error {
	if _, err := r.db.Exec(ctx, qLinkErase, string(id)); err != nil {
		return err
	}
	seen := map[string]bool{string(id): true}
	for _, m := range toArticle.FindAllStringSubmatch(text, 200) {
		if seen[m[1]] {
			continue
		}
		seen[m[1]] = true
		if _, err := r.db.Exec(ctx, qLinkMake, string(id), strings.Clone(m[1])); err != nil {
			return err
		}
	}
	return nil
}

// EditArticle changes an article. base is the Revision the author saw. Faults:
// as Publish; Forbidden for others; Conflict with a Clash when the article was
// changed meanwhile.
func (r *Room) EditArticle(ctx context.Context, by Actor, id ArticleID, base int, e ArticleEdit) (t Article, err error) {
	defer fault.Wrap(&err, "forum.EditArticle(%s)", id)
	if err = MayWrite(by); err != nil {
		return Article{}, err
	}
	a, err := r.checkArticle(ctx, by, NewArticle{Title: e.Title, Topics: e.Topics, Platform: e.Platform, Text: e.Text})
	if err != nil {
		return Article{}, err
	}
	err = r.editing(ctx, func(ctx context.Context) error { return r.editArticleTx(ctx, by, id, base, a) })
	if err != nil {
		return Article{}, err
	}
	return r.Article(ctx, by, id)
}

func (r *Room) editArticleTx(ctx context.Context, by Actor, id ArticleID, base int, a article) error {
	old, found, err := r.articleRow(ctx, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "forum.article.none")
	}
	if err := MayEditArticle(by, old); err != nil {
		return err
	}
	if err := r.clashTx(ctx, id.Thing(), base, old.Revision); err != nil {
		return err
	}
	now, slug, topics := r.moment(), ident.Slug(a.title), unkeys(a.topics)
	n, err := r.nextTx(ctx, Revision{Thing: id.Thing(), N: old.Revision, By: face.Face{ID: by.Face}, At: now, Title: a.title, Source: a.text})
	if err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qArticleEdit, string(id), slug, a.title, a.platform, a.platformKey(), topics,
		a.rendered.Excerpt(excerptLen), a.rendered.Words, db.Micros(now), n, string(a.rendered.HTML)); err != nil {
		return err
	}
	d, _, err := r.discussionRow(ctx, old.Discussion)
	if err != nil {
		return err
	}
	if _, err := r.db.Exec(ctx, qDiscussionTitle, string(d.ID), slug, a.title, topics, d.Revision); err != nil {
		return err
	}
	if err := r.aboutTx(ctx, id, d.ID, a.topics, old.At, d.ActiveAt); err != nil {
		return err
	}
	if err := r.linksTx(ctx, id, a.text); err != nil {
		return err
	}
	if err := r.recountTopicsTx(ctx, old.Topics, a.topics); err != nil {
		return err
	}
	r.touchedArticle(ctx, id, d.ID, old.Author.ID, append(old.Topics, a.topics...))
	if err := r.holdChangedTx(ctx, by, id.Thing(), old.State, now); err != nil {
		return err
	}
	return r.happened(ctx, EventEdited, string(id), Of{KindArticle})
}

// recountTopicsTx counts topics anew after a text went from some to others.
func (r *Room) recountTopicsTx(ctx context.Context, sets ...[]TopicKey) error {
	done := map[TopicKey]bool{}
	for _, set := range sets {
		for _, k := range set {
			if done[k] {
				continue
			}
			done[k] = true
			if _, err := r.db.Exec(ctx, qTopicRecount, string(k)); err != nil {
				return err
			}
		}
	}
	if len(done) > 0 {
		r.unshelve(ctx)
	}
	return nil
}
