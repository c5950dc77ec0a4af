package web

import (
	"context"

	"github.com/a-h/templ"

	"guildhall/internal/alliance"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/web/answer"
	facepage "guildhall/internal/web/page/face"
	forumpage "guildhall/internal/web/page/forum"
)

func (d *Door) registerPeople(m *answer.Mux) {
	m.Handle("GET /people", d.directory, answer.Params("skill", "language", "zone", "after"))
	m.Handle("GET /people/{handle}", d.person)
	m.Handle("POST /people/{handle}/block", d.block)
	m.Handle("POST /people/{handle}/block/undo", d.unblock)
}

const (
	personPosts  = 20
	listedAtOnce = 50
)

// directory shows who wishes to be found, and by what.
func (d *Door) directory(w *answer.Writer, r *answer.Request) error {
	s := face.Sought{Skill: r.Query("skill"), Language: r.Query("language"), Zone: r.Query("zone"), After: face.ID(r.Query("after")), Limit: listedAtOnce + 1}
	if len(s.Skill)+len(s.Language)+len(s.Zone)+len(s.After) > maxSought {
		return fault.New(fault.Invalid, "page.directory.long")
	}
	return w.Page(things(face.AllListed), func(ctx context.Context) (templ.Component, error) {
		p := facepage.DirectoryPage{Sought: s}
		err := d.DB.View(ctx, func(ctx context.Context) (err error) {
			if p.Offers, err = d.Faces.Offers(ctx); err != nil {
				return err
			}
			p.Found, err = d.Faces.Directory(ctx, s)
			return err
		})
		if len(p.Found) > listedAtOnce {
			p.Found, p.More = p.Found[:listedAtOnce], true
		}
		return facepage.Directory(p), err
	})
}

// maxSought is how many bytes of wishes the directory reads.
const maxSought = 400

// person shows an open profile. An old handle leads to the new one.
func (d *Door) person(w *answer.Writer, r *answer.Request) error {
	handle := r.PathValue("handle")
	f, err := d.Faces.ByHandle(r.Context(), handle)
	if err != nil {
		return err
	}
	if f.Kind != face.Open {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if f.Handle != handle {
		return w.Moved(forumpage.FaceHref(f))
	}
	return w.Page(things("face:"+string(f.ID), "stewards", "clock"), func(ctx context.Context) (templ.Component, error) {
		var p facepage.PersonPage
		err := d.DB.View(ctx, func(ctx context.Context) error { return d.readPerson(ctx, f.ID, &p) })
		return facepage.Person(p), err
	})
}

func (d *Door) readPerson(ctx context.Context, id face.ID, p *facepage.PersonPage) (err error) {
	who := reading(ctx)
	if p.Profile, err = d.Faces.Profile(ctx, id); err != nil {
		return err
	}
	if p.Steward, err = d.Moderation.IsSteward(ctx, id); err != nil {
		return err
	}
	badges, err := d.Representatives.Badges(ctx, id)
	if err != nil {
		return err
	}
	for _, m := range badges {
		p.Speaks = append(p.Speaks, d.speaker(m))
	}
	if p.Articles, err = d.Forum.Articles(ctx, who, forum.Filter{Face: id}); err != nil {
		return err
	}
	if p.Posts, err = d.Forum.Posts(ctx, who, forum.PostFilter{Face: id, Limit: personPosts}); err != nil {
		return err
	}
	kinds, err := d.Bookings.Kinds(ctx, id)
	if err != nil {
		return err
	}
	p.Bookable = len(kinds) > 0
	if who.Face != "" {
		if p.Blocked, err = d.Moderation.HasBlocked(ctx, who.Face, id); err == nil {
			p.Connected, err = d.Alliances.Holds(ctx, alliance.Actor{Face: who.Face}, id)
		}
	}
	return err
}

func (d *Door) block(w *answer.Writer, r *answer.Request) error {
	return d.blocking(w, r, d.Moderation.Block, d.Alliances.Shut)
}

func (d *Door) unblock(w *answer.Writer, r *answer.Request) error {
	return d.blocking(w, r, d.Moderation.Unblock, d.Alliances.Reopen)
}

// blocking does it in both rooms that know of blocks, in one transaction.
func (d *Door) blocking(w *answer.Writer, r *answer.Request, do ...func(context.Context, face.ID, face.ID) error) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	f, err := d.Faces.ByHandle(r.Context(), r.PathValue("handle"))
	if err != nil {
		return err
	}
	err = d.DB.Tx(r.Context(), func(ctx context.Context) error {
		for _, each := range do {
			if err := each(ctx, face.ID(r.Viewer.FaceID), f.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.Redirect(forumpage.FaceHref(f))
}
