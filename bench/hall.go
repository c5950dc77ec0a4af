package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// hall is a filled hall on disk.
type hall struct {
	bin, data, db string
	page          string // path of a page that shows 50 posts
}

// prepare fills the hall, or takes the one of an earlier run of the same size.
func prepare(ctx context.Context, o options) (*hall, error) {
	name := fmt.Sprintf("hall-%d-%d-%d-%d", o.members, o.discussions, o.posts, o.seed)
	dir, err := filepath.Abs(filepath.Join(o.dir, name))
	if err != nil {
		return nil, err
	}
	h := &hall{bin: o.bin, data: dir, db: o.postgres}
	note := filepath.Join(dir, "page.txt") // written last: there, the hall is whole
	b, err := os.ReadFile(note)
	if err == nil {
		h.page = string(b)
		return h, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	begun := time.Now()
	cmd := exec.CommandContext(ctx, h.bin, append([]string{"fill", "--data", dir, "--members", fmt.Sprint(o.members),
		"--discussions", fmt.Sprint(o.discussions), "--posts", fmt.Sprint(o.posts), "--seed", fmt.Sprint(o.seed)}, h.dbFlag()...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	say("fill_rate", float64(o.posts)/time.Since(begun).Seconds(), "posts/s")
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		h.page = strings.TrimSpace(lines.Text())
	}
	if !strings.HasPrefix(h.page, "/") {
		return nil, fmt.Errorf("fill's last line is no path: %q", h.page)
	}
	return h, os.WriteFile(note, []byte(h.page), 0o644)
}

func (h *hall) dbFlag() []string {
	if h.db == "" {
		return nil
	}
	return []string{"--db", h.db}
}

// serve starts the program on the filled hall.
func (h *hall) serve(ctx context.Context, env ...string) (*child, error) {
	return start(ctx, env, h.bin, append([]string{"serve", "--data", h.data, "--listen", "127.0.0.1:0"}, h.dbFlag()...)...)
}

var discussionLink = regexp.MustCompile(`href="(/discussions/[^"/?#]{20,}(?:/[^"/?#]*)?)"`)
var olderLink = regexp.MustCompile(`href="(/discussions\?[^"]+)"`)

// pages lists addresses of at least n discussions, liveliest first, or of all.
func (h *hall) pages(addr string, n int) ([]string, error) {
	var found []string
	seen := map[string]bool{}
	for next := "/discussions"; next != "" && len(found) < n; {
		r, err := once(addr, asking("GET", next, "", "Accept-Language: en"))
		if err != nil {
			return nil, err
		}
		if r.status != 200 {
			return nil, fmt.Errorf("%s: status %d", next, r.status)
		}
		for _, m := range discussionLink.FindAllSubmatch(r.body, -1) {
			if p := string(m[1]); !seen[p] {
				seen[p] = true
				found = append(found, p)
			}
		}
		next = ""
		if m := olderLink.FindSubmatch(r.body); m != nil && !seen[string(m[1])] {
			next = strings.ReplaceAll(string(m[1]), "&amp;", "&")
			seen[string(m[1])] = true
		}
	}
	if len(found) == 0 {
		return nil, errors.New("/discussions lists none")
	}
	return found, nil
}

// fullPages lists pages of 50 posts in different discussions, n of them or as
// many as the first 4 n discussions have.
func (h *hall) fullPages(addr string, n int) ([]string, error) {
	all, err := h.pages(addr, 4*n)
	if err != nil {
		return nil, err
	}
	c, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	r, err := c.do(asking("GET", h.page, "", "Accept-Language: en"))
	if err != nil {
		return nil, err
	}
	posts := bytes.Count(r.body, []byte("<article"))
	var full []string
	for _, p := range all {
		if r, err = c.do(asking("GET", p, "", "Accept-Language: en")); err != nil {
			return nil, err
		}
		if r.status == 200 && bytes.Count(r.body, []byte("<article")) >= posts && len(full) < n {
			full = append(full, p)
		}
	}
	if len(full) < 10 {
		return nil, fmt.Errorf("only %d of %d discussions have a page of %d posts", len(full), len(all), posts)
	}
	return full, nil
}
