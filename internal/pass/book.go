package pass

import (
	"context"
	"encoding/json"

	"guildhall/internal/epoch"
	"guildhall/internal/fault"
	"guildhall/internal/pass/token"
)

// book are the keys of a space as clients get them, and the epoch for which.
type book struct {
	week int
	json []byte
}

// keys is what a book says.
type keys struct {
	V     int     `json:"v"`
	Space string  `json:"space"`
	Epoch int     `json:"epoch"`
	Keys  []entry `json:"keys"`
	// Window is of the week that ended last; absent while it is not counted yet.
	Window *window `json:"window,omitempty"`
	// Letters says how masks write to this hall; absent when it has no letterbox.
	Letters *letters `json:"letters,omitempty"`
}

type letters struct {
	Box   string `json:"box"`
	Key   string `json:"key"`
	Place uint64 `json:"place"` // in the public log
}

type entry struct {
	Purpose token.Purpose `json:"purpose"`
	Epoch   int           `json:"epoch"`
	N       string        `json:"n"`
	E       int           `json:"e"`
	Place   uint64        `json:"place"` // in the public log
}

// Keys gives the issuer keys that clients of a space need, as JSON: the same
// bytes for everybody in a week, on the hall's own address and on the safe
// origin. There are the read key and the mail key of the running epoch, and the
// right keys of all epochs, since a right never expires; what is missing of the
// running epoch is made. Of the week that ended last it says how many rights were
// served, and k. Without a space it is the mail key alone.
// Faults: Invalid, NotFound for no safe space.
func (r *Room) Keys(ctx context.Context, space string) (b []byte, err error) {
	defer fault.Wrap(&err, "pass.Keys")
	now, week := epoch.Of(r.Now()), epoch.Week(r.Now())
	r.mu.RLock()
	have, ok := r.books[space]
	r.mu.RUnlock()
	if ok && have.week == week {
		return have.json, nil
	}
	if space != "" {
		if err := (token.Slot{Purpose: token.Right, Space: space}).Check(); err != nil {
			return nil, err
		}
		if err := r.Safe(ctx, space); err != nil {
			return nil, err
		}
	}
	k, err := r.write(ctx, space, now)
	if err != nil {
		return nil, err
	}
	if have.json, err = json.Marshal(k); err != nil || space != "" && k.Window == nil { // said once it is counted
		return have.json, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.books) >= knownMax {
		clear(r.books)
	}
	r.books[space] = book{week, have.json}
	return have.json, nil
}

// ConsultationKeys gives the key of the passes to a consultation of masks in the form
// of Keys: the same bytes for everybody, for ever. Faults: Invalid, NotFound.
func (r *Room) ConsultationKeys(ctx context.Context, id string) (b []byte, err error) {
	defer fault.Wrap(&err, "pass.ConsultationKeys")
	s := token.Slot{Purpose: token.Consultation, Space: id}
	if err := s.Check(); err != nil {
		return nil, err
	}
	if s.Epoch, err = r.Asked(ctx, id); err != nil {
		return nil, err
	}
	i, err := r.issuer(ctx, s)
	if err != nil {
		return nil, err
	}
	return json.Marshal(keys{V: 1, Space: id, Epoch: s.Epoch, Keys: []entry{i.entry(s)}})
}

func (i *issuer) entry(s token.Slot) entry {
	return entry{Purpose: s.Purpose, Epoch: s.Epoch, N: i.public, E: i.key.E, Place: i.place}
}

func (r *Room) write(ctx context.Context, space string, now int) (k keys, err error) {
	k = keys{V: 1, Space: space, Epoch: now}
	slots := []token.Slot{{Purpose: token.Mail, Epoch: now}}
	if space != "" {
		rights, err := r.rights(ctx, space, now)
		if err != nil {
			return k, err
		}
		if k.Window, err = r.lastWindow(ctx, space); err != nil {
			return k, err
		}
		if k.Letters, err = r.letters(ctx); err != nil {
			return k, err
		}
		slots = append(append(slots, token.Slot{Purpose: token.Read, Space: space, Epoch: now}), rights...)
	}
	for _, s := range slots {
		i, err := r.issuer(ctx, s)
		if err != nil {
			return k, err
		}
		k.Keys = append(k.Keys, i.entry(s))
	}
	return k, nil
}

func (r *Room) letters(ctx context.Context) (*letters, error) {
	if r.Letters == nil {
		return nil, nil
	}
	l, err := r.Letters(ctx)
	return &letters{l.Box, token.Encode(l.Key), l.Place}, err
}

// rights lists the slots of all rights of a space, the running epoch's too.
func (r *Room) rights(ctx context.Context, space string, now int) (list []token.Slot, err error) {
	err = r.DB.Rows(ctx, qRights, func(scan func(...any) error) error {
		s := token.Slot{Purpose: token.Right, Space: space}
		if err := scan(&s.Epoch); err != nil {
			return err
		}
		if s.Epoch < now {
			list = append(list, s)
		}
		return nil
	}, space)
	return append(list, token.Slot{Purpose: token.Right, Space: space, Epoch: now}), err
}
