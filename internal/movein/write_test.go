package movein_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/event"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/movein"
)

// hall is what moving in needs of a hall.
type hall struct {
	db    *db.DB
	faces *face.Room
	forum *forum.Room
	blobs *blob.Store
	room  *movein.Room
}

func now() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func open(t *testing.T, d *db.DB, fetch func(context.Context, string) (io.ReadCloser, error)) hall {
	t.Helper()
	events := event.New(d)
	faces := face.New(face.Config{DB: d, Events: events, Now: now})
	rooms := forum.New(forum.Config{DB: d, Events: events, Faces: faces, Now: now})
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return hall{d, faces, rooms, blobs, movein.New(movein.Config{DB: d, Faces: faces, Forum: rooms, Blobs: blobs, Fetch: fetch})}
}

func (h hall) in(t *testing.T, b *movein.Blog) movein.Report {
	t.Helper()
	r, err := h.room.MoveIn(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// articles lists all, newest first.
func (h hall) articles(t *testing.T) []forum.Article {
	t.Helper()
	list, err := h.forum.Articles(t.Context(), forum.Actor{}, forum.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range list {
		if list[i], err = h.forum.Article(t.Context(), forum.Actor{}, a.ID); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

func (h hall) posts(t *testing.T, id forum.DiscussionID) []forum.Post {
	t.Helper()
	p, err := h.forum.Page(t.Context(), forum.Actor{}, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p.Posts
}

func painted() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 8, 8))
	m.Set(3, 3, color.RGBA{200, 10, 10, 255})
	var b bytes.Buffer
	_ = png.Encode(&b, m)
	return b.Bytes()
}

func TestMoveIn_articleWithThreadPicturesAndAddresses(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"2019/03/a.png": {Data: painted()}, "2019/03/bad.png": {Data: []byte("no picture")}}
	in := new(export).post("Pay on time", `Hello <img src="https://ana.example/wp-content/uploads/2019/03/a.png" alt="A"> <img src="https://ana.example/wp-content/uploads/2019/03/bad.png"> <img src="https://ana.example/wp-content/uploads/2019/03/far.png">`,
		`<category domain="category" nicename="pay"><![CDATA[Pay]]></category>`,
		said("1", "0", "1", "", "Bo", "first"), said("22", "1", "1", "", "Cas", "second"), said("333", "22", "1", "", "Bo", "third")).
		post("", "No title").String()
	in = strings.Replace(in, "<wp:author>", "<wp:category><wp:category_nicename>pay</wp:category_nicename><wp:cat_name>Pay</wp:cat_name>"+
		"<wp:category_parent>money</wp:category_parent><wp:category_description>Who pays whom.</wp:category_description></wp:category>"+
		"<wp:category><wp:category_nicename>money</wp:category_nicename><wp:cat_name>Money</wp:cat_name></wp:category>"+
		"<wp:tag><wp:tag_slug>late</wp:tag_slug><wp:tag_name>Late</wp:tag_name></wp:tag><wp:author>", 1)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d, nil)
		b, err := movein.ReadWordPress(t.Context(), strings.NewReader(in), movein.Limits{Files: files})
		if err != nil {
			t.Fatal(err)
		}
		r := h.in(t, b)
		if r.Posts != 2 || r.Comments != 3 || r.Pictures != 1 || r.Topics != 1 {
			t.Errorf("report: %s", r)
		}
		for _, said := range []string{"topic, because no article that moved in is about it (2)\n    Money\n    Late\n", "side by side in the hall, these too: Pay (below Money)"} {
			if !strings.Contains(r.String(), said) {
				t.Errorf("the report does not say %q: %s", said, r)
			}
		}
		if ts, err := h.forum.Topics(t.Context()); err != nil || len(ts) != 1 || ts[0].About["en"] != "Who pays whom." {
			t.Errorf("topics %+v, %v", ts, err)
		}
		var a forum.Article
		for _, one := range h.articles(t) {
			if one.Title == "Pay on time" {
				a = one
			}
		}
		if a.Author.Name != "Ana Ruiz" || a.Author.Kind != face.Imported || !a.Imported || a.At.Year() != 2019 || len(a.Topics) != 1 || a.Source != "https://ana.example/2019/03/p1/" {
			t.Errorf("%+v", a)
		}
		if html := string(a.HTML); !strings.Contains(html, `<img src="/blob/`) || !strings.Contains(html, `href="https://ana.example/wp-content/uploads/2019/03/bad.png"`) {
			t.Errorf("pictures: %s", html)
		}
		posts := h.posts(t, a.Discussion)
		if len(posts) != 3 || posts[1].ReplyTo != posts[0].ID || posts[2].ReplyTo != posts[1].ID || posts[0].Author.Name != "Bo" || posts[0].Author.ID != posts[2].Author.ID ||
			posts[0].At.Year() != 2019 || !posts[0].Imported {
			t.Errorf("posts: %+v", posts)
		}
		for _, old := range []string{"/2019/03/p1", "/2019/03/P1/", "https://ana.example/2019/03/p1/", "/?p=1", "/2019/03/p1/index.html"} {
			if to, err := h.room.Redirect(t.Context(), old); err != nil || to != "/articles/"+string(a.ID)+"/"+a.Slug {
				t.Errorf("%s leads to %q, %v", old, to, err)
			}
		}
		for old, want := range map[string]string{"/category/pay/": "/topics/" + string(a.Topics[0]), "/feed/": "/feed.atom", "/nowhere": "", "/": "", "/%zz": ""} {
			if to, err := h.room.Redirect(t.Context(), old); err != nil || to != want {
				t.Errorf("%s leads to %q, want %q, %v", old, to, want, err)
			}
		}
		if to, _ := h.room.Redirect(t.Context(), "/wp-content/uploads/2019/03/a.png"); !strings.HasPrefix(to, "/blob/") {
			t.Errorf("the picture's old address leads to %q", to)
		}
		again := h.in(t, b)
		if again.Posts+again.Comments+again.Pictures+again.Topics+again.Redirects != 0 || again.AlreadyPosts != 2 || again.AlreadyComments != 3 || len(h.articles(t)) != 2 {
			t.Errorf("a second time: %s", again)
		}
	})
}

