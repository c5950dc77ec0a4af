package app

import (
	"context"
	"slices"
	"strconv"

	"guildhall/internal/alliance"
	"guildhall/internal/booking"
	"guildhall/internal/consultation"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/message"
	"guildhall/internal/news"
	"guildhall/internal/notice"
	"guildhall/internal/question"
	"guildhall/internal/terms"
)

// tellings says whom an event concerns. What cannot be read by everybody, or is
// gone by now, concerns nobody.
func (h *Hall) tellings(ctx context.Context, e event.Event) (list []news.Telling, err error) {
	switch e.Kind {
	case question.EventAsked:
		var o question.Opened
		if err = e.Decode(&o); err == nil && !o.Waits {
			list, err = h.tellAsked(ctx, question.ID(e.Subject))
		}
	case question.EventShown:
		list, err = h.tellAsked(ctx, question.ID(e.Subject))
	case question.EventFiled:
		list, err = h.tellFiled(ctx, e)
	case question.EventMerged, question.EventSplit, question.EventUnmoved:
		var m question.Moved
		err = e.Decode(&m)
		list = []news.Telling{{Kind: news.Moved, Thing: news.Thing{Kind: news.Question, ID: string(m.Into)}, To: m.Faces}}
	case forum.EventPosted:
		list, err = h.tellPosted(ctx, forum.PostID(e.Subject))
	case consultation.EventOpened:
		list, err = h.tellOpened(ctx, e)
	case consultation.EventConcluded:
		list, err = h.tellConcluded(ctx, consultation.ID(e.Subject))
	case alliance.EventAsked, alliance.EventConnected, alliance.EventIntroduced:
		list = []news.Telling{{Kind: metKinds[e.Kind], Thing: news.Thing{Kind: news.Connections}, To: []face.ID{face.ID(e.Subject)}}}
	case booking.EventBooked, booking.EventMoved, booking.EventCancelled:
		list = []news.Telling{{Kind: bookedKinds[e.Kind], Thing: news.Thing{Kind: news.Bookings}, To: []face.ID{face.ID(e.Subject)}}}
	case message.EventWarned:
		list, err = warned(e)
	case notice.EventLost:
		list, err = lost(e)
	case terms.EventAlarmed:
		list, err = h.tellAlarmed(ctx, e)
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil, nil
	}
	if err == nil {
		err = h.present(ctx, list)
	}
	return list, err
}

// metKinds are what a face is told of its connections, by event.
var metKinds = map[string]news.Kind{alliance.EventAsked: news.Wished, alliance.EventConnected: news.Connected, alliance.EventIntroduced: news.Introduced}

// bookedKinds are what a face is told of meetings that others book, by event.
var bookedKinds = map[string]news.Kind{booking.EventBooked: news.Booked, booking.EventMoved: news.Shifted, booking.EventCancelled: news.CalledOff}

// warned tells the author of a message that stewards were shown it and what they say.
func warned(e event.Event) ([]news.Telling, error) {
	var w message.Warned
	err := e.Decode(&w)
	return []news.Telling{{Kind: news.Warned, Thing: news.Thing{Kind: news.Message, ID: e.Subject}, To: []face.ID{w.Face}}}, err
}

// present leaves out whoever has no account, or none any more: nobody reads what such
// a face is told, and who has left leaves nothing behind here.
func (h *Hall) present(ctx context.Context, list []news.Telling) error {
	for i := range list {
		faces, err := h.Faces.Faces(ctx, list[i].To)
		if err != nil {
			return err
		}
		list[i].To = slices.DeleteFunc(list[i].To, func(f face.ID) bool { return faces[f].Kind != face.Open })
	}
	return nil
}

// tellAsked tells who follows the platform or the clause that a question is about: one
// line of either counts all that is asked, or whoever asks much would be all the news.
func (h *Hall) tellAsked(ctx context.Context, id question.ID) ([]news.Telling, error) {
	q, err := h.Questions.Question(ctx, question.Actor{}, id)
	if err != nil {
		return nil, err
	}
	var list []news.Telling
	for _, about := range []news.Thing{{Kind: news.Platform, ID: q.Platform}, {Kind: news.Clause, ID: q.Clause}} {
		if about.ID != "" {
			list = append(list, news.Telling{Kind: news.Asked, Thing: about, Followers: []news.Thing{about}, Except: q.Asker.ID})
		}
	}
	return list, nil
}

// filedKinds are the entries of a question's book that its askers are told of.
var filedKinds = map[question.Kind]news.Kind{question.Answer: news.Answered, question.Promise: news.Promised, question.Closure: news.Closed}

