package account_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guildhall/internal/app"
	"guildhall/internal/blob"
	"guildhall/internal/db"
	"guildhall/internal/db/dbtest"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
)

// clock is a clock that tests turn.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is a whole hall that answers over HTTP.
type house struct {
	t     *testing.T
	hall  *app.Hall
	clock *clock
	web   *httptest.Server
}

// each opens a hall on each engine.
func each(t *testing.T, f func(h *house)) {
	t.Helper()
	for _, e := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(e.String(), func(t *testing.T) {
			t.Parallel()
			h := &house{t: t, clock: &clock{at: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}}
			at := dbtest.Config(t, e)
			if at.Dir == "" {
				at.Dir = t.TempDir()
			}
			var err error
			conf := app.Config{URL: "http://localhost:1", Name: "Casa", CacheMB: 1, Database: at.URL}
			if h.hall, err = app.Open(context.Background(), at.Dir, conf, h.clock.now); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { h.hall.Close() })
			h.web = httptest.NewServer(h.hall.Handler())
			t.Cleanup(h.web.Close)
			f(h)
		})
	}
}

// browser is one without scripts.
type browser struct {
	h   *house
	c   *http.Client
	at  string // path of the page it shows
	ok  int    // its status
	doc string
}

func (h *house) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{h: h, c: &http.Client{Jar: jar}}
}

func (b *browser) do(method, path string, contentType string, body io.Reader) *browser {
	b.h.t.Helper()
	r, err := http.NewRequest(method, b.h.web.URL+path, body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := b.c.Do(r)
	if err != nil {
		b.h.t.Fatal(err)
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		b.h.t.Fatal(err)
	}
	b.at, b.ok, b.doc = res.Request.URL.RequestURI(), res.StatusCode, string(all)
	return b
}

func (b *browser) get(path string) *browser { b.h.t.Helper(); return b.do("GET", path, "", nil) }

// post sends fields given as name, value, name, value.
func (b *browser) post(path string, fields ...string) *browser {
	b.h.t.Helper()
	v := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return b.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(v.Encode()))
}

// want checks where the browser is and what it reads there.
func (b *browser) want(status int, path string, words ...string) *browser {
	b.h.t.Helper()
	if b.ok != status || !strings.HasPrefix(b.at, path) {
		b.h.t.Fatalf("at %s with %d, want %s with %d:\n%s", b.at, b.ok, path, status, main(b.doc))
	}
	for _, w := range words {
		if !strings.Contains(b.doc, w) {
			b.h.t.Fatalf("%s does not say %q:\n%s", b.at, w, main(b.doc))
		}
	}
	return b
}

func main(doc string) string {
	_, doc, _ = strings.Cut(doc, "<main")
	doc, _, _ = strings.Cut(doc, "</main>")
	return doc
}

// hidden reads a field of the page's form.
func (b *browser) hidden(name string) string {
	b.h.t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(b.doc)
	if m == nil {
		b.h.t.Fatalf("%s has no field %s", b.at, name)
	}
	return m[1]
}

var codeShape = regexp.MustCompile(`(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}`)

// join joins without scripts and gives the login code and the recovery codes.
func (b *browser) join(name string) (code string, recovery []string) {
	b.h.t.Helper()
	b.get("/join").want(200, "/join")
	b.post("/join", "name", name, "lang", "en", "zone", "Europe/Madrid", "work", b.hidden("work"), "once", b.hidden("once"), "next", "/account")
	b.want(200, "/account/codes", "Welcome, "+name)
	codes := codeShape.FindAllString(b.doc, -1)
	if len(codes) != 11 {
		b.h.t.Fatalf("%d codes", len(codes))
	}
	return codes[0], codes[1:]
}

