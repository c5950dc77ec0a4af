package alliance

import (
	"cmp"
	"context"
	"slices"

	"guildhall/internal/db"
	"guildhall/internal/face"
)

const introductionColumns = `SELECT id, by_face, one_face, other_face, words, one_says, other_says FROM connection_introduction `

var (
	qAsk = db.SQL("alliance.ask", `INSERT INTO connection_ask (from_face, to_face, words, day, declined, withdrawn)
		VALUES ($1, $2, $3, $4, $5, 0)`)
	qAskAgain   = db.SQL("alliance.askAgain", `UPDATE connection_ask SET withdrawn = 0, words = $3, day = $4 WHERE from_face = $1 AND to_face = $2`)
	qWithdraw   = db.SQL("alliance.withdraw", `UPDATE connection_ask SET withdrawn = 1, words = '' WHERE from_face = $1 AND to_face = $2`)
	qDecline    = db.SQL("alliance.decline", `UPDATE connection_ask SET declined = 1 WHERE from_face = $1 AND to_face = $2`)
	qDropAsk    = db.SQL("alliance.dropAsk", `DELETE FROM connection_ask WHERE from_face = $1 AND to_face = $2`)
	qWish       = db.SQL("alliance.wish", `SELECT declined, withdrawn FROM connection_ask WHERE from_face = $1 AND to_face = $2`)
	qAsked      = db.SQL("alliance.asked", `SELECT from_face, to_face, words, day FROM connection_ask WHERE to_face = $1 AND declined = 0 ORDER BY day DESC, from_face`)
	qAsking     = db.SQL("alliance.asking", `SELECT from_face, to_face, words, day FROM connection_ask WHERE from_face = $1 AND withdrawn = 0 ORDER BY day DESC, to_face`)
	qOpen       = db.SQL("alliance.open", `SELECT (SELECT count(*) FROM connection_ask WHERE from_face = $1) + (SELECT count(*) FROM connection_introduction WHERE by_face = $1)`)
	qLapseAsks  = db.SQL("alliance.lapseAsks", `DELETE FROM connection_ask WHERE day < $1`)
	qForgetAsks = db.SQL("alliance.forgetAsks", `DELETE FROM connection_ask WHERE from_face = $1 OR to_face = $1`)

	qConnect           = db.SQL("alliance.connect", `INSERT INTO connection (face_id, other_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`)
	qDisconnect        = db.SQL("alliance.disconnect", `DELETE FROM connection WHERE face_id = $1 AND other_id = $2`)
	qHolds             = db.SQL("alliance.holds", `SELECT 1 FROM connection WHERE face_id = $1 AND other_id = $2`)
	qHowMany           = db.SQL("alliance.howMany", `SELECT count(*) FROM connection WHERE face_id = $1`)
	qOthers            = db.SQL("alliance.others", `SELECT other_id FROM connection WHERE face_id = $1`)
	qForgetConnections = db.SQL("alliance.forgetConnections", `DELETE FROM connection WHERE face_id = $1 OR other_id = $1`)

	qIntroduce = db.SQL("alliance.introduce", `INSERT INTO connection_introduction (id, by_face, one_face, other_face, words, day, one_says, other_says)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qSay                 = db.SQL("alliance.say", `UPDATE connection_introduction SET one_says = $2 WHERE id = $1`)
	qOtherSays           = db.SQL("alliance.otherSays", `UPDATE connection_introduction SET other_says = $2 WHERE id = $1`)
	qShutOne             = db.SQL("alliance.shutOne", `UPDATE connection_introduction SET one_says = 2 WHERE one_face = $1 AND (other_face = $2 OR by_face = $2)`)
	qShutOther           = db.SQL("alliance.shutOther", `UPDATE connection_introduction SET other_says = 2 WHERE other_face = $1 AND (one_face = $2 OR by_face = $2)`)
	qMeeting             = db.SQL("alliance.meeting", introductionColumns+`WHERE id = $1`)
	qIntroductions       = db.SQL("alliance.introductions", introductionColumns+`WHERE by_face = $1 OR one_face = $1 OR other_face = $1 ORDER BY day DESC, id`)
	qDropIntroduction    = db.SQL("alliance.dropIntroduction", `DELETE FROM connection_introduction WHERE id = $1`)
	qLapseIntroductions  = db.SQL("alliance.lapseIntroductions", `DELETE FROM connection_introduction WHERE day < $1`)
	qForgetIntroductions = db.SQL("alliance.forgetIntroductions", `DELETE FROM connection_introduction WHERE by_face = $1 OR one_face = $1 OR other_face = $1`)

	qKeepNote = db.SQL("alliance.keepNote", `INSERT INTO connection_note (face_id, other_id, sealed) VALUES ($1, $2, $3)
		ON CONFLICT (face_id, other_id) DO UPDATE SET sealed = excluded.sealed`)
	qDropNote   = db.SQL("alliance.dropNote", `DELETE FROM connection_note WHERE face_id = $1 AND other_id = $2`)
	qNotes      = db.SQL("alliance.notes", `SELECT other_id, sealed FROM connection_note WHERE face_id = $1 ORDER BY other_id`)
	qPutCard    = db.SQL("alliance.putCard", `INSERT INTO connection_card (id, day, undo, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`)
	qCard       = db.SQL("alliance.card", `SELECT body FROM connection_card WHERE id = $1`)
	qCards      = db.SQL("alliance.cards", `SELECT count(*) FROM connection_card`)
	qDropCard   = db.SQL("alliance.dropCard", `DELETE FROM connection_card WHERE id = $1 AND undo = $2`)
	qLapseCards = db.SQL("alliance.lapseCards", `DELETE FROM connection_card WHERE day < $1`)

	qForgetNotes = db.SQL("alliance.forgetNotes", `DELETE FROM connection_note WHERE face_id = $1 OR other_id = $1`)
)

// wish is the state of one that somebody has of somebody.
type wish struct{ declined, withdrawn bool }

func (w wish) waits() bool { return !w.declined && !w.withdrawn }

func (r *Room) wish(ctx context.Context, from, to face.ID) (w wish, found bool, err error) {
	var declined, withdrawn int
	found, err = r.DB.Row(ctx, qWish, []any{string(from), string(to)}, &declined, &withdrawn)
	return wish{declined != 0, withdrawn != 0}, found, err
}

func (r *Room) holds(ctx context.Context, f, other face.ID) (bool, error) {
	var one int
	return r.DB.Row(ctx, qHolds, []any{string(f), string(other)}, &one)
}

func (r *Room) ids(ctx context.Context, q *db.Query, args ...any) (list []face.ID, err error) {
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var id face.ID
		err := scan(&id)
		list = append(list, id)
		return err
	}, args...)
	return list, err
}

// named are faces in the order of their names.
func (r *Room) named(ctx context.Context, ids []face.ID) ([]face.Face, error) {
	faces, err := r.Faces.Faces(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]face.Face, 0, len(ids))
	for _, id := range ids {
		list = append(list, faces[id])
	}
	slices.SortFunc(list, func(a, b face.Face) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

func (r *Room) asks(ctx context.Context, q *db.Query, of face.ID) (list []Ask, err error) {
	var ids []face.ID
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var a Ask
		err := scan(&a.From.ID, &a.To.ID, &a.Words, &a.Day)
		list, ids = append(list, a), append(ids, a.From.ID, a.To.ID)
		return err
	}, string(of))
	if err != nil {
		return nil, err
	}
	faces, err := r.Faces.Faces(ctx, ids)
	for i := range list {
		list[i].From, list[i].To = faces[list[i].From.ID], faces[list[i].To.ID]
	}
	return list, err
}

func (r *Room) meeting(ctx context.Context, id string) (meeting, error) {
	list, err := r.meetings(ctx, qMeeting, id)
	if err == nil && len(list) == 0 {
		err = noSuch()
	}
	if err != nil {
		return meeting{}, err
	}
	return list[0], nil
}

func (r *Room) introductions(ctx context.Context, of face.ID) ([]meeting, error) {
	return r.meetings(ctx, qIntroductions, string(of))
}

func (r *Room) meetings(ctx context.Context, q *db.Query, arg string) (list []meeting, err error) {
	var ids []face.ID
	err = r.DB.Rows(ctx, q, func(scan func(...any) error) error {
		var m meeting
		err := scan(&m.id, &m.by, &m.one, &m.other, &m.words, &m.says, &m.otherSays)
		list, ids = append(list, m), append(ids, m.by, m.one, m.other)
		return err
	}, arg)
	if err != nil {
		return nil, err
	}
	faces, err := r.Faces.Faces(ctx, ids)
	for i := range list {
		m := &list[i]
		m.faceBy, m.faceOne, m.faceTwo = faces[m.by], faces[m.one], faces[m.other]
	}
	return list, err
}
