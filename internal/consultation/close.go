package consultation

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"guildhall/internal/consultation/bundle"
	"guildhall/internal/db"
	"guildhall/internal/epoch"
	"guildhall/internal/fault"
)

// openProfiles is who is asked, as what is published says it, if not masks.
const openProfiles = "open profiles of this hall"

// Close works out what a consultation came to, once its hour has come, and destroys
// what led from answers to faces. passes is how many were given to masks; of open
// profiles it means nothing. It returns the hash for the log; done before, it
// returns the same. Faults: NotFound, Conflict before the hour.
func (r *Room) Close(ctx context.Context, id ID, passes int) (hash string, err error) {
	defer fault.Wrap(&err, "consultation.Close(%s)", id)
	var b bundle.Bundle
	err = r.DB.Tx(ctx, func(ctx context.Context) error {
		c, err := r.Consultation(ctx, id)
		if err != nil {
			return err
		}
		if c.Done {
			hash, _, _, err = r.result(ctx, id)
			return err
		}
		if r.Now().Before(c.Closes) {
			return fault.New(fault.Conflict, "consultation.may.not_yet", c.Closes)
		}
		if b, err = r.gather(ctx, c, passes); err != nil {
			return err
		}
		b.Result = bundle.Work(b.Statements, b.People, b.Days)
		if hash, err = b.Sum(); err != nil {
			return err
		}
		return r.closeTx(ctx, id, b, hash)
	})
	return hash, err
}

// closeTx keeps the bundle and forgets the rest.
func (r *Room) closeTx(ctx context.Context, id ID, b bundle.Bundle, hash string) error {
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	if _, err := r.DB.Exec(ctx, qResultMake, string(id), hash, text); err != nil {
		return err
	}
	for _, q := range []*db.Query{qAnswersErase, qDayErase, qVoterErase} {
		if _, err := r.DB.Exec(ctx, q, string(id)); err != nil {
			return err
		}
	}
	if _, err = r.DB.Exec(ctx, qSecretErase, string(id), []byte{}); err != nil {
		return err
	}
	r.touched(ctx, id)
	return r.Events.Append(ctx, EventConcluded, string(id), struct{}{})
}

// gather puts together what will be published, people in an order drawn by chance.
func (r *Room) gather(ctx context.Context, c Consultation, passes int) (b bundle.Bundle, err error) {
	b.About = bundle.About{ID: string(c.ID), Title: c.Title, Text: c.About, Lang: c.Lang, Electorate: openProfiles,
		Opened: c.Opened.Format(time.DateOnly), Closed: c.Closes.Format(time.RFC3339)}
	if c.Origin.Kind != "" {
		b.About.Origin = c.Origin.Kind + "/" + c.Origin.ID
	}
	if c.Space == "" {
		b.About.Newcomers = newcomersRule
	} else {
		name, err := r.SpaceName(ctx, c.Space)
		if err != nil {
			return b, err
		}
		b.About.Electorate = fmt.Sprintf("masks of the safe space %s that were born in epoch %d", name, c.Epoch())
		b.About.Space, b.About.Epoch, b.About.Passes = c.Space, c.Epoch(), &passes
	}
	all, err := r.statements(ctx, c.ID)
	if err != nil {
		return b, err
	}
	b.Statements = []bundle.Statement{}
	for _, s := range all {
		w := bundle.Statement{N: s.N, Text: s.Text, Seed: s.Seed}
		if s.Removal != nil {
			w.Out = s.Removal.Reason
		}
		b.Statements = append(b.Statements, w)
	}
	if b.People, err = r.people(ctx, c.ID); err != nil {
		return b, err
	}
	if err := shuffle(b.People); err != nil {
		return b, err
	}
	b.Days, err = r.days(ctx, c)
	return b, err
}

// shuffle numbers people in an order that nobody can foresee.
func shuffle(people []bundle.Person) error {
	for i := len(people) - 1; i > 0; i-- {
		j, err := rand.Int(rand.Reader, big.NewInt(int64(i+1)))
		if err != nil {
			return err
		}
		people[i], people[j.Int64()] = people[j.Int64()], people[i]
	}
	for i := range people {
		people[i].N = i + 1
	}
	return nil
}

// days counts who came first on each day, also those on which nobody did.
func (r *Room) days(ctx context.Context, c Consultation) ([]int, error) {
	first := epoch.Day(c.Opened)
	days := make([]int, epoch.Day(c.Closes)-first)
	err := r.DB.Rows(ctx, qDays, func(scan func(...any) error) error {
		var day, people int
		if err := scan(&day, &people); err != nil {
			return err
		}
		if i := day - first; i >= 0 && i < len(days) {
			days[i] = people
		}
		return nil
	}, string(c.ID))
	return days, err
}

// Logged notes at which entry of the log the result stands.
func (r *Room) Logged(ctx context.Context, id ID, index uint64) (err error) {
	defer fault.Wrap(&err, "consultation.Logged(%s)", id)
	return r.DB.Tx(ctx, func(ctx context.Context) error {
		r.touched(ctx, id)
		_, err := r.DB.Exec(ctx, qLogged, string(id), int64(index))
		return err
	})
}

// Bundle is all that a closed consultation publishes, and its place in the log, -1
// while it is not there. Faults: NotFound; Forbidden while it is not closed.
func (r *Room) Bundle(ctx context.Context, id ID) (b bundle.Bundle, logged int64, err error) {
	defer fault.Wrap(&err, "consultation.Bundle(%s)", id)
	err = r.DB.View(ctx, func(ctx context.Context) error {
		c, err := r.Consultation(ctx, id)
		if err != nil {
			return err
		}
		if err := MaySeeResult(c); err != nil {
			return err
		}
		var text []byte
		if _, logged, text, err = r.result(ctx, id); err != nil {
			return err
		}
		if err := json.Unmarshal(text, &b); err != nil {
			return fmt.Errorf("a stored bundle: %w", err)
		}
		return nil
	})
	return b, logged, err
}
