package ledger

import (
	"bytes"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"unicode"
)

// MaxEntry is the most bytes of one entry; tlog-tiles has two bytes for the
// length of one.
const MaxEntry = 1<<16 - 1

// The kinds of entries.
const (
	KindIssuer   = "issuer"
	KindCounts   = "counts"
	KindDecision = "decision"
	KindCase     = "case"
	KindAssets   = "assets"
	KindDeletion = "deletion"
	KindVersion  = "version"
	KindOpinions = "consultation"
	KindBox      = "letterbox"
)

// Kinds lists them in the order in which pages and reports name them.
var Kinds = []string{KindIssuer, KindCounts, KindDecision, KindCase, KindAssets, KindDeletion, KindVersion, KindOpinions, KindBox}

// A Fact is what an entry says. The types of this package are the only ones.
type Fact interface {
	// Kind is one of Kinds.
	Kind() string
	// check tells why the fact makes no sense, by itself and without the others.
	check() error
	// line writes the fact, once check has passed: no text in it needs escaping.
	line() []byte
}

// Issuer is a key that signs passes of one slot: purpose, space and epoch.
type Issuer struct {
	Purpose string `json:"purpose"`
	Space   string `json:"space"` // empty for the hall's own
	Epoch   int    `json:"epoch"`
	N       string `json:"n"`   // the modulus, big-endian, base64url; e is 65,537
	Day     int    `json:"day"` // on which it was made, in days since 1970
}

// Counts are a space's numbers at a batch tick: totals of the epoch so far.
type Counts struct {
	Space    string `json:"space"`
	Epoch    int    `json:"epoch"`
	Day      int    `json:"day"`
	Seats    int    `json:"seats"`    // rights served to seats in this epoch
	Renewals int    `json:"renewals"` // rights served to masks that renewed in this epoch
	Masks    int    `json:"masks"`    // masks born in this epoch
}

// Decision is a deed of a steward. Its words stand on the page of decisions,
// where they can still be put right; here is only their hash.
type Decision struct {
	ID   string `json:"id"`
	Deed string `json:"deed"`
	Day  int    `json:"day"`
	Hash string `json:"hash"` // SHA-256 of what the decision said when it was made, base64url
}

// Case is how a report or an appeal about a mask ended.
type Case struct {
	ID      string `json:"id"`
	Space   string `json:"space"`
	Outcome string `json:"outcome"`
	Day     int    `json:"day"`
}

// Assets are the built files of one build of the program.
type Assets struct {
	Files map[string]string `json:"files"` // name as served, SHA-256 in base64url
}

// Deletion says that something public was taken out of the hall for good.
type Deletion struct {
	Thing string `json:"thing"` // article, discussion, post, …
	ID    string `json:"id"`
	Day   int    `json:"day"`
}

// Version is a text of a platform's terms that was seen for the first time.
type Version struct {
	Document string `json:"document"` // its address in the hall
	Record   int    `json:"record"`   // its number there
	Day      int    `json:"day"`      // on which it was recorded
	Hash     string `json:"hash"`     // SHA-256 of the text as the hall keeps it, base64url
}

// Consultation is what a consultation published when it was closed.
type Consultation struct {
	ID   string `json:"id"`
	Day  int    `json:"day"`
	Hash string `json:"hash"` // of the bundle's parts, base64url
}

// Letterbox says where letters to the safe spaces are handed in, and what they are
// sealed to. The newest holds.
type Letterbox struct {
	Box string `json:"box"` // its origin
	Key string `json:"key"` // a point of P-256, uncompressed, base64url
	Day int    `json:"day"` // on which it was named, or its key was made
}

// Kind is "issuer".
func (Issuer) Kind() string { return KindIssuer }

// Kind is "counts".
func (Counts) Kind() string { return KindCounts }

// Kind is "decision".
func (Decision) Kind() string { return KindDecision }

// Kind is "case".
func (Case) Kind() string { return KindCase }

// Kind is "assets".
func (Assets) Kind() string { return KindAssets }

// Kind is "deletion".
func (Deletion) Kind() string { return KindDeletion }

// Kind is "version".
func (Version) Kind() string { return KindVersion }

// Kind is "letterbox".
func (Letterbox) Kind() string { return KindBox }

// Kind is "consultation".
func (Consultation) Kind() string { return KindOpinions }

