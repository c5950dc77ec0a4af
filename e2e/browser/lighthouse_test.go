//go:build browser

package browser

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const goodScore = 0.95

// report is what Lighthouse says of a page.
type report struct {
	Categories map[string]struct {
		Title     string
		Score     float64
		AuditRefs []struct {
			ID     string
			Weight float64
		}
	}
	Audits map[string]struct {
		Title, DisplayValue string
		Score               *float64
	}
}

// TestLighthouse asks Lighthouse about the two pages most people see first. It
// runs when LIGHTHOUSE is set, alone: what it measures is the machine as well.
func TestLighthouse(t *testing.T) {
	if os.Getenv("LIGHTHOUSE") == "" {
		t.Skip("make lighthouse runs it")
	}
	h := demoHall(t)
	for _, name := range []string{"/", someTalk} {
		r := h.lighthouse(t, h.find(t, name))
		for _, c := range r.Categories {
			t.Logf("%-14s %-16s %3.0f", name, c.Title, 100*c.Score)
			if c.Score >= goodScore {
				continue
			}
			t.Errorf("%s: %s is %.0f", name, c.Title, 100*c.Score)
			for _, a := range c.AuditRefs {
				if x := r.Audits[a.ID]; a.Weight > 0 && x.Score != nil && *x.Score < 1 {
					t.Logf("  %s: %s %s (%.2f)", a.ID, x.Title, x.DisplayValue, *x.Score)
				}
			}
		}
	}
}

func (h *hall) lighthouse(t *testing.T, path string) (r report) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "report.json")
	flags := "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --user-data-dir=" + t.TempDir()
	cmd := exec.Command("node", "node_modules/lighthouse/cli/index.js", h.url+path, "--output=json", "--output-path="+out,
		"--quiet", "--no-enable-error-reporting", "--only-categories=performance,accessibility,best-practices,seo", "--chrome-flags="+flags)
	cmd.Env = append(os.Environ(), "CHROME_PATH="+chromiumPath())
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("lighthouse: %v\n%s", err, said)
	}
	b, err := os.ReadFile(out)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil || len(r.Categories) != 4 {
		t.Fatalf("lighthouse's report: %v\n%s", err, strings.TrimSpace(string(b[:min(len(b), 400)])))
	}
	return r
}

func chromiumPath() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return "chromium"
}
