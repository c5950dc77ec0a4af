package web

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"guildhall/internal/blob"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
)

func (d *Door) registerMarks(m *answer.Mux) {
	for path, kind := range map[string]forum.Kind{"/articles/{id}": forum.KindArticle, "/posts/{id}": forum.KindPost} {
		m.Handle("POST "+path+"/recommendation", d.mark(kind, d.recommend))
		m.Handle("POST "+path+"/recommendation/undo", d.mark(kind, d.withdraw))
	}
	for path, kind := range map[string]forum.Kind{"/articles/{id}": forum.KindArticle, "/discussions/{id}": forum.KindDiscussion, "/topics/{id}": forum.KindTopic} {
		m.Handle("POST "+path+"/follow", d.mark(kind, d.Forum.Follow))
		m.Handle("POST "+path+"/follow/undo", d.mark(kind, d.Forum.Unfollow))
	}
	m.Handle("GET /pictures", d.pictures)
	m.Handle("POST /pictures", d.picture, answer.Upload())
	m.Handle("GET /blob/{name}", d.blob)
}

// mark does one small deed about a thing and leads back to it.
func (d *Door) mark(kind forum.Kind, do func(context.Context, forum.Actor, forum.Thing) error) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := d.speak(r); err != nil {
			return err
		}
		t := forum.Thing{Kind: kind, ID: r.PathValue("id")}
		if err := do(r.Context(), actor(r.Viewer), t); err != nil {
			return err
		}
		if r.Text("back") == "/following" {
			return w.Redirect("/following")
		}
		return w.Redirect(home(t))
	}
}

// home is a thing's own address.
func home(t forum.Thing) string {
	switch t.Kind {
	case forum.KindArticle:
		return "/articles/" + t.ID
	case forum.KindPost:
		return forumpage.PostHref(forum.PostID(t.ID))
	case forum.KindTopic:
		return forumpage.TopicHref(forum.TopicKey(t.ID))
	default:
		return "/discussions/" + t.ID
	}
}

func (d *Door) recommend(ctx context.Context, by forum.Actor, t forum.Thing) error {
	_, err := d.Forum.Recommend(ctx, by, t)
	return err
}

func (d *Door) withdraw(ctx context.Context, by forum.Actor, t forum.Thing) error {
	_, err := d.Forum.Withdraw(ctx, by, t)
	return err
}

// pictures offers to send a picture.
func (d *Door) pictures(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	return w.Show(200, forumpage.Pictures(forumpage.PicturesPage{}))
}

// picture keeps the pixels of a picture and says how to use it.
func (d *Door) picture(w *answer.Writer, r *answer.Request) error {
	if err := d.speak(r); err != nil {
		return err
	}
	p := forumpage.PicturesPage{}
	f, err := r.File("picture")
	if err == nil && f != nil {
		defer f.Close()
		var m blob.Meta
		m, err = d.Blobs.PutImage(r.Context(), f, blob.Limits{})
		p.Name = m.Name
	} else if err == nil {
		err = noPicture
	}
	if err != nil {
		p.Error = onPicture(err)
		return w.Again(err, forumpage.Pictures(p))
	}
	return w.Show(200, forumpage.Pictures(p))
}

// onPicture says of a picture that was refused which field it came from.
func onPicture(err error) error {
	f := *fault.From(err)
	f.Field = noPicture.Field
	return &f
}

// blob sends a stored picture. Names are random and never used again, so
// browsers may keep it for ever.
func (d *Door) blob(w *answer.Writer, r *answer.Request) error {
	f, m, err := d.Blobs.Get(r.PathValue("name"))
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", m.Type)
	h.Set("Content-Length", strconv.FormatInt(m.Bytes, 10))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if r.Method == http.MethodHead {
		return nil
	}
	_, err = io.Copy(w, f)
	return err
}
