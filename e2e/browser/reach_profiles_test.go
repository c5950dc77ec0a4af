//go:build browser

package browser

import (
	"context"
	"fmt"
	"io"
	"log"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/emersion/go-smtp"

	"guildhall/internal/app"
	"guildhall/internal/forum"
	"guildhall/internal/notice"
)

// postOffice is a mail server that keeps the words of what it is handed.
type postOffice struct {
	mu  sync.Mutex
	got []string
	at  string
}

func (*postOffice) Mail(string, *smtp.MailOptions) error { return nil }
func (*postOffice) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*postOffice) Reset()                               {}
func (*postOffice) Logout() error                        { return nil }

func (o *postOffice) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	b, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	o.mu.Lock()
	defer o.mu.Unlock()
	o.got = append(o.got, string(b))
	return err
}

func openPostOffice(t *testing.T) *postOffice {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &postOffice{at: l.Addr().String()}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return o, nil }))
	srv.Domain, srv.ErrorLog = "localhost", log.New(io.Discard, "", 0)
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { srv.Close() })
	return o
}

// empties throws away what has come.
func (o *postOffice) empties() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.got = nil
}

// sends lets a hall send through this office.
func (o *postOffice) sends(c *app.Config) {
	c.Mail, c.MailFrom = "smtp+insecure://"+o.at, "hall@hall.example"
}

// letter waits for one that says the words, and gives where its link of that kind leads.
func (o *postOffice) letter(t *testing.T, words, kind string) (path string) {
	t.Helper()
	link := regexp.MustCompile(`https?://[^/\s]+(/reach/` + kind + `/\S+)`)
	awaitEngine(t, "a letter says “"+words+"”", &journal{}, func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		for _, text := range o.got {
			if m := link.FindStringSubmatch(text); m != nil && strings.Contains(text, words) {
				path = m[1]
				return nil
			}
		}
		return fmt.Errorf("there are %q", o.got)
	})
	return path
}

// signsIn signs somebody in by her seven words.
func (p *visitor) signsIn(words string) {
	p.t.Helper()
	p.visit("/sign-in")
	p.fill("Your seven words", words)
	p.press("Sign in with the words")
	p.until("she is signed in", `document.querySelector('.me .name')`)
	p.words = words
}

// mayShow answers the browser's question whether the hall may show notifications.
func (p *visitor) mayShow(s browser.PermissionSetting) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "notifications"}, Setting: s, Origin: p.hall.url,
		BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
	})
	p.must("answer for her", err)
}

// pictures looks at a page in every guise after act, when pictures are asked for; the
// account reads English again afterwards.
func (p *visitor) pictures(name, path string, act func()) {
	p.t.Helper()
	p.accessible(name, "")
	p.fits(name)
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	reads := func(lang string) {
		eval[bool](p, `fetch('/preferences',{method:'POST',body:new URLSearchParams({lang:`+quote(lang)+`,theme:''})}).then(()=>true)`)
	}
	for _, g := range everyGuise {
		for _, width := range []int64{360, 1280} {
			p.size(width, 800)
			p.wear("nobody", g)
			reads(g.lang)
			p.look(sight{name: name, path: path})
			act()
			p.accessible(fmt.Sprint(name, " ", width, " ", g), "")
			p.shoot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s-%s.png", name, width, g.theme, g.lang)))
		}
	}
	p.wear("nobody", guise{"en", "light"})
	reads("en")
	p.size(1280, 800)
	p.look(sight{name: name, path: path})
}

// step waits until the page knows how this browser stands.
func (p *visitor) step(how string) {
	p.t.Helper()
	p.until("this browser stands as "+how, `document.querySelector('reach-me').dataset.step===`+quote(how))
}

