package search

import (
	"context"
	"encoding/json"

	"guildhall/internal/db"
)

// Lists travel as one JSON text: a statement for many rows is what makes
// indexing quick, most of all over a network.
var (
	qState    = db.SQL("search.state", `SELECT version, docs, removed FROM search_state WHERE one = 1`)
	qLock     = db.SQL("search.lock", `UPDATE search_state SET docs = docs WHERE one = 1`)
	qCounted  = db.SQL("search.counted", `UPDATE search_state SET docs = docs + $1, removed = removed + $2 WHERE one = 1`)
	qVersion  = db.SQL("search.version", `UPDATE search_state SET version = $1, docs = $2, removed = 0 WHERE one = 1`)
	qFirst    = db.SQL("search.first", `UPDATE search_state SET version = $1 WHERE one = 1 AND version = 0 AND docs = 0`)
	qSwept    = db.SQL("search.swept", `UPDATE search_state SET removed = 0 WHERE one = 1`)
	qDocsOut  = db.SQL("search.docsOut", `DELETE FROM search_doc`)
	qTermsOut = db.SQL("search.termsOut", `DELETE FROM search_term`)
	qPrefix   = db.SQL("search.prefix", `SELECT term FROM search_term WHERE term >= $1 AND term < $2 ORDER BY n DESC, term LIMIT $3`)
	qCommon   = db.SQL("search.common", `SELECT term, shape, n FROM search_term WHERE n >= $1 AND term < $2 ORDER BY n DESC, term LIMIT $3`)
	qAfter    = db.SQL("search.after", `SELECT term FROM search_term WHERE term > $1 ORDER BY term LIMIT $2`)

	qWordsOut = db.SQLFor("search.wordsOut",
		`INSERT INTO search_word (search_word) VALUES ('delete-all')`,
		`TRUNCATE search_word`)
	// Sorting all words in at the end is ten times as quick as one text at a time.
	qUnsorted = db.SQLFor("search.unsorted", `SELECT 0`, `DROP INDEX IF EXISTS search_word_by_words`)
	qSorted   = db.SQLFor("search.sorted", `SELECT 0`,
		`CREATE INDEX IF NOT EXISTS search_word_by_words ON search_word USING gin (words) WITH (gin_pending_list_limit = 512)`)
	qNums = db.SQLFor("search.nums",
		`SELECT d.kind, d.id, d.num FROM json_each($1) j
			JOIN search_doc d ON d.kind = json_extract(j.value, '$[0]') AND d.id = json_extract(j.value, '$[1]')`,
		`SELECT d.kind, d.id, d.num FROM json_array_elements($1::json) j
			JOIN search_doc d ON d.kind = (j ->> 0)::bigint AND d.id = j ->> 1`)
	qRefs = db.SQLFor("search.refs",
		`SELECT kind, id, num FROM search_doc WHERE num IN (SELECT value FROM json_each($1))`,
		`SELECT kind, id, num FROM search_doc WHERE num IN (SELECT j::bigint FROM json_array_elements_text($1::json) j)`)
	qDocMake = db.SQLFor("search.docMake",
		`INSERT INTO search_doc (num, kind, id) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each($1)`,
		`INSERT INTO search_doc (num, kind, id) SELECT (j ->> 0)::bigint, (j ->> 1)::bigint, j ->> 2 FROM json_array_elements($1::json) j`)
	qDocDrop = db.SQLFor("search.docDrop",
		`DELETE FROM search_doc WHERE num IN (SELECT value FROM json_each($1))`,
		`DELETE FROM search_doc WHERE num IN (SELECT j::bigint FROM json_array_elements_text($1::json) j)`)
	qWordMake = db.SQLFor("search.wordMake",
		`INSERT INTO search_word (rowid, words) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($1)`,
		`INSERT INTO search_word (num, words) SELECT (j ->> 0)::bigint, (j ->> 1)::tsvector FROM json_array_elements($1::json) j`)
	qWordDrop = db.SQLFor("search.wordDrop",
		`DELETE FROM search_word WHERE rowid IN (SELECT value FROM json_each($1))`,
		`DELETE FROM search_word WHERE num IN (SELECT j::bigint FROM json_array_elements_text($1::json) j)`)
	qTermAdd = db.SQLFor("search.termAdd",
		`INSERT INTO search_term (term, shape, n) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each($1)
			WHERE true ON CONFLICT (term) DO UPDATE SET n = n + excluded.n`,
		`INSERT INTO search_term (term, shape, n) SELECT j ->> 0, j ->> 1, (j ->> 2)::bigint FROM json_array_elements($1::json) j
			ON CONFLICT (term) DO UPDATE SET n = search_term.n + excluded.n`)
	qTerms = db.SQLFor("search.terms",
		`SELECT term, n FROM search_term WHERE term IN (SELECT value FROM json_each($1))`,
		`SELECT term, n FROM search_term WHERE term IN (SELECT j COLLATE "C" FROM json_array_elements_text($1::json) j)`)
	qTermDrop = db.SQLFor("search.termDrop",
		`DELETE FROM search_term WHERE term IN (SELECT value FROM json_each($1))`,
		`DELETE FROM search_term WHERE term IN (SELECT j COLLATE "C" FROM json_array_elements_text($1::json) j)`)
	qMatch = db.SQLFor("search.match",
		`SELECT rowid FROM search_word WHERE search_word MATCH $1 AND rowid >= $2 AND rowid < $3 ORDER BY rowid DESC LIMIT $4`,
		`SELECT num FROM search_word WHERE words @@ $1::text::tsquery AND num >= $2 AND num < $3 ORDER BY num DESC LIMIT $4`).Slow()
	qMerge = db.SQLFor("search.merge",
		`INSERT INTO search_word (search_word, rank) VALUES ('merge', $1)`,
		`SELECT $1::bigint`)
	qChanges = db.SQLFor("search.changes",
		`SELECT total_changes()`,
		`SELECT 0`)
	// How common words are decides which way PostgreSQL goes.
	qAnalyze = db.SQLFor("search.analyze", `SELECT 0`, `ANALYZE search_word`)
	// A plan made without knowing the words takes the wrong index.
	qPlan = db.SQLFor("search.plan",
		`SELECT ''`,
		`SELECT set_config('plan_cache_mode', 'force_custom_plan', true)`)
)