func TestJoin_withoutScripts(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		b := h.browser()
		b.get("/join?back=/topics")
		if !regexp.MustCompile(`name="name" [^>]*value="[A-Z]|value="[A-Z][a-z]+ [A-Z][a-z]+"`).MatchString(b.doc) {
			t.Error("no name was drawn")
		}
		if b.hidden("next") != "/topics" {
			t.Error("the way back is lost")
		}
		code, recovery := b.join("Ana Ruiz")
		b.get("/account/codes").want(200, "/account/codes", code, recovery[9])
		if strings.Contains(b.at, code) {
			t.Error("a code stands in the address")
		}
		b.post("/account/codes/kept", "next", "//evil.example").want(200, "/", "Ana Ruiz")
		b.get("/account/codes").want(200, "/account/codes")
		if codeShape.MatchString(b.doc) {
			t.Error("the codes are shown again")
		}
		b.get("/join").want(200, "/") // in already
	})
}

func TestJoin_comesBackWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.browser().join("Ana Ruiz")
		b := h.browser()
		for _, c := range []struct {
			field, value string
			status       int
			says         string
		}{
			{"name", "", 422, `id="name-error"`},
			{"name", "ana.ruiz", 409, `id="name-error"`},
			{"name", "\u202eana", 422, `id="name-error"`},
			{"zone", "Mars/Base", 422, `id="zone-error"`},
			{"lang", "tlh", 422, `id="lang-error"`},
			{"vault", "x", 422, `class="errors"`},
			{"device", "x", 422, `class="errors"`},
			{"work", "forged.0000000000000000", 422, `class="errors"`},
		} {
			b.get("/join")
			form := map[string]string{"name": "Bo Lind", "lang": "en", "zone": "Europe/Oslo", "work": b.hidden("work"), "once": b.hidden("once"), "next": "/"}
			form[c.field] = c.value
			var fields []string
			for k, v := range form {
				fields = append(fields, k, v)
			}
			b.post("/join", fields...).want(c.status, "/join", c.says)
			if c.field != "name" && !strings.Contains(b.doc, `value="Bo Lind"`) {
				t.Errorf("%s: the name is lost", c.field)
			}
		}
		if n, _ := h.hall.Members.Count(context.Background()); n != 1 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestJoin_twiceIsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		b, again := h.browser(), h.browser()
		b.get("/join")
		form := []string{"name", "Ana Ruiz", "lang", "en", "work", b.hidden("work"), "once", b.hidden("once")}
		b.post("/join", form...).want(200, "/account/codes", "Ana Ruiz")
		// The answer was lost; the form is sent once more.
		again.post("/join", form...).want(200, "/account/codes", "Ana Ruiz")
		if codeShape.FindString(b.doc) != codeShape.FindString(again.doc) {
			t.Error("two sets of codes")
		}
		if n, _ := h.hall.Members.Count(context.Background()); n != 1 {
			t.Errorf("%d accounts", n)
		}
	})
}

func TestSignIn_byCodeAndByRecovery(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		code, recovery := h.browser().join("Ana Ruiz")
		b := h.browser()
		b.get("/account").want(200, "/sign-in?back=%2Faccount")
		b.post("/sign-in", "name", "ANA ruiz", "code", strings.ToLower(code), "next", "/account").want(200, "/account", "Ana Ruiz")
		b.post("/sign-out").want(200, "/", "Sign in")
		b.post("/sign-in", "code", recovery[3], "next", "https://evil.example/").want(200, "/", "Ana Ruiz")

		b = h.browser()
		b.post("/sign-in", "code", recovery[3], "name", "Ana Ruiz", "next", "/account").want(422, "/sign-in", `id="code-error"`, recovery[3], `value="Ana Ruiz"`)
		b.post("/sign-in", "name", "Nobody", "code", code).want(422, "/sign-in", "do not open anything")
		b.post("/sign-in", "code", code).want(422, "/sign-in", `id="name-error"`)
		b.post("/sign-in", "name", "Ana Ruiz", "code", code[:28]+"?").want(422, "/sign-in", `id="code-error"`)
		b.post("/sign-in", "name", "Ana Ruiz").want(422, "/sign-in", `id="code-error"`)
	})
}

