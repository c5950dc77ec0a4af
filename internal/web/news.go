package web

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"guildhall/internal/consultation"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/news"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/terms"
	"guildhall/internal/web/answer"
	alliancepage "guildhall/internal/web/page/alliance"
	bookingpage "guildhall/internal/web/page/booking"
	consultationpage "guildhall/internal/web/page/consultation"
	forumpage "guildhall/internal/web/page/forum"
	platformpage "guildhall/internal/web/page/platform"
	questionpage "guildhall/internal/web/page/question"
	termspage "guildhall/internal/web/page/terms"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerNews(m *answer.Mux) {
	m.Handle("GET /following", d.following)
	m.Handle("GET /following/marks", d.newsMarks)
	for path, kind := range map[string]string{
		"/platforms/{id}": news.Platform, "/questions/{id}": news.Question, "/terms/{document}/clauses/{id}": news.Clause, "/consultations/{id}": news.Consultation,
	} {
		m.Handle("POST "+path+"/follow", d.follow(kind, d.News.Follow))
		m.Handle("POST "+path+"/follow/undo", d.follow(kind, d.News.Unfollow))
	}
}

// follow follows a thing or leaves it, and leads back.
func (d *Door) follow(kind string, do func(context.Context, face.ID, news.Thing) error) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := d.speak(r); err != nil {
			return err
		}
		t := news.Thing{Kind: kind, ID: r.PathValue("id")}
		_, home, err := d.titled(r.Context(), t)
		if err == nil {
			err = do(r.Context(), face.ID(r.Viewer.FaceID), t)
		}
		if err != nil {
			return err
		}
		if r.Text("back") == "/following" {
			home = "/following"
		}
		return w.Redirect(home)
	}
}

// follows tells whether the reader follows a thing.
func (d *Door) follows(ctx context.Context, kind, id string) (bool, error) {
	return d.News.Following(ctx, face.ID(viewer.From(ctx).FaceID), news.Thing{Kind: kind, ID: id})
}

// following shows what the reader is told, and what she follows.
func (d *Door) following(w *answer.Writer, r *answer.Request) (err error) {
	if err = r.SignedIn(); err != nil {
		return err
	}
	var p forumpage.FollowingPage
	err = d.DB.View(r.Context(), func(ctx context.Context) error {
		if p.Rows, err = d.Forum.Follows(ctx, actor(r.Viewer)); err != nil {
			return err
		}
		if p.Names, err = d.topicNames(ctx); err != nil {
			return err
		}
		if p.Told, err = d.told(ctx, face.ID(r.Viewer.FaceID)); err != nil {
			return err
		}
		p.Others, err = d.followed(ctx, face.ID(r.Viewer.FaceID))
		return err
	})
	if err != nil {
		return err
	}
	return w.Show(200, forumpage.Following(p))
}

// told is what a face is told, without what it does not see any more.
func (d *Door) told(ctx context.Context, f face.ID) (list []forumpage.Told, err error) {
	lines, err := d.News.List(ctx, f)
	if err != nil {
		return nil, err
	}
	for _, n := range lines {
		title, href, err := d.titled(ctx, n.Thing)
		if unseen(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, forumpage.Told{Kind: n.Kind, N: n.N, Title: title, Href: href, At: epoch.StartOfDay(n.Day), Mark: mark(n)})
	}
	return list, nil
}

// followed lists what a face follows outside the forum, likewise.
func (d *Door) followed(ctx context.Context, f face.ID) (list []forumpage.Asked, err error) {
	things, err := d.News.Follows(ctx, f)
	for _, t := range things {
		title, href, err := d.titled(ctx, t)
		if unseen(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, forumpage.Asked{Title: title, Href: href})
	}
	return list, err
}

// unseen tells that a thing is not, or not any more, for this reader.
func unseen(err error) bool { return fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) }

// mark names a line in the state that it has now: the browser keeps which it showed.
func mark(n news.News) string {
	return fmt.Sprintf("%s %s %s %d", n.Kind, n.Thing.Kind, n.Thing.ID, n.N)
}

// newsMarks are the marks of all lines, for the browser, which alone knows which of
// them its reader has seen.
func (d *Door) newsMarks(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	lines, err := d.News.List(r.Context(), face.ID(r.Viewer.FaceID))
	if err != nil {
		return err
	}
	marks := make([]string, len(lines))
	for i, n := range lines {
		marks[i] = mark(n)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(marks)
}

// titled is what a thing is called and where it is. Faults: NotFound and Forbidden,
// when it is not for this reader.
func (d *Door) titled(ctx context.Context, t news.Thing) (title, href string, err error) {
	v := viewer.From(ctx)
	switch t.Kind {
	case news.Platform:
		p, err := d.Platforms.Platform(ctx, proposer(v), platform.ID(t.ID))
		return p.Name, platformpage.Href(p.ID), err
	case news.Question:
		q, err := d.Questions.Question(ctx, asker(v), question.ID(t.ID))
		return questionpage.Title(v.Lang, q), questionpage.Href(q.ID), err
	case news.Clause:
		c, err := d.Terms.Clause(ctx, terms.ClauseID(t.ID))
		return c.Name, termspage.ClauseHref(c.Document, c.ID), err
	case news.Consultation:
		c, err := d.Consultations.Consultation(ctx, consultation.ID(t.ID))
		return c.Title, consultationpage.Href(c.ID), err
	case news.Connections:
		return v.Lang.T("alliance.title"), alliancepage.ListHref, nil
	case news.Bookings:
		return v.Lang.T("booking.own"), bookingpage.OwnHref, nil
	case news.Message:
		return v.Lang.T("message.reported.one"), "/decisions?kind=message&id=" + t.ID, nil
	case news.Device:
		return v.Lang.T("notice.device.one"), "/account/reach", nil
	case news.Version:
		id, number, _ := strings.Cut(t.ID, "/")
		n, _ := strconv.Atoi(number)
		doc, err := d.Terms.Document(ctx, terms.DocumentID(id))
		return v.Lang.T("terms.name", doc.Platform, doc.Title), termspage.VersionHref(doc.ID, n), err
	}
	return d.titledTalk(ctx, t)
}

// titledTalk is titled for what the forum has.
func (d *Door) titledTalk(ctx context.Context, t news.Thing) (title, href string, err error) {
	in, who := forum.DiscussionID(t.ID), reading(ctx)
	switch forum.Kind(t.Kind) {
	case forum.KindArticle:
		a, err := d.Forum.Article(ctx, who, forum.ArticleID(t.ID))
		return a.Title, forumpage.ArticleHref(a), err
	case forum.KindPost:
		p, err := d.Forum.Post(ctx, who, forum.PostID(t.ID))
		if err != nil {
			return "", "", err
		}
		in, href = p.Discussion, forumpage.PostHref(p.ID)
	}
	talk, err := d.Forum.Discussion(ctx, who, in)
	if href == "" {
		href = forumpage.DiscussionHref(talk, 1)
	}
	return forumpage.DiscussionTitle(viewer.From(ctx).Lang, talk), href, err
}
