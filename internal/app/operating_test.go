package app

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/OPERATING.md anew")

const operating = "../../docs/OPERATING.md"

// The page's list of keys is made from the comments of Config.
func TestOperating_isFresh(t *testing.T) {
	t.Parallel()
	section := regexp.MustCompile(`(?s)(<!-- keys:[^>]*-->\n).*(<!-- /keys -->)`)
	b, err := os.ReadFile(operating)
	if err != nil {
		t.Fatal(err)
	}
	keys, n := describeKeys(t)
	if n > 30 {
		t.Errorf("%d keys: nobody reads more than thirty", n)
	}
	want := section.ReplaceAllString(string(b), "${1}"+strings.ReplaceAll(keys, "$", "$$")+"${2}")
	if want == string(b) {
		return
	}
	if !*update {
		t.Fatal("docs/OPERATING.md is older than the comments of Config: run go test ./internal/app -run TestOperating -update")
	}
	if err := os.WriteFile(operating, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// describeKeys reads the comments of Config's fields.
func describeKeys(t *testing.T) (text string, n int) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "config.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	ast.Inspect(f, func(node ast.Node) bool {
		spec, ok := node.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "Config" {
			return true
		}
		b.WriteString("\n" + sentence(typeComment(f)) + "\n\n| key | what it means |\n| --- | --- |\n")
		for _, field := range spec.Type.(*ast.StructType).Fields.List {
			if field.Tag == nil {
				continue
			}
			key := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("toml")
			if field.Doc == nil {
				t.Errorf("key %s has no comment", key)
				continue
			}
			fmt.Fprintf(&b, "| `%s` | %s |\n", key, sentence(field.Doc.Text()))
			n++
		}
		return false
	})
	return b.String() + "\n", n
}

// typeComment is what stands before the type.
func typeComment(f *ast.File) string {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE && g.Doc != nil {
			text, _, _ := strings.Cut(g.Doc.Text(), "docs/OPERATING.md")
			_, text, _ = strings.Cut(text, ". ")
			return text
		}
	}
	return ""
}

func sentence(doc string) string { return strings.Join(strings.Fields(doc), " ") }