func TestSignIn_guessingEnds(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		b := h.browser()
		for range 30 {
			b.post("/sign-in", "name", "Bo", "code", "0000-0000-0000-0000-0000-0000").want(422, "/sign-in")
		}
		b.post("/sign-in", "name", "b.o", "code", "0000-0000-0000-0000-0000-0000").want(429, "/sign-in")
		h.clock.pass(2 * time.Hour)
		b.post("/sign-in", "name", "Bo", "code", "0000-0000-0000-0000-0000-0000").want(422, "/sign-in")
	})
}

func TestDevices_areRevoked(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		here, there := h.browser(), h.browser()
		code, _ := here.join("Ana Ruiz")
		there.post("/sign-in", "name", "Ana Ruiz", "code", code, "next", "/account/keys").want(200, "/account/keys")
		devices := regexp.MustCompile(`action="/account/devices/revoke"><input type="hidden" name="device" value="([^"]+)"`).FindStringSubmatch(there.doc)
		if devices == nil {
			t.Fatal("the other device is not listed")
		}
		there.post("/account/devices/name", "device", devices[1], "label", "old phone").want(200, "/account/keys", "old phone")
		there.post("/account/devices/name", "device", devices[1], "label", strings.Repeat("x", 101)).want(422, "/account/devices/name", `class="errors"`)
		there.post("/account/devices/revoke", "device", devices[1]).want(200, "/account/keys")
		here.get("/account").want(200, "/sign-in")
		if u, _ := url.Parse(h.web.URL); len(here.c.Jar.Cookies(u)) > 1 {
			t.Errorf("the cookie worth nothing is kept: %v", here.c.Jar.Cookies(u))
		}
		here.post("/sign-in", "name", "Ana Ruiz", "code", code)
		there.post("/account/devices/revoke-all").want(200, "/sign-in")
		here.get("/account").want(200, "/sign-in")
	})
}

func TestCodes_needAKeyJustShown(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		b := h.browser()
		code, recovery := b.join("Ana Ruiz")
		b.post("/account/codes/kept", "next", "/")
		h.clock.pass(11 * time.Minute)
		b.get("/account/codes").want(200, "/sign-in?back=%2Faccount%2Fcodes", "Show that it is you")
		b.post("/account/codes").want(200, "/sign-in")
		b.post("/me/keys").want(403, "/me/keys", "ten minutes")
		b.do("POST", "/me/passkeys/options", "application/json", strings.NewReader("{}")).want(403, "/me/passkeys", "message")
		b.post("/sign-in", "name", "Ana Ruiz", "code", code, "next", "/account/codes").want(200, "/account/codes", "Make new codes")
		b.post("/account/codes", "once", b.hidden("once")).want(200, "/account/codes")
		fresh := codeShape.FindAllString(b.doc, -1)
		if len(fresh) != 11 || fresh[0] == code {
			t.Fatal("no new codes")
		}
		other := h.browser()
		other.post("/sign-in", "name", "Ana Ruiz", "code", code).want(422, "/sign-in")
		other.post("/sign-in", "code", recovery[0], "name", "x").want(422, "/sign-in")
		other.post("/sign-in", "name", "Ana Ruiz", "code", fresh[0], "next", "/account").want(200, "/account")
	})
}

