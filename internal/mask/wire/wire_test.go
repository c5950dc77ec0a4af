package wire_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

var (
	root = token.Root{9}
	mask = root.MaskKey("abc", 0)
	id   = token.Encode(bytes.Repeat([]byte{1}, wire.IDSize))
	id2  = token.Encode(bytes.Repeat([]byte{2}, wire.IDSize))
)

func wantKey(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || fault.From(err).Key != want {
		t.Errorf("err = %v, want %s", err, want)
	}
}

func visit() wire.Visit {
	return wire.Visit{Space: "abc", Day: 20782, Lang: "en", Acts: []wire.Act{
		{Do: wire.Status},
		{Do: wire.Post, ID: id, Thread: id, Title: "Überschrift", Text: "Guten Tag — مرحبا", Lang: "de"},
		{Do: wire.Renew, Epoch: 742, Blinded: make([]byte, 256)},
	}}
}

func seal(t testing.TB, v wire.Visit) []byte {
	t.Helper()
	b, err := wire.Seal(v, mask)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestVisit_roundTrip(t *testing.T) {
	t.Parallel()
	v := visit()
	v.Pass = &wire.Pass{Purpose: token.Read, Epoch: 742, Prefix: make([]byte, 32), Signature: make([]byte, 256)}
	body := seal(t, v)
	if len(body)%wire.Step != 0 || body[86] != '\n' {
		t.Fatalf("a body of %d bytes", len(body))
	}
	got, err := wire.Open(body)
	if err != nil {
		t.Fatal(err)
	}
	v.V, v.Key = wire.Version, wire.Bytes(mask.Public().(ed25519.PublicKey))
	if d := cmp.Diff(&v, got); d != "" {
		t.Error(d)
	}
	if p := got.Token(); p.Space != "abc" || p.Epoch != 742 || p.Purpose != token.Read || !bytes.Equal(p.Key, v.Key) {
		t.Errorf("the pass in it: %+v", p)
	}
}

// Whether somebody writes or only reads cannot be told from the length.
func TestVisit_sameLength(t *testing.T) {
	t.Parallel()
	quiet := seal(t, wire.Visit{Space: "abc", Day: 1})
	busy := seal(t, visit())
	if len(quiet) != wire.Step || len(busy) != wire.Step {
		t.Errorf("%d and %d bytes", len(quiet), len(busy))
	}
	id := token.Encode(bytes.Repeat([]byte{1}, 16))
	long := wire.Visit{Space: "abc", Day: 1, Parting: true, Acts: []wire.Act{{Do: wire.Post, ID: id, Thread: id, Title: "Rates", Text: strings.Repeat("Late. ", 1000)}}}
	silent, says := seal(t, wire.Visit{Space: "abc", Day: 1, Parting: true}), seal(t, long)
	if len(silent) != 2*wire.Step || len(says) != 2*wire.Step {
		t.Errorf("put away: %d and %d bytes", len(silent), len(says))
	}
	if v, err := wire.Open(says); err != nil || !v.Parting {
		t.Error(v, err)
	}
	if _, err := wire.Open(bytes.TrimSuffix(silent, bytes.Repeat([]byte{' '}, wire.Step))); err == nil {
		t.Error("a parting visit of one step is taken")
	}
}

func TestOpen_refuses(t *testing.T) {
	t.Parallel()
	good := seal(t, visit())
	change := func(f func(b []byte) []byte) []byte { return f(bytes.Clone(good)) }
	text := func(old, with string) []byte {
		return change(func(b []byte) []byte {
			b = bytes.Replace(bytes.TrimRight(b, " "), []byte(old), []byte(with), 1)
			return append(b, bytes.Repeat([]byte{' '}, wire.Step-len(b))...)
		})
	}
	for name, c := range map[string]struct {
		body []byte
		want string
	}{
		"nothing":        {nil, "pass.visit.broken"},
		"spaces":         {bytes.Repeat([]byte{' '}, wire.Step), "pass.visit.broken"},
		"not a step":     {good[:wire.Step-1], "pass.visit.broken"},
		"another step":   {append(bytes.Clone(good), bytes.Repeat([]byte{' '}, wire.Step)...), "pass.visit.broken"},
		"too long":       {make([]byte, wire.MaxBody+wire.Step), "pass.visit.long"},
		"signature":      {change(func(b []byte) []byte { b[3] ^= 1; return b }), "pass.visit.unsigned"},
		"signature text": {change(func(b []byte) []byte { b[3] = '='; return b }), "pass.visit.broken"},
		"no line":        {change(func(b []byte) []byte { b[86] = ' '; return b }), "pass.visit.broken"},
		"another day":    {text("20782", "20783"), "pass.visit.unsigned"},
		"space inside":   {text(`"v":1`, `"v": 1`), "pass.visit.unsigned"},
		"unknown field":  {text(`"v":1`, `"v":1,"w":2`), "pass.visit.broken"},
		"version":        {text(`"v":1`, `"v":2`), "pass.visit.broken"},
		"space id":       {text(`"abc"`, `"a c"`), "pass.visit.broken"},
		"language":       {text(`"en"`, `"e n"`), "pass.visit.broken"},
		"no acts":        {text(`"acts"`, `"act"`), "pass.visit.broken"},
		"two values":     {text(`"lang":"de"`, `"lang":"de"}]}{"x":[{`), "pass.visit.broken"},
		"no UTF-8":       {text(`Guten`, "Gut\xff"), "pass.visit.broken"},
		"negative day":   {text("20782", "-2078"), "pass.visit.broken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := wire.Open(c.body)
			wantKey(t, err, c.want)
		})
	}
}

