package moderation

import (
	"time"

	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// MayDecide tells whether somebody may act as a steward.
func MayDecide(steward bool) error {
	if !steward {
		return fault.New(fault.Forbidden, "moderation.stewards_only")
	}
	return nil
}

// MayVoice tells whether a member's voice counts in a motion: being an elector
// takes some time and some posts, so that it cannot be had by the dozen.
func MayVoice(by face.ID, elector bool) error {
	if by == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	if !elector {
		return fault.New(fault.Forbidden, "moderation.not_seasoned", SeasonedPosts, int(SeasonedAfter.Hours()/24))
	}
	return nil
}

// MayAnswer tells whether somebody may answer a motion: the steward to recall.
func MayAnswer(by face.ID, m Motion) error {
	switch {
	case by == "":
		return fault.New(fault.SignIn, "fault.sign_in")
	case m.Kind != Recall || m.Face != by:
		return fault.New(fault.Forbidden, "moderation.not_yours_to_answer")
	}
	return nil
}

// MayBlock tells whether somebody may block a face.
func MayBlock(by, whom face.ID) error {
	switch {
	case by == "":
		return fault.New(fault.SignIn, "fault.sign_in")
	case by == whom:
		return fault.New(fault.Invalid, "moderation.block_self")
	}
	return nil
}

// MaySucceed tells whether members may seat a new steward: only when all have
// been silent for VanishedAfter, or there is none.
func MaySucceed(stewards []Steward, now time.Time) error {
	for _, s := range stewards {
		if now.Sub(s.Active) < VanishedAfter {
			return fault.New(fault.Forbidden, "moderation.not_vanished", int(VanishedAfter.Hours()/24))
		}
	}
	return nil
}