func TestProfile_renameAndWords(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.browser().join("Bo Lind")
		b := h.browser()
		b.join("Ana Ruiz")
		b.post("/account/name", "name", "bo lind").want(409, "/account/name", `id="name-error"`, `value="bo lind"`)
		b.post("/account/name", "name", "Ana Sol").want(200, "/account/profile", "Ana Sol")
		b.post("/account/profile", "about", "I *write*.", "skills", "audio, شعر، video", "languages", "en, es", "links", "https://a.example/\nhttps://b.example/")
		b.want(200, "/account/profile?saved", "Saved", "I *write*.", "audio, شعر, video", "https://b.example/")
		b.post("/account/profile", "about", "kept words", "languages", "klingonese-x", "links", "javascript:alert(1)").want(422, "/account/profile", "kept words", "javascript:alert(1)", `class="error"`)

		gone := h.browser()
		gone.post("/account/profile", "about", "long words").want(401, "/account/profile", "long words", "in another tab")

		b.post("/account/look", "lang", "ar", "zone", "Asia/Amman", "theme", "dark").want(200, "/account/look", `dir="rtl"`, `data-theme="dark"`)
		b.post("/account/look", "lang", "ar", "zone", "Local", "theme", "dark").want(422, "/account/look", `value="Local"`)
	})
}

func TestPicture_onlyPixels(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		b := h.browser()
		b.join("Ana Ruiz")
		b.post("/account/picture").want(422, "/account/picture", "Choose a picture")
		b.upload("/account/picture", "image", []byte("no picture")).want(422, "/account/picture", `id="image-error"`)
		var buf bytes.Buffer
		if err := png.Encode(&buf, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
			t.Fatal(err)
		}
		b.upload("/account/picture", "image", buf.Bytes()).want(200, "/account/profile", `src="/blob/`)
		if n, _, _ := h.hall.Pictures.Size(context.Background()); n != 1 {
			t.Errorf("%d pictures", n)
		}
		b.upload("/account/picture", "image", buf.Bytes()).want(200, "/account/profile")
		b.post("/account/picture/remove").want(200, "/account/profile")
		if n, _, _ := h.hall.Pictures.Size(context.Background()); n != 0 {
			t.Errorf("%d pictures are left", n)
		}
	})
}

func (b *browser) upload(path, field string, data []byte) *browser {
	b.h.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	w, err := m.CreateFormFile(field, "x")
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil || m.Close() != nil {
		b.h.t.Fatal(err)
	}
	return b.do("POST", path, m.FormDataContentType(), &body)
}

// faceOf is the face behind a name.
func (h *house) faceOf(name string) face.ID {
	h.t.Helper()
	f, err := h.hall.Faces.ByHandle(context.Background(), name)
	if err != nil {
		h.t.Fatal(err)
	}
	return f.ID
}

// write lets somebody publish an article and answer in a discussion.
func (h *house) write(id face.ID) (a forum.Article, p forum.Post) {
	h.t.Helper()
	ctx, who := context.Background(), forum.Actor{Face: id}
	a, err := h.hall.Forum.Publish(ctx, who, forum.NewArticle{Title: "Terms that change", Lang: "en", Text: "First **version**."})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err = h.hall.Forum.EditArticle(ctx, who, a.ID, a.Revision, forum.ArticleEdit{Title: "Terms that change", Text: "Second version."}); err != nil {
		h.t.Fatal(err)
	}
	if p, err = h.hall.Forum.Reply(ctx, who, a.Discussion, forum.NewPost{Text: "My own answer."}); err != nil {
		h.t.Fatal(err)
	}
	return a, p
}

