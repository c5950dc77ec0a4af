package app

import (
	"context"

	"guildhall/internal/job"
)

// shuffled are the tables that list accounts or faces without a public moment
// beside them: where their rows lie must not tell who came when. Those that
// belong together stand together, the ones referred to first. On SQLite they are
// clustered by random keys.
var shuffled = [][]string{
	{"member_account", "member_device", "member_passkey", "member_recovery", "member_standing"},
	{"face", "face_name", "face_profile", "face_listing"},
	{"moderation_report"},
	{"moderation_block"},
	{"moderation_voice"},
	{"forum_follow"},
	{"news"},
	{"call", "call_guest", "call_here"},
	{"call_link"},
	{"connection"},
	{"connection_ask"},
	{"connection_introduction"},
	{"connection_note"},
	{"connection_card"},
	{"booking_page"},
	{"booking_kind"},
	{"booking_feed"},
	{"booking", "booking_cancellation", "booking_ring"},
	{"booking_wait"},
	{"news_follow"},
	{"message_person"},
	{"message_leaf"},
	{"message_package"},
	{"message_member"},
	{"message_left"},
	{"message_group"},
	{"message_waiting"},
	{"message_file_waiting"},
	{"message_disclosed"},
	{"notice_setting"},
	{"notice", "notice_device", "notice_step"},
	{"consultation_answers"},
	{"representative_mandate"},
	{"question_recused"},
	{"web_once"},
}

// shuffle is a night's work.
func (h *Hall) shuffle(ctx context.Context, _ job.Job) error {
	for _, tables := range shuffled {
		if err := h.DB.Shuffle(ctx, tables...); err != nil {
			return err
		}
	}
	return nil
}
