package e2e

import (
	"net"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

var nameCommands = map[string]command{
	"nameserver": {0, 0, false, nameServer},
	"record": {2, 2, false, func(s *scene, a []string) error {
		s.records.Store(a[0], a[1])
		return nil
	}},
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
