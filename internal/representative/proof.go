package representative

import (
	"bytes"
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"guildhall/internal/fault"
)

// What a stranger may answer: more is not read.
const (
	// MaxFile is the size of the file, in bytes; whoever fetches it keeps to it.
	MaxFile    = 16 << 10
	maxLines   = 200
	maxRecords = 100
)

// Why nothing was found of somebody who does not answer.
const (
	faultDNSDown  = "representative.dns.down"
	faultFileDown = "representative.file.down"
)

// inRecords tells whether one of the TXT records is the text and nothing else.
func inRecords(records []string, text string) bool {
	return slices.ContainsFunc(records[:min(len(records), maxRecords)], func(s string) bool { return strings.TrimSpace(s) == text })
}

// inFile tells whether a line of the file is the text and nothing else.
func inFile(file []byte, text string) bool {
	if len(file) > MaxFile {
		return false
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	n := 0
	for line := range bytes.Lines(file) {
		if n++; n > maxLines {
			return false
		}
		if string(bytes.TrimSpace(line)) == text {
			return true
		}
	}
	return false
}

// look asks the platform's domain whether the text stands there, in the DNS first.
// What it returns are keys of sentences: why it was not found, empty where it was.
func (r *Room) look(ctx context.Context, m Mandate) (way Way, dns, file string) {
	records, err := r.LookupTXT(ctx, m.Record()+".") // the dot keeps this machine's own domains out
	if dns = whyNotDNS(err, inRecords(records, m.Text)); dns == "" {
		return ByDNS, "", ""
	}
	body, err := r.Fetch(ctx, m.File())
	if file = whyNotFile(err, inFile(body, m.Text)); file == "" {
		return ByFile, "", ""
	}
	return "", dns, file
}

func whyNotDNS(err error, found bool) string {
	var e *net.DNSError
	switch {
	case err == nil && found:
		return ""
	case err == nil:
		return "representative.dns.other"
	case errors.As(err, &e) && e.IsNotFound:
		return "representative.dns.none"
	}
	return faultDNSDown
}

func whyNotFile(err error, found bool) string {
	switch f := fault.From(err); {
	case err == nil && found:
		return ""
	case err == nil:
		return "representative.file.other"
	case f.Kind == fault.NotFound:
		return "representative.file.none"
	case f.Key == "fetch.elsewhere":
		return "representative.file.elsewhere"
	case f.Key == "fetch.closed":
		return "representative.file.closed"
	case f.Key == "fetch.too_large":
		return "representative.file.large"
	}
	return faultFileDown
}
