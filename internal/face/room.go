package face

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	number "math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guildhall/internal/db"
	"guildhall/internal/event"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/markdown"
	"guildhall/internal/typed"
)

// The events of this room; the subject is the face.
const (
	EventChanged = "face.changed" // made, renamed, its profile or picture saved
	EventRetired = "face.retired"
)

// maxNames is how many names one face may hold, old ones included: names are
// everybody's.
const maxNames = 10

// Config is what the room is given.
type Config struct {
	DB     *db.DB
	Events *event.Log
	Now    func() time.Time
	// Touch is told, after a commit, what changed on pages: "face:ID", and, when
	// it is a name or a picture, "faces" for pages that show many. nil tells
	// nobody.
	Touch func(things ...string)
	Host  string // the hall's own; links to it are not outbound
	// Platform tells whether a name, folded as names are (ident.Fold), is that of a
	// platform: nobody bears it. nil: there are none.
	Platform func(ctx context.Context, key string) (bool, error)
}

// Room keeps the faces of one hall. Safe for concurrent use.
type Room struct {
	db     *db.DB
	events *event.Log
	now    func() time.Time
	touch  func(things ...string)
	host   string
	memory memory
	others func(ctx context.Context, key string) (bool, error)
}

// New makes the room.
func New(c Config) *Room {
	if c.Touch == nil {
		c.Touch = func(...string) {}
	}
	if c.Platform == nil {
		c.Platform = func(context.Context, string) (bool, error) { return false, nil }
	}
	return &Room{db: c.DB, events: c.Events, now: c.Now, touch: c.Touch, host: c.Host, others: c.Platform}
}

// New makes an open profile. Faults: Invalid on "name" (see ident.ParseHandle),
// Conflict on "name" when the name, or one like it, is or was somebody else's, or is a
// platform's.
func (r *Room) New(ctx context.Context, name string) (f Face, err error) {
	defer fault.Wrap(&err, "face.New")
	h, err := ident.ParseHandle(name)
	if err != nil {
		return Face{}, err
	}
	// A sortable id would tell the moment of joining, to everybody.
	f = Face{ID: ID(ident.Random()), Handle: h.Slug(), Name: h.String(), Kind: Open, Since: r.now().UTC().Year()}
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		if err := r.takeTx(ctx, h, f.ID); err != nil {
			return err
		}
		if _, err := r.db.Exec(ctx, qMake, f.ID, f.Kind, f.Handle, f.Name, f.Since); err != nil {
			return err
		}
		return r.events.Append(ctx, EventChanged, string(f.ID), nil)
	})
	return f, err
}

// takeTx gives a name to a face. Its own earlier names are free to it.
func (r *Room) takeTx(ctx context.Context, h ident.Handle, id ID) error {
	key := h.Key()
	for _, k := range []string{key, grave(key)} {
		var owner ID
		found, err := r.db.Row(ctx, qKey, []any{k}, &owner)
		if err != nil {
			return err
		}
		if found && owner == id {
			return nil
		}
		if found {
			return fault.On("name", fault.Conflict, "face.name.taken")
		}
	}
	if err := r.Bearable(ctx, h); err != nil {
		return err
	}
	_, err := r.db.Exec(ctx, qKeyMake, key, id)
	if db.IsUnique(err) { // somebody was faster
		return fault.On("name", fault.Conflict, "face.name.taken")
	}
	return err
}

// Bearable tells whether a person may bear a name that is free: not a platform's, or she
// would seem to speak for it. Faults: Conflict on "name".
func (r *Room) Bearable(ctx context.Context, h ident.Handle) error {
	yes, err := r.others(ctx, h.Key())
	if err == nil && yes {
		err = fault.On("name", fault.Conflict, "face.name.platform")
	}
	return err
}

// grave is what stays of the name of a face that is gone, so that nobody can
// take it and seem to be her.
func grave(key string) string {
	sum := sha256.Sum256([]byte("face.grave:" + key))
	return "#" + hex.EncodeToString(sum[:16])
}

