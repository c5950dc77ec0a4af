package moderation

import (
	"context"
	"time"

	"guildhall/internal/face"
)

// stewardOnly is the wave of a voice that counts among the stewards only.
const stewardOnly = -1

// waveOf numbers the span of WaveLength, from the hall's first post on, in which
// somebody first spoke. The founding wave is 0.
func waveOf(since, founded time.Time) int {
	return max(0, int(since.Sub(founded)/WaveLength))
}

// weight counts voices by wave so that no wave is more than a third of what is
// counted, rounded up: accounts that were made together need others beside
// them. Founders, up to Founders of them, are waves of their own.
func weight(waves map[int]int) int {
	alone := min(waves[0], Founders)
	total := 0
	for w, n := range waves {
		if w >= 0 {
			total += n
		}
	}
	for {
		most := (total + 2) / 3
		next := alone + min(waves[0]-alone, most)
		for w, n := range waves {
			if w > 0 {
				next += min(n, most)
			}
		}
		if next >= total {
			return total
		}
		total = next
	}
}

// needed tells how many voices carry a motion among so many electors.
func needed(electors int) int { return max(Voices, (electors+Share-1)/Share) }

func seasoning(at time.Time) Seasoning {
	return Seasoning{Posts: SeasonedPosts, At: at, First: at.Add(-SeasonedAfter), Last: at.Add(-ActiveWithin)}
}

// electorate tells when the hall was founded and how many voices a motion that
// is opened now needs.
func (r *Room) electorate(ctx context.Context, now time.Time) (founded time.Time, need int, err error) {
	if founded, err = r.Founded(ctx); err != nil {
		return founded, 0, err
	}
	all, err := r.Electors(ctx, seasoning(now), "")
	waves := map[int]int{}
	for _, e := range all {
		waves[waveOf(e.Since, founded)]++
	}
	return founded, needed(weight(waves)), err
}

// wave tells to which wave a voice in a motion belongs, and whether it counts
// among the members'.
func (r *Room) wave(ctx context.Context, by face.ID, at, founded time.Time) (wave int, elector bool, err error) {
	if by == "" {
		return stewardOnly, false, nil
	}
	es, err := r.Electors(ctx, seasoning(at), by)
	if err != nil || len(es) == 0 {
		return stewardOnly, false, err
	}
	return waveOf(es[0].Since, founded), true, nil
}
