package watch

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// terms is a contract of some length; each argument is a sentence of its own.
func terms(sentences ...string) string {
	var b strings.Builder
	b.WriteString("# Terms of Service\n\nLast updated: 1 March 2022\n\n")
	for i := range 40 {
		fmt.Fprintf(&b, "%d. In the matter number %d of this agreement you and we do what is written in the %s schedule, and we tell each other in good time what has become of it.\n\n",
			i+1, i*i+7, []string{"first", "second", "third", "blue", "green", "long", "short"}[i%7])
	}
	for _, s := range sentences {
		b.WriteString(s + "\n\n")
	}
	return b.String()
}

const (
	fee5  = "We charge a fee of 5 % on each payment."
	fee8  = "We charge a fee of 8 % on each payment."
	talk  = "You must not share contact details before a contract begins."
	judge = "Disputes are settled by arbitration in Delaware and by no court."
)

// row makes records: each step is "DAYS text", days after the step before.
type step struct {
	days float64
	text string
	note string
}

func row(steps ...step) (out []Record) {
	at := time.Date(2022, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, s := range steps {
		at = at.Add(time.Duration(s.days * 24 * float64(time.Hour)))
		note := s.note
		if note == "" {
			note = "Record new changes"
		}
		out = append(out, Record{At: at, Note: note, Text: s.text})
	}
	return out
}

func alarmed(records []Record) (at []int) {
	_, alarms := Judge(records, time.Time{})
	for _, a := range alarms {
		at = append(at, a.Record)
	}
	return at
}

func TestJudge_alarms(t *testing.T) {
	t.Parallel()
	a, b, c := terms(fee5), terms(fee8), terms(fee8, talk)
	login := "# Sign in\n\nPlease sign in to see this page. Forgot your password? Create an account if you have none, and come back when you have done so."
	for name, k := range map[string]struct {
		records []Record
		want    []int
	}{
		"a change that lasts":     {row(step{0, a, ""}, step{30, b, ""}), []int{1}},
		"two changes":             {row(step{0, a, ""}, step{30, b, ""}, step{90, c, ""}), []int{1, 2}},
		"two changes in two days": {row(step{0, a, ""}, step{30, b, ""}, step{1, c, ""}), []int{1, 2}},
		"a flap":                  {row(step{0, a, ""}, step{30, b, ""}, step{0.5, a, ""}), nil},
		"many flaps":              {row(flaps(a, b, 60)...), nil},
		"flaps that end well":     {row(append(flaps(a, b, 60), step{1, c, ""}, step{40, c, ""})...), []int{61}},
		"a rollout: it comes and goes, then stays":       {row(step{0, a, ""}, step{30, b, ""}, step{0.5, a, ""}, step{0.5, b, ""}, step{60, c, ""}), []int{1, 4}},
		"a genuine reversal":                             {row(step{0, a, ""}, step{60, b, ""}, step{20, a, ""}), []int{1, 2}},
		"a genuine reversal within a newer text":         {row(step{0, a, ""}, step{60, b, ""}, step{20, terms(fee5, talk), ""}), []int{1, 2}},
		"a reversal after a week":                        {row(step{0, a, ""}, step{60, b, ""}, step{7, a, ""}, step{90, c, ""}), []int{1, 2, 3}},
		"a login wall":                                   {row(step{0, a, ""}, step{30, login, ""}, step{20, a, ""}), nil},
		"a change behind a login wall":                   {row(step{0, a, ""}, step{30, login, ""}, step{20, b, ""}), []int{2}},
		"a heading is all there is":                      {row(step{0, a, ""}, step{30, "Terms of Service\n====", ""}, step{400, b, ""}), []int{2}},
		"a page cut off":                                 {row(step{0, a, ""}, step{30, a[:len(a)/5], ""}, step{9, a, ""}), nil},
		"the first page was no text":                     {row(step{0, "Just a moment… checking your browser before you can see the page that you have asked for. Ray ID 12.", ""}, step{1, a, ""}, step{60, b, ""}), []int{2}},
		"a filter":                                       {row(step{0, a, ""}, step{30, terms(fee5, talk), "Refilter Hall Terms"}), nil},
		"a filter that is taken back":                    {row(step{0, c, ""}, step{30, b, "Apply technical or declaration upgrade"}, step{60, c, ""}), nil},
		"a filter, and the text has a new day too":       {row(step{0, a, ""}, step{300, strings.Replace(b, "1 March 2022", "2 May 2024", 1), "Refilter Hall Terms"}), []int{1}},
		"a change after a filter":                        {row(step{0, a, ""}, step{30, terms(fee5, talk), "Refilter"}, step{30, c, ""}), []int{2}},
		"only the day is new":                            {row(step{0, a, ""}, step{30, strings.Replace(a, "1 March 2022", "2 May 2022", 1), ""}), nil},
		"two languages in turn":                          {row(step{0, a, ""}, step{9, french("5"), ""}, step{9, a, ""}, step{9, french("5"), ""}), nil},
		"two languages in turn, and one of them changes": {row(step{0, a, ""}, step{9, french("5"), ""}, step{9, b, ""}, step{9, french("5"), ""}), []int{2}},
		"another page for two months":                    {row(step{0, a, ""}, step{30, other(), ""}, step{60, a, ""}), nil},
		"terms that are cut for good":                    {row(step{0, a + other() + other(), ""}, step{30, other(), ""}, step{60, other() + "\n\n" + talk, ""}), []int{1, 2}},
		"one record":                                     {row(step{0, a, ""}), nil},
		"nothing":                                        {nil, nil},
	} {
		if got := alarmed(k.records); !slices.Equal(got, k.want) {
			v, _ := Judge(k.records, time.Time{})
			t.Errorf("%s: alarms %v, want %v (%+v)", name, got, k.want, classes(v))
		}
	}
}

// other is a text that has nothing to do with terms.
func other() string {
	var b strings.Builder
	for i := range 30 {
		fmt.Fprintf(&b, "Story %d. A heron stood by the water while %d boats went slowly past the mill, and nobody on the bank had seen such a morning for %d years.\n\n", i, i*i*3, i+40)
	}
	return b.String()
}

func classes(vs []Verdict) (out []string) {
	for _, v := range vs {
		out = append(out, v.Class.String()+" "+string(v.Trouble))
	}
	return out
}

func flaps(a, b string, times int) (out []step) {
	for i := range times + 1 {
		out = append(out, step{[]float64{0.1, 1, 2, 5}[i*7%4], []string{a, b}[i%2], ""})
	}
	return out
}

func french(fee string) string {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "%d. Dans la matière numéro %d de ce contrat, vous et nous faisons ce qui est écrit dans l'annexe %d, et nous nous disons à temps ce qui en est devenu.\n\n", i+1, i*i+7, i%7)
	}
	return b.String() + "Nous prenons une commission de " + fee + " % sur chaque paiement."
}

