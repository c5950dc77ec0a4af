package face

import (
	"context"
	"strings"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/typed"
)

// The fields one is found by in the directory.
const (
	fieldAll      = "all"
	fieldSkill    = "skill"
	fieldLanguage = "language"
	fieldZone     = "zone"
)

// Sought is what somebody looks for in the directory; the empty ones do not matter.
type Sought struct {
	Skill    string
	Language string // BCP 47; "es" finds "es-MX" as well
	Zone     string // IANA name
	After    ID     // of the last one shown
	Limit    int
}

// Offer is a value of one field, with how many in the directory have it.
type Offer struct {
	Value string
	N     int
}

// Offers are what the directory can be searched by, the commonest first.
type Offers struct {
	People                   int
	Skills, Languages, Zones []Offer
}

// AllListed is the thing that changes when somebody enters or leaves the directory.
const AllListed = "listed"

// mostOffers is how many skills are offered; of languages and zones all.
const mostOffers = 60

var (
	qListed    = db.SQL("face.listed", `SELECT 1 FROM face_listing WHERE field = 'all' AND value_key = '' AND face_id = $1`)
	qList      = db.SQL("face.list", `INSERT INTO face_listing (field, value_key, face_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`)
	qUnlist    = db.SQL("face.unlist", `DELETE FROM face_listing WHERE face_id = $1`)
	qOffers    = db.SQL("face.offers", `SELECT field, value_key, count(*) FROM face_listing GROUP BY field, value_key ORDER BY count(*) DESC, field, value_key`)
	qDirectory = db.SQL("face.directory", `SELECT a.face_id FROM face_listing a WHERE a.field = 'all' AND a.value_key = '' AND a.face_id > $1
		AND ($2 = '' OR EXISTS (SELECT 1 FROM face_listing x WHERE x.field = 'skill' AND x.value_key = $2 AND x.face_id = a.face_id))
		AND ($3 = '' OR EXISTS (SELECT 1 FROM face_listing x WHERE x.field = 'language' AND x.value_key = $3 AND x.face_id = a.face_id))
		AND ($4 = '' OR EXISTS (SELECT 1 FROM face_listing x WHERE x.field = 'zone' AND x.value_key = $4 AND x.face_id = a.face_id))
		ORDER BY a.face_id LIMIT $5`)
)

// listTx puts a profile into the directory as it is now, or takes it out.
func (r *Room) listTx(ctx context.Context, id ID, p Profile) error {
	if _, err := r.db.Exec(ctx, qUnlist, id); err != nil || !p.Listed {
		return err
	}
	rows := [][2]string{{fieldAll, ""}}
	for _, s := range p.Skills {
		rows = append(rows, [2]string{fieldSkill, skillKey(s)})
	}
	for _, l := range p.Languages {
		base, _, _ := strings.Cut(l, "-")
		rows = append(rows, [2]string{fieldLanguage, base})
	}
	if p.Zone != "" {
		rows = append(rows, [2]string{fieldZone, p.Zone})
	}
	for _, row := range rows {
		if _, err := r.db.Exec(ctx, qList, row[0], row[1], id); err != nil {
			return err
		}
	}
	return nil
}

func skillKey(s string) string { return strings.ToLower(typed.OneLine(s)) }

// Directory lists the profiles of those who wish to be found and have what is sought,
// in the order of their ids, which says nothing of them.
func (r *Room) Directory(ctx context.Context, s Sought) (list []Profile, err error) {
	defer fault.Wrap(&err, "face.Directory")
	language, _, _ := strings.Cut(s.Language, "-")
	var ids []ID
	err = r.db.Rows(ctx, qDirectory, func(scan func(...any) error) error {
		var id ID
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, s.After, skillKey(s.Skill), strings.ToLower(language), s.Zone, s.Limit)
	for _, id := range ids {
		p, err := r.Profile(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, err
}

// Offers lists what the directory can be searched by.
func (r *Room) Offers(ctx context.Context) (o Offers, err error) {
	defer fault.Wrap(&err, "face.Offers")
	err = r.db.Rows(ctx, qOffers, func(scan func(...any) error) error {
		var field string
		var x Offer
		err := scan(&field, &x.Value, &x.N)
		switch field {
		case fieldAll:
			o.People = x.N
		case fieldSkill:
			if len(o.Skills) < mostOffers {
				o.Skills = append(o.Skills, x)
			}
		case fieldLanguage:
			o.Languages = append(o.Languages, x)
		case fieldZone:
			o.Zones = append(o.Zones, x)
		}
		return err
	})
	return o, err
}
