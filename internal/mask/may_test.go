package mask_test

import (
	"testing"
	"time"

	"guildhall/internal/epoch"
	"guildhall/internal/mask"
)

// What a mask may do depends on itself, its space and the day, and on nothing else.
func TestMay_masks(t *testing.T) {
	t.Parallel()
	const born = 700
	day := epoch.FirstDay(born) + 10
	renews := mask.RenewFrom(born, epoch.FirstDay(born+1)+5) + 1
	m := mask.Mask{ID: "m", Epoch: born}
	with := func(change func(*mask.Mask)) mask.Mask {
		c := m
		change(&c)
		return c
	}
	banned := with(func(m *mask.Mask) { m.State = mask.Banned })
	muted := with(func(m *mask.Mask) { m.MutedUntil = renews })
	reported := with(func(m *mask.Mask) { m.Reports = 1 })
	judged := with(func(m *mask.Mask) { m.LastDay = renews - 1 })
	var open mask.Space
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"it posts":                                 {mask.MayPost(m, open, true, 0, day), true},
		"not in a space that is too small":         {mask.MayPost(m, open, false, 0, day), false},
		"not when it is banned":                    {mask.MayPost(banned, open, true, 0, day), false},
		"not while it is muted":                    {mask.MayPost(muted, open, true, 0, day), false},
		"not in a closed space":                    {mask.MayPost(m, mask.Space{Closed: true}, true, 0, day), false},
		"not once its time is over":                {mask.MayPost(m, open, true, 0, mask.Until(born)+1), false},
		"not once it has renewed":                  {mask.MayPost(with(func(m *mask.Mask) { m.State = mask.Renewed }), open, true, 0, day), false},
		"not with twenty that wait":                {mask.MayPost(m, open, true, 20, day), false},
		"it recommends what another said":          {mask.MayRecommend(m, "n", true, day), true},
		"not its own words":                        {mask.MayRecommend(m, "m", true, day), false},
		"not in a small space":                     {mask.MayRecommend(m, "n", false, day), false},
		"not when banned":                          {mask.MayRecommend(banned, "n", true, day), false},
		"it takes back what it said":               {mask.MayDelete(banned, "m"), true},
		"not what another said":                    {mask.MayDelete(m, "n"), false},
		"it reads for two epochs more":             {mask.MayRead(m, epoch.FirstDay(born+2)), true},
		"not longer":                               {mask.MayRead(m, epoch.FirstDay(born+3)), false},
		"it renews in the next epoch":              {mask.MayRenew(m, born+1, 0, 0, renews), true},
		"a banned one does not":                    {mask.MayRenew(banned, born+1, 0, 0, renews), false},
		"a muted one does not, yet":                {mask.MayRenew(muted, born+1, 0, 0, renews), false},
		"a reported one does not, yet":             {mask.MayRenew(reported, born+1, 0, 0, renews), false},
		"one that has just spoken does not, yet":   {mask.MayRenew(judged, born+1, 0, 0, renews), false},
		"one that has posts waiting does not, yet": {mask.MayRenew(m, born+1, 0, 1, renews), false},
		"not within its own epoch":                 {mask.MayRenew(m, born, 0, 0, day), false},
		"not in the epoch's first days":            {mask.MayRenew(m, born+1, 0, 0, epoch.FirstDay(born+1)), false},
		"not for another epoch than the running":   {mask.MayRenew(m, born+2, 0, 0, renews), false},
		"not for a right that was made void":       {mask.MayRenew(m, born+1, born+1, 0, renews), false},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}

// Who is asked in a consultation: the masks of the epoch in which it was opened, once
// each, until its hour; for the pass, until the end of the epoch after.
func TestMay_consultations(t *testing.T) {
	t.Parallel()
	const born = 700
	opened := epoch.Start(born).Add(100 * time.Hour)
	asked := mask.Asked{Opened: opened, Closes: opened.Add(90 * 24 * time.Hour)}
	m, next := mask.Mask{ID: "m", Epoch: born}, mask.Mask{ID: "n", Epoch: born + 1}
	banned := m
	banned.State = mask.Banned
	day, last := epoch.Day(opened), epoch.FirstDay(born+2)-1
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"a mask of that epoch is admitted":     {mask.MayBeAdmitted(m, asked, born, false, day), true},
		"to the end of the next":               {mask.MayBeAdmitted(m, asked, born, false, last), true},
		"not later":                            {mask.MayBeAdmitted(m, asked, born, false, last+1), false},
		"not its successor":                    {mask.MayBeAdmitted(next, asked, born+1, false, day), false},
		"not by another epoch":                 {mask.MayBeAdmitted(m, asked, born+1, false, day), false},
		"not a banned one":                     {mask.MayBeAdmitted(banned, asked, born, false, day), false},
		"not where it is unknown who has been": {mask.MayBeAdmitted(m, asked, born, true, day), false},
		"it is answered until its hour":        {mask.MayOpine(asked, asked.Closes.Add(-time.Second)), true},
		"not at its hour":                      {mask.MayOpine(asked, asked.Closes), false},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
