package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"guildhall/internal/ident"
)

// People who know each other write messages. What is inside is random bytes here: of
// sealed ones nobody can tell them, and the hall and the adversary see the outside.

// How often a visit of an account holds something of it.
const (
	oftenReads  = 0.3 // opens the page of messages
	oftenWrites = 0.4 // and then writes to somebody
	oftenReacts = 0.5 // answers a text that has come
	oftenRekeys = 0.1 // a conversation gets new keys before a text
	stock       = 12  // key packages of a device at the hall
	fewLeft     = 4
)

// desk is somebody's device for messages.
type desk struct {
	leaf     string
	identity []byte
	left     int              // key packages that the hall still has
	talks    map[string]*talk // by the handle of the other
	rooms    []*talk
}

// talk is a conversation; all of them have it.
type talk struct {
	id    string
	epoch int64
	in    []*person
	room  bool         // of more than two
	gone  []string     // devices of those who have left
	files []*parcelled // that somebody is to fetch
}

// base64s are bytes in JSON, as the hall's scripts write them.
type base64s []byte

// MarshalText writes them.
func (b base64s) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, b), nil
}

// script sends what a script of the messages would.
func (p *play) script(who *person, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = b
	}
	b, err := who.account.Send(p.ctx, method, path, "application/json", body)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(b, out)
}

// correspond is a visit to the page of messages.
func (p *play) correspond(who *person, c call) error {
	if p.r.Float64() >= oftenReads {
		return nil
	}
	if err := p.sitDown(who, c); err != nil {
		return err
	}
	if err := p.fetch(who, c); err != nil {
		return err
	}
	if n := len(who.known); n > 0 && p.r.Float64() < oftenWrites {
		if err := p.writeTo(who, c, who.known[p.r.IntN(n)]); err != nil {
			return err
		}
	}
	if err := p.inCrowds(who, c); err != nil {
		return err
	}
	return p.ring(who, c)
}

// sitDown enrols her device, or fills up what others have drawn.
func (p *play) sitDown(who *person, c call) error {
	d := &who.desk
	fresh := func(n int) (list []base64s) {
		for range n {
			list = append(list, keyPackage())
		}
		return list
	}
	switch {
	case d.leaf == "":
		*d = desk{leaf: ident.Random(), identity: random(65), left: stock, talks: map[string]*talk{}}
		in := map[string]any{"leaf": d.leaf, "identity": base64s(d.identity), "last": keyPackage(), "packages": fresh(stock)}
		return p.marked(who, c, "leaf", p.script(who, http.MethodPost, "/messages/leaves", in, nil))
	case d.left < fewLeft:
		in := map[string]any{"packages": fresh(stock - d.left)}
		d.left = stock
		return p.marked(who, c, "key packages", p.script(who, http.MethodPost, "/messages/leaves/"+d.leaf+"/packages", in, nil))
	}
	return nil
}

// fetch takes what has come, and answers some of it.
func (p *play) fetch(who *person, c call) error {
	var came []struct {
		ID, Group, Kind string
		Epoch           int64
	}
	at := "/messages/leaves/" + who.desk.leaf
	if err := p.script(who, http.MethodGet, at+"/box", nil, &came); err != nil || len(came) == 0 {
		return err
	}
	var ids, react []string
	for _, x := range came {
		ids = append(ids, x.ID)
		if x.Kind == "text" && p.r.Float64() < oftenReacts {
			react = append(react, x.Group)
		}
	}
	if err := p.marked(who, c, "receipt", p.script(who, http.MethodPost, at+"/receipts", map[string]any{"items": ids}, nil)); err != nil {
		return err
	}
	for _, t := range slices.Concat(slices.Collect(maps.Values(who.desk.talks)), who.desk.rooms) {
		if err := p.unpack(who, c, t); err != nil {
			return err
		}
	}
	for _, group := range react {
		for _, t := range slices.Concat(slices.Collect(maps.Values(who.desk.talks)), who.desk.rooms) {
			if t.id == group {
				if err := p.text(who, c, t); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// writeTo writes to somebody she knows, when he has a device for it.
func (p *play) writeTo(who *person, c call, slug string) error {
	other := p.at(slug)
	if other == nil || other.desk.leaf == "" {
		return nil
	}
	t := who.desk.talks[slug]
	if t == nil {
		t = &talk{id: ident.Random(), in: []*person{who, other}}
		var drawn []struct{ Leaf string }
		err := p.script(who, http.MethodPost, "/people/"+slug+"/packages", map[string]any{"leaves": []string{other.desk.leaf}}, &drawn)
		if err == nil && len(drawn) > 0 {
			other.desk.left--
			err = p.change(who, t, other.desk.leaf)
		}
		if before := p.Counts[openDeed+"conversation"]; true {
			if err := p.marked(who, c, "conversation", err); err != nil || p.Counts[openDeed+"conversation"] == before {
				return err // parted meanwhile
			}
		}
		who.desk.talks[slug], other.desk.talks[who.slug()] = t, t
	} else if p.r.Float64() < oftenRekeys {
		if err := p.marked(who, c, "new keys", p.change(who, t)); err != nil {
			return err
		}
	}
	return p.send(who, c, t)
}

// change begins a conversation with devices, or gives it new keys.
func (p *play) change(who *person, t *talk, add ...string) error {
	in := map[string]any{"leaf": who.desk.leaf, "epoch": t.epoch, "once": ident.Random(), "body": outside(t, contentChange, 300+p.r.IntN(200)), "add": add, "remove": t.gone, "room": t.room && t.epoch == 0}
	if len(add) > 0 {
		in["welcome"] = welcome()
	}
	err := p.script(who, http.MethodPost, "/messages/groups/"+t.id+"/changes", in, nil)
	if err == nil {
		t.epoch++
	}
	return err
}

// text sends one, padded to whole steps.
func (p *play) text(who *person, c call, t *talk) error {
	const step, seal = 256, 16
	in := map[string]any{"leaf": who.desk.leaf, "epoch": t.epoch, "once": ident.Random(), "body": outside(t, contentText, step*(1+p.r.IntN(3))+seal)}
	return p.marked(who, c, "message", p.script(who, http.MethodPost, "/messages/groups/"+t.id+"/texts", in, nil))
}

// Forms and contents of RFC 9420.
const (
	formPrivate, formWelcome, formPackage = 2, 3, 5
	contentText, contentChange            = 1, 3
	suite                                 = 2
)

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// vector writes bytes after their length, in two bytes.
func vector(to, b []byte) []byte {
	return append(binary.BigEndian.AppendUint16(to, 0x4000|uint16(len(b))), b...)
}

// outside is what the hall sees of something sealed.
func outside(t *talk, content byte, n int) base64s {
	b := append([]byte{0, 1, 0, formPrivate, byte(len(t.id))}, t.id...)
	b = binary.BigEndian.AppendUint64(b, uint64(t.epoch))
	b = append(b, content, 0, 28) // nothing beside; the sender sealed in 28 bytes
	return vector(append(b, random(28)...), random(n))
}

func welcome() base64s {
	return vector(vector([]byte{0, 1, 0, formWelcome, 0, suite}, random(230)), random(900))
}

func keyPackage() base64s {
	return append(vector([]byte{0, 1, 0, formPackage, 0, 1, 0, suite}, random(65)), random(270)...)
}
