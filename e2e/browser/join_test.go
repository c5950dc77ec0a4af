//go:build browser

package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// authenticator plugs a passkey device into the browser: one that knows the PRF
// extension and says yes by itself.
func (p *visitor) authenticator() webauthn.AuthenticatorID {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, webauthn.Enable, webauthn.EnableParams{})
	p.must("passkeys", err)
	a, err := chromedp.Call(p.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Ctap2version: "ctap2_1", Transport: "internal", HasResidentKey: true,
			HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true, HasPrf: true,
		},
	})
	p.must("plug an authenticator in", err)
	return a.AuthenticatorID
}

// addCredential sends only what every Chromium knows; the package's own struct
// always sends a newer field as well, which this authenticator refuses.
var addCredential = cdp.Command[passkey, cdp.Empty]{Method: webauthn.CommandAddCredential}

type passkey struct {
	AuthenticatorID webauthn.AuthenticatorID `json:"authenticatorId"`
	Credential      map[string]any           `json:"credential"`
}

// lend carries the passkeys of one browser over to another, as a synchronised
// keychain does.
func (p *visitor) lend(from webauthn.AuthenticatorID, to *visitor, into webauthn.AuthenticatorID) {
	p.t.Helper()
	have, err := chromedp.Call(p.ctx, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: from})
	p.must("read passkeys", err)
	for _, c := range have.Credentials {
		_, err := chromedp.Call(to.ctx, addCredential, passkey{into, map[string]any{
			"credentialId": c.CredentialID, "isResidentCredential": true, "rpId": c.RpID, "privateKey": c.PrivateKey,
			"userHandle": c.UserHandle, "signCount": c.SignCount,
		}})
		p.must("carry a passkey over", err)
	}
}

// writeWords reads the seven words, types three of them back and finishes
// joining; it gives the words and the name.
func (p *visitor) writeWords() (words []string, name string) {
	p.t.Helper()
	p.press("I have written them down")
	words = eval[[]string](p, `[...document.querySelectorAll('[data-part=list] li')].map(l=>l.textContent)`)
	if len(words) != 7 {
		p.t.Fatalf("%d words", len(words))
	}
	p.until("three are asked for", `document.querySelector('[data-part=confirm]').checkVisibility()`)
	for _, n := range eval[[]int](p, `[...document.querySelectorAll('[data-part=ask]')].map(e=>+e.textContent.match(/\d+/)[0])`) {
		p.fill(fmt.Sprintf("Word %d", n), words[n-1])
	}
	p.press("Check")
	p.until("the keys are made", `document.querySelector('[data-part=ready]').checkVisibility()`)
	name = eval[string](p, `document.querySelector('[name=name]').value`)
	p.click(`document.querySelector('[data-part=ready] button')`, "Join")
	p.see("Welcome, " + name)
	p.accessible("codes", "")
	return words, name
}

// putAway goes on from the page of the codes.
func (p *visitor) putAway() {
	p.t.Helper()
	p.until("the codes are there", `document.querySelector('.codes')`)
	p.press("I have kept them, go on")
	p.until("the codes are put away", `document.readyState==='complete'&&document.querySelector('main')&&!document.querySelector('.codes')`)
}

// inside waits until the page greets the member by name.
func (p *visitor) inside(name string) {
	p.t.Helper()
	p.until(name+" is signed in", `document.querySelector('.me .name').textContent.trim()===`+quote(name))
}

const unlocked = "Your words or a passkey have unlocked this browser."

func TestJoin_byPhrase(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.visitor(t)
	p.visit("/join")
	p.press("Make seven words")
	words, name := p.writeWords()
	p.putAway()
	p.inside(name)
	p.visit("/account/keys")
	p.see(unlocked)

	elsewhere := h.visitor(t)
	elsewhere.excuse("status of 4")
	elsewhere.visit("/sign-in")
	elsewhere.fill("Your seven words", strings.Repeat("zoo ", 7))
	elsewhere.press("Sign in with the words")
	elsewhere.see("These seven words open nothing here.")
	elsewhere.fill("Your seven words", strings.ToUpper(strings.Join(words, ", ")))
	elsewhere.press("Sign in with the words")
	elsewhere.inside(name)
	elsewhere.visit("/account/keys")
	elsewhere.see(unlocked)
}

func TestJoin_wrongWordIsNamed(t *testing.T) {
	t.Parallel()
	p := open(t).visitor(t)
	p.visit("/join")
	p.press("Make seven words")
	p.press("I have written them down")
	first := eval[int](p, `+document.querySelector('[data-part=ask]').textContent.match(/\d+/)[0]`)
	p.fill(fmt.Sprintf("Word %d", first), "haus")
	p.press("Check")
	p.until("the word is named", `document.querySelector('join-keys [data-part=message]').textContent.includes('haus')`)
}

func TestJoin_byPasskey(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.visitor(t)
	keychain := p.authenticator()
	p.visit("/join")
	p.press("Make a passkey and seven words")
	_, name := p.writeWords()
	p.putAway()
	p.inside(name)
	p.visit("/account/keys")
	p.see(unlocked)

	p.press("Forget the key")
	p.see("Forgotten.")
	p.visit("/account")
	p.press("Sign out")
	p.until("nobody is signed in", `document.querySelector('.me .go')`)
	p.visit("/sign-in?back=/account/keys")
	p.press("Sign in with a passkey")
	p.see(unlocked)

	// A keychain's copy signs in. What opens the root is not copied by the
	// browser's stand-in for one, so the page must say that it stays closed.
	elsewhere := h.visitor(t)
	p.lend(keychain, elsewhere, elsewhere.authenticator())
	elsewhere.visit("/sign-in?back=/discussions")
	elsewhere.press("Sign in with a passkey")
	elsewhere.inside(name)
	elsewhere.visit("/account/keys")
	elsewhere.see("not unlocked by your words or a passkey")
}

func TestJoin_scriptsOff(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.visitor(t).scriptless()
	p.visit("/join")
	p.press("Join")
	p.see("Welcome, ")
	code := eval[string](p, `document.querySelector('.code').textContent`)
	p.putAway()
	name := eval[string](p, `document.querySelector('.me .name').textContent.trim()`)
	p.begin("A talk begun without scripts", "The first word.")
	p.reply("And an answer.")

	again := h.visitor(t).scriptless()
	again.visit("/sign-in")
	again.fill("Name", name)
	again.fill("Login code or recovery code", strings.ToLower(code))
	again.press("Sign in")
	again.inside(name)
}
