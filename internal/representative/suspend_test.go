package representative_test

import (
	"testing"
	"time"

	"guildhall/internal/fault"
	"guildhall/internal/representative"
)

var (
	dov = representative.Actor{Face: "dov", Steward: true}
	eli = representative.Actor{Face: "eli", Steward: true}
)

// One steward suspends a role, another lifts that or ends it; until then nothing is said
// in it and nothing about it changes.
func TestSuspend(t *testing.T) {
	each(t, func(h *hall) {
		m := h.proven(h.ana, "Support")
		h.refused(h.Suspend(h.ctx, h.bo, m.ID, "It is not her."), fault.Forbidden, "", "representative.may.steward")
		h.refused(h.Suspend(h.ctx, dov, m.ID, ""), fault.Invalid, "reason", "fault.empty")
		h.refused(h.Suspend(h.ctx, dov, "none", "It is not her."), fault.NotFound, "", "representative.none")
		h.refused(h.Lift(h.ctx, eli, m.ID, "It is her."), fault.Conflict, "", "representative.may.not_suspended")
		waits, err := h.Claim(h.ctx, h.bo, "gigharbour", "Legal")
		h.ok(err)
		h.refused(h.Suspend(h.ctx, dov, waits.ID, "It is not her."), fault.NotFound, "", "representative.none")
		h.touched = nil
		h.ok(h.Suspend(h.ctx, dov, m.ID, "The account was taken over."))
		if !h.told("mandate:" + string(m.ID)) {
			t.Error("pages that show it were not told")
		}
		h.refused(h.Suspend(h.ctx, eli, m.ID, "It is not her."), fault.Conflict, "", "representative.may.suspended_already")
		_, err = h.Acting(h.ctx, h.ana, "gigharbour")
		h.refused(err, fault.Forbidden, "", "representative.may.suspended")
		if acts, err := h.Acts(h.ctx, h.ana, "gigharbour"); err != nil || acts.ID != "" {
			t.Errorf("%+v %v", acts, err)
		}
		_, err = h.Check(h.ctx, h.ana, m.ID)
		h.refused(err, fault.Forbidden, "", "representative.may.suspended")
		h.refused(h.End(h.ctx, h.ana, m.ID), fault.Forbidden, "", "representative.may.suspended")
		h.refused(h.Show(h.ctx, h.ana, m.ID, true, true), fault.Forbidden, "", "representative.may.suspended")
		_, err = h.Claim(h.ctx, h.ana, "gigharbour", "Support")
		h.refused(err, fault.Conflict, "", "representative.already")
		for who, a := range map[string]representative.Actor{"nobody": h.nobody, "its holder": h.ana, "a steward": eli} {
			x, err := h.Mandate(h.ctx, a, m.ID)
			if err != nil || x.State(h.at) != representative.Suspended || x.Suspension.Reason != "The account was taken over." || (x.Suspension.By == "dov") != a.Steward {
				t.Errorf("%s sees %+v %+v %v", who, x, x.Suspension, err)
			}
		}
		// The platform itself can still end it by taking its text away: that is looked at daily.
		h.at = h.at.Add(25 * time.Hour)
		h.ok(h.CheckDue(h.ctx))
		if x, err := h.Mandate(h.ctx, h.nobody, m.ID); err != nil || !x.Checked.Equal(h.at) {
			t.Errorf("%+v %v", x, err)
		}
		h.refused(h.Lift(h.ctx, dov, m.ID, "It is her."), fault.Forbidden, "", "representative.may.second")
		h.refused(h.Dismiss(h.ctx, dov, m.ID, "It is not her."), fault.Forbidden, "", "representative.may.second")
		own := h.ana
		own.Steward = true
		h.refused(h.Lift(h.ctx, own, m.ID, "It is me."), fault.Forbidden, "", "representative.may.second")
		h.ok(h.Lift(h.ctx, eli, m.ID, "It is her."))
		if x, err := h.Acting(h.ctx, h.ana, "gigharbour"); err != nil || x.ID != m.ID {
			t.Errorf("%+v %v", x, err)
		}
		h.ok(h.Suspend(h.ctx, eli, m.ID, "It is not her after all."))
		h.ok(h.Dismiss(h.ctx, dov, m.ID, "Her platform told us."))
		x, err := h.Mandate(h.ctx, h.nobody, m.ID)
		if err != nil || x.State(h.at) != representative.Ended || x.Suspension.EndReason != "Her platform told us." {
			t.Errorf("%+v %+v %v", x, x.Suspension, err)
		}
		h.refused(h.Suspend(h.ctx, dov, m.ID, "It is not her."), fault.Conflict, "", "representative.may.over")
		// What stands published proves nothing any more.
		if again := h.claim(h.ana, "Support"); h.check(h.ana, again).First != (time.Time{}) {
			t.Error("the old text proves the new role")
		}
		h.ok(h.Erase(h.ctx, h.ana.Face))
	})
}

// Another domain of the platform: what was proven on the one before counts no more, and
// counts again when that is taken back.
func TestMoved(t *testing.T) {
	each(t, func(h *hall) {
		m := h.proven(h.ana, "Support")
		h.domain, h.touched = "another.example", nil
		h.ok(h.Moved(h.ctx, "gigharbour"))
		if !h.told("mandate:" + string(m.ID)) {
			t.Error("pages that show it were not told")
		}
		_, err := h.Acting(h.ctx, h.ana, "gigharbour")
		h.refused(err, fault.Forbidden, "", "representative.no_platform")
		if x, err := h.Mandate(h.ctx, h.nobody, m.ID); err != nil || x.State(h.at) != representative.Lapsed || x.Domain != "gigharbour.example" {
			t.Errorf("%+v %v", x, err)
		}
		if b, err := h.Badges(h.ctx, h.ana.Face); err != nil || len(b) != 0 {
			t.Errorf("%+v %v", b, err)
		}
		n := h.proven(h.ana, "Support") // on the new one
		if x, err := h.Acting(h.ctx, h.ana, "gigharbour"); err != nil || x.ID != n.ID || x.Domain != "another.example" {
			t.Errorf("%+v %v", x, err)
		}
		h.domain = "gigharbour.example"
		h.ok(h.Moved(h.ctx, "gigharbour"))
		if x, err := h.Acting(h.ctx, h.ana, "gigharbour"); err != nil || x.ID != m.ID {
			t.Errorf("%+v %v", x, err)
		}
	})
}

func TestMay_judge(t *testing.T) {
	t.Parallel()
	ana := representative.Actor{Face: "ana"}
	stands := representative.Mandate{ID: "m"}
	stands.Face.ID = "ana"
	suspended, over := stands, stands
	suspended.Suspension = &representative.Suspension{By: "dov"}
	over.Ended = time.Unix(1, 0)
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"a steward judges":            {representative.MayJudge(dov), true},
		"a member does not":           {representative.MayJudge(ana), false},
		"a steward suspends":          {representative.MaySuspend(dov, stands), true},
		"not what is suspended":       {representative.MaySuspend(eli, suspended), false},
		"nor what is over":            {representative.MaySuspend(eli, over), false},
		"another steward resolves":    {representative.MayResolve(eli, suspended), true},
		"who suspended it does not":   {representative.MayResolve(dov, suspended), false},
		"nor who holds it":            {representative.MayResolve(representative.Actor{Face: "ana", Steward: true}, suspended), false},
		"what stands is not resolved": {representative.MayResolve(eli, stands), false},
		"a member resolves nothing":   {representative.MayResolve(ana, suspended), false},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
