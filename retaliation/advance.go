package main

import (
	"fmt"
	"math"

	"guildhall/internal/fault"
)

// advance registers a right when its moment has come, and renews a mask in the first
// visit of an epoch that may, from a moment of its own after the first 72 hours.
func (p *play) advance(who *person, c call) error {
	registers, renews := p.due(who, c)
	if registers {
		r, err := who.home.Register(p.ctx, who.mask, space)
		if err != nil {
			return err
		}
		p.named(who)
		who.current().born = r.Batch
		p.Mask = append(p.Mask, request{who.current().ID, c.at})
	}
	if !renews {
		return nil
	}
	k, err := who.mask.Keys(p.ctx, space, trust)
	if err != nil {
		return err
	}
	p.Mask = append(p.Mask, request{who.current().ID, c.at})
	if err := who.home.Renew(p.ctx, who.mask, space, k); err != nil {
		if fault.Is(err, fault.Forbidden) { // not born, or held up: another time
			return nil
		}
		return err
	}
	who.due = p.afterRenewal(c.at)
	return nil
}

// afterRenewal is when a right that came of a renewal is registered: in the week after,
// as browsers do.
func (p *play) afterRenewal(at hours) hours {
	const week = daysOfWeek * hoursOfDay
	return (math.Floor(at/week)+1)*week + 48*p.r.Float64()
}

// lastRenewal is when nobody renews any more: she would not speak before all ends.
const lastRenewal = 2 * daysOfWeek * hoursOfDay

// due tells whether a device registers a right that it holds, or else renews its mask.
func (p *play) due(who *person, c call) (registers, renews bool) {
	l := who.home.In(space)
	if !p.hasty && !p.inOrder() && !who.held.may(p.r, c.at) {
		return false, false
	}
	if l.Right != nil && l.N == 0 && p.few(l.Week) { // the page advises to wait for everybody who renews
		who.due = max(who.due, (daysOfEpoch+7)*hoursOfDay+72*p.r.Float64())
	}
	if l.Right != nil && c.at >= who.due && who.home.Due(who.mask, space) {
		return true, false
	}
	inEpoch := c.at - daysOfEpoch*hoursOfDay
	return false, l.Taken && l.N == 0 && inEpoch >= 72+who.renewAfter && inEpoch <= lastRenewal
}

// named notes the mask that a right makes, whose number the home has.
func (p *play) named(who *person) {
	if n := len(who.chain); n <= who.home.In(space).N {
		who.chain = append(who.chain, nameOf(who.home.Root.MaskKey(space, n).Public(), who.n))
	}
}

// few tells whether a window's masks would stand out, as the page of a space does.
func (p *play) few(week int) bool {
	if p.bundle == nil || p.bundle.Window == nil || p.bundle.Window.Week != week || p.control != "" {
		return false
	}
	k := p.bundle.Window.K
	p.Counts[fmt.Sprintf("k of week %d: %d", week, k)]++
	return k < 20 || 4*k < p.bundle.Space.Masks
}
