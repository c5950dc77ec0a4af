package wire_test

import (
	"strings"
	"testing"

	"guildhall/internal/mask/wire"
)

func TestAct_ofConsultations(t *testing.T) {
	t.Parallel()
	id, blinded := "AAAAAAAAAAAAAAAAAAAAAA", make([]byte, 384)
	for _, tt := range []struct {
		name string
		act  wire.Act
		good bool
	}{
		{"asks for a pass", wire.Act{Do: wire.Admit, About: "c1", Epoch: 3, Blinded: blinded}, true},
		{"for none", wire.Act{Do: wire.Admit, Epoch: 3, Blinded: blinded}, false},
		{"of a mask's size", wire.Act{Do: wire.Admit, About: "c1", Epoch: 3, Blinded: blinded[:256]}, false},
		{"for a name that is none", wire.Act{Do: wire.Admit, About: "C\x001", Epoch: 3, Blinded: blinded}, false},
		{"before time began", wire.Act{Do: wire.Admit, About: "c1", Epoch: -1, Blinded: blinded}, false},
		{"with a word", wire.Act{Do: wire.Admit, About: "c1", Epoch: 3, Blinded: blinded, Text: "me"}, false},
		{"answers", wire.Act{Do: wire.Opine, Count: 1, Answers: "+-0."}, true},
		{"asks what holds", wire.Act{Do: wire.Opine}, true},
		{"answers without a count", wire.Act{Do: wire.Opine, Answers: "+"}, false},
		{"counts nothing", wire.Act{Do: wire.Opine, Count: 1}, false},
		{"counts backwards", wire.Act{Do: wire.Opine, Count: -1, Answers: "+"}, false},
		{"counts too far", wire.Act{Do: wire.Opine, Count: wire.MaxCount + 1, Answers: "+"}, false},
		{"answers in words", wire.Act{Do: wire.Opine, Count: 1, Answers: "yes"}, false},
		{"answers too much", wire.Act{Do: wire.Opine, Count: 1, Answers: strings.Repeat("+", wire.MaxAnswers+1)}, false},
		{"answers beside a mask's post", wire.Act{Do: wire.Opine, Count: 1, Answers: "+", ID: id}, false},
		{"says", wire.Act{Do: wire.Say, ID: id, Text: "They pay late."}, true},
		{"says nothing", wire.Act{Do: wire.Say, ID: id}, false},
		{"says without an id", wire.Act{Do: wire.Say, Text: "They pay late."}, false},
		{"says at length", wire.Act{Do: wire.Say, ID: id, Text: strings.Repeat("x", wire.MaxReason+1)}, false},
	} {
		if err := tt.act.Check(); (err == nil) != tt.good {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}
