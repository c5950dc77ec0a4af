package main

import (
	"fmt"
	"net/url"

	"guildhall/internal/fault"
	"guildhall/internal/mask/wire"
)

// How often a visit holds something beside posts.
const (
	oftenRecommends = 0.25 // as mask
	oftenTakesBack  = 0.02 // a recommendation, or a waiting post
	oftenDeletes    = 0.02
	oftenReports    = 0.004
	oftenPraises    = 0.2 // openly
	oftenFollows    = 0.03
)

// openly is what a profile does in a visit: it posts, recommends, follows, minds what
// goes on about the platform, and those she knows.
func (p *play) openly(who *person, c call) error {
	if err := p.beReachable(who, c); err != nil {
		return err
	}
	if err := p.beTold(who, c); err != nil {
		return err
	}
	if err := p.lookAtHandset(who); err != nil {
		return err
	}
	if err := p.beHere(who); err != nil {
		return err
	}
	at := "/discussions/" + p.threads[p.r.IntN(len(p.threads))]
	if c.open {
		text := fmt.Sprintf("I have seen this too, and it was %d hours before anybody answered.", p.r.IntN(1e9))
		if _, err := who.account.Fill(p.ctx, at, at+"/posts", url.Values{"text": {text}}); err != nil {
			return err
		}
		who.open = append(who.open, c.at)
		p.Counts[openDeed+"post"]++
		who.held.spoke = c.at
	}
	if p.r.Float64() < oftenPraises {
		posts, err := who.account.Links(p.ctx, at, "/posts/")
		if err != nil {
			return err
		}
		if len(posts) > 0 {
			if err := p.mark(who, c, at, "/posts/"+posts[p.r.IntN(len(posts))]+"/recommendation", "recommendation", url.Values{}); err != nil {
				return err
			}
		}
	}
	if p.r.Float64() < oftenFollows {
		if err := p.mark(who, c, at, at+"/follow", "follow", url.Values{}); err != nil {
			return err
		}
	}
	for _, part := range []func(*person, call) error{p.mind, p.befriend, p.correspond, p.arrange} {
		if err := part(who, c); err != nil {
			return err
		}
	}
	return nil
}

// mark is a small open deed. Devices remember it as they do a post.
func (p *play) mark(who *person, c call, at, to, what string, form url.Values) error {
	_, err := who.account.Fill(p.ctx, at, to, form)
	if fault.Is(err, fault.Unavailable) { // her own post, or done before
		return nil
	}
	p.Counts[openDeed+what]++
	if !p.hasty {
		who.held.spoke = c.at
	}
	return err
}

// deeds are what somebody does under her mask in a visit: what goes at once, and
// what her device sends when it is right.
func (p *play) deeds(who *person, c call) (now, later []wire.Act) {
	if c.mask {
		later = append(later, p.write(c))
	}
	var small []wire.Act
	if post := p.somePost(); post != nil && p.r.Float64() < oftenRecommends {
		small = append(small, wire.Act{Do: wire.Recommend, ID: post.ID})
	}
	if post := p.somePost(); post != nil && p.r.Float64() < oftenReports {
		small = append(small, wire.Act{Do: wire.Report, ID: post.ID, Kind: "other", Text: "This is beside the point."})
	}
	if post := p.somePost(); post != nil && p.r.Float64() < oftenTakesBack {
		small = append(small, wire.Act{Do: wire.Unrecommend, ID: post.ID})
	}
	if n := len(who.sent); n > 0 {
		id := who.sent[p.r.IntN(n)]
		_, shown := p.Seen[id]
		switch x := p.r.Float64(); {
		case shown && x < oftenDeletes:
			small = append(small, wire.Act{Do: wire.Delete, ID: id})
		case !shown && x < oftenTakesBack: // before it comes out: nobody waits with that
			now = append(now, wire.Act{Do: wire.Withdraw, ID: id})
		}
	}
	if p.hasty {
		return append(now, small...), later
	}
	return now, append(later, small...)
}

// somePost draws a post that readers see; nil for none.
func (p *play) somePost() *wire.Said {
	if p.bundle == nil || len(p.bundle.Threads) == 0 {
		return nil
	}
	posts := p.bundle.Threads[p.r.IntN(len(p.bundle.Threads))].Posts
	if len(posts) == 0 {
		return nil
	}
	return &posts[p.r.IntN(len(posts))]
}

// write makes a post of a mask.
func (p *play) write(c call) wire.Act {
	a := wire.Act{Do: wire.Post, ID: newPost(), Lang: "en", Text: fmt.Sprintf("They changed what they promised, %d times so far, and nobody asked us.", 2+p.r.IntN(90))}
	a.Thread, a.Title = a.ID, "What they promised"
	if c.reply && p.bundle != nil && len(p.bundle.Threads) > 0 {
		t := p.bundle.Threads[p.r.IntN(len(p.bundle.Threads))]
		a.Thread, a.Title, a.Reply = t.ID, "", t.Posts[p.r.IntN(len(t.Posts))].ID
	}
	return a
}

// did counts what was done, and what was refused.
func (p *play) did(do string, r wire.Result) {
	if !r.OK {
		do += " refused " + r.Error
	}
	p.Counts[do]++
}
