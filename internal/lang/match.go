package lang

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"golang.org/x/text/language"
)

// maxHeader is how much of an Accept-Language header is read, in bytes. Browsers
// send under 100.
const maxHeader = 256

var matcher = language.NewMatcher([]language.Tag{language.BritishEnglish, language.Spanish, language.Arabic})

// seen remembers the answers for recent headers: a fixed number of places, each
// holding the last header that fell on it. Busy headers are nearly always there,
// and a stream of made-up ones can neither grow it nor block anyone.
var (
	seen [256]atomic.Pointer[answer]
	seed = maphash.MakeSeed()
)

type answer struct {
	header string
	lang   Lang
}

// Match picks the language for an Accept-Language header; English when the
// header is empty, unreadable or asks for nothing the hall speaks.
func Match(header string) Lang {
	if header == "" {
		return English
	}
	if len(header) > maxHeader {
		header = header[:maxHeader]
		header = header[:max(strings.LastIndexByte(header, ','), 0)]
	}
	place := &seen[maphash.String(seed, header)%uint64(len(seen))]
	if a := place.Load(); a != nil && a.header == header {
		return a.lang
	}
	a := &answer{header: strings.Clone(header), lang: match(header)}
	place.Store(a)
	return a.lang
}

func match(header string) Lang {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return English
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return English
	}
	return Lang(i)
}