// TestReach_threeProfiles follows one person through “Can I be reached?” in three browsers
// at once: Firefox, which is reached; a Chromium that may show notifications, whose maker's
// push service is not there; and one that may not. Then Firefox's subscription dies, which
// a letter tells her, and is renewed; and in the end mail alone is left.
func TestReach_threeProfiles(t *testing.T) {
	t.Parallel()
	mustHave(t, "firefox-esr", "firefox-esr")
	s, o := openPushService(t), openPostOffice(t)
	h := reachable(t, s, o.sends)
	denied := h.correspondent(t)
	denied.mayShow(browser.PermissionSettingDenied)
	own, stop := launch(t.TempDir()) // in private windows Chromium takes no push
	t.Cleanup(stop)
	deaf := h.meet(t, own)
	deaf.signsIn(denied.words)
	deaf.mayShow(browser.PermissionSettingGranted)
	fox := &guest{t, openFirefox(t, s.prefs())}
	fox.visit(h.url + "/sign-in")
	fox.fillNamed("Your seven words", denied.words)
	fox.pressNamed("Sign in with the words")
	fox.until("she is signed in", `document.querySelector('.me .name')`)

	fox.visit(h.url + "/account/reach")
	fox.pressNamed("Switch on here")
	fox.see("It is switched on.")
	fox.pressNamed("Give your browsers names, to tell them apart")
	here := `[...document.querySelectorAll('form.rename')].find(f=>!f.parentElement.querySelector('form[action$="/revoke"]')).querySelector`
	fox.fill(here+`('[name=label]')`, "Laptop")
	fox.press(here + `('button')`)
	fox.until("it has its name", `document.querySelector('.rows bdi')&&document.body.innerText.includes('Laptop')`)
	denied.visit("/account/reach")
	denied.see("The browser does not let the hall show notifications.")
	denied.press("Ring all my devices now")
	denied.see("Shown there")
	denied.see("after")
	denied.pictures("reach-denied", "/account/reach?said=rung", func() { denied.step("denied") })

	deaf.visit("/account/reach")
	deaf.press("Switch on here")
	deaf.see("could not reach its push service")
	deaf.pictures("reach-no-service", "/account/reach", func() {
		deaf.step("off")
		deaf.click(`document.querySelector('[data-do=on]')`, "switch on")
		deaf.until("it is said", `document.querySelector('reach-me [data-part=message]').textContent&&!document.querySelector('reach-me').hasAttribute('aria-busy')`)
	})
	h.diesAndIsRenewed(t, s, o, fox, denied, deaf)
	h.mailAlone(t, o, denied, deaf)
}

// diesAndIsRenewed loses Firefox: the page says so, a letter says so, and Firefox is
// switched on again by what the page says.
func (h *timed) diesAndIsRenewed(t *testing.T, s *pushService, o *postOffice, fox *guest, denied, deaf *visitor) {
	t.Helper()
	wishes := notice.Defaults("UTC")
	wishes.QuietTo = wishes.QuietFrom
	h.ok(h.app.Notices.Save(context.Background(), h.faceOf(fox.session()), wishes))
	denied.visit("/account/reach")
	denied.fill("Address", "heron@mail.example")
	denied.press("Add the address")
	denied.see("Waits for you")
	deaf.visit(o.letter(t, "wishes to be told of news", "prove"))
	deaf.press("Yes, it is mine")
	deaf.see("From now on news may come there.")

	s.dies(true)
	denied.visit("/account/reach")
	denied.press("Ring all my devices now")
	denied.see("Cannot be reached any more")
	denied.see("Handed over")
	denied.pictures("reach-dead", "/account/reach?said=rung", func() { denied.step("denied") })
	h.ok(h.app.TestOnlyDrain(context.Background()))
	o.letter(t, "One of your devices cannot be reached any more.", "seen")

	s.dies(false)
	fox.visit(h.url + "/account/reach")
	fox.shoot("firefox-reach-dead")
	fox.pressNamed("Switch on here")
	fox.see("It is switched on.")
	fox.pressNamed("Ring all my devices now")
	fox.see("Shown there")
	fox.shoot("firefox-reach-renewed")
}

// mailAlone takes the last browser away: news comes by mail, and what was seen there counts.
func (h *timed) mailAlone(t *testing.T, o *postOffice, p, other *visitor) {
	t.Helper()
	ctx := context.Background()
	p.visit("/account/reach")
	p.click(`[...document.querySelectorAll('li[data-mark]')].find(l=>l.innerText.includes('Laptop')).querySelector('form[action$="/remove"] button')`, "remove the laptop")
	p.until("mail alone is left", `document.querySelectorAll('li[data-mark]').length===1`)
	o.empties()
	p.press("Ring all my devices now")
	p.see("Your devices are being rung.")
	p.see("No sign comes back from here")
	p.pictures("reach-mail", "/account/reach?said=rung", func() { p.step("denied") })
	other.visit(o.letter(t, "This address can be reached.", "seen"))
	other.press("I have seen it")
	other.see("No other device is rung")
	p.visit("/account/reach")
	p.see("Shown and pressed")

	talk, err := h.app.Forum.Open(ctx, forum.Actor{Face: h.faceOf(p.session())}, forum.NewDiscussion{Title: "Who pays late?", Lang: "en", First: forum.NewPost{Text: "Tell."}})
	h.ok(err)
	_, err = h.app.Forum.Reply(ctx, forum.Actor{Face: h.steward()}, talk.ID, forum.NewPost{Text: "Many."})
	h.ok(err)
	h.ok(h.app.TestOnlyDrain(ctx))
	o.letter(t, "There is something new for you.", "seen")
}
