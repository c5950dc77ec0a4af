package app

import (
	"bytes"
	"context"
	"errors"
	"html"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/markdown"
	"guildhall/internal/movein"
)

const smallExport = `<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>Small blog</title><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://small.example</wp:base_blog_url>
<item><title>One article</title><link>https://small.example/2019/03/one/</link><dc:creator>ana</dc:creator><guid>https://small.example/?p=7</guid>
<content:encoded><![CDATA[Words <b>in bold</b>. <img src="/wp-content/uploads/2019/a.png" alt="A">]]></content:encoded><wp:post_id>7</wp:post_id><wp:post_date_gmt>2019-03-01 10:00:00</wp:post_date_gmt>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Bo</wp:comment_author><wp:comment_author_email>bo@secret.example</wp:comment_author_email>
<wp:comment_author_IP>203.0.113.9</wp:comment_author_IP><wp:comment_date_gmt>2019-03-02 10:00:00</wp:comment_date_gmt>
<wp:comment_content>Well said.</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>0</wp:comment_parent></wp:comment></item>
<item><title>Not yet</title><wp:post_id>8</wp:post_id><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
</channel></rss>`

// run gives what a command prints, and its exit code.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(context.Background(), append([]string{"guildhall"}, args...), strings.NewReader(""), &out, &errs)
	return out.String(), errs.String(), code
}

func TestImport_wordpress(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), t.TempDir()
	file := filepath.Join(dir, "blog.xml")
	if err := os.WriteFile(file, []byte(smallExport), 0o600); err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	beside := filepath.Join(dir, "wp-content", "uploads", "2019")
	if err := errors.Join(os.MkdirAll(beside, 0o700), os.WriteFile(filepath.Join(beside, "a.png"), picture.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	out, errs, code := run(t, "import", "wordpress", file, "--data", data)
	if code != 0 || !strings.Contains(out, "1 posts, 0 pages, 1 comments, 1 pictures") || !strings.Contains(out, "Not yet") || !strings.Contains(out, "draft") {
		t.Fatalf("code %d\n%s%s", code, out, errs)
	}
	again, errs, code := run(t, "import", "wordpress", file, "--data", data)
	if code != 0 || !strings.Contains(again, "Moved in: 0 posts") || !strings.Contains(again, "Here already: 1 posts") {
		t.Errorf("a second time, code %d\n%s%s", code, again, errs)
	}
	h, err := Open(context.Background(), data, Config{CacheMB: 1}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	handler := h.Handler()
	for _, old := range []string{"/2019/03/one", "/2019/03/one/", "/?p=7"} {
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, httptest.NewRequest("GET", old, nil))
		if to := rec.Header().Get("Location"); rec.Code != http.StatusMovedPermanently || !strings.HasPrefix(to, "/articles/") {
			t.Errorf("%s: %d to %q", old, rec.Code, to)
		}
	}
	raw, err := os.ReadFile(h.DB.Path())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("secret.example")) || bytes.Contains(raw, []byte("203.0.113.9")) {
		t.Error("the address of somebody who commented is in the database")
	}
}

func TestImport_markdown(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"2020-05-28-first.md": "---\ntitle: First text\n---\nWords.", "bad.md": "---\ntitle: [\n---\nMore words."} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, errs, code := run(t, "import", "markdown", dir, "--data", data)
	if code != 0 || !strings.Contains(out, "Moved in: 2 posts") || !strings.Contains(out, "front matter") {
		t.Errorf("code %d\n%s%s", code, out, errs)
	}
}

func TestImport_saysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte("<html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"not an export":        {"import", "wordpress", file, "--data", filepath.Join(dir, "h")},
		"no such file":         {"import", "wordpress", filepath.Join(dir, "none.xml"), "--data", filepath.Join(dir, "h")},
		"There is no Markdown": {"import", "markdown", dir, "--data", filepath.Join(dir, "h")},
	} {
		if _, errs, code := run(t, args...); code == 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: code %d, %q; want %q", args, code, errs, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "h")); err == nil {
		t.Error("a hall was opened for a blog that cannot be read")
	}
}

// TestImport_everyArticleIsReadable moves a real blog in and reads each article
// by its old address, in a browser's way and in lynx.
func TestImport_everyArticleIsReadable(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("GUILDHALL_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	file := filepath.Join(dir, "wordpress", "themeunittestdata.wordpress.xml")
	raw, err := os.ReadFile(file)
	if err != nil {
		absent(t, "real input wordpress/themeunittestdata.wordpress.xml")
	}
	lynx, err := exec.LookPath("lynx")
	if err != nil {
		absent(t, "lynx (apt-get install lynx)")
	}
	b, err := movein.ReadWordPress(t.Context(), bytes.NewReader(raw), movein.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	if out, errs, code := run(t, "import", "wordpress", file, "--data", data); code != 0 {
		t.Fatalf("code %d\n%s%s", code, out, errs)
	}
	h, err := Open(t.Context(), data, Config{CacheMB: 8}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	s := httptest.NewServer(h.Handler())
	defer s.Close()
	for _, it := range b.Items {
		u, err := url.Parse(it.Link)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.Get(s.URL + u.EscapedPath())
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Request.URL.Path, "/articles/") {
			t.Errorf("%s: %d at %s, %v", it.Title, resp.StatusCode, resp.Request.URL.Path, err)
			continue
		}
		if title := strings.Join(strings.Fields(it.Title), " "); !strings.Contains(string(page), html.EscapeString(title)) {
			t.Errorf("%s: the page does not show its title", it.Title)
		}
		seen, err := exec.CommandContext(t.Context(), lynx, "-dump", "-nolist", "-display_charset=utf-8", "-width=300", resp.Request.URL.String()).Output()
		if err != nil {
			t.Fatal(err)
		}
		text := " " + strings.Join(strings.Fields(string(seen)), " ") + " "
		if it.Text != "" && !strings.Contains(text, firstWords(it.Text)) {
			t.Errorf("%s: lynx does not show %q", it.Title, firstWords(it.Text))
		}
		for _, c := range it.Comments {
			if !strings.Contains(text, c.Author) {
				t.Errorf("%s: lynx shows nothing by %s", it.Title, c.Author)
			}
		}
	}
}

// firstWords of a text, as any reader shows them.
func firstWords(text string) string {
	line, _, _ := strings.Cut(markdown.Plain(text), "\n")
	words := strings.Fields(line)
	return strings.Join(words[:min(3, len(words))], " ")
}

// absent skips a test by name, and fails it under CI.
func absent(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("missing: %s", what)
	}
	t.Skipf("missing: %s", what)
}
