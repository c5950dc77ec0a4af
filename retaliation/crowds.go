package main

import (
	"net/http"
	"slices"
	"strconv"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Some conversations have more than two people in them, and in some texts there are
// pictures: files that come sealed before the text that names them.

// How often a visit to the page of messages holds something of it.
const (
	oftenGathers = 0.05 // begins a room
	mostGathered = 4    // people beside her
	oftenChats   = 0.3  // writes into a room of hers
	oftenSends   = 0.15 // with a file
	oftenLeaves  = 0.02 // leaves a room
	pieceStep    = 4 << 10
	mostSteps    = 6
)

// parcelled is a file that somebody is to fetch.
type parcelled struct {
	id string
	to []*person
}

// inCrowds is what she does in rooms.
func (p *play) inCrowds(who *person, c call) error {
	if p.r.Float64() < oftenGathers && len(who.known) > 1 {
		if err := p.gather(who, c); err != nil {
			return err
		}
	}
	if len(who.desk.rooms) == 0 {
		return nil
	}
	t := who.desk.rooms[p.r.IntN(len(who.desk.rooms))]
	switch x := p.r.Float64(); {
	case x < oftenLeaves:
		return p.leave(who, c, t)
	case x < oftenChats:
		if err := p.rekey(who, c, t); err != nil {
			return err
		}
		return p.send(who, c, t)
	}
	return nil
}

// gather begins a room with people she knows who have devices.
func (p *play) gather(who *person, c call) error {
	var others []*person
	for _, i := range p.r.Perm(len(who.known)) {
		if o := p.at(who.known[i]); o != nil && o.desk.leaf != "" && len(others) < mostGathered {
			others = append(others, o)
		}
	}
	if len(others) < 2 {
		return nil
	}
	others = others[:2+p.r.IntN(len(others)-1)]
	var faces, leaves []string
	for _, o := range others {
		faces, leaves = append(faces, o.face), append(leaves, o.desk.leaf)
	}
	t := &talk{id: ident.Random(), room: true, in: append([]*person{who}, others...)}
	err := p.script(who, http.MethodPost, "/messages/packages", map[string]any{"people": faces}, nil)
	if err == nil {
		for _, o := range others {
			o.desk.left--
		}
		err = p.change(who, t, leaves...)
	}
	if err := p.marked(who, c, "room", err); err != nil || t.epoch == 0 {
		return err // parted meanwhile
	}
	for _, x := range t.in {
		x.desk.rooms = append(x.desk.rooms, t)
	}
	return p.send(who, c, t)
}

// rekey takes out who has left, and now and then gives new keys all the same.
func (p *play) rekey(who *person, c call, t *talk) error {
	if len(t.gone) == 0 && p.r.Float64() >= oftenRekeys {
		return nil
	}
	err := p.change(who, t)
	if err == nil {
		t.gone = nil
	}
	return p.marked(who, c, "new keys", err)
}

// leave ends a room for her.
func (p *play) leave(who *person, c call, t *talk) error {
	err := p.script(who, http.MethodPost, "/messages/groups/"+t.id+"/leaving", map[string]any{"leaf": who.desk.leaf}, nil)
	if err == nil {
		t.gone = append(t.gone, who.desk.leaf)
		t.in = slices.DeleteFunc(t.in, func(x *person) bool { return x == who })
		who.desk.rooms = slices.DeleteFunc(who.desk.rooms, func(x *talk) bool { return x == t })
	}
	return p.marked(who, c, "leaving", err)
}

// send writes a text, sometimes with a file before it.
func (p *play) send(who *person, c call, t *talk) error {
	if p.r.Float64() < oftenSends {
		f := &parcelled{id: ident.Random()}
		for _, x := range t.in {
			if x != who {
				f.to = append(f.to, x)
			}
		}
		const seal = 16
		body := random(pieceStep*(1+p.r.IntN(mostSteps)) + seal)
		_, err := who.account.Send(p.ctx, http.MethodPost, "/messages/leaves/"+who.desk.leaf+"/groups/"+t.id+"/files/"+f.id+"/0", "application/octet-stream", body)
		if err == nil {
			t.files = append(t.files, f)
		}
		if err := p.marked(who, c, "file", err); err != nil {
			return err
		}
	}
	return p.text(who, c, t)
}

// unpack fetches the files of a conversation that are for her.
func (p *play) unpack(who *person, c call, t *talk) error {
	for _, f := range t.files {
		i := slices.Index(f.to, who)
		if i < 0 {
			continue
		}
		f.to = slices.Delete(f.to, i, i+1)
		at := "/messages/leaves/" + who.desk.leaf + "/files/" + f.id
		if _, err := who.account.Send(p.ctx, http.MethodGet, at+"/"+strconv.Itoa(0), "", nil); err != nil {
			if fault.Is(err, fault.Unavailable) { // a page says that it is not there: blocked, or too late
				p.Counts["file gone"]++
				continue
			}
			return err
		}
		if err := p.marked(who, c, "file fetched", p.script(who, http.MethodPost, at+"/receipt", map[string]any{}, nil)); err != nil {
			return err
		}
	}
	t.files = slices.DeleteFunc(t.files, func(f *parcelled) bool { return len(f.to) == 0 })
	return nil
}
