package terms

import (
	"context"
	"strings"

	"guildhall/internal/db"
)

// All SQL of clauses and their states.
const stateColumns = `s.record, r.at, s.sort, s.class, s.why, s.label, s.trail, s.text`

var (
	qClauseMake = db.SQL("terms.clauseMake", `
		INSERT INTO terms_clause (id, document_id, key, name, place, gone) VALUES ($1, $2, $3, $4, $5, 0)`)
	qClauseSays   = db.SQL("terms.clauseSays", `UPDATE terms_clause SET key = $2, name = $3, place = $4, gone = $5 WHERE id = $1`)
	qClause       = db.SQL("terms.clause", `SELECT document_id, name, gone FROM terms_clause WHERE id = $1`)
	qClauses      = db.SQL("terms.clauses", `SELECT id, key, gone FROM terms_clause WHERE document_id = $1`)
	qClauseOnceBy = db.SQL("terms.clauseOnceBy", `SELECT s.clause_id FROM terms_clause_state s WHERE s.document_id = $1 AND s.key = $2 ORDER BY s.record DESC LIMIT 1`)

	qStateMake = db.SQL("terms.stateMake", `
		INSERT INTO terms_clause_state (clause_id, record, document_id, sort, class, why, key, label, trail, text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (clause_id, record) DO NOTHING`)
	qStates = db.SQL("terms.states", `SELECT `+stateColumns+` FROM terms_clause_state s JOIN terms_record r ON r.document_id = s.document_id AND r.n = s.record
		WHERE s.clause_id = $1 ORDER BY s.record DESC LIMIT $2`)
	qStatesAt = db.SQL("terms.statesAt", `SELECT clause_id, key FROM terms_clause_state WHERE document_id = $1 AND record = $2`)
)

func scanState(scan scanner) (s State, err error) {
	var at int64
	var trail string
	err = scan(&s.Record, &at, &s.Sort, &s.Class, &s.Why, &s.Label, &trail, &s.Text)
	s.At, s.Trail = db.Time(at), lines(trail)
	return s, err
}

// known is a clause that has an address.
type known struct {
	id   ClauseID
	gone bool
}

// clausesBy reads a document's clauses by what they say.
func (r *Room) clausesBy(ctx context.Context, id DocumentID) (map[string]known, error) {
	out := map[string]known{}
	err := r.db.Rows(ctx, qClauses, func(scan func(...any) error) error {
		var k known
		var key string
		var gone int
		err := scan(&k.id, &key, &gone)
		k.gone = gone == 1
		if has, ok := out[key]; !ok || has.gone {
			out[key] = k
		}
		return err
	}, id)
	return out, err
}

func (r *Room) makeState(ctx context.Context, doc DocumentID, id ClauseID, s State, key string) error {
	_, err := r.db.Exec(ctx, qStateMake, id, s.Record, doc, s.Sort, s.Class, s.Why, key, s.Label, strings.Join(s.Trail, "\n"), s.Text)
	return err
}
