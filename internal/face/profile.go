package face

import (
	"context"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// Profile reads what a person says of herself; of a former member or an imported
// author nothing. Faults: NotFound.
func (r *Room) Profile(ctx context.Context, id ID) (p Profile, err error) {
	defer fault.Wrap(&err, "face.Profile")
	f, err := r.Face(ctx, id)
	if err != nil {
		return Profile{}, err
	}
	if p, err = r.profile(ctx, id); err != nil {
		return p, err
	}
	p.Face = f
	var one int
	p.Listed, err = r.db.Row(ctx, qListed, []any{id}, &one)
	return p, err
}

// SaveProfile keeps About, Skills, Languages, Zone, Links and Listed; the rest of p is
// not read. Empty lines of lists are left out. Faults: Invalid on "about",
// "skills", "languages", "zone" or "links"; NotFound.
func (r *Room) SaveProfile(ctx context.Context, id ID, p Profile) (saved Profile, err error) {
	defer fault.Wrap(&err, "face.SaveProfile")
	saved, err = r.check(p)
	if err != nil {
		return Profile{}, err
	}
	saved.Listed = p.Listed
	err = r.changeTx(ctx, id, func(ctx context.Context) error {
		var one int
		was, err := r.db.Row(ctx, qListed, []any{id}, &one)
		if err != nil {
			return err
		}
		if was || saved.Listed {
			db.AfterCommit(ctx, func() { r.touch(AllListed) })
		}
		if err := r.profileSaveTx(ctx, id, saved); err != nil {
			return err
		}
		return r.listTx(ctx, id, saved)
	})
	if err != nil {
		return Profile{}, err
	}
	saved.Face, err = r.Face(ctx, id)
	return saved, err
}

func (r *Room) check(p Profile) (Profile, error) {
	var out Profile
	t, err := markdown.Render(p.About, markdown.Options{MaxBytes: MaxAbout, Top: 3, Host: r.host})
	if err != nil {
		f := *fault.From(err)
		f.Field = "about"
		return out, &f
	}
	out.About, out.AboutHTML = p.About, t.HTML
	for _, step := range []func() error{
		func() (err error) { out.Skills, err = skills(p.Skills); return err },
		func() (err error) { out.Languages, err = languages(p.Languages); return err },
		func() (err error) { out.Zone, err = zone(p.Zone); return err },
		func() (err error) { out.Links, err = links(p.Links); return err },
	} {
		if err := step(); err != nil {
			return out, err
		}
	}
	return out, nil
}

func skills(list []string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		s = typed.OneLine(s)
		key := strings.ToLower(s)
		if s == "" || seen[key] {
			continue
		}
		if !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxSkill {
			return nil, fault.On("skills", fault.Invalid, "face.skill.long", MaxSkill)
		}
		seen[key] = true
		out = append(out, s)
	}
	if len(out) > MaxSkills {
		return nil, fault.On("skills", fault.Invalid, "face.skills.many", MaxSkills)
	}
	return out, nil
}

func languages(list []string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		tag, err := language.Parse(s)
		if err != nil || len(s) > 35 {
			return nil, fault.On("languages", fault.Invalid, "face.language.unknown")
		}
		if s = tag.String(); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	if len(out) > MaxLanguages {
		return nil, fault.On("languages", fault.Invalid, "face.languages.many", MaxLanguages)
	}
	return out, nil
}

func zone(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return "", nil
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		return "", fault.On("zone", fault.Invalid, "face.zone.unknown")
	}
	return name, nil
}

func links(list []string) ([]string, error) {
	var out []string
	for _, s := range list {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		u, err := url.Parse(s)
		good := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
		if !good || len(s) > MaxLink || strings.ContainsFunc(s, func(c rune) bool { return !typed.Printable(c) }) {
			return nil, fault.On("links", fault.Invalid, "face.link.broken")
		}
		out = append(out, u.String())
	}
	if len(out) > MaxLinks {
		return nil, fault.On("links", fault.Invalid, "face.links.many", MaxLinks)
	}
	return out, nil
}
