package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/markdown"
	"guildhall/internal/moderation"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
)

func (d *Door) registerWriting(m *answer.Mux) {
	m.Handle("GET /write", d.newArticle, answer.Params("title", "text", "url"))
	m.Handle("POST /articles", d.publish)
	m.Handle("GET /articles/{id}/edit", d.editArticle)
	m.Handle("POST /articles/{id}/revisions", d.reviseArticle)
	m.Handle("GET /discussions/new", d.newDiscussion, answer.Params("topic"))
	m.Handle("POST /discussions", d.open)
	m.Handle("POST /discussions/{id}/posts", d.reply)
	m.Handle("GET /posts/{id}/reply", d.replyTo)
	m.Handle("GET /posts/{id}/edit", d.editPost)
	m.Handle("POST /posts/{id}/revisions", d.revisePost)
	m.Handle("GET /discussions/{id}/summary/edit", d.editSummary)
	m.Handle("POST /discussions/{id}/summary/revisions", d.reviseSummary)
	m.Handle("POST /preview", d.preview)
}

// moderator is the reader as room moderation knows her.
func (d *Door) moderator(ctx context.Context, r *answer.Request) (moderation.Actor, error) {
	a := moderation.Actor{Face: face.ID(r.Viewer.FaceID)}
	if a.Face == "" {
		return a, nil
	}
	s, err := d.Forum.Standing(ctx, a.Face)
	a.Posts, a.Since = s.Posts, s.Since
	return a, err
}

// weigh says how a new text of the reader is received: who writes, with how many
// links, and why it waits for a steward, if it does.
func (d *Door) weigh(ctx context.Context, r *answer.Request, text string) (by forum.Actor, held string, err error) {
	a, err := d.moderator(ctx, r)
	v := d.Moderation.Weigh(a, r.Viewer.Steward, text)
	by = actor(r.Viewer)
	by.MaxLinks = v.MaxLinks
	return by, v.Held, err
}

// weighChange is weigh for a text that changes one of hers.
func (d *Door) weighChange(ctx context.Context, r *answer.Request, text string) (forum.Actor, error) {
	a, err := d.moderator(ctx, r)
	v := d.Moderation.WeighChange(a, r.Viewer.Steward, text)
	by := actor(r.Viewer)
	by.MaxLinks, by.Held = v.MaxLinks, v.Held
	return by, err
}

// speak is what every deed of writing begins with: one must be signed in, and
// not too fast.
func (d *Door) speak(r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	return d.Pace.Take(r.Viewer.FaceID)
}

// rendered is the preview of a text, for forms without scripts.
func (d *Door) rendered(text string) (markdown.HTML, error) {
	t, err := markdown.Render(text, markdown.Options{MaxBytes: forum.MaxArticle, Top: 2, Host: d.host(), ImageSize: d.Blobs.Dimensions})
	return t.HTML, err
}

// preview answers the rendered text alone, for scripts. Nothing is kept.
func (d *Door) preview(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	h, err := d.rendered(r.Text("text"))
	if err != nil {
		return err
	}
	return w.Show(200, forumpage.PreviewFragment(h))
}

// kept remembers, for the next page, that the draft of a form has become a text:
// the browser may forget it. A cookie says so, not the address: a link could
// throw drafts away.
func kept(w *answer.Writer, f forumpage.TextForm, err error) error {
	if err == nil {
		http.SetCookie(w, &http.Cookie{Name: sentCookie, Value: url.QueryEscape(f.Draft), Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	return err
}

const sentCookie = "sent"

// draftDone is the key of the draft that was just sent, once. Pages of readers
// who are not signed in are kept for others: the cookie of one must not be in them.
func draftDone(w *answer.Writer, r *answer.Request) string {
	if !r.Viewer.SignedIn {
		return ""
	}
	c, err := r.Cookie(sentCookie)
	if err != nil || len(c.Value) > 300 {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: sentCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	key, _ := url.QueryUnescape(c.Value)
	return key
}

// again shows a form once more: with a preview when one was asked for, with
// what is wrong otherwise. It tells whether the deed may go on. Rendering is dear,
// so strangers get no preview: the deed then tells them to sign in.
func (d *Door) again(w *answer.Writer, r *answer.Request, f forumpage.TextForm) (done bool, err error) {
	if !r.Checked("preview") || !r.Viewer.SignedIn {
		return false, nil
	}
	if err := r.SignedIn(); err != nil { // another one is, and must be told
		return true, d.refused(w, r, f, err)
	}
	if f.Preview, err = d.rendered(f.Text); err != nil {
		f.Error = err
		return true, w.Again(err, forumpage.Write(f))
	}
	return true, w.Show(200, forumpage.Write(f))
}

// refused shows a form with what is wrong; when somebody else's text came in
// between, with theirs beside it, so that the next sending is made from there.
func (d *Door) refused(w *answer.Writer, r *answer.Request, f forumpage.TextForm, err error) error {
	if fault.Is(err, fault.SignIn) && !r.Viewer.SignedIn {
		f.SignedOut = true
		return w.Again(err, forumpage.Write(f))
	}
	w.Header().Del("Set-Cookie") // the draft is still needed
	f.Error = err
	var clash *forum.Clash
	if errors.As(err, &clash) {
		f.Theirs, f.Base = &clash.Current, clash.Current.N
	}
	return w.Again(err, forumpage.Write(f))
}

// take is the way of every text into the hall: a preview when one was asked for,
// else write, once, in a transaction; what it refuses is shown in the form again.
func (d *Door) take(w *answer.Writer, r *answer.Request, f forumpage.TextForm, write func(context.Context, forumpage.TextForm) (to string, err error)) error {
	if done, err := d.again(w, r, f); done {
		return err
	}
	if err := d.speak(r); err != nil {
		return d.refused(w, r, f, err)
	}
	err := w.Once(func(ctx context.Context) (string, error) {
		to, err := write(ctx, f)
		return to, kept(w, f, err)
	})
	if err != nil {
		return d.refused(w, r, f, err)
	}
	return nil
}

// withTopics fills in what may be chosen.
func (d *Door) withTopics(ctx context.Context, f forumpage.TextForm) (forumpage.TextForm, error) {
	var err error
	if f.Topics, err = d.Forum.Topics(ctx); err != nil {
		return f, err
	}
	f.Names, err = d.topicNames(ctx)
	return f, err
}

// sent reads a form of writing.
func sent(r *answer.Request, f forumpage.TextForm) forumpage.TextForm {
	f.Once, f.As, f.Title, f.Text = r.Once(), r.Text(answer.AsField), r.Text("title"), r.Text("text")
	f.Platform, f.Lang = r.Text("platform"), r.Text("lang")
	for _, k := range r.Texts("topics") {
		f.Chosen = append(f.Chosen, forum.TopicKey(k))
	}
	f.Base = number(r.Text("base"))
	return f
}

// number reads a small number a form carries; anything else is 0.
func number(s string) (n int) {
	for _, c := range s {
		if c < '0' || c > '9' || n > 1e6 {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}