func (h *Hall) tellFiled(ctx context.Context, e event.Event) ([]news.Telling, error) {
	var f question.Filed
	if err := e.Decode(&f); err != nil {
		return nil, err
	}
	kind, told := filedKinds[f.Kind]
	if !told {
		return nil, nil
	}
	id := question.ID(e.Subject)
	book, err := h.Questions.Book(ctx, question.Actor{}, id)
	if err != nil || f.N > len(book) {
		return nil, err
	}
	thing := news.Thing{Kind: news.Question, ID: string(id)}
	t := news.Telling{Kind: kind, Thing: thing, Followers: []news.Thing{thing}, Except: book[f.N-1].By.ID}
	t.To, err = h.Questions.Askers(ctx, id)
	return []news.Telling{t}, err
}

// tellPosted tells whose post was answered and, with the first words to her, whose
// article or discussion was spoken in. Whom they have blocked they are not told of.
func (h *Hall) tellPosted(ctx context.Context, id forum.PostID) (list []news.Telling, err error) {
	p, err := h.Forum.Post(ctx, forum.Actor{}, id)
	if err != nil || p.State != forum.Shown {
		return nil, err
	}
	var answered face.ID
	if p.ReplyTo != "" {
		to, err := h.Forum.Post(ctx, forum.Actor{}, p.ReplyTo)
		if err != nil {
			return nil, err
		}
		answered = to.Author.ID
		list = append(list, news.Telling{Kind: news.Replied, Thing: news.Thing{Kind: string(forum.KindPost), ID: string(to.ID)}, To: []face.ID{answered}})
	}
	d, err := h.Forum.Discussion(ctx, forum.Actor{}, p.Discussion)
	if err != nil {
		return nil, err
	}
	thing := news.Thing{Kind: string(forum.KindDiscussion), ID: string(d.ID)}
	if d.Article != "" {
		thing = news.Thing{Kind: string(forum.KindArticle), ID: string(d.Article)}
	}
	if d.Opener.ID != answered {
		list = append(list, news.Telling{Kind: news.Discussed, Thing: thing, To: []face.ID{d.Opener.ID}})
	}
	return h.unblocked(ctx, p.Author.ID, list)
}

// unblocked leaves out who did it, and who has blocked her.
func (h *Hall) unblocked(ctx context.Context, did face.ID, list []news.Telling) ([]news.Telling, error) {
	for i := range list {
		list[i].Except = did
		for _, to := range list[i].To {
			blocked, err := h.Moderation.HasBlocked(ctx, to, did)
			if err != nil {
				return nil, err
			}
			if blocked {
				list[i].To = nil
			}
		}
	}
	return list, nil
}

// tellOpened tells who asked or follows what a consultation began from: one line of that
// counts all of them, and leads to where they are listed.
func (h *Hall) tellOpened(ctx context.Context, e event.Event) ([]news.Telling, error) {
	var from consultation.Origin
	if err := e.Decode(&from); err != nil {
		return nil, err
	}
	c, err := h.Opinions.Consultation(ctx, consultation.ID(e.Subject))
	if err != nil {
		return nil, err
	}
	began := news.Thing{Kind: from.Kind, ID: from.ID}
	t := news.Telling{Kind: news.Consulted, Thing: began, Except: c.Steward.ID, Followers: []news.Thing{began}}
	if from.Kind == news.Question {
		t.To, err = h.Questions.Askers(ctx, question.ID(from.ID))
	}
	return []news.Telling{t}, err
}

// tellConcluded tells who keeps a consultation and who follows it. Who answered is
// not known to the hall any more.
func (h *Hall) tellConcluded(ctx context.Context, id consultation.ID) ([]news.Telling, error) {
	c, err := h.Opinions.Consultation(ctx, id)
	if err != nil {
		return nil, err
	}
	thing := news.Thing{Kind: news.Consultation, ID: string(id)}
	return []news.Telling{{Kind: news.Concluded, Thing: thing, To: []face.ID{c.Steward.ID}, Followers: []news.Thing{thing}}}, nil
}

// tellAlarmed tells who follows the platform whose terms have changed.
func (h *Hall) tellAlarmed(ctx context.Context, e event.Event) ([]news.Telling, error) {
	var a terms.Alarmed
	if err := e.Decode(&a); err != nil {
		return nil, err
	}
	d, err := h.Terms.Document(ctx, terms.DocumentID(e.Subject))
	if err != nil {
		return nil, err
	}
	of, err := h.Platforms.Named(ctx, d.Platform)
	if err != nil || of == "" {
		return nil, err
	}
	return []news.Telling{{Kind: news.Changed, Thing: news.Thing{Kind: news.Version, ID: e.Subject + "/" + strconv.Itoa(a.Record)},
		Followers: []news.Thing{{Kind: news.Platform, ID: string(of)}}}}, nil
}
