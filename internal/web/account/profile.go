package account

import (
	"context"
	"net/http"
	"strings"

	"guildhall/internal/blob"
	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

const profilePath = "/account/profile"

func (d *Door) registerProfile(m *answer.Mux) {
	m.Handle("GET "+profilePath, d.profilePage, answer.Params("saved"))
	m.Handle("POST "+profilePath, d.saveProfile)
	m.Handle("POST /account/name", d.rename)
	m.Handle("POST /account/picture", d.sendPicture, answer.Upload())
	m.Handle("POST /account/picture/remove", d.removePicture)
}

func (d *Door) profilePage(w *answer.Writer, r *answer.Request) error {
	if err := r.SignedIn(); err != nil {
		return err
	}
	p, err := d.profile(r)
	if err != nil {
		return err
	}
	p.Saved = r.Query("saved") != ""
	return w.Show(http.StatusOK, accountpage.Profile(p))
}

// profile reads what stands in the profile now.
func (d *Door) profile(r *answer.Request) (p accountpage.ProfilePage, err error) {
	have, err := d.Faces.Profile(r.Context(), face.ID(r.Viewer.FaceID))
	if err != nil {
		return p, err
	}
	return accountpage.ProfilePage{
		Name: have.Face.Name, Handle: have.Face.Handle, Picture: r.Viewer.Picture,
		About: have.About, Skills: strings.Join(have.Skills, ", "), Languages: strings.Join(have.Languages, ", "),
		Zone: have.Zone, Links: strings.Join(have.Links, "\n"), Listed: have.Listed,
	}, nil
}

// saveProfile keeps what a person says of herself. Who was signed out meanwhile
// gets her words back and may sign in beside them.
func (d *Door) saveProfile(w *answer.Writer, r *answer.Request) error {
	typed := accountpage.ProfilePage{
		As: r.Text(answer.AsField), About: r.Text("about"), Skills: r.Text("skills"), Languages: r.Text("languages"), Zone: r.Text("zone"), Links: r.Text("links"), Listed: r.Checked("listed"),
	}
	s, err := d.me(r)
	if err == nil {
		err = d.changing.Take(string(s.Account))
	}
	if err == nil {
		_, err = d.Faces.SaveProfile(r.Context(), face.ID(s.Face), face.Profile{
			About: typed.About, Skills: list(typed.Skills), Languages: list(typed.Languages), Zone: typed.Zone, Links: list(typed.Links), Listed: typed.Listed,
		})
	}
	if err == nil {
		return w.Redirect(profilePath + "?saved=yes")
	}
	if !fault.Is(err, fault.SignIn) {
		p, err := d.profile(r)
		if err != nil {
			return err
		}
		typed.Name, typed.Handle, typed.Picture = p.Name, p.Handle, p.Picture
	}
	typed.Err = err
	return w.Again(err, accountpage.Profile(typed))
}

// list takes apart what was typed in one box: by commas, Arabic ones too, or
// line by line.
func list(typed string) []string {
	return strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == '،' || r == '\n' })
}

// rename gives the face another name.
func (d *Door) rename(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if r.Text("name") == r.Viewer.Name {
		return w.Redirect(profilePath)
	}
	if err = d.renaming.Check(string(s.Account)); err == nil {
		_, err = d.Faces.Rename(r.Context(), face.ID(s.Face), r.Text("name"))
	}
	if err == nil {
		_ = d.renaming.Take(string(s.Account)) // checked above; mistakes are not counted
		return w.Redirect(profilePath + "?saved=yes")
	}
	return d.profileAgain(w, r, err, func(p *accountpage.ProfilePage) { p.Name = r.Text("name") })
}

// profileAgain shows the page once more because one of its smaller forms failed.
func (d *Door) profileAgain(w *answer.Writer, r *answer.Request, why error, typed func(*accountpage.ProfilePage)) error {
	p, err := d.profile(r)
	if err != nil {
		return err
	}
	p.Err = why
	typed(&p)
	return w.Again(why, accountpage.Profile(p))
}

// sendPicture keeps a picture as the hall keeps pictures: its pixels only.
func (d *Door) sendPicture(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err = d.keepPicture(r, s.Face); err == nil {
		return w.Redirect(profilePath + "?saved=yes")
	}
	return d.profileAgain(w, r, err, func(*accountpage.ProfilePage) {})
}

func (d *Door) keepPicture(r *answer.Request, id string) error {
	if err := d.changing.Take("picture/" + id); err != nil {
		return err
	}
	f, err := r.File("image")
	if err != nil {
		return err
	}
	if f == nil {
		return fault.On("image", fault.Invalid, "account.picture.none")
	}
	defer f.Close()
	m, err := d.Pictures.PutPicture(r.Context(), f, blob.Limits{})
	if err != nil {
		return err
	}
	if err := d.changePicture(r.Context(), face.ID(id), m.Name); err != nil {
		_ = d.Pictures.Delete(m.Name) // nobody shows it; the first failure is the one to tell
		return err
	}
	return nil
}

func (d *Door) removePicture(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.changePicture(r.Context(), face.ID(s.Face), ""); err != nil {
		return err
	}
	return w.Redirect(profilePath + "?saved=yes")
}

// changePicture shows another picture, or none, and deletes the one before.
func (d *Door) changePicture(ctx context.Context, id face.ID, name string) error {
	var was string
	err := d.DB.Tx(ctx, func(ctx context.Context) error {
		f, err := d.Faces.Face(ctx, id)
		if err != nil {
			return err
		}
		was = f.Picture
		return d.Faces.SetPicture(ctx, id, name)
	})
	if err != nil || was == "" || was == name {
		return err
	}
	return d.Pictures.Delete(was)
}
