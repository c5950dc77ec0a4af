package account

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/member"
	"guildhall/internal/notice"
	"guildhall/internal/push"
	"guildhall/internal/web/answer"
	accountpage "guildhall/internal/web/page/account"
)

const reachPath = "/account/reach"

func (d *Door) registerReach(m *answer.Mux) {
	m.Handle("GET "+reachPath, d.reachPage, answer.Params("said"))
	m.Handle("POST "+reachPath, d.saveReach)
	m.Handle("POST "+reachPath+"/ring", d.ring)
	m.Handle("POST "+reachPath+"/devices", script(d.subscribe))
	m.Handle("POST "+reachPath+"/devices/rung", d.placeDevice)
	m.Handle("POST "+reachPath+"/devices/remove", d.removeDevice)
	d.registerWays(m)
	m.Handle("POST /reach/shown", d.acknowledge(notice.Shown), answer.Anywhere())
	m.Handle("POST /reach/opened", d.acknowledge(notice.Opened), answer.Anywhere()) // a button of ntfy's own page
	m.Handle("POST /reach/here", d.here)
}

// reachPage shows which devices can be reached, how far a trial came, and how one wishes
// to be told.
func (d *Door) reachPage(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	p, err := d.reach(r.Context(), s)
	if err != nil {
		return err
	}
	p.Said = r.Query("said")
	return w.Show(http.StatusOK, accountpage.Reach(p))
}

func (d *Door) reach(ctx context.Context, s member.Session) (p accountpage.ReachPage, err error) {
	p.Key, p.Mail = d.PushKey, d.HasMail
	if p.Settings, err = d.Notices.Settings(ctx, face.ID(s.Face), s.Zone); err != nil {
		return p, err
	}
	devices, err := d.Notices.Devices(ctx, face.ID(s.Face))
	if err != nil {
		return p, err
	}
	browsers, err := d.Members.Devices(ctx, s.Account)
	labels := map[string]string{}
	for _, b := range browsers {
		labels[b.Device] = b.Label
	}
	for _, v := range devices {
		p.Devices = append(p.Devices, accountpage.Reachable{Device: v, Label: labels[v.Session], Here: v.Session == s.Device})
	}
	return p, err
}

// saveReach keeps how one wishes to be told.
func (d *Door) saveReach(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	wishes := notice.Settings{Zone: r.Text("zone"), Until: notice.State(r.Text("until")), Words: r.Checked("words"), Checks: r.Checked("checks"), Modes: map[notice.Kind]notice.Mode{}}
	wishes.Wait, _ = strconv.Atoi(r.Text("wait")) // what is no number is none of the choices
	for _, k := range notice.Kinds {
		wishes.Modes[k] = notice.Mode(r.Text("mode_" + string(k)))
	}
	for field, into := range map[string]*int{"quiet_from": &wishes.QuietFrom, "quiet_to": &wishes.QuietTo, "digest_at": &wishes.DigestAt} {
		at, bad := time.Parse("15:04", r.Text(field))
		if bad != nil {
			err = fault.On(field, fault.Invalid, "notice.hour")
		}
		*into = at.Hour()*60 + at.Minute()
	}
	if err == nil {
		err = d.Notices.Save(r.Context(), face.ID(s.Face), wishes)
	}
	if err == nil {
		return w.Redirect(reachPath + "?said=saved")
	}
	p, again := d.reach(r.Context(), s)
	if again != nil {
		return again
	}
	p.Settings, p.Err = wishes, err
	return w.Again(err, accountpage.Reach(p))
}

// ring rings all of one's devices now.
func (d *Door) ring(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.ringing.Take(string(s.Account)); err != nil {
		return err
	}
	devices, err := d.Notices.Devices(r.Context(), face.ID(s.Face))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(devices, func(v notice.Device) bool { return v.Way != notice.Push }) { // those may be strangers'
		if err := d.trying.Take(string(s.Account)); err != nil {
			return err
		}
	}
	if err := d.Notices.Ring(r.Context(), face.ID(s.Face)); err != nil {
		return err
	}
	return w.Redirect(reachPath + "?said=rung#devices")
}

// subscribe takes a browser's word on how it can be woken: that of the page on which she
// pressed, or of the service worker when its push service has moved it.
func (d *Door) subscribe(_ *answer.Writer, r *answer.Request) (any, error) {
	s, err := d.me(r)
	if err != nil {
		return nil, err
	}
	if err := d.changing.Take(string(s.Account)); err != nil {
		return nil, err
	}
	return struct{}{}, d.Notices.Subscribe(r.Context(), face.ID(s.Face), notice.Subscription{
		Subscription: push.Subscription{Endpoint: r.Text("endpoint"), Key: r.Text("key"), Auth: r.Text("auth")},
		Session:      s.Device, Lang: r.Viewer.Lang.String(), Zone: s.Zone,
	})
}

func (d *Door) placeDevice(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	rung, _ := strconv.Atoi(r.Text("rung")) // what is no number is no rung
	if err := d.Notices.Place(r.Context(), face.ID(s.Face), r.Text("device"), rung); err != nil {
		return err
	}
	return w.Redirect(reachPath + "?said=saved#devices")
}

func (d *Door) removeDevice(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.Notices.Remove(r.Context(), face.ID(s.Face), r.Text("device")); err != nil {
		return err
	}
	return w.Redirect(reachPath + "#devices")
}

// here takes the word of an open page that it has said that there is news, or messages, or shown them: no
// device need be rung any more.
func (d *Door) here(w *answer.Writer, r *answer.Request) error {
	s, err := d.me(r)
	if err != nil {
		return err
	}
	if err := d.hearing.Take(string(s.Account)); err != nil {
		return err
	}
	how := notice.Shown
	if r.Checked("opened") {
		how = notice.Opened
	}
	if err := d.Notices.Here(r.Context(), face.ID(s.Face), r.Checked("messages"), how); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// acknowledge takes the word of a device, whoever is signed in there: it comes without a
// cookie, and holds two random words. What they are worth is told to nobody.
func (d *Door) acknowledge(how notice.State) answer.Handler {
	return func(w *answer.Writer, r *answer.Request) error {
		if err := d.hearing.Take(d.addresses.Key(r.Request)); err != nil {
			return err
		}
		if err := d.Notices.Acknowledge(r.Context(), r.Text("token"), r.Text("notice"), how); err != nil {
			return err
		}
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
}
