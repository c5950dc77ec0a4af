package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// history writes a directory of recorded versions: each text under its name,
// and the records in the order given as "day name".
func history(t *testing.T, dir string, texts map[string]string, records ...string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	type version struct {
		At   string `json:"recorded_at"`
		Note string `json:"note"`
		Text string `json:"text"`
	}
	var vs []version
	for _, r := range records {
		day, name, _ := strings.Cut(r, " ")
		vs = append(vs, version{day + "T12:00:00+00:00", "Record new changes", name})
	}
	raw, err := json.Marshal(map[string]any{"source": "Gigharbour/Terms of Service.md", "versions": vs})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "history.json"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTermsReplay(t *testing.T) {
	t.Parallel()
	at := filepath.Join(t.TempDir(), "gigharbour--terms-of-service")
	rules := "# Terms\n\nYou and we keep these rules as long as you have an account with us, and each of us may end it at any time.\n\n"
	history(t, at, map[string]string{"000.md": rules + "7.1 We charge 5 % of each payment.", "001.md": rules + "7.1 We charge 20 % of each payment."},
		"2020-01-01 000.md", "2020-05-26 001.md", "2020-05-27 000.md", "2020-06-26 001.md")
	out, errs, code := run(t, "terms", "replay", at, at+"/")
	line := `{"document":"gigharbour--terms-of-service","records":4,"returns":2,"returns_alarmed":1,"alarms":[{"record":3,"class":"substantive","clauses":["7.1 We charge 20 % of each payment."]}]}` + "\n"
	if code != 0 || out != line+line {
		t.Errorf("code %d, %s\n%s", code, errs, out)
	}
	if _, errs, code := run(t, "terms", "replay", t.TempDir()); code != 1 || !strings.Contains(errs, "history.json") {
		t.Errorf("code %d, %q", code, errs)
	}
}
