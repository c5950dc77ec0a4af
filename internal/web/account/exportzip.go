package account

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"guildhall/internal/face"
	"guildhall/internal/fault"
	"guildhall/internal/forum"
	"guildhall/internal/ident"
	"guildhall/internal/markdown"
	"guildhall/internal/member"
	"guildhall/internal/message"
	"guildhall/internal/question"
	"guildhall/internal/representative"
	"guildhall/internal/space"
	accountpage "guildhall/internal/web/page/account"
	"guildhall/internal/web/viewer"
)

// exported is what data.json says before it comes to the texts. No secret is in
// it: no hash, no key, no device's name, so that the file signs nobody in.
type exported struct {
	Made    time.Time `json:"made"`
	Hall    string    `json:"hall"`
	Account struct {
		Joined       string   `json:"joined_half_year"`
		Seen         string   `json:"seen_half_year"`
		Lang         string   `json:"lang"`
		Zone         string   `json:"zone"`
		Theme        string   `json:"theme"`
		HasPhrase    bool     `json:"has_phrase"`
		HasCode      bool     `json:"has_login_code"`
		RecoveryLeft int64    `json:"recovery_codes_left"`
		Devices      []string `json:"devices"` // what she called them
		Passkeys     []string `json:"passkeys"`
	} `json:"account"`
	Vouching struct {
		Joined  int    `json:"joined_epoch"` // 28 days each, from 5 January 1970
		Vouches int    `json:"vouches"`
		Branch  string `json:"branch,omitempty"`
		Founder bool   `json:"founder"`
		Gave    []int  `json:"gave_in_epochs"`
	} `json:"vouching"`
	Seats []space.ID `json:"seats"` // of spaces; what a mask says is not known here
	Face  struct {
		ID      string   `json:"id"`
		Name    string   `json:"name"`
		Handle  string   `json:"handle"`
		Names   []string `json:"names_folded"`
		Since   int      `json:"since"`
		Picture string   `json:"picture,omitempty"`
		Steward bool     `json:"steward"`
	} `json:"face"`
	Profile struct {
		About     string   `json:"about"`
		Skills    []string `json:"skills"`
		Languages []string `json:"languages"`
		Zone      string   `json:"zone"`
		Links     []string `json:"links"`
		Listed    bool     `json:"listed"`
	} `json:"profile"`
	Discussions     []opening   `json:"discussions_opened"`
	Questions       []asked     `json:"questions"` // under which she has cases
	Answers         []answers   `json:"answers"`   // in consultations that are open
	Follows         []thing     `json:"follows"`
	Told            []line      `json:"told"`
	Connections     connections `json:"connections"`
	Booked          booked      `json:"booked"`
	Recommendations []thing     `json:"recommendations"`
	Blocked         []string    `json:"blocked"`
	Reports         []reported  `json:"reports"`
	Mandates        []mandate   `json:"mandates"` // for which platforms she speaks or spoke
	Messages        struct {
		Devices       []message.LeafID `json:"devices"`
		Conversations int              `json:"conversations"`
		Packages      int              `json:"key_packages"`
		Waiting       int              `json:"waiting"` // sealed, and not yet fetched by one of her devices
		Files         int              `json:"files"`   // likewise
		Left          int              `json:"left"`    // rooms she has left
	} `json:"messages"` // what they say lies on her devices
	Calls int `json:"calls"` // that ring or are going on now; of others nothing is kept
	// CallLinks are where she can be called without an account.
	CallLinks []exportedLink `json:"call_links,omitempty"`
	Reached   reached        `json:"reached"` // how she wishes to be told of news

	aboutHTML markdown.HTML
}

type thing struct {
	Kind  forum.Kind `json:"kind"`
	ID    string     `json:"id"`
	Title string     `json:"title,omitempty"`
}

type opening struct {
	ID      string    `json:"id"`
	Address string    `json:"address"`
	Title   string    `json:"title"`
	At      time.Time `json:"at"`
}

