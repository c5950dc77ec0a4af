package terms_test

import (
	"testing"
	"time"

	"guildhall/internal/terms"
)

func TestMay(t *testing.T) {
	t.Parallel()
	nobody, ana, dov := terms.Actor{}, terms.Actor{Face: "ana"}, terms.Actor{Face: "dov", Steward: true}
	watched, gone := terms.Document{}, terms.Document{LetGoAt: time.Unix(1, 0)}
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"a steward declares":               {terms.MayDeclare(dov), true},
		"a member does not":                {terms.MayDeclare(ana), false},
		"nobody does":                      {terms.MayDeclare(nobody), false},
		"a steward lets go":                {terms.MayLetGo(dov, watched), true},
		"not twice":                        {terms.MayLetGo(dov, gone), false},
		"a member lets nothing go":         {terms.MayLetGo(ana, watched), false},
		"a steward takes up":               {terms.MayTakeUp(dov, gone), true},
		"what is watched is not taken up":  {terms.MayTakeUp(dov, watched), false},
		"a member takes nothing up either": {terms.MayTakeUp(ana, gone), false},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
