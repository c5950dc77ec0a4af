package e2e

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/db"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/member/key"
)

var hallCommands = map[string]command{
	"person": {1, 1, false, func(s *scene, a []string) error { return s.join(a[0]) }},
	"steward": {1, 1, false, func(s *scene, a []string) error {
		if err := s.join(a[0]); err != nil {
			return err
		}
		return s.keepHall()
	}},
	"jobs": {0, 0, false, func(s *scene, _ []string) error { return s.jobs() }},
	"clock": {1, 1, false, func(s *scene, a []string) error {
		d, err := span(a[0])
		s.clock.Add(d.Microseconds())
		return err
	}},
	"letterbox": {0, 0, false, putUpLetterbox},
	"restart":   {0, 9, false, func(s *scene, a []string) error { return s.restart(a) }},
	"move":      {0, 0, false, func(s *scene, _ []string) error { return s.move() }},
	"rows":      {2, 2, true, countRows},
	"picture":   {2, 2, false, picture},
	"bytes":     {2, 2, false, noise},
	"unzip":     {2, 2, false, unzip},
	"anywhere": {1, 1, true, func(s *scene, a []string) error {
		where, err := s.anywhere(a[0])
		if err != nil {
			return err
		}
		return s.expect(where != "", "%q in %s", a[0], where)
	}},
	"forget": {0, 0, false, func(s *scene, _ []string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.answers.Reset()
		return nil
	}},
	"topic":     {1, 1, false, topic},
	"phrase":    {0, 0, false, phrase},
	"posts":     {1, 1, false, posts},
	"guildhall": {1, 12, true, commandLine},
}