type asked struct {
	ID    question.ID `json:"id"`
	Title string      `json:"title"`
	Cases []string    `json:"cases"` // in her words; empty: she asks too, or it is a post of hers
}

type mandate struct {
	Platform string `json:"platform"`
	Domain   string `json:"domain"`
	Role     string `json:"role"`
	Text     string `json:"text"` // what the platform publishes
	Named    bool   `json:"named"`
	Badged   bool   `json:"badged"`
}

type reported struct {
	Kind    string `json:"kind"`
	ID      string `json:"id"`
	Cause   string `json:"cause"`
	Words   string `json:"words,omitempty"`
	Day     string `json:"day"` // 2026-11-23
	Outcome string `json:"outcome,omitempty"`
}

// exportHead reads all but the texts.
func (d *Door) exportHead(ctx context.Context, s member.Session) (*exported, error) {
	x := &exported{Made: d.Now().UTC(), Hall: d.URL}
	for _, step := range []func(context.Context, member.Session, *exported) error{d.exportAccount, d.exportVouching, d.exportFace, d.exportForum, d.exportQuestions, d.exportNews, d.exportReach, d.exportConnections, d.exportBookings, d.exportOpinions, d.exportMandates, d.exportModeration, d.exportMessages} {
		if err := step(ctx, s, x); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func (d *Door) exportAccount(ctx context.Context, s member.Session, x *exported) error {
	a, err := d.Members.Account(ctx, s.Account)
	if err != nil {
		return err
	}
	y := &x.Account
	y.Joined, y.Seen, y.Lang, y.Zone, y.Theme = a.JoinedHalf, a.SeenHalf, a.Lang, a.Zone, a.Theme
	y.HasPhrase, y.HasCode = a.HasVault, a.CodeHash != ""
	if y.RecoveryLeft, err = d.Members.RecoveryLeft(ctx, s.Account); err != nil {
		return err
	}
	devices, err := d.Members.Devices(ctx, s.Account)
	if err != nil {
		return err
	}
	for _, v := range devices {
		y.Devices = append(y.Devices, v.Label)
	}
	passkeys, err := d.Members.Passkeys(ctx, s.Account)
	for _, v := range passkeys {
		y.Passkeys = append(y.Passkeys, v.Label)
	}
	return err
}

func (d *Door) exportMessages(ctx context.Context, s member.Session, x *exported) error {
	h, err := d.Messages.Holdings(ctx, face.ID(s.Face))
	x.Messages.Devices, x.Messages.Conversations, x.Messages.Packages, x.Messages.Waiting, x.Messages.Files = h.Leaves, h.Conversations, h.Packages, h.Waiting, h.Files
	x.Messages.Left = h.Left
	if err == nil {
		x.Calls, err = d.Calls.Held(ctx, face.ID(s.Face))
	}
	if err != nil {
		return err
	}
	links, err := d.Calls.Links(ctx, face.ID(s.Face))
	for _, l := range links {
		x.CallLinks = append(x.CallLinks, exportedLink{l.ID, l.Shown, l.Own, l.Once, string(l.State), l.Zone})
	}
	return err
}

// exportedLink is an address at which she can be called; what seals is made in her browser.
type exportedLink struct {
	ID    string `json:"id"`
	Shown string `json:"shown"`
	Own   bool   `json:"own"`
	Once  bool   `json:"once"`
	State string `json:"state"`
	Zone  string `json:"zone"`
}

func (d *Door) exportVouching(ctx context.Context, s member.Session, x *exported) error {
	c, err := d.Members.Credit(ctx, s.Account)
	if err != nil {
		return err
	}
	v := &x.Vouching
	v.Joined, v.Vouches, v.Branch, v.Founder = c.Joined, c.Vouches, c.Branch, c.Founder
	for _, e := range c.Gave {
		if e != 0 {
			v.Gave = append(v.Gave, e)
		}
	}
	x.Seats, err = d.Spaces.Seats(ctx, face.ID(s.Face))
	return err
}

func (d *Door) exportFace(ctx context.Context, s member.Session, x *exported) error {
	p, err := d.Faces.Profile(ctx, face.ID(s.Face))
	if err != nil {
		return err
	}
	f := &x.Face
	f.ID, f.Name, f.Handle, f.Since, f.Picture = string(p.Face.ID), p.Face.Name, p.Face.Handle, p.Face.Since, p.Face.Picture
	if f.Names, err = d.Faces.Names(ctx, p.Face.ID); err != nil {
		return err
	}
	x.Profile.About, x.Profile.Skills, x.Profile.Languages = p.About, p.Skills, p.Languages
	x.Profile.Zone, x.Profile.Links, x.Profile.Listed, x.aboutHTML = p.Zone, p.Links, p.Listed, p.AboutHTML
	f.Steward, err = d.Moderation.IsSteward(ctx, p.Face.ID)
	return err
}

func (d *Door) exportForum(ctx context.Context, s member.Session, x *exported) error {
	a := forum.Actor{Face: face.ID(s.Face)}
	f := forum.Filter{Face: a.Face, Limit: batch}
	for more := true; more; {
		list, err := d.Forum.Discussions(ctx, a, f)
		if err != nil {
			return err
		}
		for _, v := range list {
			x.Discussions = append(x.Discussions, opening{string(v.ID), d.URL + "/discussions/" + string(v.ID), v.Title, v.At.UTC()})
			f.Before = v.MarkOpened()
		}
		more = len(list) == batch
	}
	follows, err := d.Forum.Follows(ctx, a)
	if err != nil {
		return err
	}
	for _, v := range follows {
		x.Follows = append(x.Follows, thing{v.Thing.Kind, v.Thing.ID, v.Title})
	}
	recommended, err := d.Forum.Recommendations(ctx, a)
	for _, v := range recommended {
		x.Recommendations = append(x.Recommendations, thing{v.Kind, v.ID, ""})
	}
	return err
}

func (d *Door) exportQuestions(ctx context.Context, s member.Session, x *exported) error {
	mine, err := d.Questions.Mine(ctx, question.Actor{Face: face.ID(s.Face)})
	for _, m := range mine {
		a := asked{ID: m.Question.ID, Title: m.Question.Title}
		for _, c := range m.Cases {
			a.Cases = append(a.Cases, c.Source)
		}
		x.Questions = append(x.Questions, a)
	}
	return err
}

func (d *Door) exportMandates(ctx context.Context, s member.Session, x *exported) error {
	list, err := d.Representatives.OfFace(ctx, representative.Actor{Face: face.ID(s.Face)})
	for _, m := range list {
		x.Mandates = append(x.Mandates, mandate{m.Platform, m.Domain, m.Role, m.Text, m.Named, m.Badged})
	}
	return err
}

func (d *Door) exportModeration(ctx context.Context, s member.Session, x *exported) error {
	id := face.ID(s.Face)
	ids, err := d.Moderation.Blocked(ctx, id)
	if err != nil {
		return err
	}
	faces, err := d.Faces.Faces(ctx, ids)
	if err != nil {
		return err
	}
	for _, f := range faces {
		x.Blocked = append(x.Blocked, f.Name)
	}
	reports, err := d.Moderation.Reports(ctx, id)
	for _, v := range reports {
		x.Reports = append(x.Reports, reported{v.Target.Kind, v.Target.ID, string(v.Cause), v.Words, v.Day.Format(time.DateOnly), v.Outcome})
	}
	return err
}

// writeZip reads the texts three times rather than hold them all in memory.
func (d *Door) writeZip(ctx context.Context, out io.Writer, x *exported) error {
	z := zip.NewWriter(out)
	for _, write := range []func(context.Context, *zip.Writer, *exported) error{d.writeIndex, d.writeData, d.writeTexts} {
		if err := write(ctx, z, x); err != nil {
			return err
		}
	}
	return z.Close()
}

// file begins a file of the zip with the moment of the export, not of the texts.
func file(z *zip.Writer, name string, x *exported) (io.Writer, error) {
	return z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: x.Made})
}