func TestMoveIn_addsNewCommentsOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d, nil)
		h.in(t, read(t, new(export).post("Title", "x", said("1", "0", "1", "", "Bo", "first")).String()))
		r := h.in(t, read(t, new(export).post("Title", "x", said("1", "0", "1", "", "Bo", "first"), said("2", "1", "1", "", "Cas", "late answer")).String()))
		a := h.articles(t)[0]
		posts := h.posts(t, a.Discussion)
		if r.Comments != 1 || r.AlreadyComments != 1 || len(posts) != 2 || posts[1].ReplyTo != posts[0].ID {
			t.Errorf("%s %+v", r, posts)
		}
	})
}

func TestMoveIn_fitsTheLimitsOfTheHall(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 60)
	var topics []string
	for i := range 9 {
		topics = append(topics, fmt.Sprintf(`<category domain="post_tag" nicename="t%d"><![CDATA[Topic %d]]></category>`, i, i))
	}
	body := strings.Repeat(strings.Repeat("many words ", 80)+"\n\n", 200) // some 176 kB
	in := new(export).post(long, body, append(topics, said("1", "0", "1", "", strings.Repeat("Bo ", 60), strings.Repeat("long ", 9000)))...).
		post("A", "short title").post("Empty", "", said("9", "0", "1", "", "Bo", "a comment on nothing")).String()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d, nil)
		r := h.in(t, read(t, in))
		if r.Posts != 3 || r.Comments != 2 {
			t.Fatalf("report: %s", r)
		}
		for _, a := range h.articles(t) {
			switch {
			case strings.HasPrefix(a.Title, "word"):
				var all strings.Builder
				all.WriteString(string(a.HTML))
				posts := h.posts(t, a.Discussion)
				for _, p := range posts {
					all.WriteString(string(p.HTML))
				}
				if len(a.Topics) != 5 || strings.Count(all.String(), "many words") != 16_000 || strings.Count(all.String(), "long") != 9000 || len(posts) < 3 {
					t.Errorf("%d topics, %d words, %d posts", len(a.Topics), strings.Count(all.String(), "many words"), len(posts))
				}
			case strings.HasPrefix(a.Title, "A"):
				if a.Title != "A · 2019-03-01" {
					t.Errorf("title %q", a.Title)
				}
			}
		}
	})
}

