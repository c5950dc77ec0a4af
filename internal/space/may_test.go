package space_test

import (
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/space"
)

func TestMay(t *testing.T) {
	t.Parallel()
	const joined = 700
	ana, nobody := space.Actor{Face: "ana"}, space.Actor{}
	safe, open, vouched := space.Space{Kind: space.Safe}, space.Space{Kind: space.Open}, space.Space{Kind: space.Open}
	vouched.Entry = space.Vouched
	closed := safe
	closed.Closure = &space.Closure{}
	two, one := space.Credit{Joined: joined, Vouches: 2}, space.Credit{Joined: joined, Vouches: 1}
	seasoned, early := epoch.Start(joined+2), epoch.Start(joined+2).Add(-time.Second)
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"a steward keeps spaces":                       {space.MayKeep(space.Actor{Face: "dov", Steward: true}), true},
		"a member does not":                            {space.MayKeep(ana), false},
		"a member takes a seat in a safe space":        {space.MayEnter(ana, safe, space.Credit{}), true},
		"a reader does not":                            {space.MayEnter(nobody, safe, two), false},
		"nobody enters a closed one":                   {space.MayEnter(ana, closed, two), false},
		"an open one that wants vouches is entered so": {space.MayEnter(ana, vouched, two), true},
		"not with one":                                 {space.MayEnter(ana, vouched, one), false},
		"who is seasoned receives passes":              {space.MayReceive(safe, true, two, seasoned), true},
		"a second before she does not":                 {space.MayReceive(safe, true, two, early), false},
		"nor with one vouch":                           {space.MayReceive(safe, true, one, seasoned), false},
		"nor without a seat":                           {space.MayReceive(safe, false, two, seasoned), false},
		"nor in an open space":                         {space.MayReceive(open, true, two, seasoned), false},
		"nor in a closed one":                          {space.MayReceive(closed, true, two, seasoned), false},
		"a founder receives at once":                   {space.MayReceive(safe, true, space.Credit{Joined: joined, Founder: true}, epoch.Start(joined)), true},
		"a member writes in an open space":             {space.MayWriteIn(ana, open, false), true},
		"where a seat is wanted, with one":             {space.MayWriteIn(ana, vouched, true), true},
		"without one she does not":                     {space.MayWriteIn(ana, vouched, false), false},
		"a reader writes nowhere":                      {space.MayWriteIn(nobody, open, false), false},
		"nobody writes in a closed one":                {space.MayWriteIn(ana, closed, true), false},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
