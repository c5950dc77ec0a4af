package member_test

import (
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/member"
)

func TestMay_vouches(t *testing.T) {
	t.Parallel()
	const joined = 700
	here := member.Credit{Joined: joined, Vouches: member.NeedVouches, Branch: "oak"}
	from := epoch.End(joined).Add(member.GiveAfter)
	spent := here
	spent.Gave = [2]int{epoch.Of(from), epoch.Of(from)}
	half := member.Credit{Joined: joined, Vouches: 1, Branch: "oak"}
	first := epoch.Start(joined)
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"who is vouched for and has been here a month gives": {member.MayGive(here, from), true},
		"not a second before":                                {member.MayGive(here, from.Add(-time.Second)), false},
		"not with one vouch":                                 {member.MayGive(half, from), false},
		"not a third within ninety days":                     {member.MayGive(spent, from), false},
		"later again":                                        {member.MayGive(spent, epoch.End(epoch.Of(from)).Add(member.GiveAgain)), true},
		"a founder gives at once":                            {member.MayGive(member.Credit{Joined: joined, Founder: true}, first), true},
		"a first vouch counts":                               {member.MayUse(member.Credit{}, "oak"), true},
		"one of another branch too":                          {member.MayUse(half, "elm"), true},
		"not one of the same":                                {member.MayUse(half, "oak"), false},
		"who has enough takes none":                          {member.MayUse(here, "elm"), false},
		"a founder needs none":                               {member.MayUse(member.Credit{Founder: true}, "elm"), false},
		"a founder is named in the first days":               {member.MayFound(member.Founding{Day: first}, first.Add(time.Hour)), true},
		"not after a month":                                  {member.MayFound(member.Founding{Day: first}, first.Add(member.FoundingTime)), false},
		"not a twenty-first":                                 {member.MayFound(member.Founding{Day: first, Founders: member.MaxFounders}, first), false},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
