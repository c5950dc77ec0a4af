//go:build browser

package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestScreenshots takes a picture of every page, for eyes. It runs when
// SCREENSHOTS names a directory.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		t.Skip("make screenshots takes them")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	each(t, func(p *visitor, who string, s sight) {
		for _, g := range everyGuise {
			for _, width := range []int64{360, 1280} {
				p.size(width, 800)
				p.wear(who, g)
				p.look(s)
				p.shoot(filepath.Join(dir, fmt.Sprintf("%s-%d-%s-%s.png", s.name, width, g.theme, g.lang)))
			}
		}
		p.size(360, 800)
		p.wear(who, guise{"en", "light"})
		p.prefer(&emulation.MediaFeature{Name: "forced-colors", Value: "active"})
		p.look(s)
		p.shoot(filepath.Join(dir, s.name+"-360-forced-en.png"))
	})
}

// tallest is how much of a page a picture shows, in pixels.
const tallest = 2400

// shoot keeps the page as a picture: all of it, or its beginning where it is long.
func (p *visitor) shoot(name string) {
	p.t.Helper()
	height := min(eval[int64](p, `Math.ceil(document.documentElement.scrollHeight)`), tallest)
	p.size(eval[int64](p, `innerWidth`), max(height, 800))
	eval[bool](p, `(scrollTo(0,0),true)`)
	shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	p.must("take a picture", err)
	p.must("keep it", os.WriteFile(name, shot, 0o644))
}