// Draw proposes a free two-word name. Somebody may take it before New does.
func (r *Room) Draw(ctx context.Context) (name string, err error) {
	defer fault.Wrap(&err, "face.Draw")
	for try := 0; ; try++ {
		name = ident.TwoWordName(rand.Reader)
		if try >= 20 { // a crowded hall
			name += " " + strconv.Itoa(10+number.IntN(990))
		}
		h, err := ident.ParseHandle(name)
		if err != nil {
			return "", err
		}
		free := true
		for _, k := range []string{h.Key(), grave(h.Key())} {
			var owner ID
			taken, err := r.db.Row(ctx, qKey, []any{k}, &owner)
			if err != nil {
				return "", err
			}
			free = free && !taken
		}
		if free {
			return name, nil
		}
	}
}

// Face reads one face. Faults: NotFound.
func (r *Room) Face(ctx context.Context, id ID) (f Face, err error) {
	defer fault.Wrap(&err, "face.Face")
	f, found, err := r.find(ctx, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "face.none")
	}
	return f, err
}

// ByHandle reads the face that has or had this handle or name, however it is
// written: compare Face.Handle to send readers of an old address on. Faults:
// NotFound.
func (r *Room) ByHandle(ctx context.Context, handle string) (f Face, err error) {
	defer fault.Wrap(&err, "face.ByHandle")
	var id ID
	key := ""
	if len(handle) <= 16*ident.MaxHandle {
		key = ident.Fold(handle)
	}
	found := false
	if key != "" {
		if found, err = r.db.Row(ctx, qKey, []any{key}, &id); err != nil {
			return Face{}, err
		}
	}
	if !found {
		return Face{}, fault.New(fault.NotFound, "face.none")
	}
	return r.Face(ctx, id)
}

// Faces reads many at once; ids nobody has are missing from the map.
func (r *Room) Faces(ctx context.Context, ids []ID) (faces map[ID]Face, err error) {
	defer fault.Wrap(&err, "face.Faces")
	faces = make(map[ID]Face, len(ids))
	for _, id := range ids {
		if _, have := faces[id]; have || id == "" {
			continue
		}
		f, found, err := r.find(ctx, id)
		if err != nil {
			return nil, err
		}
		if found {
			faces[id] = f
		}
	}
	return faces, nil
}

// Fill completes faces of which only the ID is set; one nobody has stays as it
// is. It is Faces without the map, for pages of many.
func (r *Room) Fill(ctx context.Context, faces ...*Face) (err error) {
	defer fault.Wrap(&err, "face.Fill")
	if !db.Writing(ctx) {
		faces = r.memory.fill(faces)
	}
	for _, f := range faces {
		known, found, err := r.find(ctx, f.ID)
		if err != nil {
			return err
		}
		if found {
			*f = known
		}
	}
	return nil
}

// Rename gives an open profile another name. The old one stays hers and leads to
// the new one. Faults: as New; NotFound; TooMany after ten names.
func (r *Room) Rename(ctx context.Context, id ID, name string) (f Face, err error) {
	defer fault.Wrap(&err, "face.Rename")
	h, err := ident.ParseHandle(name)
	if err != nil {
		return Face{}, err
	}
	err = r.changeTx(ctx, id, func(ctx context.Context) error {
		if err := r.takeTx(ctx, h, id); err != nil {
			return err
		}
		keys, err := r.keysTx(ctx, id)
		if err != nil {
			return err
		}
		if len(keys) > maxNames {
			return fault.On("name", fault.TooMany, "face.name.many", maxNames)
		}
		r.forget(ctx, id)
		_, err = r.db.Exec(ctx, qName, id, h.Slug(), h.String())
		return err
	})
	if err != nil {
		return Face{}, err
	}
	return r.Face(ctx, id)
}

