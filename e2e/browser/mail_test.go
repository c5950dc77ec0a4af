//go:build browser

package browser

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/emersion/go-msgauth/dkim"

	"guildhall/internal/app"
)

// TestMail_vouchesAnotherDay shows a platform's mail in one visit, without the
// account, and lets it vouch in another.
func TestMail_vouchesAnotherDay(t *testing.T) {
	t.Parallel()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	public := base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
	h := openTimed(t, func(c *app.Config) {
		c.Platforms = map[string][]string{"gigharbour.example": {"s1 v=DKIM1; k=ed25519; p=" + public}}
	})
	p := h.visitor(t)
	p.visit("/join")
	p.press("Make seven words")
	p.writeWords()
	p.putAway()
	line := p.watchSafe()

	p.visit("/account/vouches")
	p.see("The mail, saved as a file (.eml)")
	p.inspectSafe("mail")
	good := letter(t, key, h.now(), "A client would like to talk.")
	p.excuse("status of 400")
	p.choose(strings.Replace(good, "would like", "would hate", 1))
	p.press("Show this mail")
	p.see("This mail is not as the platform has signed it")
	p.choose(good)
	p.press("Show this mail")
	p.see("This device keeps a blind pass for it.")
	p.inspectSafe("mail-shown")
	p.visit("/account/vouches") // on the same day it is too early
	p.see("This device keeps a blind pass for it.")
	line.held(t)

	h.pass(24 * time.Hour)
	p.visit("/account/vouches")
	p.inspectSafe("mail-ready")
	p.press("Let it vouch for me")
	p.see("You have 1 vouch of the two")
	p.see("The vouch counts now.")
}

// choose puts a text as a file into the form.
func (p *visitor) choose(text string) {
	p.t.Helper()
	name := filepath.Join(p.t.TempDir(), "letter.eml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.do("choose a file", chromedp.SetUploadFiles(`input[type=file]`, []string{name}))
}

// letter is a mail of the platform, signed.
func letter(t *testing.T, key ed25519.PrivateKey, at time.Time, text string) string {
	t.Helper()
	mail := strings.Join([]string{"From: Gigharbour <no-reply@gigharbour.example>", "To: heron@example.net", "Date: " + at.Format(time.RFC1123Z), "", text, ""}, "\r\n")
	var signed bytes.Buffer
	err := dkim.Sign(&signed, strings.NewReader(mail), &dkim.SignOptions{Domain: "gigharbour.example", Selector: "s1", Signer: key, HeaderKeys: []string{"From", "To", "Date"}})
	if err != nil {
		t.Fatal(err)
	}
	return signed.String()
}
