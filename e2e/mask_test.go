package e2e

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/db"
)

var maskCommands = map[string]command{
	"company":  {1, 1, false, gather},
	"vouched":  {0, 0, false, vouchForAll},
	"enrolled": {1, 1, false, enrolAll},
	"take":     {2, 2, false, takeOut},
	"judged":   {4, 4, false, judgeAll},
}

// company are the directories of those who joined to keep a mask company.
func (s *scene) company() (dirs []string) {
	dirs, _ = filepath.Glob(s.ts.MkAbs("company-*"))
	return dirs
}

// gather lets more people join. They come one after the other, since a hall asks
// for more work when many come at once.
func gather(s *scene, a []string) error {
	n, err := strconv.Atoi(a[0])
	for i := range n {
		s.clock.Add((10 * time.Minute).Microseconds())
		if _, err = s.mask("enrol", "--home", s.ts.MkAbs(fmt.Sprintf("company-%02d", i))); err != nil {
			return err
		}
	}
	return err
}

// mask runs "guildhall mask" and gives what it says.
func (s *scene) mask(do string, more ...string) (said string, err error) {
	args := append([]string{"guildhall", "mask", do, "--hall", s.origin}, more...)
	var out, errs bytes.Buffer
	code := app.Main(app.TestOnlyClock(context.Background(), s.time), args, strings.NewReader(""), &out, &errs)
	listen() // the command has set a log of its own
	if code != 0 {
		err = fmt.Errorf("%v: exit %d: %s", args, code, errs.String())
	}
	return out.String(), err
}

func enrolAll(s *scene, a []string) error {
	for _, home := range s.company() {
		if _, err := s.mask("enrol", "--home", home, "--space", a[0]); err != nil {
			return err
		}
	}
	return nil
}

// qVouched gives everybody two vouches and one of 36 branches; how vouches are come
// by is a story of its own.
var qVouched = db.SQL("e2e.vouched", `UPDATE member_standing SET vouches = 2, branch = substr(account_id, 26, 1)`)

func vouchForAll(s *scene, _ []string) error {
	ctx := context.Background()
	return s.hall.DB.Tx(ctx, func(ctx context.Context) error {
		_, err := s.hall.DB.Exec(ctx, qVouched)
		return err
	})
}

// takeOut keeps what a group of a regular expression matches in standard output.
func takeOut(s *scene, a []string) error {
	re, err := regexp.Compile("(?m)" + a[1])
	if err != nil {
		return err
	}
	m := re.FindStringSubmatch(s.ts.ReadFile("stdout"))
	if len(m) != 2 {
		return fmt.Errorf("%q gives %q", a[1], m)
	}
	s.ts.Setenv(a[0], m[1])
	return nil
}

// judgeAll lets whoever of the company was drawn for a case say the same word.
func judgeAll(s *scene, a []string) error {
	said := 0
	for _, home := range s.company() {
		if out, err := s.mask("cases", "--home", home, "--space", a[0]); err != nil {
			return err
		} else if !strings.Contains(out, a[1]+"\twaits for your word") {
			continue
		}
		if _, err := s.mask("judge", "--home", home, "--space", a[0], "--verdict", a[2], "--words", a[3], a[1]); err != nil {
			return err
		}
		said++
	}
	return s.expect(said == 3, "%d jurors, not 3", said)
}