func TestSeal_refuses(t *testing.T) {
	t.Parallel()
	many := visit()
	many.Acts = slicesRepeat(wire.Act{Do: wire.Status}, wire.MaxActs+1)
	_, err := wire.Seal(many, mask)
	wantKey(t, err, "pass.visit.broken")

	heavy := visit()
	heavy.Acts = slicesRepeat(wire.Act{Do: wire.Post, ID: id, Thread: id2, Text: strings.Repeat("\x01", wire.MaxText)}, wire.MaxActs)
	_, err = wire.Seal(heavy, mask)
	wantKey(t, err, "pass.visit.long")

	mail := visit()
	mail.Pass = &wire.Pass{Purpose: token.Mail, Epoch: 742, Prefix: make([]byte, 32), Signature: make([]byte, 256)}
	_, err = wire.Seal(mail, mask)
	wantKey(t, err, "pass.visit.broken")
}

func slicesRepeat(a wire.Act, n int) []wire.Act {
	all := make([]wire.Act, n)
	for i := range all {
		all[i] = a
	}
	return all
}

func TestAct_check(t *testing.T) {
	t.Parallel()
	for _, a := range []wire.Act{
		{Do: wire.Take}, {Do: wire.Status},
		{Do: wire.Post, ID: id, Thread: id, Title: "T", Text: "x"},
		{Do: wire.Post, ID: id, Thread: id2, Reply: id2, Text: strings.Repeat("x", wire.MaxText), Lang: "pt-BR"},
		{Do: wire.Withdraw, ID: id}, {Do: wire.Delete, ID: id}, {Do: wire.Recommend, ID: id}, {Do: wire.Unrecommend, ID: id},
		{Do: wire.Report, ID: id, Kind: "spam"}, {Do: wire.Appeal, ID: id, Text: "x"}, {Do: wire.Judge, ID: id, Verdict: "keep"},
		{Do: wire.Renew, Blinded: make([]byte, 256)},
	} {
		if err := a.Check(); err != nil {
			t.Errorf("%+v: %v", a, err)
		}
	}
	for _, c := range []struct {
		act  wire.Act
		want string
	}{
		{wire.Act{}, "pass.act.broken"},
		{wire.Act{Do: "dance"}, "pass.act.broken"},
		{wire.Act{Do: wire.Take, ID: id}, "pass.act.broken"},
		{wire.Act{Do: wire.Post, ID: id, Thread: id2, Title: "T", Text: "x"}, "pass.act.broken"},
		{wire.Act{Do: wire.Post, ID: id, Thread: id, Text: "x"}, "pass.act.broken"},
		{wire.Act{Do: wire.Post, ID: id, Thread: id, Title: "T", Reply: id2, Text: "x"}, "pass.act.broken"},
		{wire.Act{Do: wire.Post, ID: id[1:], Thread: id, Text: "x"}, "pass.act.broken"},
		{wire.Act{Do: wire.Post, ID: id, Thread: id2, Text: ""}, "pass.act.empty"},
		{wire.Act{Do: wire.Post, ID: id, Thread: id2, Text: strings.Repeat("x", wire.MaxText+1)}, "pass.act.long"},
		{wire.Act{Do: wire.Post, ID: id, Thread: id, Title: strings.Repeat("é", wire.MaxTitle+1), Text: "x"}, "fault.too_long"},
		{wire.Act{Do: wire.Withdraw}, "pass.act.broken"},
		{wire.Act{Do: wire.Delete, ID: id, Text: "x"}, "pass.act.broken"},
		{wire.Act{Do: wire.Report, ID: id, Kind: "Spam!"}, "pass.act.broken"},
		{wire.Act{Do: wire.Report, ID: id, Kind: "spam", Text: strings.Repeat("x", wire.MaxReason+1)}, "fault.too_long"},
		{wire.Act{Do: wire.Renew, Blinded: make([]byte, 255)}, "pass.act.broken"},
		{wire.Act{Do: wire.Renew, Epoch: -1, Blinded: make([]byte, 256)}, "pass.act.broken"},
		{wire.Act{Do: wire.Judge, ID: id}, "pass.act.broken"},
	} {
		wantKey(t, c.act.Check(), c.want)
	}
}

