package app

import (
	"context"

	"guildhall/internal/db"
	"guildhall/internal/member"
	accountpage "guildhall/internal/web/page/account"
)

// naming is a column that holds a member: how many rows of its table do is shown to
// her, under words that say what they are.
type naming struct {
	what          string // of account.row in lang
	table, column string
	rows          *db.Query
}

func by(column, what, table string) naming {
	q := db.SQL("app.named."+table+"."+column, `SELECT COUNT(*) FROM `+table+` WHERE `+column+` = $1`)
	return naming{what, table, column, q}
}

func byAccount(what, table string) naming { return by("account_id", what, table) }

func byFace(what, table string) naming { return by("face_id", what, table) }

// namedByAccount and namedByFace are all columns that name a member and are hers to
// know; those that speak of the same stand together.
var (
	namedByAccount = []naming{
		by("id", "account", "member_account"),
		byAccount("account", "member_standing"),
		byAccount("keys", "member_device"),
		byAccount("keys", "member_passkey"),
		byAccount("keys", "member_recovery"),
	}
	namedByFace = []naming{
		byFace("seats", "space_seat"),
		byFace("seats", "pass_seat"),
		by("id", "face", "face"),
		byFace("face", "face_name"),
		byFace("face", "face_profile"),
		byFace("face", "face_listing"),
		byFace("texts", "forum_article"),
		byFace("texts", "forum_discussion"),
		byFace("texts", "forum_post"),
		byFace("texts", "forum_summary"),
		byFace("likes", "forum_recommendation"),
		byFace("likes", "forum_follow"),
		byFace("likes", "news_follow"),
		byFace("news", "news"),
		by("from_face", "connections", "connection_ask"),
		byFace("connections", "connection"),
		by("by_face", "connections", "connection_introduction"),
		byFace("connections", "connection_note"),
		byFace("messages", "message_person"),
		byFace("messages", "message_leaf"),
		by("keeper_face", "messages", "message_group"),
		byFace("messages", "message_left"),
		by("from_face", "calls", "call"),
		byFace("calls", "call_here"),
		byFace("calls", "call_link"),
		byFace("reach", "notice_setting"),
		byFace("reach", "notice_device"),
		byFace("reach", "notice"),
		byFace("bookings", "booking_page"),
		byFace("bookings", "booking_kind"),
		byFace("bookings", "booking_feed"),
		byFace("bookings", "booking"),
		byFace("bookings", "booking_wait"),
		byFace("questions", "question"),
		byFace("questions", "question_variant"),
		byFace("questions", "question_judgement"),
		byFace("questions", "question_recused"),
		by("steward_id", "consultations", "consultation"),
		byFace("consultations", "consultation_removal"),
		byFace("platforms", "platform"),
		byFace("platforms", "representative_mandate"),
		byFace("platforms", "question_withdrawal"),
		by("by_face", "reports", "moderation_report"),
		by("by_face", "reports", "moderation_block"),
		by("by_face", "deeds", "moderation_decision"),
		byFace("deeds", "moderation_steward"),
		by("made_by", "deeds", "moderation_invitation"),
		by("by_face", "deeds", "moderation_motion"),
		byFace("deeds", "moderation_motion"),
		byFace("deeds", "moderation_voice"),
		by("by_face", "deeds", "platform_verdict"),
		by("by_face", "deeds", "platform_correction"),
		by("undone_by", "deeds", "platform_correction"),
		by("by_face", "deeds", "representative_suspension"),
		by("end_face", "deeds", "representative_suspension"),
		byFace("deeds", "forum_hush"),
		byFace("deeds", "forum_closure"),
		byFace("deeds", "forum_move"),
		by("by_face", "deeds", "question_entry"),
		by("by_face", "deeds", "question_hush"),
		by("by_face", "deeds", "question_move"),
		by("by_face", "deeds", "reply_correction"),
		by("by_face", "deeds", "reply_hush"),
		by("by_face", "deeds", "space_revision"),
		by("by_face", "deeds", "space_closure"),
		by("by_face", "deeds", "terms_declaration"),
	}
)

// named counts the rows that name a member, what is of one kind together.
func (h *Hall) named(ctx context.Context, s member.Session) (kinds []accountpage.Kind, err error) {
	count := func(list []naming, id string) error {
		for _, n := range list {
			var rows int
			if _, err := h.DB.Row(ctx, n.rows, []any{id}, &rows); err != nil {
				return err
			}
			if len(kinds) == 0 || kinds[len(kinds)-1].Key != "account.row."+n.what {
				kinds = append(kinds, accountpage.Kind{Key: "account.row." + n.what})
			}
			kinds[len(kinds)-1].Add(n.table, rows)
		}
		return nil
	}
	if err = count(namedByAccount, string(s.Account)); err == nil {
		err = count(namedByFace, s.Face)
	}
	return kinds, err
}
