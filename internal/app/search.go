package app

import (
	"context"
	"strings"
	"time"

	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/job"
	"guildhall/internal/markdown"
	"guildhall/internal/question"
	"guildhall/internal/search"
)

// openSearch makes the room of search out of the rooms it searches.
func (h *Hall) openSearch() {
	s := shelves{forum: h.Forum, faces: h.Faces, questions: h.Questions}
	h.Search = search.New(search.Config{DB: h.DB, Events: h.Events, Faces: h.Faces, Now: h.Now, Source: search.Source{
		Changed: s.changed, Documents: s.documents, All: s.all,
	}})
	h.Jobs.Every(24*time.Hour, "search.sweep", func(ctx context.Context, _ job.Job) error {
		if err := h.Search.Sweep(ctx); err != nil {
			return err
		}
		return h.DB.Forget(ctx)
	})
}

// freshIndex makes the index anew when this program reads words in another way
// than the one that made it, or when there is none.
func (h *Hall) freshIndex(ctx context.Context) error {
	stale, err := h.Search.Stale(ctx)
	if err != nil || !stale {
		return err
	}
	return h.Search.Rebuild(ctx)
}

// shelves are the rooms that are searched, as search sees them.
type shelves struct {
	forum     *forum.Room
	faces     *face.Room
	questions *question.Room
}

// kinds of things with a text of their own.
var kinds = map[forum.Kind]search.Kind{
	forum.KindArticle: search.Article, forum.KindDiscussion: search.Discussion, forum.KindPost: search.Post,
}

// changed tells what may be found otherwise after an event.
func (s shelves) changed(ctx context.Context, e event.Event) (c search.Change, err error) {
	switch e.Kind {
	case forum.EventPublished:
		return s.article(ctx, e.Subject)
	case forum.EventPosted:
		var at forum.Placed
		err = e.Decode(&at)
		c.Refs = append(c.Refs, search.Ref{Kind: search.Post, ID: e.Subject})
		if at.Seq == 1 {
			c.Refs = append(c.Refs, discussion(at.Discussion))
		}
	case forum.EventAppended:
		var r forum.Range
		if err = e.Decode(&r); err == nil {
			c, err = s.within(ctx, forum.DiscussionID(e.Subject), r.From, r.To)
		}
	case forum.EventHeld, forum.EventEdited, forum.EventHushed, forum.EventUnhushed:
		var of forum.Of
		if err = e.Decode(&of); err == nil {
			c, err = s.thing(ctx, of.Kind, e.Subject)
		}
	case forum.EventMoved:
		var m forum.Transfer
		err = e.Decode(&m)
		c.Refs = append(c.Refs, discussion(m.From), discussion(m.Into))
		for _, id := range m.Posts {
			c.Refs = append(c.Refs, search.Ref{Kind: search.Post, ID: string(id)})
		}
	case forum.EventErased:
		c.Authors = append(c.Authors, face.ID(e.Subject))
	case forum.EventTopic:
		c.Topics = append(c.Topics, e.Subject)
	case face.EventChanged, face.EventRetired:
		c.Refs = append(c.Refs, search.Ref{Kind: search.Person, ID: e.Subject})
	case question.EventAsked, question.EventChanged, question.EventMerged, question.EventSplit, question.EventUnmoved:
		var m question.Moved // of those that say where cases went
		err = e.Decode(&m)
		c.Refs = append(c.Refs, search.Ref{Kind: search.Question, ID: e.Subject})
		if m.Into != "" {
			c.Refs = append(c.Refs, search.Ref{Kind: search.Question, ID: string(m.Into)})
		}
	}
	return c, err
}

func discussion(id forum.DiscussionID) search.Ref {
	return search.Ref{Kind: search.Discussion, ID: string(id)}
}

// thing is what changes with one text: with a post, whether its discussion has
// any; with an article, its whole discussion.
func (s shelves) thing(ctx context.Context, k forum.Kind, id string) (c search.Change, err error) {
	switch k {
	case forum.KindArticle:
		return s.article(ctx, id)
	case forum.KindDiscussion:
		return s.within(ctx, forum.DiscussionID(id), 1, last) // its topics are those of its posts
	case forum.KindPost:
		d, err := s.forum.Document(ctx, forum.PostID(id).Thing())
		if err == nil {
			c.Docs = append(c.Docs, document(d))
			c.Refs = append(c.Refs, discussion(d.Discussion))
		}
		return c, unlessGone(err)
	}
	return c, nil
}

func (s shelves) article(ctx context.Context, id string) (c search.Change, err error) {
	d, err := s.forum.Document(ctx, forum.ArticleID(id).Thing())
	if err != nil {
		return c, unlessGone(err)
	}
	if c, err = s.within(ctx, d.Discussion, 1, last); err == nil {
		c.Docs = append(c.Docs, document(d))
	}
	return c, err
}

// last is more than any discussion's last number.
const last = 1 << 30