func TestAnswer_roundTrip(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 4091, 4092, 4093, 9000} {
		results := []wire.Result{{Do: wire.Post, OK: true, ID: id, State: "waiting", From: 1, To: 4}, {Do: wire.Take, Error: "k", Message: "no"}}
		bundle := bytes.Repeat([]byte{3}, n)
		body, err := written(results, bundle)
		if err != nil || len(body)%wire.Step != 0 {
			t.Fatalf("%d bytes, %v", len(body), err)
		}
		a, b, err := wire.ReadAnswer(body)
		if err != nil || !bytes.Equal(b, bundle) || cmp.Diff(a.Results, results) != "" {
			t.Errorf("%d: %v, %d bytes, %v", n, err, len(b), cmp.Diff(a.Results, results))
		}
		for name, bad := range map[string][]byte{
			"cut": body[:len(body)-1], "step cut": body[:len(body)-wire.Step], "more": append(bytes.Clone(body), make([]byte, wire.Step)...),
			"padding": append(bytes.Clone(body[:len(body)-1]), 1), "nothing": nil, "huge": append([]byte{255, 255, 255, 255}, body[4:]...),
		} {
			if name == "padding" && n == 4092 { // there is none
				continue
			}
			if _, _, err := wire.ReadAnswer(bad); err == nil {
				t.Errorf("%d: %s is read", n, name)
			}
		}
	}
	body, err := written(nil, nil)
	if err != nil || len(body) != 2*wire.Step || !bytes.Contains(body, []byte(`"results":[]`)) {
		t.Errorf("an answer to nothing: %d bytes, %v", len(body), err)
	}
}

// The lists are part of the protocol, and share no word with the open names.
func TestNames_lists(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, f := range []string{"words/adjectives.txt", "words/nouns.txt", "../../ident/words/adjectives.txt", "../../ident/words/nouns.txt"} {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		words := strings.Fields(string(b))
		if strings.HasPrefix(f, "words/") && len(words) != 256 {
			t.Errorf("%s has %d words", f, len(words))
		}
		for _, w := range words {
			if before := seen[w]; before != "" && (strings.HasPrefix(before, "words/") || strings.HasPrefix(f, "words/")) {
				t.Errorf("%q stands in %s and in %s", w, before, f)
			}
			seen[w] = f
			if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" || len(w) > 13 {
				t.Errorf("%q", w)
			}
		}
	}
}

