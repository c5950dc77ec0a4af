package web

import (
	"context"
	"strconv"
	"strings"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/mask"
	"guildhall/internal/space"
	"guildhall/internal/web/answer"
	orderpage "guildhall/internal/web/page/order"
)

func (d *Door) registerMasked(m *answer.Mux) {
	m.Handle("GET /spaces/{id}/order", d.watch, answer.Params("open", "post"))
	m.Handle("POST /spaces/{id}/order", d.decideMasked)
	m.Handle("POST /spaces/{id}/order/confirmations", d.confirmMasked)
	m.Handle("POST /spaces/{id}/order/refusals", d.declineMasked)
	m.Handle("GET /spaces/{id}/decisions", d.maskedDecisions)
	m.Handle("POST /spaces/{id}/decisions", d.undoMasked)
	m.Handle("GET /spaces/{id}/notice", d.noticeForm, answer.Params("said"))
	m.Handle("POST /spaces/{id}/notice", d.notice)
}

// shownDecisions is how many decisions of a space the public list shows.
const shownDecisions = 200

// safeSpace reads the space of an address. Faults: NotFound for an open one.
func (d *Door) safeSpace(r *answer.Request) (space.Space, error) {
	s, err := d.Spaces.Space(r.Context(), space.ID(r.PathValue("id")))
	if err == nil && (s.Kind != space.Safe || d.Masks == nil) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return s, err
}

// moderatorOf is the steward who asks.
func (d *Door) moderatorOf(r *answer.Request) (m mask.Moderator, err error) {
	if err := d.steward(r); err != nil {
		return m, err
	}
	ss, err := d.Moderation.Stewards(r.Context())
	return mask.Moderator{ID: r.Viewer.FaceID, Stewards: len(ss)}, err
}

// watch shows moderators the queue of a safe space, or one text of it.
func (d *Door) watch(w *answer.Writer, r *answer.Request) error {
	p, err := d.watchPage(r, r.Query("open") != "", r.Query("post"))
	if err != nil {
		return err
	}
	return w.Show(200, orderpage.Queue(p))
}

func (d *Door) watchPage(r *answer.Request, open bool, post string) (p orderpage.QueuePage, err error) {
	by, err := d.moderatorOf(r)
	if err != nil {
		return p, err
	}
	if p.Space, err = d.safeSpace(r); err != nil {
		return p, err
	}
	ctx, id := r.Context(), string(p.Space.ID)
	p.Once = answer.NewOnce()
	if open {
		t, err := d.Masks.Look(ctx, by, id, post)
		p.Open = &t
		return p, err
	}
	if p.Queue, err = d.Masks.Queue(ctx, id); err != nil {
		return p, err
	}
	if p.Proposals, err = d.Masks.Proposals(ctx, id); err != nil {
		return p, err
	}
	if p.Opened, err = d.Masks.Opened(ctx, id); err != nil {
		return p, err
	}
	if p.Brakes, err = d.brakes(ctx, id); err != nil {
		return p, err
	}
	var ids []face.ID
	for _, s := range p.Proposals {
		ids = append(ids, face.ID(s.By))
	}
	for _, o := range p.Opened {
		ids = append(ids, face.ID(o.By))
	}
	p.Faces, err = d.Faces.Faces(ctx, ids)
	return p, err
}

// brakes are the decisions by which a space is slowed now.
func (d *Door) brakes(ctx context.Context, space string) (on []mask.Decision, err error) {
	all, err := d.Masks.Decisions(ctx, space, shownDecisions)
	for _, one := range all {
		if (one.Deed == mask.Slow || one.Deed == mask.Hold) && one.Standing == mask.Stands {
			on = append(on, one)
		}
	}
	return on, err
}

// decideMasked does what a moderator wants, or proposes it to a second one.
func (d *Door) decideMasked(w *answer.Writer, r *answer.Request) error {
	by, err := d.moderatorOf(r)
	if err != nil {
		return err
	}
	s, err := d.safeSpace(r)
	if err != nil {
		return err
	}
	days, _ := strconv.Atoi(strings.TrimSpace(r.Text("days"))) // what is no number is no number of days either
	wish := mask.Wish{Deed: mask.Deed(r.Text("deed")), Post: r.Text("post"), Days: days, Reason: r.Text("reason")}
	err = w.Once(func(ctx context.Context) (string, error) {
		_, err := d.Masks.Decide(ctx, by, string(s.ID), wish)
		return orderpage.Href(s.ID), err
	})
	if !mendable(err) && !fault.Is(err, fault.Forbidden) {
		return err
	}
	p, again := d.watchPage(r, r.Text("open") != "", wish.Post)
	if again != nil {
		return err // it was settled meanwhile
	}
	p.Form, p.Error, p.Once = wish, err, r.Once()
	return w.Again(err, orderpage.Queue(p))
}

