package app

import (
	"context"
	"crypto/rsa"
	"net/http"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/lang"
	"guildhall/internal/markdown"
	"guildhall/internal/pass/token"
	"guildhall/internal/web/account"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/viewer"
)

// openAccount registers the door of one's own account.
func (h *Hall) openAccount(mux *answer.Mux) {
	name := h.Config.Name
	if name == "" {
		name = viewer.Viewer{}.HallName()
	}
	door := &account.Door{
		DB: h.DB, Members: h.Members, Faces: h.Faces, Forum: h.Forum, Moderation: h.Moderation, Passes: h.Passes, Spaces: h.Spaces, Questions: h.Questions, Platforms: h.Platforms, Representatives: h.Representatives, Consultations: h.Opinions, News: h.News, Alliances: h.Alliances, Bookings: h.Bookings, Notices: h.Notices, PushKey: h.Push.PublicKey(), HasMail: h.Mail != nil, Left: h.Live.Leave, Proofs: h.Proofs, Pictures: h.Pictures, Jobs: h.Jobs,
		Messages: h.Messages, Calls: h.Calls,
		MailKey: h.mailKey, Named: h.named,
		Seal: h.Seal, Gate: h.Gate, Now: h.Now, Secret: h.secret, URL: h.Config.URL, Hall: name,
		Cookie: h.sessionCookie(), Secure: h.secure(), Proxies: h.Config.proxies(),
	}
	door.Register(mux)
}

// identify tells who sends a request: it turns the cookie into the face that
// would speak. A cookie worth nothing makes an anonymous reader.
func (h *Hall) identify(ctx context.Context, r *http.Request) (v viewer.Viewer, err error) {
	c, err := r.Cookie(h.sessionCookie())
	if err != nil {
		return v, nil
	}
	s, err := h.Members.Resume(ctx, c.Value)
	if fault.Is(err, fault.SignIn) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	f, err := h.Faces.Face(ctx, face.ID(s.Face))
	if err != nil {
		return v, err
	}
	v.SignedIn, v.FaceID, v.Name, v.Handle, v.Theme = true, s.Face, f.Name, f.Handle, s.Theme
	if f.Picture != "" {
		v.Picture = markdown.BlobPath + f.Picture
	}
	v.Lang, _ = lang.Parse(s.Lang)
	if z, err := time.LoadLocation(s.Zone); err == nil && s.Zone != "" {
		v.Zone = z
	}
	v.Steward, err = h.Moderation.IsSteward(ctx, f.ID)
	return v, err
}

// mailKey gives the key that signs the mail passes of an epoch.
func (h *Hall) mailKey(ctx context.Context, epoch int) (*rsa.PublicKey, error) {
	return h.Passes.Issuer(ctx, token.Slot{Purpose: token.Mail, Epoch: epoch})
}
