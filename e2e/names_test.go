package e2e

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"guildhall/internal/fault"
	"guildhall/internal/fetch"
)

var nameCommands = map[string]command{
	"nameserver": {0, 0, false, nameServer},
	"record": {2, 2, false, func(s *scene, a []string) error {
		s.records.Store(a[0], a[1])
		return nil
	}},
	"page": {2, 3, false, func(s *scene, a []string) error {
		p := fetch.Page{FinalURL: a[0], ContentType: "text/html; charset=utf-8"}
		if len(a) == 3 {
			p.ContentType = a[2]
		}
		if a[1] == "" {
			p.FinalURL = ""
		} else if p.Body = []byte(s.ts.ReadFile(a[1])); len(p.Body) == 0 {
			return fmt.Errorf("%s is empty", a[1])
		}
		s.pages.Store(a[0], p)
		return nil
	}},
}

// webPage is what the story's web says of an address; of a host it does not know, nothing.
func (w *world) webPage(address string) (fetch.Page, error) {
	if p, found := w.pages.Load(address); found && p.(fetch.Page).FinalURL != "" {
		return p.(fetch.Page), nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return fetch.Page{}, err
	}
	known := false
	w.pages.Range(func(at, _ any) bool {
		known = known || strings.HasPrefix(at.(string), u.Scheme+"://"+u.Host+"/")
		return !known
	})
	if known {
		return fetch.Page{}, fault.New(fault.NotFound, "fetch.missing")
	}
	return fetch.Page{}, nil
}

// nameServer answers what "record" says of a name, and of all other names that there
// is nothing.
func nameServer(s *scene, _ []string) error {
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.ts.Defer(func() { conn.Close() })
	s.ts.Setenv("RESOLVER", `resolver = "`+conn.LocalAddr().String()+`"`)
	w := s.world
	go func() {
		buf := make([]byte, 2048)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			if out := w.answerName(buf[:n]); out != nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return nil
}

func (w *world) answerName(asked []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(asked) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Additionals, m.RCode = true, nil, dnsmessage.RCodeNameError
	if text, found := w.records.Load(strings.TrimSuffix(q.Name.String(), ".")); found && text != "" {
		m.RCode = dnsmessage.RCodeSuccess
		if q.Type == dnsmessage.TypeTXT {
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}, Body: &dnsmessage.TXTResource{TXT: []string{text.(string)}}}}
		}
	}
	out, err := m.Pack()
	if err != nil {
		return nil
	}
	return out
}