func (d *Door) confirmMasked(w *answer.Writer, r *answer.Request) error {
	return d.secondMasked(w, r, d.Masks.Confirm)
}

func (d *Door) declineMasked(w *answer.Writer, r *answer.Request) error {
	return d.secondMasked(w, r, d.Masks.Decline)
}

// secondMasked is what a second moderator says to a proposal.
func (d *Door) secondMasked(w *answer.Writer, r *answer.Request, do func(ctx context.Context, by mask.Moderator, space, id string) error) error {
	by, err := d.moderatorOf(r)
	if err != nil {
		return err
	}
	s, err := d.safeSpace(r)
	if err != nil {
		return err
	}
	return w.Once(func(ctx context.Context) (string, error) {
		return orderpage.Href(s.ID), do(ctx, by, string(s.ID), r.Text("id"))
	})
}

// maskedDecisions shows everybody what was decided in a safe space.
func (d *Door) maskedDecisions(w *answer.Writer, r *answer.Request) error {
	p, err := d.maskedDecisionsPage(r)
	if err != nil {
		return err
	}
	return w.Show(200, orderpage.Decisions(p))
}

func (d *Door) maskedDecisionsPage(r *answer.Request) (p orderpage.DecisionsPage, err error) {
	if p.Space, err = d.safeSpace(r); err != nil {
		return p, err
	}
	p.Once = answer.NewOnce()
	p.Decisions, err = d.Masks.Decisions(r.Context(), string(p.Space.ID), shownDecisions)
	return p, err
}

// undoMasked takes a decision back.
func (d *Door) undoMasked(w *answer.Writer, r *answer.Request) error {
	by, err := d.moderatorOf(r)
	if err != nil {
		return err
	}
	p, err := d.maskedDecisionsPage(r)
	if err != nil {
		return err
	}
	err = w.Once(func(ctx context.Context) (string, error) {
		done, err := d.Masks.Undo(ctx, by, string(p.Space.ID), r.Text("id"), r.Text("reason"))
		if done.Standing == mask.Proposed { // it waits for another steward
			return orderpage.Href(p.Space.ID), err
		}
		return orderpage.DecisionsHref(p.Space.ID), err
	})
	if !mendable(err) {
		return err
	}
	f := *fault.From(err)
	if f.Field != "" {
		f.Field += "-" + r.Text("id")
	}
	p.Error, p.Reason = &f, r.Text("reason")
	return w.Again(err, orderpage.Decisions(p))
}

// noticeForm is for outsiders whom a text gives away or defames.
func (d *Door) noticeForm(w *answer.Writer, r *answer.Request) error {
	p, err := d.noticePage(r)
	if err != nil {
		return err
	}
	p.Said = r.Query("said")
	return w.Show(200, orderpage.Notice(p))
}

func (d *Door) noticePage(r *answer.Request) (p orderpage.NoticePage, err error) {
	p.Once = r.Once()
	if d.Work != nil {
		p.Work = d.Work.Token()
	}
	p.Space, err = d.safeSpace(r)
	return p, err
}

// notice takes an outsider's notice; what it names is hidden at once. Whoever is
// signed in is an outsider here, too: which member complained is nobody's business.
func (d *Door) notice(w *answer.Writer, r *answer.Request) error {
	p, err := d.noticePage(r)
	if err != nil {
		return err
	}
	p.Notice = mask.Notice{Cause: mask.Cause(r.Text("cause")), Post: r.Text("post"), Words: r.Text("words")}
	if err = d.admitStranger(r); err == nil {
		err = w.Once(func(ctx context.Context) (string, error) {
			_, err := d.Masks.Notify(ctx, string(p.Space.ID), p.Notice)
			return orderpage.NoticeHref(p.Space.ID) + "?said=done", err
		})
	}
	if err != nil {
		p.Error = err
		return w.Again(err, orderpage.Notice(p))
	}
	return nil
}