// writeIndex writes the page that is read offline, by itself.
func (d *Door) writeIndex(ctx context.Context, z *zip.Writer, x *exported) error {
	w, err := file(z, "index.html", x)
	if err != nil {
		return err
	}
	texts := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return d.eachText(ctx, face.ID(x.Face.ID), func(t text) error {
			return accountpage.ExportText(accountpage.ExportedText{
				Title: t.Title, Address: t.Address, At: t.At, Article: t.Kind == forum.KindArticle, State: t.State, Reason: t.Reason,
				HTML: markdown.HTML(d.offline(t.html)),
			}).Render(ctx, w)
		})
	})
	p := accountpage.ExportPage{
		Name: x.Face.Name, Hall: viewer.From(ctx).HallName(), URL: d.URL, Made: x.Made, About: markdown.HTML(d.offline(string(x.aboutHTML))),
		Skills: x.Profile.Skills, Languages: x.Profile.Languages, Links: x.Profile.Links,
	}
	if x.Face.Picture != "" {
		p.Picture = "pictures/" + x.Face.Picture
	}
	return accountpage.Export(p, texts).Render(ctx, w)
}

// offline leads pictures into the zip and links back to the hall.
func (d *Door) offline(html string) string {
	return strings.NewReplacer(`src="/blob/`, `src="pictures/`, `href="/`, `href="`+d.URL+`/`).Replace(html)
}

