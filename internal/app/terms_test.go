package app

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guildhall/internal/ledger"
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

// A history is imported into a hall; what was seen is in its log once it is served.
func TestTermsImport(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), t.TempDir()
	rules := "# Terms\n\nYou and we keep these rules as long as you have an account with us, and each of us may end it at any time.\n\n"
	history(t, filepath.Join(dir, "x"), map[string]string{"000.md": rules + "We charge 5 % of each payment.", "001.md": rules + "We charge 20 % of each payment."},
		"2020-01-01 000.md", "2020-05-26 001.md", "2020-05-27 000.md", "2020-06-26 001.md")
	out, errs, code := run(t, "terms", "import", dir, "--data", data)
	if code != 0 || out != "gigharbour--terms-of-service: 4 versions added\n" {
		t.Fatalf("code %d, %s\n%s", code, errs, out)
	}
	h, err := Open(t.Context(), data, Config{CacheMB: 8}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Events.Drain(t.Context(), h.logReader()); err != nil {
		t.Fatal(err)
	}
	for {
		did, err := h.Jobs.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !did {
			break
		}
	}
	versions := 0
	if err := h.Ledger.Read(t.Context(), func(b *ledger.Book) { versions = b.Kinds[ledger.KindVersion] }); err != nil || versions != 2 {
		t.Errorf("%d versions in the log, %v", versions, err)
	}
	if as, err := h.Terms.Alarms(t.Context(), 9); err != nil || len(as) != 1 || as[0].Record != 3 {
		t.Errorf("alarms %+v %v", as, err)
	}
	h.Close()
	if _, errs, code := run(t, "terms", "check", "gigharbour--terms-of-service", "--data", data); code != 1 || !strings.Contains(errs, "Nothing says where") {
		t.Errorf("check: code %d, %q", code, errs)
	}
	if out, errs, code := run(t, "terms", "check", "--data", data); code != 0 || out != "" {
		t.Errorf("check: code %d, %q %q", code, out, errs)
	}
	if _, errs, code := run(t, "terms", "import", t.TempDir(), "--data", data); code != 1 || !strings.Contains(errs, "neither") {
		t.Errorf("import: code %d, %q", code, errs)
	}
}
