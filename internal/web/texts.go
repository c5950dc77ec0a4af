package web

import (
	"context"
	"strconv"
	"strings"

	"guildhall/internal/consultation"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
	"guildhall/internal/platform"
	"guildhall/internal/question"
	"guildhall/internal/reply"
	"guildhall/internal/web/answer"
	consultationpage "guildhall/internal/web/page/consultation"
	moderationpage "guildhall/internal/web/page/moderation"
	platformpage "guildhall/internal/web/page/platform"
	questionpage "guildhall/internal/web/page/question"
	"guildhall/internal/web/viewer"
)

// The kinds of texts outside the forum that can be reported, as reports and
// decisions name them. An entry and a statement are named by what they stand in and
// their number there.
const (
	ofQuestion  = "question"
	ofCase      = "variant"
	ofEntry     = "entry"
	ofStatement = "statement"
	ofReply     = "reply"
	ofMessage   = "message" // that one of its readers has shown to the stewards
)

func target(t forum.Thing) moderation.Target {
	return moderation.Target{Kind: string(t.Kind), ID: t.ID}
}

func thing(t moderation.Target) forum.Thing {
	return forum.Thing{Kind: forum.Kind(t.Kind), ID: t.ID}
}

// within reads what stands before and after the point of a numbered text's id.
func within(id string) (in string, n int) {
	in, nth, _ := strings.Cut(id, ".")
	return in, number(nth)
}

// questioned is what a deed about a question is about: the whole, a case or an entry.
func questioned(id question.ID, part string) moderation.Target {
	switch {
	case part == string(id):
		return moderation.Target{Kind: ofQuestion, ID: part}
	case strings.HasPrefix(part, string(id)+"."):
		return moderation.Target{Kind: ofEntry, ID: part}
	}
	return moderation.Target{Kind: ofCase, ID: part}
}

// text reads a text that a report or a decision is about, as the reader of ctx sees
// it. Faults: NotFound, also for what she does not see and for words that are gone.
func (d *Door) text(ctx context.Context, t moderation.Target) (a moderationpage.About, err error) {
	a = moderationpage.About{Kind: t.Kind, ID: t.ID, Href: targetHref(t)}
	switch t.Kind {
	case ofQuestion, ofCase, ofEntry:
		return d.questionText(ctx, a)
	case ofStatement:
		return d.statementText(ctx, a)
	case ofReply:
		return d.replyText(ctx, a)
	case ofMessage:
		return d.messageText(ctx, a)
	}
	return d.forumText(ctx, a)
}

func (d *Door) forumText(ctx context.Context, a moderationpage.About) (moderationpage.About, error) {
	who := reading(ctx)
	switch forum.Kind(a.Kind) {
	case forum.KindArticle:
		x, err := d.Forum.Article(ctx, who, forum.ArticleID(a.ID))
		a.Title, a.HTML, a.Author = x.Title, x.HTML, x.Author
		return a, err
	case forum.KindPost:
		x, err := d.Forum.Post(ctx, who, forum.PostID(a.ID))
		if err != nil {
			return a, err
		}
		dis, err := d.Forum.Discussion(ctx, who, x.Discussion)
		a.Title, a.HTML, a.Author = dis.Title, x.HTML, x.Author
		return a, err
	}
	return a, fault.New(fault.NotFound, "fault.not_found")
}

// questionText is text for a question, a case of it and an entry of its book. The
// words of a case that is a post are that post's.
func (d *Door) questionText(ctx context.Context, a moderationpage.About) (moderationpage.About, error) {
	v := viewer.From(ctx)
	who, in := asker(v), question.ID(a.ID)
	switch a.Kind {
	case ofCase:
		x, err := d.Questions.Variant(ctx, who, question.VariantID(a.ID))
		if err == nil {
			err = question.MayReadVariant(who, x)
		}
		if err != nil {
			return a, err
		}
		if x.Post != "" {
			return d.text(ctx, moderation.Target{Kind: string(forum.KindPost), ID: x.Post})
		}
		in, a.HTML, a.Author = x.Question, x.HTML, x.Asker
		a.Href = questionpage.CaseHref(x)
	case ofEntry:
		id, n := within(a.ID)
		in = question.ID(id)
		book, err := d.Questions.Book(ctx, who, in)
		if err == nil && (n < 1 || n > len(book)) {
			err = fault.New(fault.NotFound, "question.no_entry")
		}
		if err != nil {
			return a, err
		}
		e := book[n-1]
		a.HTML, a.Author = e.HTML, e.By
		if a.By, err = d.byMandate(ctx, e.Mandate); err != nil {
			return a, err
		}
	}
	q, err := d.Questions.Question(ctx, who, in)
	a.Title = questionpage.Title(v.Lang, q)
	if a.Kind == ofQuestion {
		a.HTML, a.Author = q.HTML, q.Asker
	}
	return a, err
}