// bitsOf is how long the modulus of each purpose's key is.
var bitsOf = map[string]int{
	"right": 2048, "read": 2048, "mail": 2048,
	"consultation": 3072, "ballot": 3072, "letter": 3072,
}

// word is what ids, deeds and names of files look like: nothing that a person
// wrote fits in.
var word = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// lastDay is a day no clock will show while this format lives.
const lastDay = 1_000_000

func (f Issuer) check() error {
	bits, known := bitsOf[f.Purpose]
	n, err := base64.RawURLEncoding.Strict().DecodeString(f.N)
	switch {
	case !known:
		return errors.New("a purpose that nobody knows")
	case f.Space != "" && !word.MatchString(f.Space):
		return errors.New("a space that is no id")
	case f.Epoch < 0 || f.Epoch > lastDay || f.Day < 0 || f.Day > lastDay:
		return errors.New("an impossible day or epoch")
	case err != nil || len(n) != bits/8 || n[0] < 0x80 || n[len(n)-1]%2 == 0:
		return fmt.Errorf("a key that is no odd number of %d bits", bits)
	}
	return nil
}

func (f Counts) check() error {
	const most = 1 << 30
	switch {
	case !word.MatchString(f.Space):
		return errors.New("a space that is no id")
	case f.Epoch < 0 || f.Epoch > lastDay || f.Day < 0 || f.Day > lastDay:
		return errors.New("an impossible day or epoch")
	case f.Seats < 0 || f.Renewals < 0 || f.Masks < 0 || f.Seats > most || f.Renewals > most || f.Masks > most:
		return errors.New("an impossible number")
	}
	return nil
}

func (f Decision) check() error {
	if !word.MatchString(f.ID) || !word.MatchString(f.Deed) || f.Day < 0 || f.Day > lastDay {
		return errors.New("no id, no deed or no day")
	}
	return isHash(f.Hash)
}

func (f Case) check() error {
	if !word.MatchString(f.ID) || !word.MatchString(f.Space) || !word.MatchString(f.Outcome) || f.Day < 0 || f.Day > lastDay {
		return errors.New("no id, no space, no outcome or no day")
	}
	return nil
}

func (f Deletion) check() error {
	if !word.MatchString(f.ID) || !word.MatchString(f.Thing) || f.Day < 0 || f.Day > lastDay {
		return errors.New("no id, no thing or no day")
	}
	return nil
}

// isAddress tells whether a document can be called so: words of any script, at most
// 200 characters. No regular expression: compiled, so many of so large a class take
// four megabytes of a hall that may have forty.
func isAddress(s string) bool {
	n := 0
	for _, r := range s {
		if n++; n > 200 || r != '-' && !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return false
		}
	}
	return n > 0
}

func (f Version) check() error {
	if !isAddress(f.Document) || f.Record < 0 || f.Record > lastDay || f.Day < 0 || f.Day > lastDay {
		return errors.New("no document, no record or no day")
	}
	return isHash(f.Hash)
}

func (f Consultation) check() error {
	if !word.MatchString(f.ID) || f.Day < 0 || f.Day > lastDay {
		return errors.New("no id or no day")
	}
	return isHash(f.Hash)
}

// origin is what an address without a path looks like.
var origin = regexp.MustCompile(`^https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?$`)

func (f Letterbox) check() error {
	key, err := base64.RawURLEncoding.Strict().DecodeString(f.Key)
	switch {
	case !origin.MatchString(f.Box):
		return errors.New("a letterbox without an address")
	case f.Day < 0 || f.Day > lastDay:
		return errors.New("an impossible day")
	case err != nil:
		return errors.New("a key that is none")
	}
	if _, err := ecdh.P256().NewPublicKey(key); err != nil {
		return errors.New("a key that is no point of P-256")
	}
	return nil
}

func (f Assets) check() error {
	if len(f.Files) == 0 {
		return errors.New("no files")
	}
	for name, hash := range f.Files {
		if !word.MatchString(name) {
			return errors.New("a file without a name")
		}
		if err := isHash(hash); err != nil {
			return err
		}
	}
	return nil
}

func isHash(s string) error {
	if b, err := base64.RawURLEncoding.Strict().DecodeString(s); err != nil || len(b) != 32 {
		return errors.New("a hash that is none")
	}
	return nil
}