func TestNames_spread(t *testing.T) {
	t.Parallel()
	names, ids := map[string]bool{}, map[string]bool{}
	for n := range 2000 {
		k := root.MaskKey("abc", n).Public().(ed25519.PublicKey)
		names[wire.Name(k)], ids[wire.MaskID(k)] = true, true
	}
	if len(ids) != 2000 || len(names) < 1940 { // 65,536 names: about 30 of 2,000 are taken twice
		t.Errorf("%d ids and %d names of 2,000 masks", len(ids), len(names))
	}
}

// FuzzOpen: whatever a stranger sends is refused or is a visit that seals again.
func FuzzOpen(f *testing.F) {
	f.Add(seal(f, visit()))
	f.Add(seal(f, wire.Visit{Space: "abc"}))
	f.Add(bytes.Repeat([]byte{'\n'}, wire.Step))
	f.Fuzz(func(t *testing.T, body []byte) {
		v, err := wire.Open(body)
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.Forbidden {
				t.Fatalf("%v", err)
			}
			return
		}
		for _, a := range v.Acts {
			_ = a.Check()
		}
		if !bytes.Equal(v.Key, mask.Public().(ed25519.PublicKey)) {
			t.Fatal("a visit of somebody else is opened")
		}
	})
}

// FuzzJSON feeds Open with visits that are signed, so that the reading of JSON is
// reached.
func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"v":1,"space":"abc","day":1,"lang":"","key":"` + token.Encode(mask.Public().(ed25519.PublicKey)) + `","acts":[{"do":"post","blinded":"AA"}]}`))
	f.Add([]byte(`{"acts":[{}],"pass":{"purpose":"read"}}`))
	f.Add([]byte(`{"v":1,"space":"abc","day":1,"lang":"","key":"` + token.Encode(mask.Public().(ed25519.PublicKey)) + `","pass":{"purpose":"consultation"},
		"acts":[{"do":"answer","count":3,"answers":"+-0."},{"do":"say","id":"AAAAAAAAAAAAAAAAAAAAAA","text":"x"},{"do":"admit","about":"abc","epoch":1,"blinded":"AA"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		sig := ed25519.Sign(mask, append([]byte("guildhall/masks/1/visit\x00"), bytes.TrimRight(b, " ")...))
		body := append([]byte(token.Encode(sig)+"\n"), b...)
		body = append(body, bytes.Repeat([]byte{' '}, (wire.Step-len(body)%wire.Step)%wire.Step)...)
		v, err := wire.Open(body)
		if err != nil {
			return
		}
		for _, a := range v.Acts {
			if a.Check() != nil {
				return
			}
		}
		again, err := wire.Seal(*v, mask)
		if err != nil {
			return // longer than a body when every sign is escaped
		}
		second, err := wire.Open(again)
		if err != nil || cmp.Diff(v, second) != "" {
			t.Fatalf("opens otherwise the second time: %v %s", err, cmp.Diff(v, second))
		}
	})
}

// FuzzReadAnswer: a hall that lies makes no client fall.
func FuzzReadAnswer(f *testing.F) {
	for _, n := range []int{0, 4092, 5000} {
		b, _ := written([]wire.Result{{Do: wire.Status}}, make([]byte, n))
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, bundle, err := wire.ReadAnswer(body); err == nil && len(bundle) > len(body) {
			t.Fatal("a bundle longer than its answer")
		}
	})
}

// written is the body of an answer in one piece.
func written(results []wire.Result, bundle []byte) ([]byte, error) {
	b, err := wire.WriteAnswer(results, bundle)
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	n, err := b.WriteTo(&all)
	if int(n) != all.Len() || all.Len() != b.Len() {
		return nil, fmt.Errorf("%d bytes written, %d of %d there", n, all.Len(), b.Len())
	}
	return all.Bytes(), err
}