// list is the JSON of a list; marshalling these cannot fail.
func list(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// indexed is a thing's number in the index.
type indexed struct {
	Ref
	num int64
}

func (r *Room) refs(ctx context.Context, q *db.Query, arg any) (found []indexed, err error) {
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		var d indexed
		err := scan(&d.Kind, &d.ID, &d.num)
		found = append(found, d)
		return err
	}, list(arg))
	return found, err
}

// match gives numbers of texts, the highest first.
func (r *Room) match(ctx context.Context, e expression, from, to int64, limit int) (nums []int64, err error) {
	text := e.tsquery()
	if r.db.Engine() == db.SQLite {
		text = e.fts5()
	}
	err = r.db.Rows(ctx, qMatch, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		nums = append(nums, n)
		return err
	}, text, from, to, limit)
	return nums, err
}

func (r *Room) strings(ctx context.Context, q *db.Query, args ...any) (out []string, err error) {
	err = r.db.Rows(ctx, q, func(scan func(...any) error) error {
		var s string
		err := scan(&s)
		out = append(out, s)
		return err
	}, args...)
	return out, err
}

// counts tells in about how many texts each word stands.
func (r *Room) counts(ctx context.Context, words []string) (n map[string]int64, err error) {
	n = map[string]int64{}
	err = r.db.Rows(ctx, qTerms, func(scan func(...any) error) error {
		var w string
		var c int64
		err := scan(&w, &c)
		n[w] = c
		return err
	}, list(words))
	return n, err
}

// state is what the room knows of its index as a whole.
type state struct{ version, docs, removed int64 }

func (r *Room) state(ctx context.Context) (s state, err error) {
	_, err = r.db.Row(ctx, qState, nil, &s.version, &s.docs, &s.removed)
	return s, err
}

// forEach calls f for portions of list.
func forEach[T any](list []T, portion int, f func([]T) error) error {
	for len(list) > 0 {
		n := min(portion, len(list))
		if err := f(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}