func (d *Door) statementText(ctx context.Context, a moderationpage.About) (moderationpage.About, error) {
	id, n := within(a.ID)
	c, err := d.Consultations.Consultation(ctx, consultation.ID(id))
	if err != nil {
		return a, err
	}
	all, err := d.Consultations.Statements(ctx, c.ID)
	if err == nil && (n < 1 || n > len(all)) {
		err = fault.New(fault.NotFound, "consultation.no_statement")
	}
	if err == nil {
		a.Title, a.Plain = c.Title, all[n-1].Text
	}
	return a, err
}

func (d *Door) replyText(ctx context.Context, a moderationpage.About) (moderationpage.About, error) {
	v := viewer.From(ctx)
	x, err := d.Replies.Reply(ctx, reply.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}, reply.ID(a.ID))
	if err != nil {
		return a, err
	}
	p, err := d.Platforms.Platform(ctx, platform.Actor{}, platform.ID(x.Platform))
	if err != nil {
		return a, err
	}
	a.Title, a.HTML = v.Lang.T("reply.title", p.Name), x.HTML
	a.By, err = d.byMandate(ctx, x.Mandate)
	return a, err
}

// targetHref is where a text stands; empty for what has no page.
func targetHref(t moderation.Target) string {
	switch t.Kind {
	case "face", "hall", ofMessage:
		return ""
	case ofQuestion:
		return questionpage.Href(question.ID(t.ID))
	case ofCase:
		return "/cases/" + t.ID
	case ofEntry:
		id, n := within(t.ID)
		return questionpage.Href(question.ID(id)) + "#n" + strconv.Itoa(n)
	case ofStatement:
		id, n := within(t.ID)
		return consultationpage.StatementsHref(consultation.ID(id)) + "#s" + strconv.Itoa(n)
	case ofReply:
		return platformpage.ReplyHref(reply.ID(t.ID))
	}
	return targetHrefElsewhere(t)
}

// hush hides a text with a reason. Faults: those of the room that has it.
func (d *Door) hush(ctx context.Context, v viewer.Viewer, t moderation.Target, reason string) error {
	switch t.Kind {
	case ofQuestion, ofCase, ofEntry:
		id, err := d.questionOf(ctx, v, t)
		if err != nil {
			return err
		}
		return d.Questions.Hush(ctx, asker(v), id, t.ID, reason)
	case ofStatement:
		id, n := within(t.ID)
		return d.Consultations.TakeOut(ctx, consulted(v), consultation.ID(id), n, reason)
	case ofReply:
		return d.Replies.Hush(ctx, reply.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}, reply.ID(t.ID), reason)
	}
	return d.Forum.Hush(ctx, actor(v), thing(t), reason)
}

// unhush shows it again.
func (d *Door) unhush(ctx context.Context, v viewer.Viewer, t moderation.Target) error {
	switch t.Kind {
	case ofQuestion, ofCase, ofEntry:
		id, err := d.questionOf(ctx, v, t)
		if err != nil {
			return err
		}
		return d.Questions.Unhush(ctx, asker(v), id, t.ID)
	case ofStatement:
		id, n := within(t.ID)
		return d.Consultations.PutBack(ctx, consulted(v), consultation.ID(id), n)
	case ofReply:
		return d.Replies.Unhush(ctx, reply.Actor{Face: face.ID(v.FaceID), Steward: v.Steward}, reply.ID(t.ID))
	}
	return d.Forum.Unhush(ctx, actor(v), thing(t))
}

// questionOf is the question that a text belongs to.
func (d *Door) questionOf(ctx context.Context, v viewer.Viewer, t moderation.Target) (question.ID, error) {
	if t.Kind != ofCase {
		id, _ := within(t.ID)
		return question.ID(id), nil
	}
	x, err := d.Questions.Variant(ctx, asker(v), question.VariantID(t.ID))
	return x.Question, err
}

// decided writes a steward's deed about a text into the public list and settles what
// was reported of it. It belongs into the transaction of the deed.
func (d *Door) decided(ctx context.Context, r *answer.Request, deed moderation.Deed, t moderation.Target, reason string) error {
	public := t
	if t.Kind == ofMessage { // the report about it names who has shown it
		public.ID = d.Messages.Public(t.ID)
	}
	if _, err := d.Moderation.Decide(ctx, face.ID(r.Viewer.FaceID), deed, public, reason); err != nil {
		return err
	}
	return d.Moderation.Settle(ctx, t, deed != moderation.Leave)
}

// shownAgain writes that a text is shown: that its hiding is undone, or, of what
// waited, that it was let in.
func (d *Door) shownAgain(ctx context.Context, r *answer.Request, t moderation.Target) error {
	undone, err := d.takenBack(ctx, r, moderation.Hide, t)
	if err != nil || undone {
		return err
	}
	return d.decided(ctx, r, moderation.Release, t, "")
}
