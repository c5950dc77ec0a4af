package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"guildhall/internal/ledger"
)

// MaxFile is the most bytes of a file that are read.
const MaxFile = 64 << 20

// file is how a bundle is written down.
type file struct {
	Format string            `json:"format"`
	Bundle Bundle            `json:"bundle"`
	Parts  map[string]string `json:"parts"`
	Log    *logged           `json:"log"`
}

// logged is the proof that the bundle's hash stands in the log.
type logged struct {
	Key        string   `json:"key"`
	Index      uint64   `json:"index"`
	Entry      string   `json:"entry"`
	Path       []string `json:"path"` // audit path, base64, from the leaf upwards
	Checkpoint string   `json:"checkpoint"`
}

// Write writes a bundle with its proof under the log's key.
func Write(out io.Writer, b Bundle, p ledger.Proof, key string) error {
	parts, err := b.parts()
	if err != nil {
		return err
	}
	l := &logged{Key: key, Index: p.Index, Entry: string(p.Entry), Path: []string{}, Checkpoint: string(p.Checkpoint)}
	for _, h := range p.Path {
		l.Path = append(l.Path, base64.StdEncoding.EncodeToString(h[:]))
	}
	return json.NewEncoder(out).Encode(file{Format, b, parts, l})
}

// Tampered says which part of a file is not what it was.
type Tampered struct {
	Part string // consultation, statements, participants, days, result, parts or log
	Why  string // in English, for the command line
}

// Error names the part and the reason.
func (t *Tampered) Error() string { return t.Part + ": " + t.Why }

// Checked is a file in which everything is right.
type Checked struct {
	Bundle Bundle
	Key    string // of the log that holds it
	Index  uint64 // at which entry
}

// Check reads a file and works everything out again. key is the log's, as one
// trusts it; empty takes the one in the file, which then proves only that the file
// is of one piece. Errors: *Tampered with the part that was changed, and others
// where the file is no bundle at all.
func Check(text []byte, key string) (Checked, error) {
	var f file
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return Checked{}, fmt.Errorf("no bundle of a consultation: %w", err)
	}
	if d.More() || f.Format != Format {
		return Checked{}, errors.New("no bundle of a consultation, or of another version")
	}
	if err := f.Bundle.sound(); err != nil {
		return Checked{}, err
	}
	if err := f.checkLog(&key); err != nil {
		return Checked{}, err
	}
	now, err := f.Bundle.parts()
	if err != nil {
		return Checked{}, err
	}
	for _, name := range partNames {
		if now[name] != f.Parts[name] {
			return Checked{}, &Tampered{name, "it was changed after the consultation was closed"}
		}
	}
	again := Work(f.Bundle.Statements, f.Bundle.People, f.Bundle.Days)
	if !reflect.DeepEqual(again, f.Bundle.Result) {
		return Checked{}, &Tampered{"result", "the answers come to something else"}
	}
	return Checked{f.Bundle, key, f.Log.Index}, f.wholly(text)
}

// wholly tells whether a text says what was read of it and nothing beside: of a key that
// stands there twice, or in other letters, one reader takes the first and one the last.
func (f file) wholly(text []byte) error {
	var read, again bytes.Buffer
	if err := json.Compact(&read, text); err != nil {
		return fmt.Errorf("no bundle of a consultation: %w", err)
	}
	if err := json.NewEncoder(&again).Encode(f); err != nil {
		return err
	}
	if !bytes.Equal(read.Bytes(), bytes.TrimSuffix(again.Bytes(), []byte("\n"))) {
		return &Tampered{"parts", "it is not written as a hall writes it: something stands there twice, or in another form"}
	}
	return nil
}

// checkLog checks that the hashes of the parts stand in the log.
func (f file) checkLog(key *string) error {
	if f.Log == nil {
		return &Tampered{"log", "the proof is missing"}
	}
	if *key == "" {
		*key = f.Log.Key
	}
	p := ledger.Proof{Index: f.Log.Index, Entry: []byte(f.Log.Entry), Checkpoint: []byte(f.Log.Checkpoint)}
	for _, s := range f.Log.Path {
		h, err := base64.StdEncoding.Strict().DecodeString(s)
		if err != nil || len(h) != 32 {
			return &Tampered{"log", "the path is not written as it should be"}
		}
		p.Path = append(p.Path, [32]byte(h))
	}
	fact, err := p.Check(*key)
	if err != nil {
		return &Tampered{"log", err.Error()}
	}
	c, ok := fact.(ledger.Consultation)
	switch {
	case !ok || c.ID != f.Bundle.About.ID:
		return &Tampered{"log", "the entry is not about this consultation"}
	case len(f.Parts) != len(partNames) || sum(f.Parts) != c.Hash:
		return &Tampered{"parts", "their hashes are not what the log holds"}
	}
	return nil
}

// sound refuses what no hall writes, before anything is computed from it.
func (b Bundle) sound() error {
	if len(b.Statements) > MaxStatements || len(b.People) > MaxPeople {
		return errors.New("more statements or people than a consultation has")
	}
	for i, s := range b.Statements {
		if s.N != i+1 {
			return &Tampered{"statements", "they are not numbered from 1"}
		}
	}
	if b.About.Passes != nil && len(b.People) > *b.About.Passes {
		return &Tampered{"participants", "they are more than passes were given"}
	}
	answers := 0
	for i, p := range b.People {
		if answers += len(p.Answers); answers > MaxAnswers {
			return errors.New("more answers than a consultation has")
		}
		if p.N != i+1 || len(p.Answers) > len(b.Statements) {
			return &Tampered{"participants", "they are not numbered from 1, or answer more than there was"}
		}
	}
	return nil
}
