package consultation_test

import (
	"slices"
	"testing"

	"guildhall/internal/consultation/opinion"
	"guildhall/internal/db"
)

var (
	qAllAnswers = db.SQL("consultationtest.answers", `SELECT voter FROM consultation_answers`)
	qVoters     = db.SQL("consultationtest.voters", `SELECT voter FROM consultation_statement WHERE voter <> ''`)
	qSecrets    = db.SQL("consultationtest.secrets", `SELECT id FROM consultation WHERE length(secret) > 0`)
	qColumns    = db.SQLFor("consultationtest.columns", `SELECT name FROM pragma_table_info('consultation_answers')`,
		`SELECT column_name FROM information_schema.columns WHERE table_name = 'consultation_answers' ORDER BY ordinal_position`)
)

func (h *hall) column(q *db.Query) (list []string) {
	h.t.Helper()
	h.ok(h.db.Rows(h.ctx, q, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		list = append(list, s)
		return err
	}))
	return list
}

// A row of answers holds no face, no time and no number that grows.
func TestAnswers_nameNobody(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.dov)
		h.answer(h.ana.Face, c, 1, opinion.Agree)
		if cols := h.column(qColumns); !slices.Equal(cols, []string{"consultation_id", "voter", "fresh", "answers", "counter"}) {
			h.t.Errorf("columns %v", cols)
		}
		if v := h.column(qAllAnswers); len(v) != 1 || v[0] == string(h.ana.Face) || len(v[0]) != 24 {
			h.t.Errorf("voters %v", v)
		}
		// In another consultation the same person is another voter.
		d := h.open(h.dov)
		h.answer(h.ana.Face, d, 1, opinion.Agree)
		if v := h.column(qAllAnswers); len(v) != 2 || v[0] == v[1] {
			h.t.Errorf("voters %v", v)
		}
	})
}

// Once it is closed nothing is left by which an answer, or a statement, could be
// tied to a face.
func TestClose_leavesNoWayBack(t *testing.T) {
	each(t, func(h *hall) {
		c := h.open(h.dov)
		_, err := h.Say(h.ctx, h.ana, c.ID, "Calls on the platform do not ring.")
		h.ok(err)
		h.answer(h.ana.Face, c, 1, opinion.Agree)
		h.close(c)
		if left := slices.Concat(h.column(qAllAnswers), h.column(qVoters), h.column(qSecrets)); len(left) != 0 {
			h.t.Errorf("left: %v", left)
		}
	})
}
