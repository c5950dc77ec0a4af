package card_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guildhall/internal/card"
)

func read(t *testing.T, s string) []card.Card {
	t.Helper()
	cards, err := card.Read([]byte(s))
	if err != nil {
		t.Fatalf("%v in\n%s", err, s)
	}
	return cards
}

func write(t *testing.T, cards []card.Card, v card.Version) string {
	t.Helper()
	var b bytes.Buffer
	if err := card.Write(&b, cards, v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lines is a file unfolded, without what every card has.
func lines(s string) string {
	s = strings.ReplaceAll(s, "\r\n ", "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return regexp.MustCompile(`(?m)^(BEGIN|END|VERSION):.*\n`).ReplaceAllString(s, "")
}

// What a card of each version becomes in 4 and in 3.
func TestWrite(t *testing.T) {
	t.Parallel()
	jpeg := base64.StdEncoding.EncodeToString([]byte("\xff\xd8\xff\xe0 picture"))
	for name, c := range map[string]struct{ version, in, four, three string }{
		"a name": {"3.0", "N:Doe;John;;Mr.;\nFN:John Doe\n", "N:Doe;John;;Mr.;\nFN:John Doe\n", "N:Doe;John;;Mr.;\nFN:John Doe\n"},
		"escapes": {"3.0", `FN:A\, B\; C\\ D\nE` + "\nNOTE:say \\\"x\\\" \\: y\n", `FN:A\, B\; C\\ D\nE` + "\nNOTE:say \"x\" : y\n",
			`N:A\, B\; C\\ D\nE;;;;` + "\n" + `FN:A\, B\; C\\ D\nE` + "\nNOTE:say \"x\" : y\n"},
		"lists":                {"3.0", "FN:A\nN:Doe;John;Richter\\, James,Third;;\nNICKNAME:Jo\\,hn,JJ\n", "FN:A\nN:Doe;John;Richter\\, James,Third;;\nNICKNAME:Jo\\,hn,JJ\n", "FN:A\nN:Doe;John;Richter\\, James,Third;;\nNICKNAME:Jo\\,hn,JJ\n"},
		"no name but a number": {"2.1", "TEL;CELL:+1 23\n", "FN:+1 23\nTEL;TYPE=cell:+1 23\n", "N:+1 23;;;;\nFN:+1 23\nTEL;TYPE=CELL:+1 23\n"},
		"of 2.1": {"2.1", "N;LANGUAGE=en-us:Doe;John;Richter,James;Mr.;Sr.\nFN:Mr. Doe\nTEL;WORK;PREF;VOICE:(1) 2\nEMAIL;PREF;INTERNET:a@b.example\n",
			"N;LANGUAGE=en-us:Doe;John;Richter\\,James;Mr.;Sr.\nFN:Mr. Doe\nTEL;TYPE=work,voice;PREF=1:(1) 2\nEMAIL;PREF=1:a@b.example\n",
			"N;LANGUAGE=en-us:Doe;John;Richter\\,James;Mr.;Sr.\nFN:Mr. Doe\nTEL;TYPE=WORK,VOICE,PREF:(1) 2\nEMAIL;TYPE=PREF:a@b.example\n"},
		"quoted-printable": {"2.1", "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=F6rg=\n =A0x\nNOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=\ntwo\n",
			"FN:Jörg \u00a0x\nNOTE:one\\ntwo\n", "N:Jörg \u00a0x;;;;\nFN:Jörg \u00a0x\nNOTE:one\\ntwo\n"},
		"a picture of 2.1": {"2.1", "FN:A\nPHOTO;TYPE=JPEG;ENCODING=BASE64:\n " + jpeg[:8] + "\n " + jpeg[8:] + "\n\nNOTE:x\n",
			"FN:A\nPHOTO:data:image/jpeg;base64," + jpeg + "\nNOTE:x\n", "N:A;;;;\nFN:A\nPHOTO;ENCODING=b;TYPE=JPEG:" + jpeg + "\nNOTE:x\n"},
		"a picture without its kind": {"2.1", "FN:A\nPHOTO;ENCODING=BASE64:" + jpeg + "\n", "FN:A\nPHOTO:data:image/jpeg;base64," + jpeg + "\n", "N:A;;;;\nFN:A\nPHOTO;ENCODING=b;TYPE=JPEG:" + jpeg + "\n"},
		"a picture elsewhere":        {"3.0", "FN:A\nPHOTO;VALUE=uri:https://a.example/b,c;d\n", "FN:A\nPHOTO:https://a.example/b,c;d\n", "N:A;;;;\nFN:A\nPHOTO;VALUE=uri:https://a.example/b,c;d\n"},
		"days": {"3.0", "FN:A\nBDAY:1980-03-22\nREV:2020-05-28T10:35:00Z\nX-ANNIVERSARY:2001-02-03\n", "FN:A\nBDAY:19800322\nREV:20200528T103500Z\nANNIVERSARY:20010203\n",
			"N:A;;;;\nFN:A\nBDAY:1980-03-22\nREV:2020-05-28T10:35:00Z\nX-ANNIVERSARY:2001-02-03\n"},
		"a day without a year": {"4.0", "FN:A\nBDAY:--0203\nANNIVERSARY:20090808T1430-0500\n", "FN:A\nBDAY:--0203\nANNIVERSARY:20090808T1430-0500\n",
			"N:A;;;;\nFN:A\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-02-03\nX-ANNIVERSARY:2009-08-08T14:30:00-05:00\n"},
		"a day in words": {"3.0", "FN:A\nBDAY:circa 1800\n", "FN:A\nBDAY;VALUE=text:circa 1800\n", "N:A;;;;\nFN:A\nX-BDAY;VALUE=text:circa 1800\n"},
		"a month":        {"4.0", "FN:A\nBDAY:1985-04\n", "FN:A\nBDAY:1985-04\n", "N:A;;;;\nFN:A\nX-BDAY:1985-04\n"},
		"a place":        {"3.0", "FN:A\nGEO:46.77;-71.28\n", "FN:A\nGEO:geo:46.77,-71.28\n", "N:A;;;;\nFN:A\nGEO:46.77;-71.28\n"},
		"a label": {"3.0", "FN:A\nADR;TYPE=HOME:;;One St;Town;;;\nLABEL;TYPE=HOME:One St\\nTown\nLABEL;TYPE=WORK:Nowhere\n",
			"FN:A\nADR;TYPE=home;LABEL=\"One St\\nTown\":;;One St;Town;;;\nX-LABEL;TYPE=work:Nowhere\n", "N:A;;;;\nFN:A\nADR;TYPE=HOME:;;One St;Town;;;\nLABEL;TYPE=HOME:One St\\nTown\nLABEL;TYPE=WORK:Nowhere\n"},
		"to sort by": {"3.0", "FN:A\nN:van Doe;A;;;\nSORT-STRING:Doe\n", "FN:A\nN;SORT-AS=Doe:van Doe;A;;;\n", "FN:A\nSORT-STRING:Doe\nN:van Doe;A;;;\n"},
		"what only 4 has": {"4.0", "FN:A\nKIND:individual\nGENDER:F;woman\nLANG;PREF=2:fr\nTEL;VALUE=uri;TYPE=\"work,voice\":tel:+1-2;ext=3\n",
			"FN:A\nKIND:individual\nGENDER:F;woman\nLANG;PREF=2:fr\nTEL;VALUE=uri;TYPE=work,voice:tel:+1-2;ext=3\n",
			"N:A;;;;\nFN:A\nX-KIND:individual\nX-GENDER:F;woman\nX-LANG;X-PREF=2:fr\nTEL;TYPE=WORK,VOICE:+1-2\\;ext=3\n"},
		"groups and what programs made up": {"3.0", "FN:A\nitem1.X-ABLabel:_$!<Anniversary>!$_\nX-FOO;X-BAR=1:a;b,c\\n\n", "FN:A\nitem1.X-ABLABEL:_$!<Anniversary>!$_\nX-FOO;X-BAR=1:a;b,c\\n\n",
			"N:A;;;;\nFN:A\nitem1.X-ABLABEL:_$!<Anniversary>!$_\nX-FOO;X-BAR=1:a;b,c\\n\n"},
		"twice what may be once": {"3.0", "FN:A\nUID:1\nUID:2\n", "FN:A\nUID:1\nX-UID:2\n", "N:A;;;;\nFN:A\nUID:1\nUID:2\n"},
		"a parameter with marks": {"4.0", "FN:A\nADR;LABEL=\"x: y^n^'z^'\":;;;;;;\n", "FN:A\nADR;LABEL=\"x: y\\n^'z^'\":;;;;;;\n", "N:A;;;;\nFN:A\nADR:;;;;;;\nLABEL:x: y\\n\"z\"\n"},
		"an escaped address":     {"3.0", "FN:A\nURL:http\\://a.example\n", "FN:A\nURL:http://a.example\n", "N:A;;;;\nFN:A\nURL:http://a.example\n"},
		"a card in a card":       {"2.1", "FN:A\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:B\nEND:VCARD\n", "FN:A\nX-AGENT:BEGIN:VCARD\\nVERSION:2.1\\nFN:B\\nEND:VCARD\n", "N:A;;;;\nFN:A\nAGENT:BEGIN:VCARD\\nVERSION:2.1\\nFN:B\\nEND:VCARD\n"},
		"folded in 2.1":          {"2.1", "FN:A\n B\n", "FN:A B\n", "N:A B;;;;\nFN:A B\n"},
		"folded in 3":            {"3.0", "FN:A\n B\n", "FN:AB\n", "N:AB;;;;\nFN:AB\n"},
	} {
		in := read(t, "BEGIN:VCARD\nVERSION:"+c.version+"\n"+c.in+"END:VCARD\n")
		four, three := write(t, in, card.V4), write(t, in, card.V3)
		if diff := cmp.Diff(c.four, lines(four)); diff != "" {
			t.Errorf("%s, as 4: %s", name, diff)
		}
		if diff := cmp.Diff(c.three, lines(three)); diff != "" {
			t.Errorf("%s, as 3: %s", name, diff)
		}
		// What was written is read as the same, from either.
		if again := write(t, read(t, four), card.V4); again != four {
			t.Errorf("%s: 4 reads back as\n%swritten\n%s", name, again, four)
		}
		if again := write(t, read(t, three), card.V3); again != three {
			t.Errorf("%s: 3 reads back as\n%swritten\n%s", name, again, three)
		}
	}
}

// What cannot be read is refused with its line.
func TestRead_refuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		line int
		says string
	}{
		"nothing":              {"", 1, "no card"},
		"no card":              {"hello\n", 1, "BEGIN:VCARD"},
		"no end":               {"BEGIN:VCARD\nVERSION:3.0\nFN:A\n", 1, "never ends"},
		"no version":           {"\n\nBEGIN:VCARD\nFN:A\nEND:VCARD\n", 3, "VERSION"},
		"another version":      {"BEGIN:VCARD\nVERSION:5.0\nFN:A\nEND:VCARD\n", 1, "VERSION"},
		"no colon":             {"BEGIN:VCARD\nVERSION:3.0\nFN:A\nhello\nEND:VCARD\n", 4, "no colon"},
		"no name":              {"BEGIN:VCARD\nVERSION:3.0\nNOTE:x\nEND:VCARD\n", 1, "no name"},
		"a strange name":       {"BEGIN:VCARD\nVERSION:3.0\nF N:A\nEND:VCARD\n", 3, "no name of a property"},
		"a strange group":      {"BEGIN:VCARD\nVERSION:3.0\na b.FN:A\nEND:VCARD\n", 3, "no name of a group"},
		"a bare parameter":     {"BEGIN:VCARD\nVERSION:4.0\nFN;HOME:A\nEND:VCARD\n", 3, "no value"},
		"a strange parameter":  {"BEGIN:VCARD\nVERSION:4.0\nFN;a b=c:A\nEND:VCARD\n", 3, "no name of a parameter"},
		"broken Base64":        {"BEGIN:VCARD\nVERSION:3.0\nFN:A\nPHOTO;ENCODING=b:***\nEND:VCARD\n", 4, "Base64"},
		"broken data":          {"BEGIN:VCARD\nVERSION:4.0\nFN:A\nPHOTO:data:image/png;base64,*\nEND:VCARD\n", 4, "Base64"},
		"broken quotes":        {"BEGIN:VCARD\nVERSION:2.1\nFN;QUOTED-PRINTABLE:=ZZ\nEND:VCARD\n", 3, "quoted-printable"},
		"an unknown encoding":  {"BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=ROT13:A\nEND:VCARD\n", 3, "encoding"},
		"unknown letters":      {"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=klingon;QUOTED-PRINTABLE:=41\nEND:VCARD\n", 3, "letters"},
		"half of Base64":       {"BEGIN:VCARD\nVERSION:3.0\nFN:A\nPHOTO;ENCODING=b:AAAAA\nEND:VCARD\n", 4, "Base64"},
		"no UTF-8":             {"BEGIN:VCARD\nVERSION:4.0\nFN:\xff\nEND:VCARD\n", 3, "UTF-8"},
		"a zero":               {"BEGIN:VCARD\nVERSION:4.0\nFN:A\x00\nEND:VCARD\n", 3, "zero"},
		"a bell":               {"BEGIN:VCARD\nVERSION:2.1\nFN;QUOTED-PRINTABLE:A=07\nEND:VCARD\n", 3, "printed"},
		"one inside another":   {"BEGIN:VCARD\nVERSION:4.0\nFN:A\nBEGIN:VCARD\n", 4, "inside another"},
		"more behind the last": {"BEGIN:VCARD\nVERSION:4.0\nFN:A\nEND:VCARD\nhello\n", 5, "BEGIN:VCARD"},
		"too much":             {strings.Repeat("x", card.MaxBytes+1), 1, "larger"},
	} {
		_, err := card.Read([]byte(c.in))
		var e *card.Error
		if !errors.As(err, &e) || e.Line != c.line || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want line %d: …%s…", name, err, c.line, c.says)
		}
	}
}

