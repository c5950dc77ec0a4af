package forum

import (
	"context"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

var errUnbuilt = fault.New(fault.Unavailable, "fault.unavailable")

// Article reads one article, and says NotFound when this reader may not see it.
func (r *Room) Article(ctx context.Context, a Actor, id ArticleID) (Article, error) {
	return Article{}, errUnbuilt
}

// Articles lists articles, newest first, without HTML.
func (r *Room) Articles(ctx context.Context, a Actor, f Filter) ([]Article, error) {
	return nil, errUnbuilt
}

// Related lists up to n articles worth reading after one, best first.
func (r *Room) Related(ctx context.Context, id ArticleID, n int) ([]Related, error) {
	return nil, errUnbuilt
}

// Publish.
func (r *Room) Publish(ctx context.Context, by Actor, n NewArticle) (Article, error) {
	return Article{}, errUnbuilt
}

// EditArticle.
func (r *Room) EditArticle(ctx context.Context, by Actor, id ArticleID, base int, e ArticleEdit) (Article, error) {
	return Article{}, errUnbuilt
}

// Discussion.
func (r *Room) Discussion(ctx context.Context, a Actor, id DiscussionID) (Discussion, error) {
	return Discussion{}, errUnbuilt
}

// Discussions.
func (r *Room) Discussions(ctx context.Context, a Actor, f Filter) ([]Discussion, error) {
	return nil, errUnbuilt
}

// Page.
func (r *Room) Page(ctx context.Context, a Actor, id DiscussionID, n int) (Page, error) {
	return Page{}, errUnbuilt
}

// Post.
func (r *Room) Post(ctx context.Context, a Actor, id PostID) (Post, error) { return Post{}, errUnbuilt }

// Place.
func (r *Room) Place(ctx context.Context, id PostID) (DiscussionID, int, error) {
	return "", 0, errUnbuilt
}

// FirstAfter.
func (r *Room) FirstAfter(ctx context.Context, id DiscussionID, t time.Time) (int, error) {
	return 0, errUnbuilt
}

// Posts lists shown posts, newest first.
func (r *Room) Posts(ctx context.Context, a Actor, f PostFilter) ([]Listed, error) {
	return nil, errUnbuilt
}

// Open.
func (r *Room) Open(ctx context.Context, by Actor, n NewDiscussion) (Discussion, error) {
	return Discussion{}, errUnbuilt
}

// Reply.
func (r *Room) Reply(ctx context.Context, by Actor, id DiscussionID, n NewPost) (Post, error) {
	return Post{}, errUnbuilt
}

// Edit.
func (r *Room) Edit(ctx context.Context, by Actor, id PostID, base int, text string) (Post, error) {
	return Post{}, errUnbuilt
}

// Retitle.
func (r *Room) Retitle(ctx context.Context, by Actor, id DiscussionID, base int, title string, topics []TopicKey) (Discussion, error) {
	return Discussion{}, errUnbuilt
}

// Summarise.
func (r *Room) Summarise(ctx context.Context, by Actor, id DiscussionID, base int, text string) (*Summary, error) {
	return nil, errUnbuilt
}

// Restore.
func (r *Room) Restore(ctx context.Context, by Actor, t Thing, base, n int) error { return errUnbuilt }

// Revisions.
func (r *Room) Revisions(ctx context.Context, a Actor, t Thing) ([]Revision, error) {
	return nil, errUnbuilt
}

// Source.
func (r *Room) Source(ctx context.Context, a Actor, t Thing) (Revision, error) {
	return Revision{}, errUnbuilt
}

// Diff.
func (r *Room) Diff(ctx context.Context, a Actor, t Thing, from, to int) (Difference, error) {
	return Difference{}, errUnbuilt
}

// Topics.
func (r *Room) Topics(ctx context.Context) ([]Topic, error) { return nil, errUnbuilt }

// Topic.
func (r *Room) Topic(ctx context.Context, key TopicKey) (Topic, error) { return Topic{}, errUnbuilt }

// AddTopic.
func (r *Room) AddTopic(ctx context.Context, by Actor, n NewTopic) (Topic, error) {
	return Topic{}, errUnbuilt
}

// MergeTopic.
func (r *Room) MergeTopic(ctx context.Context, by Actor, from, into TopicKey) error {
	return errUnbuilt
}

// Recommend.
func (r *Room) Recommend(ctx context.Context, by Actor, t Thing) (int, error) { return 0, errUnbuilt }

// Withdraw.
func (r *Room) Withdraw(ctx context.Context, by Actor, t Thing) (int, error) { return 0, errUnbuilt }

// Recommended.
func (r *Room) Recommended(ctx context.Context, a Actor, within Thing) (map[string]bool, error) {
	return nil, errUnbuilt
}

// Follow.
func (r *Room) Follow(ctx context.Context, by Actor, t Thing) error { return errUnbuilt }

// Unfollow.
func (r *Room) Unfollow(ctx context.Context, by Actor, t Thing) error { return errUnbuilt }

// Following.
func (r *Room) Following(ctx context.Context, a Actor, t Thing) (bool, error) {
	return false, errUnbuilt
}

// Follows.
func (r *Room) Follows(ctx context.Context, a Actor) ([]Followed, error) { return nil, errUnbuilt }

// Hush.
func (r *Room) Hush(ctx context.Context, by Actor, t Thing, reason string) error { return errUnbuilt }

// Unhush.
func (r *Room) Unhush(ctx context.Context, by Actor, t Thing) error { return errUnbuilt }

// Held.
func (r *Room) Held(ctx context.Context, a Actor) ([]Waiting, error) { return nil, errUnbuilt }

// Release.
func (r *Room) Release(ctx context.Context, by Actor, t Thing) error { return errUnbuilt }

// Refuse.
func (r *Room) Refuse(ctx context.Context, by Actor, t Thing, reason string) error { return errUnbuilt }

// Close.
func (r *Room) Close(ctx context.Context, by Actor, id DiscussionID, reason string) error {
	return errUnbuilt
}

// Reopen.
func (r *Room) Reopen(ctx context.Context, by Actor, id DiscussionID) error { return errUnbuilt }

// Split.
func (r *Room) Split(ctx context.Context, by Actor, from DiscussionID, posts []PostID, title, reason string) (Discussion, error) {
	return Discussion{}, errUnbuilt
}

// Merge.
func (r *Room) Merge(ctx context.Context, by Actor, from, into DiscussionID, reason string) error {
	return errUnbuilt
}

// Unmove.
func (r *Room) Unmove(ctx context.Context, by Actor, id MoveID) error { return errUnbuilt }

// Moves.
func (r *Room) Moves(ctx context.Context, id DiscussionID) ([]Move, error) { return nil, errUnbuilt }

// AppendMany.
func (r *Room) AppendMany(ctx context.Context, by Actor, id DiscussionID, posts []NewPost) ([]PostID, error) {
	return nil, errUnbuilt
}

// Erase.
func (r *Room) Erase(ctx context.Context, id face.ID, texts bool) error { return errUnbuilt }

// Document.
func (r *Room) Document(ctx context.Context, t Thing) (Document, error) {
	return Document{}, errUnbuilt
}

// Documents.
func (r *Room) Documents(ctx context.Context, after string, n int) ([]Document, string, error) {
	return nil, "", errUnbuilt
}