// join makes a member through the form, as a browser without scripts does, and
// remembers the codes.
func (s *scene) join(name string) error {
	b := s.browser(name)
	s.now = b
	steps := []func() error{
		func() error { return b.visit("/join") },
		func() error { return b.page.fill("Your name here", name, "main") },
		func() error { return press(s, []string{"Join", "main form"}) },
		func() error { return s.codes(name) },
		func() error { return press(s, []string{"I have kept them, go on"}) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// codes reads the codes off the page that shows them once.
func (s *scene) codes(name string) error {
	found, err := s.now.page.all("main .code, main .codes li")
	if err != nil {
		return err
	}
	if len(found) < 2 {
		return fmt.Errorf("no codes are shown")
	}
	variable := strings.ReplaceAll(name, " ", "_")
	for i, n := range found {
		key := fmt.Sprintf("%s_recovery%d", variable, i)
		if i == 0 {
			key = variable + "_code"
		}
		s.ts.Setenv(key, words(n))
		s.secret("a code of "+name, words(n))
	}
	return nil
}

// keepHall takes the link that the first start prints.
func (s *scene) keepHall() error {
	token, err := s.hall.Moderation.Invite(context.Background(), "")
	if err != nil {
		return err
	}
	s.secret("a link of a steward", token)
	if err := s.now.visit("/steward/" + url.PathEscape(token)); err != nil {
		return err
	}
	found, err := s.now.page.all("main form button")
	if err != nil {
		return err
	}
	if len(found) != 1 {
		return fmt.Errorf("%d buttons on the page of the steward's link", len(found))
	}
	return press(s, []string{named(found[0]), "main"})
}

// phrase makes the keys that scripts make. The hall cannot open the vault, so
// nobody can tell that nothing is in it.
func phrase(s *scene, _ []string) error {
	vault, login := make([]byte, key.VaultSize), make([]byte, 32)
	for _, b := range [][]byte{vault, login} {
		if _, err := rand.Read(b); err != nil {
			return err
		}
	}
	copy(vault, "GHV1")
	verifier := sha256.Sum256(login)
	s.ts.Setenv("VAULT", base64.RawURLEncoding.EncodeToString(vault))
	s.ts.Setenv("LOGIN", base64.RawURLEncoding.EncodeToString(login))
	s.ts.Setenv("VERIFIER", base64.RawURLEncoding.EncodeToString(verifier[:]))
	s.secret("a login", s.ts.Getenv("LOGIN"))
	return nil
}

// topic adds a topic; the first of its kind comes with the hall.
func topic(s *scene, a []string) error {
	id := face.ID("")
	if s.now.name != "nobody" {
		f, err := s.hall.Faces.ByHandle(context.Background(), s.now.name)
		if err != nil {
			return err
		}
		id = f.ID
	}
	_, err := s.hall.Forum.AddTopic(context.Background(), forum.Actor{Face: id, Steward: true}, forum.NewTopic{
		Names: map[string]string{"en": a[0], "es": a[0] + " (es)", "ar": a[0] + " (ar)"},
	})
	return err
}

// posts writes many posts into the discussion that is shown, one each hour from
// now on, and moves the clock to the last.
func posts(s *scene, a []string) error {
	n, err := strconv.Atoi(a[0])
	if err != nil {
		return err
	}
	ctx := context.Background()
	f, err := s.hall.Faces.ByHandle(ctx, s.now.name)
	if err != nil {
		return err
	}
	parts := strings.Split(s.now.page.url.Path, "/")
	if len(parts) < 3 || parts[1] != "discussions" {
		return fmt.Errorf("this is no discussion")
	}
	batch, from := make([]forum.NewPost, n), s.time()
	for i := range batch {
		batch[i] = forum.NewPost{Face: f.ID, At: from.Add(time.Duration(i+1) * time.Hour), Text: fmt.Sprintf("Post of the crowd, number %d.", i+1)}
	}
	s.clock.Add((time.Duration(n) * time.Hour).Microseconds())
	_, err = s.hall.Forum.AppendMany(ctx, forum.Actor{Face: f.ID, Steward: true}, forum.DiscussionID(parts[2]), batch)
	return err
}

// raw opens the story's database beside the hall.
func (w *world) raw() (*sql.DB, error) {
	if w.engine == db.SQLite {
		return sql.Open("sqlite", "file:"+filepath.Join(w.dir, "hall.db")+"?_pragma=busy_timeout(10000)")
	}
	return sql.Open("pgx", w.config.Database)
}

func countRows(s *scene, a []string) error {
	d, err := s.raw()
	if err != nil {
		return err
	}
	defer d.Close()
	var n int
	if err := d.QueryRow(`SELECT count(*) FROM ` + a[0]).Scan(&n); err != nil {
		return err
	}
	return s.expect(strconv.Itoa(n) == a[1], "%d rows", n)
}

// picture makes a photograph whose camera wrote down where it was taken.
func picture(s *scene, a []string) error {
	var w, h int
	if _, err := fmt.Sscanf(a[1], "%dx%d", &w, &h); err != nil {
		return err
	}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		return err
	}
	note := "GPS 41.3874 2.1686 " + rand.Text()
	s.secret("the note of the camera", note)
	exif := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"), note...)
	var out bytes.Buffer
	out.Write(b.Bytes()[:2])
	out.Write([]byte{0xff, 0xe1, byte((len(exif) + 2) >> 8), byte(len(exif) + 2)})
	out.Write(exif)
	out.Write(b.Bytes()[2:])
	return os.WriteFile(s.ts.MkAbs(a[0]), out.Bytes(), 0o600)
}

// noise writes so many random bytes into a file, or cuts so many off its end.
func noise(s *scene, a []string) error {
	n, err := strconv.Atoi(a[1])
	if err != nil {
		return err
	}
	name := s.ts.MkAbs(a[0])
	if n < 0 {
		was, err := os.Stat(name)
		if err != nil {
			return err
		}
		return os.Truncate(name, max(0, was.Size()+int64(n)))
	}
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return err
	}
	return os.WriteFile(name, b, 0o600)
}

func unzip(s *scene, a []string) error {
	z, err := zip.OpenReader(s.ts.MkAbs(a[0]))
	if err != nil {
		return err
	}
	defer z.Close()
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		to := filepath.Join(s.ts.MkAbs(a[1]), filepath.FromSlash(f.Name))
		if !filepath.IsLocal(f.Name) {
			return fmt.Errorf("%q leads out of the archive", f.Name)
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		b, err := io.ReadAll(r)
		r.Close()
		if err == nil {
			err = os.MkdirAll(filepath.Dir(to), 0o700)
		}
		if err == nil {
			err = os.WriteFile(to, b, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// commandLine runs a sub-command of the program on the story's hall, beside the
// one that is open.
func commandLine(s *scene, a []string) error {
	args := []string{"guildhall"}
	for i, w := range a {
		if path := s.ts.MkAbs(w); fileThere(path) || i > 0 && a[i-1] == "--home" {
			w = path
		}
		args = append(args, w)
	}
	switch {
	case a[0] == "mask":
		args = append(args, "--hall", s.origin)
	case a[0] == "verify" && a[1] == "log":
		args = append(args, "--hall", s.dir)
	case a[0] == "verify": // a file, and nothing else
	case s.config.Database != "":
		args = append(args, "--data", s.dir, "--db", s.config.Database)
	default:
		args = append(args, "--data", s.dir)
	}
	var out, errs bytes.Buffer
	code := app.Main(app.TestOnlyClock(context.Background(), s.time), args, strings.NewReader(""), &out, &errs)
	listen() // the command has set a log of its own
	if _, err := s.ts.Stdout().Write(append(out.Bytes(), errs.Bytes()...)); err != nil {
		return err
	}
	return s.expect(code == 0, "exit %d: %s", code, errs.String())
}

func fileThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