// Letters of old machines, and of UTF-16.
func TestRead_letters(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"Windows-1252":  "BEGIN:VCARD\r\nVERSION:2.1\r\nFN:J\xf6rg\r\nEND:VCARD\r\n",
		"a mark":        "\xef\xbb\xbfBEGIN:VCARD\nVERSION:3.0\nFN:Jörg\nEND:VCARD",
		"UTF-16":        "\xff\xfe" + sixteen("BEGIN:VCARD\nVERSION:3.0\nFN:Jörg\nEND:VCARD"),
		"old line ends": "BEGIN:VCARD\rVERSION:3.0\rFN:Jörg\rEND:VCARD\r",
	} {
		if got := read(t, in)[0].Properties[0].Text(); got != "Jörg" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func sixteen(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

var kept = regexp.MustCompile(`[^\s\\]{4,}`)

// Cards that many programs have written, when they are at hand.
func TestRead_ofManyPrograms(t *testing.T) {
	t.Parallel()
	data := os.Getenv("GUILDHALL_DATA")
	files, _ := filepath.Glob(filepath.Join(data, "vcards", "*.vcf"))
	if data == "" || len(files) == 0 {
		t.Skip("GUILDHALL_DATA names no cards")
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		in := read(t, string(b))
		four, three := write(t, in, card.V4), write(t, in, card.V3)
		if again := write(t, read(t, four), card.V4); again != four {
			t.Errorf("%s: 4 reads back otherwise: %s", filepath.Base(f), cmp.Diff(four, again))
		}
		// By way of the other version nothing changes but what it cannot say alike.
		if again := write(t, read(t, write(t, read(t, four), card.V3)), card.V3); again != three {
			t.Errorf("%s: 3 by way of 4 is otherwise: %s", filepath.Base(f), cmp.Diff(three, again))
		}
		for _, l := range strings.Split(four, "\r\n") {
			if len(l) > 75 {
				t.Errorf("%s: a line of %d bytes", filepath.Base(f), len(l))
			}
		}
		flat := lines(four)
		for _, c := range in {
			for _, p := range c.Properties {
				for _, part := range p.Parts {
					for _, w := range kept.FindAllString(strings.Join(part, " "), -1) {
						if !strings.Contains(strings.ReplaceAll(flat, `\`, ""), strings.ReplaceAll(w, `\`, "")) {
							t.Errorf("%s: %s lost %q", filepath.Base(f), p.Name, w)
						}
					}
				}
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("BEGIN:VCARD\nVERSION:2.1\nN:Doe;John\nTEL;HOME;PREF:1\nPHOTO;BASE64:AAAA\n\nEND:VCARD\n"))
	f.Add([]byte("BEGIN:VCARD\nVERSION:3.0\nFN:A\nADR;TYPE=HOME:;;a;;;;\nLABEL;TYPE=HOME:x\\ny\nBDAY:1980-03-22\nEND:VCARD\n"))
	f.Add([]byte("BEGIN:VCARD\nVERSION:4.0\nFN:A\nBDAY:--0203\nTEL;VALUE=uri;PREF=1:tel:+1\nKEY:data:;base64,AAAA\nGEO:geo:1,2\nEND:VCARD\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		cards, err := card.Read(b)
		if err != nil {
			var e *card.Error
			if !errors.As(err, &e) || e.Line < 1 {
				t.Fatalf("refused without a line: %v", err)
			}
			return
		}
		for _, v := range []card.Version{card.V4, card.V3} {
			once := write(t, cards, v)
			again, err := card.Read([]byte(once))
			if err != nil {
				t.Fatalf("%s is not read again: %v\n%q", v, err, once)
			}
			if twice := write(t, again, v); twice != once {
				t.Fatalf("%s reads back as\n%q, written\n%q", v, twice, once)
			}
		}
	})
}