// SetPicture shows a stored image, by its name; empty shows none. Faults:
// Invalid, NotFound.
func (r *Room) SetPicture(ctx context.Context, id ID, blob string) (err error) {
	defer fault.Wrap(&err, "face.SetPicture")
	if len(blob) > 100 || strings.ContainsAny(blob, "/\\ \"'<>&") {
		return fault.On("picture", fault.Invalid, "face.picture")
	}
	return r.changeTx(ctx, id, func(ctx context.Context) error {
		r.forget(ctx, id)
		_, err := r.db.Exec(ctx, qPicture, id, blob)
		return err
	})
}

// ShowsPicture tells whether a stored image is somebody's picture, or stands in
// what somebody says of herself. It reads all profiles: for when somebody leaves.
func (r *Room) ShowsPicture(ctx context.Context, blob string) (shown bool, err error) {
	defer fault.Wrap(&err, "face.ShowsPicture")
	var one int
	return r.db.Row(ctx, qWears, []any{blob, "%" + markdown.BlobPath + blob + "%"}, &one)
}

// changeTx runs a change of an open profile, with its event.
func (r *Room) changeTx(ctx context.Context, id ID, change func(context.Context) error) error {
	return r.db.Tx(ctx, func(ctx context.Context) error {
		f, found, err := r.load(ctx, id)
		if err != nil {
			return err
		}
		if !found || f.Kind != Open {
			return fault.New(fault.NotFound, "face.none")
		}
		if err := change(ctx); err != nil {
			return err
		}
		db.AfterCommit(ctx, func() { r.touch("face:" + string(id)) })
		return r.events.Append(ctx, EventChanged, string(id), nil)
	})
}

// Names lists the names a face has and had, folded as they are kept, in no order.
func (r *Room) Names(ctx context.Context, id ID) (keys []string, err error) {
	defer fault.Wrap(&err, "face.Names")
	return r.keysTx(ctx, id)
}

// Retire leaves "former member" of an open profile: name, picture and profile
// are erased, and nobody can take the names again. Doing it twice is once.
// Faults: NotFound.
func (r *Room) Retire(ctx context.Context, id ID) (err error) {
	defer fault.Wrap(&err, "face.Retire")
	return r.db.Tx(ctx, func(ctx context.Context) error {
		keys, err := r.keysTx(ctx, id)
		if err != nil {
			return err
		}
		db.AfterCommit(ctx, func() { r.touch(AllListed) })
		if _, err := r.db.Exec(ctx, qUnlist, id); err != nil {
			return err
		}
		if _, err := r.db.Exec(ctx, qKeysErase, id); err != nil {
			return err
		}
		for _, k := range keys {
			if _, err := r.db.Exec(ctx, qKeyMake, grave(k), ""); err != nil {
				return err
			}
		}
		if _, err := r.db.Exec(ctx, qProfileErase, id); err != nil {
			return err
		}
		n, err := r.db.Exec(ctx, qRetire, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "face.none")
		}
		r.forget(ctx, id)
		db.AfterCommit(ctx, func() { r.touch("face:" + string(id)) })
		return r.events.Append(ctx, EventRetired, string(id), nil)
	})
}

// Imported gives the face of an author of imported texts, made when needed: the
// same source and name give the same face. source tells apart whose Ana it is,
// such as the name of the blog; name is as it was signed. Faults: Invalid.
func (r *Room) Imported(ctx context.Context, source, name string) (f Face, err error) {
	defer fault.Wrap(&err, "face.Imported")
	name = typed.OneLine(name)
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > MaxName {
		return Face{}, fault.On("name", fault.Invalid, "fault.too_long", MaxName)
	}
	sum := sha256.Sum256([]byte(source + "\x00" + name))
	key := "@" + hex.EncodeToString(sum[:16])
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		var id ID
		found, err := r.db.Row(ctx, qKey, []any{key}, &id)
		if err != nil {
			return err
		}
		if found {
			f, _, err = r.load(ctx, id)
			return err
		}
		f = Face{ID: ID(ident.Random()), Name: name, Kind: Imported}
		if _, err := r.db.Exec(ctx, qKeyMake, key, f.ID); err != nil {
			return err
		}
		_, err = r.db.Exec(ctx, qMake, f.ID, f.Kind, "", f.Name, 0)
		return err
	})
	return f, err
}