// writeData writes everything for programs. The texts follow the rest one by
// one.
func (d *Door) writeData(ctx context.Context, z *zip.Writer, x *exported) error {
	w, err := file(z, "data.json", x)
	if err != nil {
		return err
	}
	head, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s,\n \"texts\": [", head[:len(head)-2]); err != nil { // without its closing brace
		return err
	}
	comma := "\n"
	err = d.eachText(ctx, face.ID(x.Face.ID), func(t text) error {
		b, err := json.MarshalIndent(t, "  ", " ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s  %s", comma, b)
		comma = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n ]\n}\n")
	return err
}

// writeTexts writes each text as Markdown, and then the pictures they show.
func (d *Door) writeTexts(ctx context.Context, z *zip.Writer, x *exported) error {
	pictures := map[string]bool{}
	if x.Face.Picture != "" {
		pictures[x.Face.Picture] = true
	}
	n := 0
	err := d.eachText(ctx, face.ID(x.Face.ID), func(t text) error {
		n++
		if len(t.Revisions) == 0 {
			return nil
		}
		source := t.Revisions[0].Source
		for _, m := range stored.FindAllStringSubmatch(source, -1) {
			pictures[m[1]] = true
		}
		w, err := file(z, fmt.Sprintf("texts/%s-%04d-%s.md", t.At.Format(time.DateOnly), n, ident.Slug(t.Title)), x)
		if err != nil {
			return err
		}
		source = strings.ReplaceAll(source, "](/blob/", "](../pictures/")
		_, err = fmt.Fprintf(w, "---\ntitle: %q\ndate: %s\naddress: %s\nstate: %s\n---\n\n%s\n", t.Title, t.At.Format(time.RFC3339), t.Address, t.State, source)
		return err
	})
	if err != nil {
		return err
	}
	for name := range pictures {
		if err := d.writePicture(z, name, x); err != nil {
			return err
		}
	}
	return nil
}

// writePicture copies one; a picture that is gone is left out.
func (d *Door) writePicture(z *zip.Writer, name string, x *exported) error {
	f, _, err := d.Pictures.Get(name)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	w, err := z.CreateHeader(&zip.FileHeader{Name: "pictures/" + name, Method: zip.Store, Modified: x.Made})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return err
}
