package movein_test

import (
	"bytes"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"guildhall/internal/markdown"
	"guildhall/internal/movein"
)

// dataFile reads a file of the real input. Where the input is absent the test
// is skipped by name; under CI that is a failure.
func dataFile(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("GUILDHALL_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("real input is needed: %v", err)
		}
		t.Skipf("real input %s is absent", name)
	}
	return b
}

// feed is the export as the standard library reads it, without any of our care.
type feed struct {
	Items []struct {
		Title    string `xml:"title"`
		Link     string `xml:"link"`
		Type     string `xml:"post_type"`
		Status   string `xml:"status"`
		Password string `xml:"post_password"`
		Encoded  []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:"encoded"`
		Comments []struct {
			ID       string `xml:"comment_id"`
			Approved string `xml:"comment_approved"`
			Type     string `xml:"comment_type"`
			Author   string `xml:"comment_author"`
			Email    string `xml:"comment_author_email"`
			IP       string `xml:"comment_author_IP"`
			Content  string `xml:"comment_content"`
		} `xml:"comment"`
	} `xml:"channel>item"`
}

func readFeed(t *testing.T, raw []byte) feed {
	t.Helper()
	var f feed
	if err := xml.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

const themeData = "wordpress/themeunittestdata.wordpress.xml"

func TestReadWordPress_countsEveryArticleAndComment(t *testing.T) {
	t.Parallel()
	raw := dataFile(t, themeData)
	b, err := movein.ReadWordPress(t.Context(), bytes.NewReader(raw), movein.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	for _, it := range readFeed(t, raw).Items {
		if it.Status == "publish" && (it.Type == "post" || it.Type == "page") {
			want[it.Type]++
		}
		for _, c := range it.Comments {
			if c.Approved == "1" {
				want["comment"]++
			}
		}
	}
	got := map[string]int{}
	for _, it := range b.Items {
		got[string(it.Kind)]++
		got["comment"] += len(it.Comments)
	}
	for _, s := range b.Skipped {
		if s.What == "" || s.Why == "" {
			t.Errorf("left out without a name or a reason: %+v", s)
		}
		if notPublished := strings.HasPrefix(s.Why, "it is a draft") || strings.HasPrefix(s.Why, "it is to appear") ||
			strings.HasPrefix(s.Why, "it was never approved"); !notPublished {
			got[s.Sort]++
		}
	}
	for _, sort := range []string{"post", "page", "comment"} {
		if want[sort] == 0 || got[sort] != want[sort] {
			t.Errorf("%d published of sort %s in the file, %d read or named", want[sort], sort, got[sort])
		}
	}
}

var (
	blockComment = regexp.MustCompile(`(?s)<!--.*?-->`)
	bracketed    = regexp.MustCompile(`\[/?(?:gallery|caption|audio|video|embed)\b[^\]]*\]`)
	wordRun      = regexp.MustCompile(`[\p{L}\p{N}]+`)
)

// shown lists the words a browser would show of an HTML text.
func shown(s string) []string {
	s = bracketed.ReplaceAllString(blockComment.ReplaceAllString(s, " "), " ")
	var b strings.Builder
	mute := 0
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return wordRun.FindAllString(b.String(), -1)
		case html.TextToken:
			if mute == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			b.WriteByte(' ')
			if name, _ := z.TagName(); silent[string(name)] {
				mute++
			}
		case html.EndTagToken, html.SelfClosingTagToken:
			b.WriteByte(' ')
			if name, _ := z.TagName(); silent[string(name)] {
				mute = max(0, mute-1)
			}
		}
	}
}

var silent = map[string]bool{"script": true, "style": true, "iframe": true, "video": true, "audio": true, "svg": true, "sup": true, "sub": true}

// TestReadWordPress_keepsTheWords renders each article and comment as the hall
// does and looks for each word that the blog showed.
func TestReadWordPress_keepsTheWords(t *testing.T) {
	t.Parallel()
	raw := dataFile(t, themeData)
	b, err := movein.ReadWordPress(t.Context(), bytes.NewReader(raw), movein.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, it := range b.Items {
		texts[it.Link] = it.Text
		for _, c := range it.Comments {
			texts[it.Link+"#"+c.Key[strings.LastIndex(c.Key, "-")+1:]] = c.Text
		}
	}
	words, pieces := 0, 0
	look := func(where, source string) {
		text, ok := texts[where]
		if !ok {
			return
		}
		pieces++
		r, err := markdown.Render(text, markdown.Options{MaxBytes: 1 << 20})
		if err != nil {
			t.Errorf("%s: the hall refuses the text: %v", where, err)
			return
		}
		rest := r.Plain + " " + strings.Join(r.Links, " ")
		wanted := shown(source)
		slices.SortFunc(wanted, func(a, b string) int { return len(b) - len(a) }) // "bold" may sit in "boldtext"
		for _, w := range wanted {
			words++
			i := strings.Index(rest, w)
			if i < 0 {
				t.Errorf("%s: the word %q is lost", where, w)
				continue
			}
			rest = rest[:i] + " " + rest[i+len(w):]
		}
	}
	for _, it := range readFeed(t, raw).Items {
		for _, e := range it.Encoded {
			if strings.Contains(e.XMLName.Space, "content") {
				look(it.Link, e.Text)
			}
		}
		for _, c := range it.Comments {
			look(it.Link+"#"+c.ID, c.Content)
		}
	}
	if words < 10_000 || pieces < 90 {
		t.Errorf("only %d words in %d texts were compared", words, pieces)
	}
}

func TestReadWordPress_keepsNoAddressOfAnybody(t *testing.T) {
	t.Parallel()
	raw := dataFile(t, themeData)
	b, err := movein.ReadWordPress(t.Context(), bytes.NewReader(raw), movein.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	all := everything(t, b)
	for _, it := range readFeed(t, raw).Items {
		for _, c := range it.Comments {
			for _, secret := range []string{c.Email, c.IP} {
				if len(secret) > 4 && strings.Contains(all, secret) && !strings.Contains(c.Content, secret) {
					t.Errorf("the address of the author of comment %s was kept", c.ID)
				}
			}
		}
	}
}
