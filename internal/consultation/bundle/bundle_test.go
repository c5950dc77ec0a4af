package bundle_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"guildhall/internal/consultation/bundle"
	"guildhall/internal/ledger"
)

// written is a consultation of 40 people in two camps, in the file it is published as.
func written(t testing.TB) (text []byte, key string) {
	t.Helper()
	b := bundle.Bundle{About: bundle.About{ID: "c1", Title: "Contact before a contract", Text: "Ünïcode <b>", Lang: "en", Electorate: "open profiles of this hall",
		Opened: "2026-06-01", Closed: "2026-06-08T00:00:00Z"}}
	for n := 1; n <= 8; n++ {
		b.Statements = append(b.Statements, bundle.Statement{N: n, Text: fmt.Sprint("Statement ", n, " & so on"), Seed: n < 3})
	}
	b.Statements[4].Out = "It names a person."
	for n := 1; n <= 40; n++ {
		row := "+++-+++0"
		if n%2 == 0 {
			row = "+---.--0"
		}
		b.People = append(b.People, bundle.Person{N: n, New: n > 35, Answers: row})
	}
	b.Days = []int{5, 5, 5, 5, 5, 5, 10}
	b.Result = bundle.Work(b.Statements, b.People, b.Days)
	l, err := ledger.Open(ledger.Config{Data: t.TempDir(), Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	hash, err := b.Sum()
	if err != nil {
		t.Fatal(err)
	}
	at, err := l.AppendAll(t.Context(), ledger.Deletion{Thing: "post", ID: "p", Day: 20_000}, ledger.Consultation{ID: "c1", Day: 20_000, Hash: hash},
		ledger.Deletion{Thing: "post", ID: "q", Day: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	p, err := l.Proof(t.Context(), at[1])
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := bundle.Write(&out, b, p, l.Key()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), l.Key()
}

func TestCheck(t *testing.T) {
	t.Parallel()
	text, key := written(t)
	for _, k := range []string{key, ""} {
		c, err := bundle.Check(text, k)
		if err != nil || c.Key != key || c.Index != 1 || len(c.Bundle.Result.All.Groups) != 2 || c.Bundle.Result.Newcomers != 5 {
			t.Errorf("%v %+v", err, c.Bundle.Result)
		}
	}
	// The same file, with other spaces.
	var spaced bytes.Buffer
	if err := json.Indent(&spaced, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Check(spaced.Bytes(), key); err != nil {
		t.Error(err)
	}
}

func TestCheck_namesThePart(t *testing.T) {
	t.Parallel()
	text, key := written(t)
	_, other := written(t)
	replaced := func(old, new string) []byte {
		s := strings.Replace(string(text), old, new, 1)
		if s == string(text) {
			t.Fatalf("%q is not in the file", old)
		}
		return []byte(s)
	}
	for _, tt := range []struct {
		name, part string
		text       []byte
		key        string
	}{
		{"a title", "consultation", replaced("Contact before", "No contact before"), key},
		{"a closing hour", "consultation", replaced("2026-06-08", "2026-06-09"), key},
		{"a statement", "statements", replaced("Statement 2", "Statement two"), key},
		{"a reason", "statements", replaced("It names a person.", "It displeases."), key},
		{"an answer", "participants", replaced(`"+---.--0"`, `"++--.--0"`), key},
		{"who is new", "participants", replaced(`"new":true`, `"new":false`), key},
		{"a day", "days", replaced("5,5,10]", "5,6,9]"), key},
		{"a score", "result", replaced(`"consensus":0.`, `"consensus":1.`), key},
		{"a hash of a part", "parts", replaced(`"days":"`, `"days":"x`), key},
		{"the proof", "log", replaced(`"index":1`, `"index":2`), key},
		{"another log's key", "log", text, other},
		{"no proof", "log", []byte(string(text[:bytes.Index(text, []byte(`,"log":`))]) + `,"log":null}`), key},
		{"a title that stands there twice", "parts", replaced(`"bundle":`, `"bundle":{"consultation":{"title":"Another"}},"bundle":`), key},
		{"a key in other letters", "parts", replaced(`"bundle":`, `"Bundle":{"consultation":{"title":"Another"}},"bundle":`), key},
		{"fewer passes than people", "participants", replaced(`"electorate":`, `"passes":39,"electorate":`), key},
		{"fewer people", "participants", replaced(`{"n":1,"new":false,"answers":"+++-+++0"},`, ""), key},
	} {
		_, err := bundle.Check(tt.text, tt.key)
		var tampered *bundle.Tampered
		if !errors.As(err, &tampered) || tampered.Part != tt.part {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.part)
		}
	}
	for name, text := range map[string][]byte{"nothing": nil, "no JSON": []byte("x"), "another format": replaced(bundle.Format, "guildhall/consultation/2"),
		"an unknown field": replaced(`"format"`, `"more":1,"format"`), "two files": append(bytes.Clone(text), text...)} {
		if _, err := bundle.Check(text, key); err == nil {
			t.Errorf("%s is taken for a bundle", name)
		}
	}
}

// A result that was signed although the answers come to something else does not pass.
func TestCheck_worksItOutAgain(t *testing.T) {
	t.Parallel()
	b := bundle.Bundle{About: bundle.About{ID: "c1"}, Statements: []bundle.Statement{{N: 1, Text: "One of a kind"}}, People: []bundle.Person{{N: 1, Answers: "+"}}, Days: []int{1}}
	b.Result = bundle.Work(b.Statements, b.People, b.Days)
	b.Result.All.Statements[0].All = [3]int{0, 1, 0}
	l, err := ledger.Open(ledger.Config{Data: t.TempDir(), Rand: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	hash, _ := b.Sum()
	at, err := l.Append(t.Context(), ledger.Consultation{ID: "c1", Day: 20_000, Hash: hash})
	if err != nil {
		t.Fatal(err)
	}
	p, err := l.Proof(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := bundle.Write(&out, b, p, l.Key()); err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Check(out.Bytes(), l.Key()); err == nil || err.Error() != "result: the answers come to something else" {
		t.Error(err)
	}
}

// Two hundred new faces on one side on the last day change the counts, but are said to
// have come, and the result without them is what it would have been.
func TestWork_brigade(t *testing.T) {
	t.Parallel()
	var statements []bundle.Statement
	for n := range 10 {
		statements = append(statements, bundle.Statement{N: n + 1})
	}
	var people []bundle.Person
	for n := range 60 {
		row := "+++++-----"
		if n%2 == 0 {
			row = "+----++++-"
		}
		people = append(people, bundle.Person{N: n + 1, Answers: row})
	}
	before := bundle.Work(statements, people, []int{20, 20, 20, 0})
	for n := range 200 {
		people = append(people, bundle.Person{N: 61 + n, New: true, Answers: "----------"})
	}
	after := bundle.Work(statements, people, []int{20, 20, 20, 200})
	if before.Surge != nil || before.Settled != nil || before.Newcomers != 0 {
		t.Errorf("nobody new came: %+v", before)
	}
	if after.Surge == nil || after.Surge.Came != 200 || after.Newcomers != 200 || after.Settled == nil {
		t.Fatalf("nobody is told of it: %+v", after)
	}
	if !reflect.DeepEqual(*after.Settled, before.All) || reflect.DeepEqual(after.All, before.All) {
		t.Error("the result without newcomers is not what it was before they came")
	}
}

func TestWork_surge(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		days []int
		came int // 0: no word of it
	}{
		{[]int{10, 10, 10, 10, 10}, 0},
		{[]int{20, 5, 5, 0, 40}, 40},
		{[]int{1, 1, 1, 1, 9}, 0}, // nine are a few friends
		{append(make([]int, 18), 8, 8), 16},
		{[]int{0, 100}, 0}, // two days have no end
		{nil, 0},
	} {
		s := bundle.Work(nil, nil, tt.days).Surge
		if (s == nil) != (tt.came == 0) || s != nil && s.Came != tt.came {
			t.Errorf("%v: %+v, want %d", tt.days, s, tt.came)
		}
	}
}

func FuzzCheck(f *testing.F) {
	text, _ := written(f)
	f.Add(text)
	f.Add([]byte(`{"format":"guildhall/consultation/1","bundle":{"statements":[{"n":1}],"participants":[{"n":1,"answers":"+"}]},"log":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, err := bundle.Check(text, ""); err == nil && c.Bundle.About.ID == "" {
			t.Fatal("a bundle of nothing passes")
		}
	})
}