// within reads the posts of a discussion between two numbers.
func (s shelves) within(ctx context.Context, id forum.DiscussionID, from, to int) (c search.Change, err error) {
	list, err := s.forum.DocumentsIn(ctx, id, from, to)
	for _, d := range list {
		c.Docs = append(c.Docs, document(d))
	}
	if from == 1 {
		c.Refs = append(c.Refs, discussion(id))
	}
	return c, err
}

// unlessGone: what is not there any more has nothing to be found.
func unlessGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// documents reads things as they stand now.
func (s shelves) documents(ctx context.Context, refs []search.Ref) (docs []search.Document, err error) {
	for _, ref := range refs {
		d, err := s.document(ctx, ref)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
	}
	return docs, nil
}

func (s shelves) document(ctx context.Context, ref search.Ref) (search.Document, error) {
	var d forum.Document
	var err error
	switch ref.Kind {
	case search.Person:
		return s.person(ctx, face.ID(ref.ID))
	case search.Question:
		return s.question(ctx, question.ID(ref.ID))
	case search.Discussion:
		d, err = s.forum.Heading(ctx, forum.DiscussionID(ref.ID))
	case search.Article:
		d, err = s.forum.Document(ctx, forum.ArticleID(ref.ID).Thing())
	default:
		d, err = s.forum.Document(ctx, forum.PostID(ref.ID).Thing())
	}
	return document(d), err
}

func document(d forum.Document) search.Document {
	out := search.Document{
		Ref: search.Ref{Kind: kinds[d.Kind], ID: d.ID}, Title: d.Title, Text: d.Text, Author: d.Author,
		Lang: d.Lang, At: d.At, Shown: d.Shown,
	}
	if d.Platform != "" {
		out.Text += "\n" + d.Platform
	}
	for _, t := range d.Topics {
		out.Topics = append(out.Topics, string(t))
	}
	return out
}

// person is an open profile: her name is the title. Faces know years only, so
// that nobody learns more, and so does the index.
func (s shelves) person(ctx context.Context, id face.ID) (d search.Document, err error) {
	p, err := s.faces.Profile(ctx, id)
	if err != nil {
		return d, err
	}
	lines := append([]string{markdown.Plain(p.About)}, p.Skills...)
	return search.Document{
		Ref: search.Ref{Kind: search.Person, ID: string(id)}, Title: p.Face.Name, Text: strings.Join(lines, "\n"), Author: id,
		At: time.Date(max(p.Face.Since, 1970), 1, 1, 0, 0, 0, 0, time.UTC), Shown: p.Face.Kind == face.Open,
	}, nil
}

// question is a canonical question as every reader may find it: one that was merged
// away is found where it went.
func (s shelves) question(ctx context.Context, id question.ID) (search.Document, error) {
	q, err := s.questions.Question(ctx, question.Actor{}, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return search.Document{}, err
	}
	q.ID = id
	return asked(q), nil
}

func asked(q question.Question) search.Document {
	return search.Document{
		Ref: search.Ref{Kind: search.Question, ID: string(q.ID)}, Title: q.Title, Text: markdown.Plain(q.Source), Author: q.Asker.ID,
		Lang: q.Lang, At: q.At, Shown: q.Title != "" && q.MergedInto == "" && !q.Hushed,
	}
}

// all lists people, then discussions, questions, and articles and posts; a mark begins
// with the letter of the list.
func (s shelves) all(ctx context.Context, after string, n int) (docs []search.Document, next string, err error) {
	list, mark, _ := strings.Cut(after, ":")
	switch list {
	case "", "people":
		return s.allPeople(ctx, mark, n)
	case "discussions":
		return s.allDiscussions(ctx, mark, n)
	case "questions":
		return s.allQuestions(ctx, mark, n)
	}
	found, cursor, err := s.forum.Documents(ctx, mark, n)
	for _, d := range found {
		docs = append(docs, document(d))
	}
	if cursor != "" {
		next = "texts:" + cursor
	}
	return docs, next, err
}

func (s shelves) allPeople(ctx context.Context, mark string, n int) (docs []search.Document, next string, err error) {
	ids, err := s.faces.OpenAfter(ctx, face.ID(mark), n)
	if err != nil {
		return nil, "", err
	}
	for _, id := range ids {
		d, err := s.person(ctx, id)
		if err != nil {
			return nil, "", err
		}
		docs = append(docs, d)
	}
	if len(ids) == n {
		return docs, "people:" + string(ids[n-1]), nil
	}
	return docs, "discussions:", nil
}

func (s shelves) allDiscussions(ctx context.Context, mark string, n int) (docs []search.Document, next string, err error) {
	list, err := s.forum.Headings(ctx, forum.DiscussionID(mark), n)
	for _, d := range list {
		docs = append(docs, document(d))
	}
	if len(list) == n {
		return docs, "discussions:" + list[n-1].ID, err
	}
	return docs, "questions:", err
}

func (s shelves) allQuestions(ctx context.Context, mark string, n int) (docs []search.Document, next string, err error) {
	list, err := s.questions.After(ctx, question.ID(mark), n)
	for _, q := range list {
		docs = append(docs, asked(q))
	}
	if len(list) == n {
		return docs, "questions:" + string(list[n-1].ID), err
	}
	return docs, "texts:", err
}