func TestExport_holdsEverything(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		h.browser().join("Bo Lind")
		b := h.browser()
		code, recovery := b.join("Ana Ruiz")
		b.post("/account/profile", "about", "I *write*.", "links", "https://a.example/")
		ana := h.faceOf("Ana Ruiz")
		_, p := h.write(ana)
		if err := h.hall.Moderation.Block(ctx, ana, h.faceOf("Bo Lind")); err != nil {
			t.Fatal(err)
		}
		if err := h.hall.Forum.Hush(ctx, forum.Actor{Face: "s", Steward: true}, p.ID.Thing(), "a private address"); err != nil {
			t.Fatal(err)
		}
		if _, err := h.hall.Moderation.Decide(ctx, "s", moderation.Hide, moderation.Target{Kind: "post", ID: string(p.ID)}, "a private address"); err != nil {
			t.Fatal(err)
		}
		about := moderation.Target{Kind: "post", ID: "p1"}
		if err := h.hall.Moderation.Report(ctx, moderation.Actor{Face: ana}, about, moderation.Spam, "seen twice"); err != nil {
			t.Fatal(err)
		}
		files := b.get("/account/export").want(200, "/account/export").unzip()
		var data struct {
			Face    struct{ Name string }
			Blocked []string
			Reports []struct{ ID, Cause, Words string }
			Texts   []struct {
				Kind, State string
				Revisions   []struct{ Markdown string }
				Decisions   []struct{ Deed, Reason string }
			}
		}
		if err := json.Unmarshal(files["data.json"], &data); err != nil {
			t.Fatalf("%v\n%s", err, files["data.json"])
		}
		if data.Face.Name != "Ana Ruiz" || !slices.Equal(data.Blocked, []string{"Bo Lind"}) || len(data.Texts) != 2 ||
			len(data.Reports) != 1 || data.Reports[0].Words != "seen twice" {
			t.Fatalf("%+v", data)
		}
		if a := data.Texts[0]; a.Kind != "article" || len(a.Revisions) != 2 || a.Revisions[1].Markdown != "First **version**." {
			t.Errorf("%+v", a)
		}
		if p := data.Texts[1]; p.State != "hidden" || len(p.Decisions) != 1 || p.Decisions[0].Reason != "a private address" {
			t.Errorf("%+v", p)
		}
		all := ""
		texts := 0
		for name, f := range files {
			all += string(f)
			if strings.HasPrefix(name, "texts/") {
				texts++
			}
		}
		if texts != 2 || !strings.Contains(string(files["index.html"]), "Second version.") || !strings.Contains(string(files["index.html"]), "<em>write</em>") {
			t.Errorf("%d texts; %s", texts, files["index.html"])
		}
		for _, secret := range []string{code, recovery[0], "argon2id", "src=\"/", "href=\"/"} {
			if strings.Contains(all, secret) {
				t.Errorf("the export holds %q", secret)
			}
		}
		for range 5 {
			b.get("/account/export").want(200, "/account/export")
		}
		b.get("/account/export").want(429, "/account/export")
	})
}

func (b *browser) unzip() map[string][]byte {
	b.h.t.Helper()
	z, err := zip.NewReader(strings.NewReader(b.doc), int64(len(b.doc)))
	if err != nil {
		b.h.t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			b.h.t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			b.h.t.Fatal(err)
		}
		r.Close()
	}
	return files
}

func TestErasure_keepsOrErasesTexts(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		for _, texts := range []string{"keep", "erase"} {
			b := h.browser()
			code, _ := b.join("Ana " + texts)
			ana := h.faceOf("Ana " + texts)
			a, p := h.write(ana)
			about := moderation.Target{Kind: "post", ID: "p1"}
			if err := h.hall.Moderation.Report(ctx, moderation.Actor{Face: ana}, about, moderation.Spam, ""); err != nil {
				t.Fatal(err)
			}
			b.get("/account/erasure").want(200, "/account/erasure", "Ana "+texts)
			b.post("/account/erasure", "texts", texts, "name", "Bo").want(422, "/account/erasure", `id="name-error"`)
			b.post("/account/erasure", "name", "Ana "+texts).want(422, "/account/erasure", `id="texts-error"`)
			b.post("/account/erasure", "texts", texts, "name", "ana "+texts).want(200, "/account/erased")
			b.post("/account/erasure", "texts", texts, "name", "ana "+texts).want(200, "/account/erased")
			b.get("/account").want(200, "/sign-in")
			b.post("/sign-in", "name", "Ana "+texts, "code", code).want(422, "/sign-in")
			if f, err := h.hall.Faces.Face(ctx, ana); err != nil || f.Kind != face.Former || f.Name != "" {
				t.Errorf("%+v %v", f, err)
			}
			if sent, err := h.hall.Moderation.Reports(ctx, ana); err != nil || len(sent) != 0 {
				t.Errorf("reports still lead to her: %+v %v", sent, err)
			}
			if names, err := h.hall.Faces.Names(ctx, ana); err != nil || len(names) != 0 {
				t.Errorf("names are left: %v %v", names, err)
			}
			found, err := h.hall.Forum.Post(ctx, forum.Actor{}, p.ID)
			if err != nil || (found.State == forum.Shown) != (texts == "keep") || (found.HTML != "") != (texts == "keep") {
				t.Errorf("%s: %+v %v", texts, found, err)
			}
			if found, err := h.hall.Forum.Article(ctx, forum.Actor{}, a.ID); err != nil || (found.Title != "") != (texts == "keep") {
				t.Errorf("%s: the article: %+v %v", texts, found, err)
			}
			b.get("/join")
			b.post("/join", "name", "Ana "+texts, "lang", "en", "work", b.hidden("work")).want(409, "/join", `id="name-error"`)
		}
		if n, _ := h.hall.Members.Count(ctx); n != 0 {
			t.Errorf("%d accounts are left", n)
		}
	})
}

