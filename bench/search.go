package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// measureSearch asks for two words at a time, one client alone, nothing kept by
// the hall. Each question was asked once before: as with pages, what is measured
// is the hall, and not how fast the disk gives the index to the system's memory.
func measureSearch(ctx context.Context, b *bench) error {
	c, err := b.hall.serve(ctx, "GUILDHALL_CACHE_MB=0")
	if err != nil {
		return err
	}
	defer c.stop()
	common, rare, err := b.hall.words(c.addr)
	if err != nil {
		return err
	}
	for _, kind := range []struct {
		name  string
		words []string
	}{{"search_rare_p50", rare}, {"search_common_p50", common}} {
		r := rand.New(rand.NewPCG(uint64(b.seed), 1))
		asks := make([]ask, 200)
		for k := range asks {
			i, j := r.IntN(len(kind.words)), r.IntN(len(kind.words)-1)
			if j >= i {
				j++
			}
			asks[k] = asking("GET", "/search?q="+url.QueryEscape(kind.words[i]+" "+kind.words[j]), "", "Accept-Language: en")
		}
		pick := func(i int) ask { return asks[i] }
		if _, err := storm(c.addr, 1, len(asks), 200, pick); err != nil { // warm
			return err
		}
		l, err := storm(c.addr, 1, len(asks), 200, pick)
		if err != nil {
			return err
		}
		say(kind.name, millis(l.quantile(0.5)), "ms")
	}
	return nil
}

var (
	tag     = regexp.MustCompile(`<[^>]*>`)
	article = regexp.MustCompile(`(?s)<article.*?</article>`)
)

// words looks at posts and gives the commonest words and some that stand in at
// most one post of twenty.
func (h *hall) words(addr string) (common, rare []string, err error) {
	pages, err := h.fullPages(addr, 40)
	if err != nil {
		return nil, nil, err
	}
	posts, in := 0, map[string]int{}
	for _, p := range pages {
		r, err := once(addr, asking("GET", p, "", "Accept-Language: en"))
		if err != nil {
			return nil, nil, err
		}
		for _, post := range article.FindAllString(string(r.body), -1) {
			posts++
			seen := map[string]bool{}
			for _, w := range strings.FieldsFunc(tag.ReplaceAllString(post, " "), func(c rune) bool { return !unicode.IsLetter(c) }) {
				if w = strings.ToLower(w); len(w) > 2 && !seen[w] {
					seen[w] = true
					in[w]++
				}
			}
		}
	}
	// What stands in (nearly) every post is the page's own words, not a post's.
	for w, n := range in {
		switch share := float64(n) / float64(posts); {
		case share > 0.9:
		case share > 0.05:
			common = append(common, w)
		case n > 3:
			rare = append(rare, w)
		}
	}
	slices.SortFunc(common, func(a, b string) int { return in[b] - in[a] })
	slices.Sort(rare)
	common = common[:min(len(common), 8)]
	if len(common) < 2 || len(rare) < 10 {
		return nil, nil, fmt.Errorf("%d common and %d rare words in %d posts", len(common), len(rare), posts)
	}
	return common, rare, nil
}
