package web

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/news"
	"guildhall/internal/question"
	"guildhall/internal/web/answer"
	forumpage "guildhall/internal/web/page/forum"
	"guildhall/internal/web/viewer"
)

func (d *Door) registerRestates(m *answer.Mux) {
	m.Handle("GET /discussions/{id}/restate", d.newRestate, answer.Params("of"))
	m.Handle("POST /discussions/{id}/restates", d.restate)
}

// today is the day on which dates are read now: midnight, UTC.
func (d *Door) today() time.Time { return d.Now().UTC().Truncate(24 * time.Hour) }

// defaultDue is how many days a proposal usually gets.
const defaultDue = 14

func (d *Door) restateForm(r *answer.Request) (f forumpage.RestateForm, err error) {
	who := actor(r.Viewer)
	if f.Discussion, err = d.Forum.Discussion(r.Context(), who, forum.DiscussionID(r.PathValue("id"))); err != nil {
		return f, err
	}
	today := d.today()
	f.First, f.Last = today.AddDate(0, 0, 1).Format(time.DateOnly), today.AddDate(0, 0, forum.MaxDueDays).Format(time.DateOnly)
	return f, forum.MayReply(who, f.Discussion)
}

// newRestate asks which posts are to be restated, and then shows the form with their
// words as quotes.
func (d *Door) newRestate(w *answer.Writer, r *answer.Request) error {
	f, err := d.restateForm(r)
	if err != nil {
		return err
	}
	f.Of, f.Once = r.Query("of"), answer.NewOnce()
	f.Due = d.today().AddDate(0, 0, defaultDue).Format(time.DateOnly)
	if f.Of == "" {
		return w.Show(200, forumpage.WriteRestate(f))
	}
	if f.Text, err = d.quoted(r.Context(), r, f.Discussion.ID, f.Of); fault.Is(err, fault.Invalid) {
		f.Error = err
		return w.Again(err, forumpage.WriteRestate(f))
	}
	f.Chosen = true
	if err != nil {
		return err
	}
	return w.Show(200, forumpage.WriteRestate(f))
}

// quoted are the words of some posts as quotes, each with room below it.
func (d *Door) quoted(ctx context.Context, r *answer.Request, in forum.DiscussionID, of string) (string, error) {
	seqs := postNumbers(of)
	if len(seqs) < forum.MinRestated || len(seqs) > forum.MaxRestated {
		return "", fault.On("of", fault.Invalid, "forum.restate.how_many", forum.MinRestated, forum.MaxRestated)
	}
	var text strings.Builder
	for _, n := range seqs {
		id, err := d.postAt(ctx, r, in, n)
		if err != nil {
			return "", err
		}
		q, err := d.Forum.Quote(ctx, actor(r.Viewer), id, r.Viewer.Lang.T("shell.former_member"))
		if err != nil {
			return "", err
		}
		text.WriteString(q + "\n")
	}
	return text.String(), nil
}

// postAt finds the shown post that has a number in a discussion.
func (d *Door) postAt(ctx context.Context, r *answer.Request, in forum.DiscussionID, n int) (forum.PostID, error) {
	page, err := d.Forum.Page(ctx, actor(r.Viewer), in, max(1, forum.PageOf(n)))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	for i := range page.Posts {
		if p := &page.Posts[i]; p.Seq == n && p.State == forum.Shown {
			return p.ID, nil
		}
	}
	return "", fault.On("of", fault.Invalid, "forum.restate.none", n)
}

// postNumbers reads numbers of posts however they are parted: "3, #17 and 240".
func postNumbers(s string) (list []int) {
	seen := map[int]bool{}
	for _, w := range strings.FieldsFunc(s, func(c rune) bool { return c < '0' || c > '9' }) {
		if n, err := strconv.Atoi(w); err == nil && n > 0 && n < 1e6 && !seen[n] && len(list) <= forum.MaxRestated {
			seen[n] = true
			list = append(list, n)
		}
	}
	return list
}

// restate writes one.
func (d *Door) restate(w *answer.Writer, r *answer.Request) error {
	f, err := d.restateForm(r)
	if err != nil {
		return err
	}
	f.Chosen, f.Of, f.Text, f.Proposal, f.Due, f.Once = true, r.Text("of"), r.Text("text"), r.Text("proposal"), r.Text("due"), r.Once()
	if r.Checked("preview") {
		if f.Preview, err = d.rendered(f.Text + "\n\n" + f.Proposal); err == nil {
			return w.Show(200, forumpage.WriteRestate(f))
		}
	}
	if err == nil {
		err = d.speak(r)
	}
	if err == nil {
		err = d.writeRestate(w, r, f)
	}
	if !mendable(err) {
		return err
	}
	f.Error = err
	return w.Again(err, forumpage.WriteRestate(f))
}

func (d *Door) writeRestate(w *answer.Writer, r *answer.Request, f forumpage.RestateForm) error {
	return w.Once(func(ctx context.Context) (string, error) {
		if err := d.maySpeak(ctx, r, f.Discussion.Topics); err != nil {
			return "", err
		}
		by, held, err := d.weigh(ctx, r, f.Text+"\n"+f.Proposal)
		if err != nil {
			return "", err
		}
		due, err := time.Parse(time.DateOnly, f.Due)
		if err != nil {
			due = time.Time{} // what is no day, the room refuses
		}
		p, err := d.Forum.Restate(ctx, by, f.Discussion.ID, forum.NewRestate{Text: f.Text, Proposal: f.Proposal, Of: postNumbers(f.Of), Due: due, Held: held})
		return forumpage.PostHref(p.ID), err
	})
}

// cameOf adds to the box of a discussion what came of the restates among its posts,
// and the way to another.
func (d *Door) cameOf(ctx context.Context, w *answer.Writer, p forum.Page, f *forumpage.ReplyForm) error {
	f.Today = d.today()
	if err := forum.MayReply(actor(viewer.From(ctx)), p.Discussion); err == nil {
		f.Restate = forumpage.RestateHref(p.Discussion.ID)
	}
	if len(p.Restates) == 0 {
		return nil
	}
	w.Shows("clock")
	f.Came = map[forum.PostID][]forumpage.Asked{}
	for id, x := range p.Restates {
		for _, t := range x.Came {
			w.Shows(answer.Thing(string(t.Kind) + ":" + t.ID))
			title, href, err := d.titled(ctx, news.Thing{Kind: string(t.Kind), ID: t.ID})
			if unseen(err) {
				continue
			}
			if err != nil {
				return err
			}
			f.Came[id] = append(f.Came[id], forumpage.Asked{Title: title, Href: href})
		}
	}
	return nil
}

// proposedIn is the restate from which a question or a consultation is to begin; the
// zero Restate for none. Faults: NotFound.
func (d *Door) proposedIn(ctx context.Context, id string) (forum.Restate, error) {
	if id == "" {
		return forum.Restate{}, nil
	}
	return d.Forum.RestateOf(ctx, reading(ctx), forum.PostID(id))
}

// fromRestateText is what a question that begins from a restate says at first: where
// it comes from, in the reader's language.
func (d *Door) fromRestateText(r *answer.Request, x forum.Restate) string {
	return r.Viewer.Lang.T("restate.question", (&url.URL{Path: forumpage.PostHref(x.Post)}).String())
}

// cameAsked writes down that a proposal has become a question; empty: there was none.
func (d *Door) cameAsked(ctx context.Context, restate string, id question.ID) error {
	if restate == "" {
		return nil
	}
	return d.Forum.CameOf(ctx, forum.PostID(restate), forum.Thing{Kind: fromQuestion, ID: string(id)})
}
