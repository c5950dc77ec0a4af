package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// built lists the beginnings of keys that the source puts together while running,
// each with the reason. The beginning itself must stand in the source.
var built = map[string]string{
	"order.cause.":          "the cause of a report is appended",
	"card.field.":           "the field of a card is appended",
	"card.say.":             "what happened is appended",
	"card.bad.":             "why a file is no card is appended",
	"decisions.deed.":       "the deed of a decision is appended",
	"decisions.kind.":       "the kind of thing is appended",
	"health.reader.":        "the name of a reader of the events is appended",
	"health.calls.":         "the name of a way is appended, and “.why” or “.shut”",
	"log.kind.":             "the kind of entry is appended, and “.what” to explain it",
	"log.one.":              "the kind of entry is appended",
	"log.purpose.":          "the purpose of a key is appended",
	"log.wrong.":            "the rule that was broken is appended",
	"stewards.motion.":      "the kind of motion is appended",
	"stewards.outcome.":     "the outcome of a motion is appended",
	"stewards.mine.":        "the side a reader has taken is appended",
	"question.reads.":       "the state of a clock is appended",
	"question.state.":       "the state of a clock is appended",
	"question.kind.":        "the kind of an entry is appended",
	"question.code.":        "the reason of an entry is appended",
	"question.answer.":      "how an answer came is appended",
	"question.verdict.":     "an asker's word is appended",
	"question.respond.":     "what is said for a platform is appended, and “.do” on the button",
	"representative.state.": "how a mandate stands",
	"question.file.":        "the kind of an entry is appended",
	"question.owes.":        "who owes the answer is appended",
	"question.mine.":        "the kind of move is appended",
	"proof.mail.":           "the reason why a mail is refused is appended",
	"terms.class.":          "the class of a record or a change is appended",
	"terms.why.":            "the reason for a class is appended",
	"terms.trouble.":        "why a page is not the text is appended",
	"terms.said.":           "what a steward did with a document is appended",
	"terms.sort.":           "what happened to a clause is appended",
	"account.row.":          "what the rows of a table are is appended",
	"fault.":                "the kind of failure is appended: the sentence and the title of a page about it",
}

// use is one place in the source that asks for a text.
type use struct {
	key, where string
	args       int // -1 when they are not written out
	counted    bool
}

// source is what the sources of the rooms and doors say: the texts they ask for,
// and every string literal, because keys also stand in tables.
type source struct {
	uses     []use
	literals map[string]bool
}

func TestSource_keys(t *testing.T) {
	t.Parallel()
	src := readSource(t)
	if len(src.uses) == 0 {
		t.Fatal("no use of any text found: the search itself is broken")
	}
	for _, u := range src.uses {
		e := catalogs[English]()[u.key]
		if e == nil {
			t.Errorf("%s: no text for %q", u.where, u.key)
			continue
		}
		checkCount(t, u, e)
	}
}

// checkCount compares the arguments given with those the text has places for.
func checkCount(t *testing.T, u use, e *entry) {
	if u.args < 0 {
		return
	}
	model, given := &e.text, u.args
	if e.forms != nil {
		model = e.forms[other]
		if !u.counted {
			given-- // the first argument is the count
		}
	}
	want := 0
	for _, s := range model.slots {
		want = max(want, int(s)+1)
	}
	if given != want {
		t.Errorf("%s: %q is given %d arguments besides a count, it has places for %d", u.where, u.key, given, want)
	}
}

func TestSource_everyKeyIsUsed(t *testing.T) {
	t.Parallel()
	src := readSource(t)
	for prefix := range built {
		if !src.literals[prefix] {
			t.Errorf("nothing puts keys together from %q any more; take it off the list", prefix)
		}
	}
	for key := range catalogs[English]() {
		if !src.literals[key] && !isBuilt(key) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func isBuilt(key string) bool {
	for prefix := range built {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

func readSource(t *testing.T) *source {
	t.Helper()
	src := &source{literals: map[string]bool{}}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		// Pages are read as the Go that templ makes of them.
		return src.read(path)
	})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func (src *source) read(path string) error {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			if s, ok := literal(n); ok {
				src.literals[s] = true
			}
		case *ast.CallExpr:
			if u, ok := useOf(n); ok {
				u.where = files.Position(n.Pos()).String()
				src.uses = append(src.uses, u)
			}
		}
		return true
	})
	return nil
}

// keyShape tells a key from other texts given to functions of the same names.
var keyShape = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)+$`)

// useOf reads .T(key, …), .Link(key, …), .N(key, n, …), fault.New(kind, key, …)
// and fault.On(field, kind, key, …).
func useOf(call *ast.CallExpr) (use, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return use{}, false
	}
	at, skip := 0, 0
	pkg, _ := sel.X.(*ast.Ident)
	ofFault := pkg != nil && pkg.Name == "fault"
	switch name := sel.Sel.Name; {
	case ofFault && name == "New":
		at = 1
	case ofFault && name == "On":
		at = 2
	case name == "N":
		skip = 1
	case name != "T" && name != "Link":
		return use{}, false
	}
	if len(call.Args) <= at {
		return use{}, false
	}
	lit, _ := call.Args[at].(*ast.BasicLit)
	key, ok := literal(lit)
	if !ok || !ofFault && !keyShape.MatchString(key) || key == "" {
		return use{}, false
	}
	u := use{key: key, args: len(call.Args) - at - 1 - skip, counted: skip == 1}
	if call.Ellipsis.IsValid() {
		u.args = -1
	}
	return u, true
}

func literal(lit *ast.BasicLit) (string, bool) {
	if lit == nil || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
