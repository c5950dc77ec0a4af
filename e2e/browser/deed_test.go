//go:build browser

package browser

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// picture writes a small PNG and gives its name.
func picture(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			m.Set(x, y, color.RGBA{uint8(4 * x), uint8(5 * y), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "drawn.png")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPicture_sentAndShown(t *testing.T) {
	t.Parallel()
	p := open(t).as(t, "ana")
	p.visit("/pictures")
	p.do("choose a file", chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{picture(t)}))
	p.press("Send")
	p.see("The picture is kept.")
	line := eval[string](p, `document.querySelector('.code').innerText`)
	p.begin("With a picture", line)
	p.until("the picture stands in the text", `document.querySelector('.post .prose img[src^="/blob/"]')`)
	eval[bool](p, `(document.querySelector('.post .prose img').loading='eager',true)`)
	p.until("and is drawn", `document.querySelector('.post .prose img').naturalWidth===64`)
}

func TestReport_byAnOutsider(t *testing.T) {
	t.Parallel()
	h := open(t)
	writer := h.as(t, "ana")
	writer.begin("Reported", "Something that is wrong.")
	at := eval[string](writer, `location.pathname`)

	p := h.visitor(t)
	p.visit(at)
	p.press("Report")
	p.click(`document.querySelector('input[name=cause]')`, "a cause")
	p.press("Send")
	p.until("the report is taken", `!document.querySelector('form[action="/reports"]') && document.querySelector('main').innerText`)

	cleo := h.as(t, "cleo")
	cleo.visit("/moderation")
	cleo.see("Something that is wrong.")
}

func TestForcedColours_keepMeaning(t *testing.T) {
	t.Parallel()
	p := demoHall(t).visitor(t)
	p.prefer(&emulation.MediaFeature{Name: "forced-colors", Value: "active"})
	for _, path := range []string{"/", p.hall.find(t, someTalk), "/join"} {
		p.visit(path)
		p.settle()
		if lost := eval[[]string](p, invisible); len(lost) > 0 {
			t.Errorf("%s: %v", path, lost)
		}
	}
}

// invisible lists what cannot be told from its ground, or a button that has no
// edge, when the reader's own colours are forced on the page.
const invisible = `[...document.querySelectorAll('button,.button,input,select,textarea,.sign svg')].filter(e=>e.checkVisibility()&&e.type!=='hidden'&&!e.classList.contains('plain')).filter(e=>{const s=getComputedStyle(e);
if(e.tagName==='svg')return s.fill===getComputedStyle(document.body).backgroundColor;
return s.color===s.backgroundColor||(!['checkbox','radio','file'].includes(e.type)&&parseFloat(s.borderTopWidth)===0)}).map(e=>e.outerHTML.slice(0,80))`
