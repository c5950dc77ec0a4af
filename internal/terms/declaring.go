package terms

import (
	"context"
	"encoding/json"
	"time"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/terms/watch"
	"guildhall/internal/typed"
)

// Deed is what a steward did with a document.
type Deed string

// The deeds.
const (
	DeedDeclared Deed = "declared" // said where it lies and what of it is the text
	DeedLetGo    Deed = "let_go"   // it is watched no more
	DeedTakenUp  Deed = "taken_up" // it is watched again
)

// Said is one deed of a steward with a document; its number is from 1.
type Said struct {
	N           int
	Deed        Deed
	Title       string // as the document was called from then on
	Declaration Declaration
	By          string // whose face it was: for stewards only, a page does not show it
	At          time.Time
	Reason      string
}

// Declare says where a document lies and what of it is its text, as the steward's
// own look has just shown it, and keeps the text she saw. Without an id it is a new
// document. That another part of a page is taken raises no alarm. Faults: SignIn,
// Forbidden; Invalid on a field of the draft or "reason"; Conflict without a look, or
// on "title" when a new document is there already; NotFound.
func (r *Room) Declare(ctx context.Context, by Actor, id DocumentID, d Draft, reason string) (_ DocumentID, err error) {
	defer fault.Wrap(&err, "terms.Declare(%s)", id)
	if err = MayDeclare(by); err != nil {
		return id, err
	}
	said, err := d.Declaration()
	if err != nil {
		return id, err
	}
	if reason, err = typed.Line("reason", reason, 3, MaxReason); err != nil {
		return id, err
	}
	d.Title = typed.OneLine(d.Title)
	seen, err := r.looks.find(string(by.Face), said.encode(), r.now())
	if err != nil {
		return id, err
	}
	note := watch.DeclaredAnew
	if id == "" {
		note = "" // nothing was there before
	}
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		if id, err = r.declareTx(ctx, by, id, d, said); err != nil {
			return err
		}
		return r.sayTx(ctx, by, id, DeedDeclared, reason)
	})
	if err != nil {
		return id, err
	}
	_, err = r.Keep(ctx, id, watch.Record{At: seen.at.UTC().Truncate(time.Microsecond), Note: note, Text: seen.text})
	return id, err
}

// declareTx makes a document or changes where it lies; from where it is looked at
// next is as if it had just been visited.
func (r *Room) declareTx(ctx context.Context, by Actor, id DocumentID, d Draft, said Declaration) (DocumentID, error) {
	now := r.moment()
	if id == "" {
		if err := r.free(ctx, d); err != nil {
			return id, err
		}
		id = NewID(d.Platform, d.Title)
		if err := r.watchTx(ctx, id, d.Platform, d.Title, said); err != nil {
			return id, err
		}
	} else if d, err := r.Document(ctx, id); err != nil {
		return id, err
	} else if err := MayLetGo(by, d); err != nil { // let go: it is taken up first
		return id, err
	}
	if _, err := r.db.Exec(ctx, qDocumentSaid, id, d.Title, said.encode()); err != nil {
		return id, err
	}
	_, err := r.db.Exec(ctx, qDocumentChecked, id, db.Micros(now), "", db.Micros(now.Add(checkEvery)))
	return id, err
}

// free refuses a new document that is there already.
func (r *Room) free(ctx context.Context, d Draft) error {
	_, err := r.Document(ctx, NewID(d.Platform, d.Title))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err == nil {
		err = fault.On("title", fault.Conflict, "terms.draft.there")
	}
	return err
}

// LetGo ends that a document is watched. What was seen of it stays. Faults: SignIn,
// Forbidden, NotFound; Conflict when it was let go; Invalid on "reason".
func (r *Room) LetGo(ctx context.Context, by Actor, id DocumentID, reason string) (err error) {
	defer fault.Wrap(&err, "terms.LetGo(%s)", id)
	return r.say(ctx, by, id, DeedLetGo, MayLetGo, reason)
}

// TakeUp begins to watch a document again. Faults: as LetGo's.
func (r *Room) TakeUp(ctx context.Context, by Actor, id DocumentID, reason string) (err error) {
	defer fault.Wrap(&err, "terms.TakeUp(%s)", id)
	return r.say(ctx, by, id, DeedTakenUp, MayTakeUp, reason)
}

func (r *Room) say(ctx context.Context, by Actor, id DocumentID, deed Deed, may func(Actor, Document) error, reason string) error {
	if err := MayDeclare(by); err != nil {
		return err
	}
	reason, err := typed.Line("reason", reason, 3, MaxReason)
	if err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		d, err := r.Document(ctx, id)
		if err == nil {
			err = may(by, d)
		}
		if err != nil {
			return err
		}
		now, since := db.Micros(r.moment()), int64(0)
		if deed == DeedLetGo {
			since = now
		}
		if _, err := r.db.Exec(ctx, qDocumentLetGo, id, since, now); err != nil {
			return err
		}
		return r.sayTx(ctx, by, id, deed, reason)
	})
}

func (r *Room) sayTx(ctx context.Context, by Actor, id DocumentID, deed Deed, reason string) error {
	r.touched(ctx, id)
	_, err := r.db.Exec(ctx, qSay, id, string(deed), string(by.Face), db.Micros(r.moment()), reason)
	return err
}

// History is what stewards did with a document, the newest first.
func (r *Room) History(ctx context.Context, id DocumentID) (said []Said, err error) {
	defer fault.Wrap(&err, "terms.History(%s)", id)
	return list(ctx, r.db, qSaid, scanSaid, id)
}

// Renamed tells that a platform is called otherwise: documents that call it by one
// of the names it had call it by the new one. Their addresses stay. Faults: none but
// Unavailable.
func (r *Room) Renamed(ctx context.Context, is func(platform string) bool, name string) (err error) {
	defer fault.Wrap(&err, "terms.Renamed")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		ds, err := r.Documents(ctx)
		for _, d := range ds {
			if err != nil || !is(d.Platform) || d.Platform == name {
				continue
			}
			r.touched(ctx, d.ID)
			_, err = r.db.Exec(ctx, qDocumentPlatform, d.ID, name)
		}
		return err
	})
}

// Declaration is where the document lies; empty when it was only imported.
func (d Document) Declaration() (said Declaration) {
	if json.Unmarshal([]byte(d.declaration), &said) != nil {
		return Declaration{}
	}
	return said
}
