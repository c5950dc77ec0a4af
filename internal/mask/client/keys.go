package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/url"

	"guildhall/internal/fault"
	"guildhall/internal/mask/letter"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// Keys are the issuer keys of one space, checked.
type Keys struct {
	space   string
	bySlot  map[token.Slot]*rsa.PublicKey
	letters *Letters
}

// Letters is where masks of a space hand in letters, and to which key.
type Letters struct {
	Box   string     `json:"box"`
	Key   wire.Bytes `json:"key"`
	Place uint64     `json:"place"` // in the public log
}

// Letters gives the hall's letterbox, when it has one.
func (k Keys) Letters() (Letters, bool) {
	if k.letters == nil {
		return Letters{}, false
	}
	return *k.letters, true
}

// Key gives the key of a purpose and epoch.
func (k Keys) Key(p token.Purpose, epoch int) (*rsa.PublicKey, bool) {
	found, ok := k.bySlot[token.Slot{Purpose: p, Space: k.space, Epoch: epoch}]
	return found, ok
}

// Listed is one key as the hall lists it.
type Listed struct {
	Purpose token.Purpose `json:"purpose"`
	Epoch   int           `json:"epoch"`
	N       string        `json:"n"`
	E       int           `json:"e"`
	Place   uint64        `json:"place"` // in the public log
}

// slot is what the key signs for when it is listed for a space: a mail stands for
// a vouch everywhere.
func (k Listed) slot(space string) token.Slot {
	if k.Purpose == token.Mail {
		space = ""
	}
	return token.Slot{Purpose: k.Purpose, Space: space, Epoch: k.Epoch}
}

// Logged knows a hall's log. Faults: Forbidden for what does not stand there.
type Logged interface {
	// Issuer tells whether a key stands at its place, and as the only one of its slot.
	Issuer(ctx context.Context, space string, k Listed) error
	// Letterbox tells whether a letterbox and its key stand at their place, and no other
	// key of the same day or a later one stands anywhere.
	Letterbox(ctx context.Context, l Letters) error
}

// Keys reads a space's issuer keys from the hall, with the account's cookie, and
// from the safe origin without, and refuses them when the two differ, when one
// could mark its user, or when the log does not have it. Faults: Invalid,
// Forbidden; then nothing was sent that could be marked.
func (a *Account) Keys(ctx context.Context, space string, logged Logged) (k Keys, err error) {
	defer fault.Wrap(&err, "client.Keys(%s)", space)
	mine, err := fetch(ctx, a.http, a.hall.URL.String()+"/spaces/"+url.PathEscape(space)+"/keys")
	if err != nil {
		return k, err
	}
	all, err := fetch(ctx, Mask{Hall: a.hall}.client("keys"), a.hall.Safe().String()+"/keys?space="+url.QueryEscape(space))
	if err != nil {
		return k, err
	}
	if !bytes.Equal(mine, all) {
		return k, fault.New(fault.Forbidden, "client.keys_differ")
	}
	return checkKeys(ctx, space, all, logged)
}

// Keys reads them as a mask does: without the account, from both addresses; without a
// space it is the key of mail passes alone. Faults: as of Account.Keys.
func (m Mask) Keys(ctx context.Context, space string, logged Logged) (k Keys, err error) {
	defer fault.Wrap(&err, "client.Keys(%s)", space)
	path := "/keys"
	if space != "" {
		path = "/spaces/" + url.PathEscape(space) + "/keys"
	}
	one, err := fetch(ctx, m.client("keys"), m.Hall.URL.String()+path)
	if err != nil {
		return k, err
	}
	two, err := fetch(ctx, m.client("keys"), m.Hall.Safe().String()+"/keys?space="+url.QueryEscape(space))
	if err != nil {
		return k, err
	}
	if !bytes.Equal(one, two) {
		return k, fault.New(fault.Forbidden, "client.keys_differ")
	}
	return checkKeys(ctx, space, one, logged)
}

// checkKeys reads a list of keys.
func checkKeys(ctx context.Context, space string, b []byte, logged Logged) (k Keys, err error) {
	var list struct {
		V       int      `json:"v"`
		Space   string   `json:"space"`
		Epoch   int      `json:"epoch"`
		Keys    []Listed `json:"keys"`
		Letters *Letters `json:"letters"`
	}
	if json.Unmarshal(b, &list) != nil || list.Space != space {
		return k, fault.New(fault.Invalid, "pass.key.refused")
	}
	k = Keys{space: space, bySlot: make(map[token.Slot]*rsa.PublicKey)}
	for _, l := range list.Keys {
		key, err := token.ParseKey(l.Purpose, l.N)
		if err != nil {
			return k, err
		}
		slot := l.slot(space)
		if l.E != key.E || k.bySlot[slot] != nil {
			return k, fault.New(fault.Invalid, "pass.key.refused")
		}
		if err := logged.Issuer(ctx, space, l); err != nil {
			return k, err
		}
		k.bySlot[slot] = key
	}
	if list.Letters != nil {
		if k.letters = list.Letters; len(k.letters.Key) != letter.PublicSize {
			return k, fault.New(fault.Invalid, "pass.key.refused")
		}
		if err := logged.Letterbox(ctx, *k.letters); err != nil {
			return k, err
		}
	}
	return k, nil
}

// fetch reads a list of keys.
func fetch(ctx context.Context, c *http.Client, at string) ([]byte, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	r, err := c.Do(q)
	if err != nil {
		return nil, reach(err)
	}
	b, err := readAll(r, maxKeys)
	if err != nil {
		return nil, reach(err)
	}
	if r.StatusCode != http.StatusOK {
		return nil, refusal(r.StatusCode, b)
	}
	return b, nil
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }
