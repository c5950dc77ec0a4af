package platform

import (
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"guildhall/internal/fault"
	"guildhall/internal/ident"
)

// Domain is a domain in both ways of writing it.
type Domain struct {
	ASCII string // as machines write it: "xn--mnchen-3ya.example"
	Local string // as people write it: "münchen.example"
}

// Foreign tells whether the two differ: then a page shows ASCII, and warns.
func (d Domain) Foreign() bool { return d.ASCII != d.Local }

// look is what is left of a domain when letters that look alike count as one.
func (d Domain) look() string { return ident.Fold(d.Local) }

// names are domains as browsers look them up, with the lengths the DNS allows.
var names = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// ParseDomain reads a domain as people type it, also out of the address of a
// page; a leading "www." goes. Faults: Invalid on "domain" for what is no public
// domain, and for one whose letters pretend to be others: a word of Cyrillic
// letters that reads like a Latin one, or of two scripts at once (the idea is
// that of Unicode Technical Standard 39, "single script").
func ParseDomain(typed string) (Domain, error) {
	none := fault.On("domain", fault.Invalid, "platform.domain.none")
	s := strings.TrimSpace(typed)
	if _, rest, found := strings.Cut(s, "://"); found {
		s = rest
	}
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	if len(s) > 253 || strings.ContainsAny(s, "@: ") {
		return Domain{}, none
	}
	ascii, err := names.ToASCII(strings.TrimSuffix(s, "."))
	if err != nil {
		return Domain{}, none.Because(err)
	}
	ascii = strings.TrimPrefix(ascii, "www.")
	dot := strings.LastIndexByte(ascii, '.')
	if dot < 1 || len(ascii) > 253 || len(ascii)-dot < 3 || !strings.ContainsFunc(ascii[dot:], unicode.IsLetter) {
		return Domain{}, none
	}
	if _, err := netip.ParseAddr(ascii); err == nil {
		return Domain{}, none
	}
	local, err := names.ToUnicode(ascii)
	if err != nil {
		return Domain{}, none.Because(err)
	}
	for label := range strings.SplitSeq(local, ".") {
		if pretends(label) {
			return Domain{}, fault.On("domain", fault.Invalid, "platform.domain.pretends", ascii)
		}
	}
	return Domain{ascii, local}, nil
}

// scripts are those told apart; letters of all others count as one more.
var scripts = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Arabic, unicode.Hebrew, unicode.Armenian}

// pretends tells whether a part of a domain is written in two scripts, or in
// one whose letters read like Latin ones.
func pretends(label string) bool {
	seen := map[int]bool{}
	for _, r := range label {
		if unicode.IsLetter(r) {
			seen[script(r)] = true
		}
	}
	if len(seen) > 1 {
		return true
	}
	if seen[0] || len(seen) == 0 { // Latin, or digits only
		return false
	}
	for _, r := range ident.Fold(label) {
		if r >= unicode.MaxASCII && unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

func script(r rune) int {
	for i, s := range scripts {
		if unicode.Is(s, r) {
			return i
		}
	}
	return len(scripts)
}
