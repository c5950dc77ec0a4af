package e2e

import (
	"net"
	"strings"

	"guildhall/internal/app"
	"guildhall/internal/letterbox"
	"guildhall/internal/web/answer"
	"guildhall/internal/web/quota"
)

// putUpLetterbox opens a letterbox beside the story's hall, on the story's clock, and
// opens the hall again with its address. What it holds is brought by jobs.
func putUpLetterbox(s *scene, _ []string) (err error) {
	if s.box, err = app.TestOnlyLetterbox(s.t.TempDir(), s.origin, s.time); err != nil {
		return err
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := answer.Server(letterbox.NewDoor(s.box, quota.NewAddresses()))
	go server.Serve(l)
	s.t.Cleanup(func() { server.Close() })
	return s.restart([]string{`letterbox = "` + strings.Replace("http://"+l.Addr().String(), "127.0.0.1", "localhost", 1) + `"`})
}
