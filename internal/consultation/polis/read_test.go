package polis_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"guildhall/internal/consultation/opinion"
	"guildhall/internal/consultation/polis"
)

const (
	comments = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n" +
		"1,x,0,9,2,1,1,\"With, a comma and \"\"quotes\"\"\n\nand lines\"\n" +
		"2,x,1,9,0,0,-1,Spam\n"
	votes = "timestamp,datetime,comment-id,voter-id,vote\n" +
		"30,x,0,1,1\n10,x,0,1,-1\n20,x,0,2,1\n20,x,0,3,0\n20,x,0,3,-1\n"
)

func read(t *testing.T, comments, votes string) polis.Export {
	t.Helper()
	e, err := polis.Read(strings.NewReader(comments), strings.NewReader(votes))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestRead(t *testing.T) {
	t.Parallel()
	e := read(t, comments, votes)
	if want := []opinion.Statement{{ID: "0"}, {ID: "1", Out: true}}; !reflect.DeepEqual(e.Statements, want) {
		t.Errorf("statements %+v", e.Statements)
	}
	want := []opinion.Cast{{Person: "1", Statement: "0", Choice: -1}, {Person: "2", Statement: "0", Choice: 1}, {Person: "3", Statement: "0", Choice: 0}, {Person: "3", Statement: "0", Choice: -1}, {Person: "1", Statement: "0", Choice: 1}}
	if !reflect.DeepEqual(e.Cast, want) || e.Flipped || e.Left != 0 {
		t.Errorf("cast %+v, flipped %v, left out %d", e.Cast, e.Flipped, e.Left)
	}
	// The last answer of each: two agree, one does not.
	r := opinion.Map(opinion.Collect(e.Statements, e.Cast))
	if want := (opinion.Count{Agree: 2, Disagree: 1}); r.Statements[0].All != want {
		t.Errorf("counted %+v", r.Statements[0].All)
	}
}

func TestRead_eitherSign(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer(",1\n", ",-1\n", ",-1\n", ",1\n").Replace(votes)
	a, b := read(t, comments, votes), read(t, comments, other)
	if !b.Flipped || !reflect.DeepEqual(a.Cast, b.Cast) {
		t.Errorf("flipped %v: %+v, not %+v", b.Flipped, b.Cast, a.Cast)
	}
}

func TestRead_otherWriting(t *testing.T) {
	t.Parallel()
	strange := "\ufeffVoter_ID,Comment_ID,Vote,Timestamp\r\n1,0,-1.0,10\r\n1,0,1.0,30\r\n2,0,1,20\r\n3,0,-1,25\r\n"
	a, b := read(t, comments, votes), read(t, comments, strange)
	ra, rb := opinion.Map(opinion.Collect(a.Statements, a.Cast)), opinion.Map(opinion.Collect(b.Statements, b.Cast))
	if !reflect.DeepEqual(ra, rb) {
		t.Errorf("%+v, not %+v", rb, ra)
	}
}

func TestRead_leavesOutWhatMakesNoSense(t *testing.T) {
	t.Parallel()
	e := read(t, comments, votes+"20,x,0,4,7\n20,x,,4,1\n20,x,0,,1\n20,x,0,4,\n20,x\n")
	if e.Left != 5 || len(e.Cast) != 5 {
		t.Errorf("left out %d, kept %d; want 5 and 5", e.Left, len(e.Cast))
	}
}

func TestRead_refuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ comments, votes, says string }{
		{"", votes, "comments.csv: no table"},
		{comments, "", "votes.csv: no table"},
		{"a,b\n1,2\n", votes, "comments.csv: there is no column comment-id"},
		{comments, "comment-id,vote\n0,1\n", "votes.csv: there is no column voter-id"},
	}
	for _, tt := range tests {
		_, err := polis.Read(strings.NewReader(tt.comments), strings.NewReader(tt.votes))
		if err == nil || !strings.HasPrefix(err.Error(), tt.says) {
			t.Errorf("%v; want %s", err, tt.says)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(comments), []byte(votes))
	f.Add([]byte("comment-id\n\"\n"), []byte("vote,voter-id,comment-id\n1e0,\xff,0\n"))
	f.Fuzz(func(t *testing.T, comments, votes []byte) {
		e, err := polis.Read(bytes.NewReader(comments), bytes.NewReader(votes))
		if err != nil {
			return
		}
		for _, c := range e.Cast {
			if c.Choice < opinion.Disagree || c.Choice > opinion.Agree || c.Person == "" || c.Statement == "" {
				t.Fatalf("%+v", c)
			}
		}
	})
}

// The groups agree with those that were recorded for real consultations.
func TestCompare_recorded(t *testing.T) {
	t.Parallel()
	for name, least := range map[string]float64{"brexit-consensus": 0.85, "15-per-hour-seattle": 0.75} {
		e, recorded := exported(t, name)
		c := polis.Compare(opinion.Map(opinion.Collect(e.Statements, e.Cast)), recorded)
		if t.Logf("%s: %+v", name, c); c.Rand < least || c.Groups != c.Recorded || c.TooFew {
			t.Errorf("%s: want an adjusted Rand index of %v at least, and as many groups", name, least)
		}
	}
	e, recorded := exported(t, "london.youth.policing")
	if c := polis.Compare(opinion.Map(opinion.Collect(e.Statements, e.Cast)), recorded); !c.TooFew {
		t.Errorf("london: %+v is not said to be too few", c)
	}
	e, recorded = exported(t, "scoop-hivemind.ubi")
	if c := polis.Compare(opinion.Map(opinion.Collect(e.Statements, e.Cast)), recorded); c.Sparse < 50 {
		t.Errorf("ubi: %+v does not show that people who hardly answered had groups", c)
	}
}

// exported reads an export of the real input. Where that is absent the test is skipped by
// name; under CI that is a failure.
func exported(t *testing.T, name string) (polis.Export, map[string]string) {
	t.Helper()
	dir := os.Getenv("GUILDHALL_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	files := make(map[string]*bytes.Reader)
	for _, f := range []string{"comments.csv", "votes.csv", "participants-votes.csv"} {
		b, err := os.ReadFile(filepath.Join(dir, "consultations", name, f))
		if err != nil && os.Getenv("CI") != "" {
			t.Fatalf("real input is needed: %v", err)
		} else if err != nil {
			t.Skipf("real input consultations/%s/%s is absent", name, f)
		}
		files[f] = bytes.NewReader(b)
	}
	e, err := polis.Read(files["comments.csv"], files["votes.csv"])
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := polis.Groups(files["participants-votes.csv"])
	if err != nil {
		t.Fatal(err)
	}
	return e, recorded
}