func TestMoveIn_fetchesPicturesWhenAllowed(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	h := open(t, d, func(ctx context.Context, url string) (io.ReadCloser, error) {
		if db.InTx(ctx) {
			t.Error("asked the web inside a transaction")
		}
		if strings.HasSuffix(url, "gone.png") {
			return nil, os.ErrNotExist
		}
		return io.NopCloser(bytes.NewReader(painted())), nil
	})
	r := h.in(t, read(t, new(export).post("Title", `<img src="https://x.example/a.png" alt="A"> <img src="https://x.example/gone.png" alt="B">`).String()))
	html := string(h.articles(t)[0].HTML)
	if r.Pictures != 1 || strings.Count(html, "<img") != 1 || !strings.Contains(html, "gone.png") || !strings.Contains(r.String(), "gone.png") {
		t.Errorf("%s %s", r, html)
	}
}

func TestMoveIn_markdown(t *testing.T) {
	t.Parallel()
	d := dbtest.Open(t, db.SQLite)
	h := open(t, d, nil)
	files := fstest.MapFS{"posts/a.md": file("---\ntitle: First\ndate: 2018-01-02\naliases: [/old/a/]\ntags: [x y]\n---\n![p](p.png) and [b](/posts/b/)"), "posts/b.md": file("# Second\n\ntext"),
		"posts/p.png": {Data: painted()}}
	r := h.in(t, shelf(t, files))
	if r.Posts != 2 || r.Pictures != 1 {
		t.Fatalf("%s", r)
	}
	for _, a := range h.articles(t) {
		if a.Title == "First" && (!strings.Contains(string(a.HTML), "<img") || a.At.Year() != 2018) {
			t.Errorf("%+v", a)
		}
		for _, old := range map[string][]string{"First": {"/old/a", "/posts/a"}, "Second": {"/posts/b/"}}[a.Title] {
			if to, _ := h.room.Redirect(t.Context(), old); !strings.HasPrefix(to, "/articles/"+string(a.ID)) {
				t.Errorf("%s leads to %q", old, to)
			}
		}
	}
	if again := h.in(t, shelf(t, files)); again.Posts != 0 || again.AlreadyPosts != 2 {
		t.Errorf("a second time: %s", again)
	}
}

// TestMoveIn_realBlog moves the whole export in, on both databases.
func TestMoveIn_realBlog(t *testing.T) {
	t.Parallel()
	raw := dataFile(t, themeData)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d, nil)
		b, err := movein.ReadWordPress(t.Context(), bytes.NewReader(raw), movein.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		r := h.in(t, b)
		comments := 0
		for _, it := range b.Items {
			comments += len(it.Comments)
		}
		if r.Posts+r.Pages != len(b.Items) || r.Comments != comments {
			t.Errorf("%d articles and %d comments read: %s", len(b.Items), comments, r)
		}
		for _, it := range b.Items {
			to, err := h.room.Redirect(t.Context(), it.Link)
			if err != nil || to == "" {
				t.Errorf("%s leads nowhere: %v", it.Link, err)
				continue
			}
			a, err := h.forum.Article(t.Context(), forum.Actor{}, forum.ArticleID(strings.Split(to, "/")[2]))
			if err != nil || a.Words == 0 && a.Excerpt != "—" {
				t.Errorf("%s: %+v, %v", it.Title, a, err)
			}
			if !a.At.Equal(it.Published) {
				t.Errorf("%s appeared %v, not %v", it.Title, it.Published, a.At)
			}
			if got := h.posts(t, a.Discussion); len(got) != len(it.Comments) {
				t.Errorf("%s: %d comments, %d posts", it.Title, len(it.Comments), len(got))
			}
		}
		if again := h.in(t, b); again.Posts+again.Pages+again.Comments+again.Topics+again.Redirects != 0 {
			t.Errorf("a second time: %s", again)
		}
	})
}