func (f Issuer) line() []byte {
	return fmt.Appendf(nil, `{"day":%d,"epoch":%d,"kind":"issuer","n":"%s","purpose":"%s","space":"%s"}`, f.Day, f.Epoch, f.N, f.Purpose, f.Space)
}

func (f Counts) line() []byte {
	return fmt.Appendf(nil, `{"day":%d,"epoch":%d,"kind":"counts","masks":%d,"renewals":%d,"seats":%d,"space":"%s"}`,
		f.Day, f.Epoch, f.Masks, f.Renewals, f.Seats, f.Space)
}

func (f Decision) line() []byte {
	return fmt.Appendf(nil, `{"day":%d,"deed":"%s","hash":"%s","id":"%s","kind":"decision"}`, f.Day, f.Deed, f.Hash, f.ID)
}

func (f Case) line() []byte {
	return fmt.Appendf(nil, `{"day":%d,"id":"%s","kind":"case","outcome":"%s","space":"%s"}`, f.Day, f.ID, f.Outcome, f.Space)
}

func (f Deletion) line() []byte {
	return fmt.Appendf(nil, `{"day":%d,"id":"%s","kind":"deletion","thing":"%s"}`, f.Day, f.ID, f.Thing)
}

func (f Version) line() []byte {
	return fmt.Appendf(nil, `{"day":%d,"document":"%s","hash":"%s","kind":"version","record":%d}`, f.Day, f.Document, f.Hash, f.Record)
}

func (f Consultation) line() []byte {
	return fmt.Appendf(nil, `{"day":%d,"hash":"%s","id":"%s","kind":"consultation"}`, f.Day, f.Hash, f.ID)
}

func (f Letterbox) line() []byte {
	return fmt.Appendf(nil, `{"box":"%s","day":%d,"key":"%s","kind":"letterbox"}`, f.Box, f.Day, f.Key)
}

func (f Assets) line() []byte {
	b := []byte(`{"files":{`)
	for i, name := range slices.Sorted(maps.Keys(f.Files)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `"%s":"%s"`, name, f.Files[name])
	}
	return append(b, `},"kind":"assets"}`...)
}

// Line is the entry as it stands in the log: one line of JSON, keys sorted. It
// takes the types of this package and whatever encodes to the same fields.
func Line(entry any) ([]byte, error) {
	f, ok := entry.(Fact)
	if !ok {
		b, err := json.Marshal(entry)
		if err != nil {
			return nil, err
		}
		fields := map[string]any{} // encoded again with sorted keys
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		if err := d.Decode(&fields); err != nil {
			return nil, err
		}
		if b, err = json.Marshal(fields); err != nil {
			return nil, err
		}
		if f, err = Parse(b); err != nil {
			return nil, err
		}
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	if b := f.line(); len(b) <= MaxEntry {
		return b, nil
	}
	return nil, errTooLong
}

var errTooLong = errors.New("longer than an entry may be")

// Parse reads a line of the log. It refuses kinds it does not know, facts that
// make no sense, and every other spelling than Line's: fields that are unknown,
// missing, doubled or in another order.
func Parse(line []byte) (Fact, error) {
	if len(line) > MaxEntry {
		return nil, errTooLong
	}
	var head struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(line, &head); err != nil {
		return nil, errors.New("no JSON")
	}
	switch head.Kind {
	case KindIssuer:
		return parseAs[Issuer](line)
	case KindCounts:
		return parseAs[Counts](line)
	case KindDecision:
		return parseAs[Decision](line)
	case KindCase:
		return parseAs[Case](line)
	case KindAssets:
		return parseAs[Assets](line)
	case KindDeletion:
		return parseAs[Deletion](line)
	case KindVersion:
		return parseAs[Version](line)
	case KindOpinions:
		return parseAs[Consultation](line)
	case KindBox:
		return parseAs[Letterbox](line)
	}
	return nil, errors.New("a kind of entry that nobody knows")
}

func parseAs[F Fact](line []byte) (Fact, error) {
	var f F
	if err := json.Unmarshal(line, &f); err != nil {
		return nil, errors.New("a field of another type")
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	if !bytes.Equal(f.line(), line) {
		return nil, errors.New("not one line of JSON with exactly its fields, sorted")
	}
	return f, nil
}