func TestErasure_takesPicturesAlong(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		b := h.browser()
		b.join("Ana Ruiz")
		var names []string
		for range 2 {
			var buf bytes.Buffer
			if err := png.Encode(&buf, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
				t.Fatal(err)
			}
			m, err := h.hall.Pictures.PutImage(ctx, &buf, blob.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, m.Name)
		}
		a, _ := h.write(h.faceOf("Ana Ruiz"))
		say := func(id face.ID, words string) {
			t.Helper()
			if _, err := h.hall.Forum.Reply(ctx, forum.Actor{Face: id}, a.Discussion, forum.NewPost{Text: words}); err != nil {
				t.Fatal(err)
			}
		}
		say(h.faceOf("Ana Ruiz"), "![one](/blob/"+names[0]+") ![two](/blob/"+names[1]+")")
		h.browser().join("Bo Lind")
		say(h.faceOf("Bo Lind"), "> ![two](/blob/"+names[1]+")")
		b.post("/account/erasure", "texts", "erase", "name", "Ana Ruiz").want(200, "/account/erased")
		for did := true; did; {
			var err error
			if did, err = h.hall.Jobs.Step(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := h.hall.Pictures.Get(names[0]); err == nil {
			t.Error("her picture is still there")
		}
		f, _, err := h.hall.Pictures.Get(names[1])
		if err != nil {
			t.Fatalf("a picture that somebody else shows is gone: %v", err)
		}
		f.Close()
	})
}

func TestBlockedStoredSteward(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		h.browser().join("Bo Lind")
		b := h.browser()
		token, err := h.hall.Moderation.Invite(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		b.get("/steward/"+token).want(200, "/steward/", "Join")
		b.post("/steward/"+token).want(200, "/sign-in?back=%2Fsteward%2F")
		b.join("Ana Ruiz")
		b.get("/steward/"+token).want(200, "/steward/", "Become a steward")
		b.post("/steward/"+token).want(200, "/moderation")
		b.get("/steward/"+token).want(404, "/steward/")
		if is, _ := h.hall.Moderation.IsSteward(ctx, h.faceOf("Ana Ruiz")); !is {
			t.Error("no steward was made")
		}
		bo := h.faceOf("Bo Lind")
		if err := h.hall.Moderation.Block(ctx, h.faceOf("Ana Ruiz"), bo); err != nil {
			t.Fatal(err)
		}
		b.get("/account/blocked").want(200, "/account/blocked", "Bo Lind")
		b.get("/account/stored").want(200, "/account/stored", "2026, 1/2", "Europe/Madrid", "member_account", "<bdi class=\"value\">1</bdi>")
		b.post("/account/blocked/undo", "face", string(bo)).want(200, "/account/blocked", "Nobody is blocked")
		h.browser().get("/stored").want(200, "/stored", "What is not stored")
		b.get("/stored").want(200, "/stored", "See your own values")
		for _, page := range []string{"/account", "/account/take", "/account/profile", "/account/look", "/account/keys"} {
			b.get(page).want(200, page)
			h.browser().get(page).want(200, "/sign-in?back=")
		}
	})
}

