package consultation_test

import (
	"testing"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/epoch"
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

func TestMay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	open := consultation.Consultation{Steward: face.Face{ID: "ana"}, Closes: now.Add(1)}
	over, done := open, open
	over.Closes = now
	done.Done = true
	masked := open
	masked.Space = "designers"
	ana, bo, dov, nobody := consultation.Actor{Face: "ana"}, consultation.Actor{Face: "bo"}, consultation.Actor{Face: "dov", Steward: true}, consultation.Actor{}
	rep, own := consultation.Actor{Face: "ana", For: "gig", Mandate: "m1"}, consultation.Origin{Kind: consultation.OfPlatform, ID: "gig"}
	platforms := consultation.Consultation{Platform: "gig", Mandate: "m1", Closes: now.Add(1)}
	out := func(by face.ID) consultation.Statement {
		return consultation.Statement{Removal: &consultation.Removal{By: by}}
	}
	for _, tt := range []struct {
		name string
		err  error
		key  string // empty: yes
	}{
		{"a member opens", consultation.MayOpen(ana, consultation.Origin{}, true, false), ""},
		{"a steward opens another", consultation.MayOpen(dov, consultation.Origin{}, false, true), ""},
		{"a newcomer opens", consultation.MayOpen(ana, consultation.Origin{}, false, false), "consultation.may.settled"},
		{"a second one", consultation.MayOpen(ana, consultation.Origin{}, true, true), "consultation.may.busy"},
		{"nobody opens", consultation.MayOpen(nobody, consultation.Origin{}, false, false), "fault.sign_in"},
		{"a platform opens one about itself", consultation.MayOpen(rep, own, false, false), ""},
		{"about something else", consultation.MayOpen(rep, consultation.Origin{Kind: "question", ID: "q"}, true, false), "consultation.may.own_platform"},
		{"without a mandate", consultation.MayOpen(consultation.Actor{Face: "ana", For: "gig"}, own, true, false), "consultation.may.own_platform"},
		{"a platform's second one", consultation.MayOpen(rep, own, true, true), "consultation.may.platform_busy"},
		{"who opened a platform's keeps it", consultation.MayKeep(rep, platforms, now), "consultation.may.keep"},
		{"a hall's steward keeps a platform's", consultation.MayKeep(dov, platforms, now), ""},
		{"a member takes part", consultation.MayTakePart(bo, open, now), ""},
		{"nobody takes part", consultation.MayTakePart(nobody, open, now), "fault.sign_in"},
		{"after the hour", consultation.MayTakePart(bo, over, now), "consultation.may.over"},
		{"a member takes part among masks", consultation.MayTakePart(bo, masked, now), "consultation.may.masks"},
		{"a steward asks masks", consultation.MayAskMasks(dov, now), ""},
		{"a member asks masks", consultation.MayAskMasks(ana, now), "consultation.may.masks_steward"},
		{"nobody asks masks", consultation.MayAskMasks(nobody, now), "fault.sign_in"},
		{"in the last hour of an epoch", consultation.MayAskMasks(dov, epoch.End(742).Add(-time.Minute)), "consultation.may.turning"},
		{"in the first of one", consultation.MayAskMasks(dov, epoch.Start(742)), ""},
		{"its steward keeps", consultation.MayKeep(ana, open, now), ""},
		{"a hall's steward keeps", consultation.MayKeep(dov, open, now), ""},
		{"another keeps", consultation.MayKeep(bo, open, now), "consultation.may.keep"},
		{"nobody keeps", consultation.MayKeep(nobody, open, now), "fault.sign_in"},
		{"its steward keeps what is over", consultation.MayKeep(ana, done, now), "consultation.may.over"},
		{"its steward puts back what she took out", consultation.MayPutBack(ana, open, out("ana"), now), ""},
		{"what a hall's steward took out", consultation.MayPutBack(ana, open, out("dov"), now), "consultation.may.put_back"},
		{"a hall's steward puts anything back", consultation.MayPutBack(dov, open, out("ana"), now), ""},
		{"another puts back", consultation.MayPutBack(bo, open, out("ana"), now), "consultation.may.keep"},
		{"the result", consultation.MaySeeResult(done), ""},
		{"the result before", consultation.MaySeeResult(over), "consultation.may.not_yet"},
	} {
		if got := fault.From(tt.err).Key; (tt.err == nil) != (tt.key == "") || tt.err != nil && got != tt.key {
			t.Errorf("%s: %v, want %q", tt.name, tt.err, tt.key)
		}
	}
}
