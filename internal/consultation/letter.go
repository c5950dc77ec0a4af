package consultation

import (
	"context"

	"guildhall/internal/fault"
)

// mostLetters is how many letters a result leads to, the first ones.
const mostLetters = 20

// Wrote notes that an article was written from the result of a consultation, so that the
// way leads there too; twice changes nothing. Faults: NotFound, Forbidden (see
// MaySeeResult).
func (r *Room) Wrote(ctx context.Context, id ID, article string) (err error) {
	defer fault.Wrap(&err, "consultation.Wrote(%s)", id)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := r.Consultation(ctx, id)
		if err == nil {
			err = MaySeeResult(c)
		}
		if err != nil {
			return err
		}
		r.touched(ctx, id)
		_, err = r.DB.Exec(ctx, qLetterMake, string(id), article)
		return err
	})
}

// Letters are the ids of articles that were written from a result, the first ones first.
// Faults: none but Unavailable.
func (r *Room) Letters(ctx context.Context, id ID) (list []string, err error) {
	defer fault.Wrap(&err, "consultation.Letters(%s)", id)
	err = r.DB.Rows(ctx, qLetters, func(scan func(...any) error) error {
		var article string
		err := scan(&article)
		list = append(list, article)
		return err
	}, string(id), mostLetters)
	return list, err
}
