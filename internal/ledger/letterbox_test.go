package ledger_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"testing"

	"guildhall/internal/ledger"
)

// A letterbox and its key are read back as they were written; what is no origin, no
// point or no day is refused.
func TestLetterbox_entry(t *testing.T) {
	t.Parallel()
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key := base64.RawURLEncoding.EncodeToString(k.PublicKey().Bytes())
	good := ledger.Letterbox{Box: "https://letters.example:8443", Key: key, Day: 20_782}
	line, err := ledger.Line(good)
	if err != nil || string(line) != `{"box":"https://letters.example:8443","day":20782,"key":"`+key+`","kind":"letterbox"}` {
		t.Fatalf("%s %v", line, err)
	}
	if f, err := ledger.Parse(line); err != nil || f != good {
		t.Errorf("%+v %v", f, err)
	}
	for name, bad := range map[string]ledger.Letterbox{
		"no box":    {Key: key, Day: 1},
		"a path":    {Box: "https://letters.example/x", Key: key, Day: 1},
		"a quote":   {Box: `https://letters.example"`, Key: key, Day: 1},
		"no point":  {Box: good.Box, Key: "B" + key[1:len(key)-2] + "AA", Day: 1},
		"no key":    {Box: good.Box, Day: 1},
		"no day":    {Box: good.Box, Key: key, Day: -1},
		"padded":    {Box: good.Box, Key: key + "=", Day: 1},
		"not upper": {Box: "https://LETTERS.example", Key: key, Day: 1},
	} {
		if _, err := ledger.Line(bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	b := ledger.NewBook(20_000)
	b.Add(line)
	if list := b.Boxes(); len(list) != 1 || list[0].Letterbox != good || b.Wrongs != 1 || b.Wrong[0].Rule != ledger.RuleFuture {
		t.Errorf("%+v, wrong %+v", list, b.Wrong)
	}
}

// More than five letterboxes or keys in four weeks are worth a look, and nothing wrong.
func TestBook_manyBoxes(t *testing.T) {
	t.Parallel()
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key := base64.RawURLEncoding.EncodeToString(k.PublicKey().Bytes())
	for _, tt := range []struct {
		days []int
		many int
	}{
		{[]int{1, 2, 3, 4, 5}, 0},
		{[]int{1, 2, 3, 4, 5, 28}, 1},
		{[]int{1, 2, 3, 4, 5, 29}, 0},
		{[]int{1, 2, 3, 4, 5, 6, 7, 40, 80}, 2},
	} {
		b := ledger.NewBook(100)
		for _, day := range tt.days {
			line, err := ledger.Line(ledger.Letterbox{Box: "https://letters.example", Key: key, Day: day})
			if err != nil {
				t.Fatal(err)
			}
			b.Add(line)
		}
		if many := b.ManyBoxes(); len(many) != tt.many || b.Wrongs > 0 {
			t.Errorf("on days %v: %d, %d wrong", tt.days, len(many), b.Wrongs)
		}
	}
}
