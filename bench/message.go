package main

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"guildhall/internal/ident"
	"guildhall/internal/web/answer"
)

const (
	texts      = 200 // that one writes to another
	roomPeople = 30
	aWelcome   = 400 // bytes of a welcome and of a change for each device, as ts-mls makes them
)

// writer is somebody with a device that reads messages. Nothing is sealed here: the bytes
// look so from outside, and are as many.
type writer struct{ cookie, face, handle, leaf string }

var ownerOf = regexp.MustCompile(`face="([^"]+)" handle="([^"]+)"`)

// posts sends JSON or a form, and wants a status.
func (w writer) posts(addr, path string, body any, want int) (reply, error) {
	a := asking("POST", path, "", "Cookie: "+w.cookie)
	if form, ok := body.(url.Values); ok {
		form.Set(answer.OnceField, answer.NewOnce())
		a = asking("POST", path, form.Encode(), "Cookie: "+w.cookie)
	} else {
		b, err := json.Marshal(body)
		if err != nil {
			return reply{}, err
		}
		a = sending("POST", path, "application/json", string(b), "Cookie: "+w.cookie)
	}
	r, err := once(addr, a)
	if err == nil && r.status != want {
		err = fmt.Errorf("%s: status %d: %.200s", path, r.status, r.body)
	}
	return r, err
}

// enrolled gives people a device each.
func enrolled(addr string, cookies []string) (list []writer, err error) {
	for i, c := range cookies {
		r, err := once(addr, asking("GET", "/messages", "", "Cookie: "+c))
		m := ownerOf.FindSubmatch(r.body)
		if err != nil || m == nil {
			return nil, fmt.Errorf("/messages names nobody: %d, %v", r.status, err)
		}
		w := writer{cookie: c, face: string(m[1]), handle: string(m[2]), leaf: ident.Random()}
		identity := make([]byte, 65)
		copy(identity, w.face)
		identity[64] = byte(i)
		pack := text64([]byte{0, 1, 0, 5, 0, 1, 0, 2, 3, 1, 2, 3, 4})
		_, err = w.posts(addr, "/messages/leaves", map[string]any{"leaf": w.leaf, "identity": text64(identity), "last": pack, "packages": []string{pack}}, 200)
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, nil
}

// connects brings two together, if an earlier run has not.
func (w writer) connects(addr string, other writer) error {
	r, err := once(addr, asking("GET", "/people/"+other.handle+"/connection", "", "Cookie: "+w.cookie))
	if err != nil || strings.Contains(string(r.body), "/connection/end") {
		return err
	}
	if _, err = w.posts(addr, "/people/"+other.handle+"/connection/ask", url.Values{}, 303); err == nil {
		_, err = other.posts(addr, "/people/"+w.handle+"/connection/acceptance", url.Values{}, 303)
	}
	return err
}

func text64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// outside has the outside of a private message with n bytes in it.
func outside(group string, epoch int64, content byte, n int) string {
	b := append([]byte{0, 1, 0, 2, byte(len(group))}, group...)
	b = binary.BigEndian.AppendUint64(b, uint64(epoch))
	b = append(append(b, content, 0, 28), make([]byte, 28)...)
	b = binary.BigEndian.AppendUint32(b, 0x80000000|uint32(n))
	return text64(append(b, make([]byte, n)...))
}

// begins makes a conversation of the first with the others.
func begins(addr string, list []writer, room bool) (group string, err error) {
	group = ident.Random()
	var add []string
	for _, w := range list[1:] {
		add = append(add, w.leaf)
	}
	inside := make([]byte, aWelcome*len(add))
	welcome := []byte{0, 1, 0, 3, 0, 2, 1, 9, 0x80, 0, 0, 0}
	binary.BigEndian.PutUint32(welcome[8:], 0x80000000|uint32(len(inside)))
	_, err = list[0].posts(addr, "/messages/groups/"+group+"/changes", map[string]any{"leaf": list[0].leaf, "epoch": 0, "once": ident.Random(), "room": room,
		"body": outside(group, 0, 3, len(inside)), "welcome": text64(append(welcome, inside...)), "add": add}, 200)
	return group, err
}

// measureMessages takes the time in which the hall accepts a text, in which an open page of
// the other hears of it, and in which it makes a room; what browsers seal is not in it, as
// `npm test` measures that.
func measureMessages(ctx context.Context, b *bench) error {
	cookies, err := b.hall.members(ctx, writers)
	if err != nil {
		return err
	}
	c, err := b.hall.serve(ctx)
	if err != nil {
		return err
	}
	defer c.stop()
	list, err := enrolled(c.addr, cookies[writers-roomPeople:])
	if err != nil {
		return err
	}
	first := list[0]
	for _, w := range list[1:] {
		if err := first.connects(c.addr, w); err != nil {
			return err
		}
	}
	if err := measureTexts(c.addr, list[:2]); err != nil {
		return err
	}
	var faces []string
	for _, w := range list[1:] {
		faces = append(faces, w.face)
	}
	begun := time.Now()
	if _, err = first.posts(c.addr, "/messages/packages", map[string]any{"people": faces}, 200); err == nil {
		_, err = begins(c.addr, list, true)
	}
	if err != nil {
		return err
	}
	say("message_room_30", millis(time.Since(begun)), "ms")
	return nil
}

func measureTexts(addr string, two []writer) error {
	group, err := begins(addr, two, false)
	if err != nil {
		return err
	}
	pages, err := lines(addr, []string{two[1].cookie}, 1)
	defer func() { hangUp(pages) }()
	if err != nil {
		return err
	}
	var accepted, heard []float64
	for range texts {
		type news struct {
			at  time.Time
			err error
		}
		told := make(chan news, 1)
		go func() {
			err := hear(pages[0], `"message"`)
			told <- news{time.Now(), err}
		}()
		sent := time.Now()
		_, err := two[0].posts(addr, "/messages/groups/"+group+"/texts", map[string]any{"leaf": two[0].leaf, "epoch": 1, "once": ident.Random(), "body": outside(group, 1, 1, 512+16)}, 200)
		if err != nil {
			return err
		}
		accepted = append(accepted, millis(time.Since(sent)))
		n := <-told
		if n.err != nil {
			return n.err
		}
		heard = append(heard, millis(n.at.Sub(sent)))
	}
	say("message_accepted_p50", median(accepted), "ms")
	say("message_heard_p50", median(heard), "ms")
	return nil
}
