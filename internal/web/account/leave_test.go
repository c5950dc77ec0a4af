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
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/blob"
	"guildhall/internal/face"
	"guildhall/internal/forum"
	"guildhall/internal/moderation"
)

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

func TestErasure_wantsAKeyShownLately(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		b := h.browser()
		code, _ := b.join("Ana Ruiz")
		h.clock.pass(11 * time.Minute)
		b.get("/account/erasure").want(200, "/account/erasure", "/sign-in?back=%2Faccount%2Ferasure")
		b.post("/account/erasure", "texts", "erase", "name", "Ana Ruiz").want(403, "/account/erasure", "Nothing was erased.")
		b.get("/account").want(200, "/account")
		b.get("/sign-in?back=%2Faccount%2Ferasure").want(200, "/sign-in", "Nothing has been erased.")
		b.post("/sign-in", "name", "Ana Ruiz", "code", code, "next", "/account/erasure").want(200, "/account/erasure")
		b.post("/account/erasure", "texts", "erase", "name", "Ana Ruiz").want(200, "/account/erased")
	})
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
		b.get("/account/stored").want(200, "/account/stored", "2026, 1/2", "Europe/Madrid", "member_account, member_standing", "<bdi class=\"value\">1</bdi>")
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
