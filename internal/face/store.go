package face

import (
	"context"
	"strings"

	"guildhall/internal/db"
	"guildhall/internal/markdown"
)

var (
	qMake    = db.SQL("face.make", `INSERT INTO face (id, kind, handle, name, picture, since) VALUES ($1, $2, $3, $4, '', $5)`)
	qFace    = db.SQL("face.face", `SELECT id, kind, handle, name, picture, since FROM face WHERE id = $1`)
	qName    = db.SQL("face.name", `UPDATE face SET handle = $2, name = $3 WHERE id = $1`)
	qPicture = db.SQL("face.picture", `UPDATE face SET picture = $2 WHERE id = $1`)
	qWears   = db.SQL("face.wears", `SELECT 1 FROM face WHERE picture = $1 UNION ALL SELECT 1 FROM face_profile WHERE about LIKE $2 LIMIT 1`)
	qRetire  = db.SQL("face.retire", `UPDATE face SET kind = 'former', handle = '', name = '', picture = '', since = 0 WHERE id = $1`)

	qKey       = db.SQL("face.key", `SELECT face_id FROM face_name WHERE name_key = $1`)
	qKeyMake   = db.SQL("face.keyMake", `INSERT INTO face_name (name_key, face_id) VALUES ($1, $2)`)
	qKeys      = db.SQL("face.keys", `SELECT name_key FROM face_name WHERE face_id = $1`)
	qKeysErase = db.SQL("face.keysErase", `DELETE FROM face_name WHERE face_id = $1`)

	qProfile     = db.SQL("face.profile", `SELECT about, about_html, skills, languages, zone, links FROM face_profile WHERE face_id = $1`)
	qProfileSave = db.SQL("face.profileSave", `
		INSERT INTO face_profile (face_id, about, about_html, skills, languages, zone, links) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (face_id) DO UPDATE SET about = excluded.about, about_html = excluded.about_html,
			skills = excluded.skills, languages = excluded.languages, zone = excluded.zone, links = excluded.links`)
	qProfileErase = db.SQL("face.profileErase", `DELETE FROM face_profile WHERE face_id = $1`)
)

// load reads a face from the database.
func (r *Room) load(ctx context.Context, id ID) (f Face, found bool, err error) {
	found, err = r.db.Row(ctx, qFace, []any{id}, &f.ID, &f.Kind, &f.Handle, &f.Name, &f.Picture, &f.Since)
	return f, found, err
}

func (r *Room) profile(ctx context.Context, id ID) (p Profile, err error) {
	var html, skills, languages, links string
	_, err = r.db.Row(ctx, qProfile, []any{id}, &p.About, &html, &skills, &languages, &p.Zone, &links)
	p.AboutHTML = markdown.HTML(html)
	p.Skills, p.Languages, p.Links = lines(skills), lines(languages), lines(links)
	return p, err
}

func (r *Room) profileSaveTx(ctx context.Context, id ID, p Profile) error {
	_, err := r.db.Exec(ctx, qProfileSave, id, p.About, string(p.AboutHTML), strings.Join(p.Skills, "\n"),
		strings.Join(p.Languages, "\n"), p.Zone, strings.Join(p.Links, "\n"))
	return err
}

func (r *Room) keysTx(ctx context.Context, id ID) (keys []string, err error) {
	err = r.db.Rows(ctx, qKeys, func(scan func(...any) error) error {
		var k string
		err := scan(&k)
		keys = append(keys, k)
		return err
	}, id)
	return keys, err
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}