func TestKeys_phraseOpensFromAnywhere(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		vault := base64.RawURLEncoding.EncodeToString(append([]byte("GHV1"), bytes.Repeat([]byte("0123456789abc"), 79)[:1020]...))
		login := bytes.Repeat([]byte{7}, 32)
		hash := sha256.Sum256(login)
		device := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{1}, 16))
		b := h.browser()
		b.get("/join")
		form := []string{
			"name", "Ana Ruiz", "lang", "es", "work", b.hidden("work"), "once", b.hidden("once"),
			"device", device, "vault", vault, "login_hash", base64.RawURLEncoding.EncodeToString(hash[:]),
		}
		b.post("/join", form...).want(200, "/account/codes", "Ana Ruiz", device)
		if n := len(codeShape.FindAllString(b.doc, -1)); n != 10 {
			t.Errorf("%d codes", n)
		}
		b.get("/me/vault").want(200, "/me/vault", vault)
		b.post("/me/keys", "vault", vault, "login_hash", base64.RawURLEncoding.EncodeToString(hash[:])).want(409, "/me/keys")

		b = h.browser()
		b.get("/join")
		form[1], form[5], form[7] = "Bo Lind", b.hidden("work"), b.hidden("once")
		b.post("/join", form...).want(409, "/join", `name="vault" value=""`)

		b.json("/sign-in/phrase", `{"login":"`+base64.RawURLEncoding.EncodeToString(login[1:])+`"}`).want(422, "/sign-in/phrase", `"message"`)
		other := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{8}, 32))
		b.json("/sign-in/phrase", `{"login":"`+other+`","device":"`+device+`"}`).want(422, "/sign-in/phrase", "open nothing here")
		login64 := base64.RawURLEncoding.EncodeToString(login)
		b.json("/sign-in/phrase", `{"login":"`+login64+`","device":"x","next":"/"}`).want(422, "/sign-in/phrase")
		second := base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{2}, 16))
		b.json("/sign-in/phrase", `{"login":"`+login64+`","device":"`+second+`","next":"//evil"}`).want(200, "/sign-in/phrase", vault, `"next":"/"`)
		b.get("/account").want(200, "/account", "Ana Ruiz")
		b.json("/sign-in/passkey", `{"ceremony":"x","credential":{}}`).want(422, "/sign-in/passkey")
		b.json("/sign-in/passkey/options", `{}`).want(200, "/sign-in/passkey", `"ceremony"`)
		b.json("/me/passkeys/options", `{}`).want(200, "/me/passkeys", vault)
		b.json("/me/passkeys", `{`).want(422, "/me/passkeys")
		h.browser().json("/me/passkeys", `{}`).want(401, "/me/passkeys", `"message"`)
	})
}

func (b *browser) json(path, body string) *browser {
	b.h.t.Helper()
	return b.do("POST", path, "application/json", strings.NewReader(body))
}

func TestSignIn_forgottenBrowsersKeepNobodyOut(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		_, recovery := h.browser().join("Ana Ruiz")
		a, err := h.hall.Members.ByFace(ctx, string(h.faceOf("Ana Ruiz")))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 49 {
			if _, err := h.hall.Members.SignIn(ctx, a.ID, fmt.Sprint("old", i), ""); err != nil {
				t.Fatal(err)
			}
		}
		b := h.browser()
		b.post("/sign-in", "code", recovery[0], "next", "/account/keys").want(200, "/account/keys", "this one")
		if ds, _ := h.hall.Members.Devices(ctx, a.ID); len(ds) != 1 {
			t.Errorf("%d devices", len(ds))
		}
	})
}
