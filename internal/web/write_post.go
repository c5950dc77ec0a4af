package web

import (
	"context"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
)

func (d *Door) discussionForm(ctx context.Context, r *answer.Request) (forumpage.TextForm, error) {
	l := r.Viewer.Lang
	return d.withTopics(ctx, forumpage.TextForm{
		Heading: l.T("write.discussion"), Action: "/discussions", Draft: "discussion", Once: answer.NewOnce(),
		HasTitle: true, HasLang: true, HasPictures: true, Lang: l.String(),
	})
}

// newDiscussion shows the form of a new discussion.
func (d *Door) newDiscussion(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	f, err := d.discussionForm(r.Context(), r)
	if err != nil {
		return err
	}
	if k := r.Query("topic"); k != "" {
		f.Chosen = []forum.TopicKey{forum.TopicKey(k)}
	}
	return w.Show(200, forumpage.Write(f))
}

// open begins a discussion with its first post.
func (d *Door) open(w *answer.Writer, r *answer.Request) error {
	f, err := d.discussionForm(r.Context(), r)
	if err != nil {
		return err
	}
	return d.take(w, r, sent(r, f), func(ctx context.Context, f forumpage.TextForm) (string, error) {
		by, held, err := d.weigh(ctx, r, f.Text)
		if err != nil {
			return "", err
		}
		if err := d.maySpeak(ctx, r, f.Chosen); err != nil {
			return "", err
		}
		dis, err := d.Forum.Open(ctx, by, forum.NewDiscussion{Title: f.Title, Lang: f.Lang, Topics: f.Chosen,
			First: forum.NewPost{Text: f.Text, Held: held}})
		return forumpage.DiscussionHref(dis, 1), err
	})
}

// replyPage is the form of an answer on a page of its own: for answers to one
// post, and when something was wrong with one.
func (d *Door) replyPage(r *answer.Request, dis forum.Discussion) forumpage.TextForm {
	return forumpage.TextForm{
		Heading: r.Viewer.Lang.T("write.reply", dis.Title), Action: "/discussions/" + string(dis.ID) + "/posts",
		Draft: "answer:/discussions/" + string(dis.ID) + "/posts", Once: answer.NewOnce(), HasPictures: true,
	}
}

// replyTo shows the form of an answer to one post, with its text as a quote.
func (d *Door) replyTo(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	who := actor(r.Viewer)
	p, err := d.Forum.Post(r.Context(), who, forum.PostID(r.PathValue("id")))
	if err != nil {
		return err
	}
	dis, err := d.Forum.Discussion(r.Context(), who, p.Discussion)
	if err != nil {
		return err
	}
	if err := forum.MayReply(who, dis); err != nil {
		return err
	}
	f := d.replyPage(r, dis)
	f.Draft += "#" + string(p.ID)
	f.ReplyTo = p.ID
	if f.Text, err = d.Forum.Quote(r.Context(), who, p.ID, r.Viewer.Lang.T("shell.former_member")); err != nil {
		return err
	}
	return w.Show(200, forumpage.Write(f))
}

