package question_test

import (
	"testing"

	"guildhall/internal/face"
	"guildhall/internal/question"
)

// What a platform does to its questions, and nobody else.
func TestMay_platform(t *testing.T) {
	t.Parallel()
	acts := question.Actor{Face: "pia", For: "gigharbour", Mandate: "m1"}
	second := question.Actor{Face: "quin", For: "gigharbour", Mandate: "m2"}
	other := question.Actor{Face: "rex", For: "deskpool", Mandate: "m3"}
	herself := question.Actor{Face: "pia"}
	steward := question.Actor{Face: "dov", Steward: true}
	owed := question.Question{Platform: "gigharbour", Asker: face.Face{ID: "ana"}, Tally: question.Tally{Owes: question.ByPlatform, State: question.Open}}
	community, hushed := owed, owed
	community.Tally.Owes, hushed.Hushed = question.ByCommunity, true
	its := question.Entry{Kind: question.Answer, Mandate: "m1"}
	stewards := question.Entry{Kind: question.Answer}
	pause := question.Entry{Kind: question.Pause, Mandate: "m1"}
	gone := its
	gone.UndoneBy = 3
	for what, c := range map[string]struct {
		err error
		yes bool
	}{
		"a platform answers what it owes":                {question.MayRespond(acts, owed), true},
		"not what the community owes":                    {question.MayRespond(acts, community), false},
		"not what another platform owes":                 {question.MayRespond(other, owed), false},
		"not what is hidden":                             {question.MayRespond(acts, hushed), false},
		"nobody answers for it in her own name":          {question.MayRespond(herself, owed), false},
		"a reader does not":                              {question.MayRespond(question.Actor{}, owed), false},
		"it takes back its answer":                       {question.MayWithdraw(acts, owed, its), true},
		"not a steward's entry":                          {question.MayWithdraw(acts, owed, stewards), false},
		"nor a pause":                                    {question.MayWithdraw(acts, owed, pause), false},
		"nor what is taken back":                         {question.MayWithdraw(acts, owed, gone), false},
		"another platform takes back nothing":            {question.MayWithdraw(other, owed, its), false},
		"a second person agrees to a withdrawal":         {question.MaySecond(second, owed, question.Withdrawal{Mandate: "m1"}), true},
		"not who wanted it":                              {question.MaySecond(acts, owed, question.Withdrawal{Mandate: "m1"}), false},
		"nor somebody of another platform":               {question.MaySecond(other, owed, question.Withdrawal{Mandate: "m1"}), false},
		"a steward takes back an entry":                  {question.MayUndo(steward, stewards), true},
		"not what a platform says itself":                {question.MayUndo(steward, its), false},
		"a member takes back nothing":                    {question.MayUndo(herself, stewards), false},
		"a steward who acts for it takes back its words": {question.MayWithdraw(question.Actor{Face: "dov", Steward: true, For: "gigharbour", Mandate: "m4"}, owed, its), true},
	} {
		if (c.err == nil) != c.yes {
			t.Errorf("%s: %v", what, c.err)
		}
	}
}
