package account_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"mime/multipart"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

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

// Whoever guesses at a member's name does not keep her out.
func TestSignIn_guessesKeepNobodyOut(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		code, _ := h.browser().join("Ana Ruiz")
		b := h.browser()
		for range 31 {
			b.post("/sign-in", "name", "Ana Ruiz", "code", "0000-0000-0000-0000-0000-0000").want(422, "/sign-in")
		}
		b.post("/sign-in", "name", "Ana Ruiz", "code", code, "next", "/").want(200, "/", "Ana Ruiz")
	})
}

func TestDevices_areRevoked(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		here, there := h.browser(), h.browser()
		code, _ := here.join("Ana Ruiz")
		there.post("/sign-in", "name", "Ana Ruiz", "code", code, "next", "/account/keys").want(200, "/account/keys")
		devices := regexp.MustCompile(`action="/account/devices/revoke">(?:<input[^>]* name="as"[^>]*>)?<input type="hidden" name="device" value="([^"]+)"`).FindStringSubmatch(there.doc)
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
