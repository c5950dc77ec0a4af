package ledgerpage

import (
	"encoding/json"
	"strconv"

	"guildhall/internal/ledger"
)

// Page is the log as readers see it.
type Page struct {
	Size, N, Pages int    // entries in all; this page of their list, and how many there are
	Key            string // the verifier key
	Checkpoint     string
	URL            string // the hall's own address
	Kinds          []Kind
	Wrong          []ledger.Wrong
	ManyBoxes      []ledger.BoxAt
	Counts         []ledger.SpaceCounts
	Keys           []ledger.KeyAt
	Entries        []ledger.Entry // newest first
}

// Kind is how many entries of a kind there are.
type Kind struct {
	Name  string
	Count int
}

// kindOf is the kind of an entry, "unread" for one that cannot be read.
func kindOf(e ledger.Entry) string {
	f, err := ledger.Parse(e.Line)
	if err != nil {
		return "unread"
	}
	return f.Kind()
}

// apart writes an entry on several lines, for eyes.
func apart(line []byte) string {
	var v any
	if json.Unmarshal(line, &v) != nil {
		return strconv.QuoteToASCII(string(line))
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return strconv.QuoteToASCII(string(line))
	}
	return string(b)
}

// proofHref is where an entry is proved.
func proofHref(index int64) string { return "/log/proof?index=" + strconv.FormatInt(index, 10) }

// command is what checks the log from another machine.
func command(p Page) string {
	return "guildhall verify log --hall " + p.URL + " --key " + p.Key
}