// While the hall waits, nobody is told; once a change has stood, she is.
func TestJudge_waits(t *testing.T) {
	t.Parallel()
	records := row(step{0, terms(fee5), ""}, step{30, terms(fee8), ""})
	changed := records[1].At
	for after, want := range map[time.Duration]int{time.Hour: 0, Lasts - time.Second: 0, Lasts: 1, 10 * Lasts: 1} {
		vs, alarms := Judge(records, changed.Add(after))
		if len(alarms) != want {
			t.Errorf("after %v: %d alarms, want %d", after, len(alarms), want)
		}
		if vs[1].Class != Substantive {
			t.Errorf("after %v: %s; a change that waits is no flap", after, vs[1].Class)
		}
	}
}

func TestJudge_orderOfTime(t *testing.T) {
	t.Parallel()
	records := row(step{0, terms(fee5), ""}, step{60, terms(fee8), ""}, step{90, terms(fee8, talk), ""}, step{90, terms(fee8, talk, judge), ""})
	shuffled := []Record{records[2], records[0], records[3], records[1]}
	if got := alarmed(shuffled); !slices.Equal(got, []int{3, 0, 2}) {
		t.Errorf("alarms %v", got)
	}
}

func TestRead_trouble(t *testing.T) {
	t.Parallel()
	good := terms(fee5)
	last := read(good)
	for name, c := range map[string]struct {
		text string
		want Trouble
	}{
		"the text":               {good, ""},
		"empty":                  {"", Empty},
		"a heading":              {"# Terms", Empty},
		"large":                  {strings.Repeat("word ", 4_000_000), TooLarge},
		"login":                  {"Welcome back! Log in to your account to continue to the page that you wanted to read. Forgot password?", Login},
		"captcha":                {"One more step. Please complete the security check to access this site. Why do I have to complete a CAPTCHA?", Captcha},
		"scripts":                {"You need to enable JavaScript to run this app. Please do so in the settings of your browser and load this page again.", Scripts},
		"denied":                 {"Access Denied. You don't have permission to access this page on this server. Reference 18.2f, please try it later again.", Broken},
		"not found in French":    {"Page introuvable. La page que vous cherchez n'existe pas ou n'existe plus. Retournez à la page d'accueil, s'il vous plaît.", Broken},
		"a list of links":        {strings.Repeat("* [Our privacy policy and other rules](https://hall.example/privacy)\n", 60), Other},
		"cut off":                {good[:len(good)/6], Cut},
		"letters lost":           {strings.ReplaceAll(good, "o", "\ufffd"), Garbled},
		"another page":           {"# About us\n\n" + strings.Repeat("We are a small company by the sea and love what we do all day long. ", 5), Other},
		"mentions of signing in": {strings.Replace(good, "good time", "good time when you log in", 3), ""},
	} {
		p := read(c.text)
		if got := p.against(last); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// A text in the wrong encoding is read all the same where that can be undone.
func TestRead_encodings(t *testing.T) {
	t.Parallel()
	good := strings.Replace(french("5"), "L'", "L’", 1) + "\n\nÀ défaut, le vendeur répond de tout préjudice causé à l’acheteur."
	latin := make([]byte, 0, len(good))
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(good)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for _, r := range strings.NewReplacer("’", "'").Replace(good) {
		latin = append(latin, byte(r))
	}
	twice := ""
	for _, b := range []byte(strings.NewReplacer("’", "'", "À", "A").Replace(good)) {
		twice += string(rune(b))
	}
	for name, text := range map[string]string{"Latin 1": string(latin), "UTF-16": string(wide), "UTF-8 taken for Latin 1": twice} {
		records := row(step{0, good, ""}, step{30, text, ""})
		v, alarms := Judge(records, time.Time{})
		if len(alarms) != 0 || v[1].Class > Reworded {
			t.Errorf("%s: %s %s", name, v[1].Class, v[1].Trouble)
		}
	}
}

func TestReplay_form(t *testing.T) {
	t.Parallel()
	got := Summarise("hall--terms", row(step{0, terms(fee5), ""}, step{60, terms(fee8), ""}, step{20, terms(fee5), ""}))
	if got.Records != 3 || got.Returns != 1 || got.ReturnsAlarmed != 1 || len(got.Alarms) != 2 {
		t.Errorf("%+v", got)
	}
	if a := got.Alarms[0]; a.Record != 1 || a.Class != "substantive" || len(a.Clauses) != 1 || a.Clauses[0] != fee8 {
		t.Errorf("%+v", a)
	}
}

func TestReadDir_refuses(t *testing.T) {
	t.Parallel()
	for name, history := range map[string]string{
		"outside": `{"versions":[{"recorded_at":"2022-01-01T00:00:00Z","text":"../../etc/passwd"}]}`,
		"no time": `{"versions":[{"recorded_at":"soon","text":"000.md"}]}`,
		"no text": `{"versions":[{"recorded_at":"2022-01-01T00:00:00Z","text":"000.md"}]}`,
		"no JSON": `versions`,
	} {
		dir := t.TempDir()
		write(t, dir, "history.json", history)
		if _, err := ReadDir(dir); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