// reply writes an answer.
func (d *Door) reply(w *answer.Writer, r *answer.Request) error {
	dis, err := d.Forum.Discussion(r.Context(), actor(r.Viewer), forum.DiscussionID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := sent(r, d.replyPage(r, dis))
	f.ReplyTo = forum.PostID(r.Text("reply_to"))
	if f.ReplyTo != "" {
		f.Draft += "#" + string(f.ReplyTo)
	}
	return d.take(w, r, f, func(ctx context.Context, f forumpage.TextForm) (string, error) {
		if err := d.maySpeak(ctx, r, dis.Topics); err != nil {
			return "", err
		}
		return d.replyTx(ctx, r, dis.ID, f)
	})
}

func (d *Door) replyTx(ctx context.Context, r *answer.Request, id forum.DiscussionID, f forumpage.TextForm) (string, error) {
	if err := d.mayAnswer(ctx, r, f.ReplyTo); err != nil {
		return "", err
	}
	by, held, err := d.weigh(ctx, r, f.Text)
	if err != nil {
		return "", err
	}
	p, err := d.Forum.Reply(ctx, by, id, forum.NewPost{Text: f.Text, ReplyTo: f.ReplyTo, Held: held})
	return forumpage.PostHref(p.ID), err
}

// mayAnswer refuses answers to somebody who has blocked the reader. It says no
// more than that this post cannot be answered: a block is not told.
func (d *Door) mayAnswer(ctx context.Context, r *answer.Request, to forum.PostID) error {
	if to == "" {
		return nil
	}
	p, err := d.Forum.Post(ctx, actor(r.Viewer), to)
	if err != nil {
		return err
	}
	blocked, err := d.Moderation.HasBlocked(ctx, p.Author.ID, actor(r.Viewer).Face)
	if err == nil && blocked {
		err = fault.New(fault.Forbidden, "write.no_answer")
	}
	return err
}

func (d *Door) postEditForm(ctx context.Context, r *answer.Request) (f forumpage.TextForm, p forum.Post, err error) {
	who := actor(r.Viewer)
	if p, err = d.Forum.Post(ctx, who, forum.PostID(r.PathValue("id"))); err != nil {
		return f, p, err
	}
	if err = forum.MayEdit(who, p); err != nil {
		return f, p, err
	}
	return forumpage.TextForm{Heading: r.Viewer.Lang.T("write.post.edit"), Action: forumpage.PostHref(p.ID) + "/revisions",
		Draft: "post:" + string(p.ID), Once: answer.NewOnce(), HasPictures: true}, p, nil
}

// editPost shows the form of a change.
func (d *Door) editPost(w *answer.Writer, r *answer.Request) error {
	f, p, err := d.postEditForm(r.Context(), r)
	if err != nil {
		return err
	}
	s, err := d.Forum.Revision(r.Context(), actor(r.Viewer), p.ID.Thing(), 0)
	if err != nil {
		return err
	}
	f.Text, f.Base = s.Source, s.N
	return w.Show(200, forumpage.Write(f))
}

// revisePost writes a change.
func (d *Door) revisePost(w *answer.Writer, r *answer.Request) error {
	f, p, err := d.postEditForm(r.Context(), r)
	if err != nil {
		return err
	}
	return d.take(w, r, sent(r, f), func(ctx context.Context, f forumpage.TextForm) (string, error) {
		by, err := d.weighChange(ctx, r, f.Text)
		if err != nil {
			return "", err
		}
		_, err = d.Forum.Edit(ctx, by, p.ID, f.Base, f.Text)
		return forumpage.PostHref(p.ID), err
	})
}

func (d *Door) summaryForm(ctx context.Context, r *answer.Request) (f forumpage.TextForm, dis forum.Discussion, err error) {
	who := actor(r.Viewer)
	if err = forum.MaySteward(who); err != nil {
		return f, dis, err
	}
	dis, err = d.Forum.Discussion(ctx, who, forum.DiscussionID(r.PathValue("id")))
	return forumpage.TextForm{Heading: r.Viewer.Lang.T("write.summary", dis.Title), Action: "/discussions/" + string(dis.ID) + "/summary/revisions",
		Draft: "summary:" + string(dis.ID), Once: answer.NewOnce()}, dis, err
}

// editSummary shows the form of a discussion's living summary.
func (d *Door) editSummary(w *answer.Writer, r *answer.Request) error {
	f, dis, err := d.summaryForm(r.Context(), r)
	if err != nil {
		return err
	}
	if dis.Summary != nil {
		s, err := d.Forum.Revision(r.Context(), actor(r.Viewer), dis.ID.Summary(), 0)
		if err != nil {
			return err
		}
		f.Text, f.Base = s.Source, s.N
	}
	return w.Show(200, forumpage.Write(f))
}

// reviseSummary writes the living summary.
func (d *Door) reviseSummary(w *answer.Writer, r *answer.Request) error {
	f, dis, err := d.summaryForm(r.Context(), r)
	if err != nil {
		return err
	}
	return d.take(w, r, sent(r, f), func(ctx context.Context, f forumpage.TextForm) (string, error) {
		_, err := d.Forum.Summarise(ctx, actor(r.Viewer), dis.ID, f.Base, f.Text)
		return forumpage.DiscussionHref(dis, 1), err
	})
}
