package account

import (
	"context"
	"net/http"
	"regexp"

	"github.com/a-h/templ"

	"guildhall/internal/blob"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/ident"
	"guildhall/internal/job"
	"guildhall/internal/member"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

func (d *Door) registerErasure(m *answer.Mux) {
	m.Handle("GET "+erasurePath, d.erasurePage)
	m.Handle("POST "+erasurePath, d.erase)
	m.Handle("GET /account/erased", d.erased)
}

const erasurePath = "/account/erasure"

func (d *Door) erasurePage(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	return w.Show(http.StatusOK, accountpage.Erase(accountpage.EraseForm{Name: r.Viewer.Name, Fresh: d.fresh(r, s.Account)}))
}

// erase takes the account away for good, with the texts or without them. A name
// is no secret, and nobody brings the account back: a key is asked for, so that
// whoever finds an unlocked device cannot do it.
func (d *Door) erase(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if fault.Is(err, fault.SignIn) { // pressed twice: it is done
		return w.Redirect("/account/erased")
	}
	if err != nil {
		return err
	}
	f := accountpage.EraseForm{Name: r.Viewer.Name, Texts: r.Text("texts"), Typed: r.Text("name"), Fresh: d.fresh(r, s.Account)}
	switch {
	case !f.Fresh:
		err = fault.New(fault.Forbidden, "account.erase.stale")
	case f.Texts != "keep" && f.Texts != "erase":
		err = fault.On("texts", fault.Invalid, "fault.choose")
	case ident.Fold(f.Typed) != ident.Fold(f.Name):
		err = fault.On("name", fault.Invalid, "account.erase.name_differs", f.Name)
	default:
		err = d.eraseAll(r.Context(), s, f.Texts == "erase")
	}
	if err != nil {
		f.Err = err
		return w.Again(err, accountpage.Erase(f))
	}
	d.dropSession(w)
	return w.Redirect("/account/erased")
}

// eraseAll does it in one transaction. Files follow when it has committed.
func (d *Door) eraseAll(ctx context.Context, s member.Session, texts bool) error {
	id := face.ID(s.Face)
	pictures, err := d.picturesOf(ctx, id, texts)
	if err != nil {
		return err
	}
	return d.DB.Tx(ctx, func(ctx context.Context) error {
		if err := d.Moderation.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.Passes.Forget(ctx, s.Face); err != nil {
			return err
		}
		if err := d.Forum.Erase(ctx, id, texts); err != nil {
			return err
		}
		if err := d.Questions.Erase(ctx, id, texts); err != nil {
			return err
		}
		if err := d.Representatives.Erase(ctx, id); err != nil {
			return err
		}
		if texts {
			if err := d.Platforms.Erase(ctx, id); err != nil {
				return err
			}
		}
		if err := d.Spaces.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.Consultations.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.News.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.Alliances.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.Bookings.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.Calls.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.Messages.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.Notices.Forget(ctx, id); err != nil {
			return err
		}
		if err := d.Faces.Retire(ctx, id); err != nil {
			return err
		}
		if err := d.Members.Erase(ctx, s.Account); err != nil {
			return err
		}
		db.AfterCommit(ctx, func() { d.Left(s.Face, "") })
		return d.Jobs.Add(ctx, DropJob, "", pictures, d.Now())
	})
}

// stored finds the names of this hall's pictures in a text.
var stored = regexp.MustCompile(`/blob/([0-9a-z]+\.(?:jpg|png))`)

// picturesOf lists the pictures that go with a member: her portrait and, with
// her texts, those in them.
func (d *Door) picturesOf(ctx context.Context, id face.ID, texts bool) (names []string, err error) {
	f, err := d.Faces.Face(ctx, id)
	if err != nil {
		return nil, err
	}
	if f.Picture != "" {
		names = append(names, f.Picture)
	}
	if !texts {
		return names, nil
	}
	err = d.eachText(ctx, id, func(t text) error {
		for _, v := range t.Revisions {
			for _, m := range stored.FindAllStringSubmatch(v.Source, -1) {
				names = append(names, m[1])
			}
		}
		return nil
	})
	return names, err
}

// DropJob is the kind of the job that deletes the pictures of somebody who left,
// and what the database's files still hold.
const DropJob = "picture.drop"

// DropPictures does that job. Pictures that somebody else shows, in a text or as
// her portrait, are spared: anybody can name them in a text before she leaves.
func DropPictures(texts *forum.Room, faces *face.Room, pictures *blob.Store, d *db.DB) job.Handler {
	return func(ctx context.Context, j job.Job) error {
		var names []string
		if err := j.Decode(&names); err != nil {
			return err
		}
		for _, n := range names {
			shown, err := texts.ShowsPicture(ctx, n)
			if err == nil && !shown {
				shown, err = faces.ShowsPicture(ctx, n)
			}
			if err == nil && !shown {
				err = pictures.Delete(n)
			}
			if err != nil {
				return err
			}
		}
		return d.Forget(ctx)
	}
}

// erased says farewell, and what remains.
func (d *Door) erased(w *answer.Writer, _ *answer.Request) error {
	return w.Page(nil, func(context.Context) (templ.Component, error) { return accountpage.Erased(), nil })
}
