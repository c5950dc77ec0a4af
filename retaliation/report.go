package main

import (
	"crypto"
	"crypto/ed25519"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"

	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// controls are the leaks that can be planted, as the program's test build knows
// them.
func controls() []string {
	return []string{
		"exact_post_times", "session_rows", "ordered_ids", "rowid_order", "undeleted_rows", "issuer_key_per_member",
		"vault_changes", "push_row", "address_in_log",
	}
}

// switchesOff says what each control takes away.
var switchesOff = map[string]string{
	"exact_post_times":      "a post keeps the microsecond at which it arrived, and devices hold nothing back",
	"session_rows":          "each visit leaves a row with its time, of the account and of the mask",
	"ordered_ids":           "seats and masks have numbers in the order of their arrival, and a right is registered in the visit that fetched it",
	"rowid_order":           "rows of seats and masks lie in the order of their arrival without any number, and a right is registered in the visit that fetched it",
	"undeleted_rows":        "what waited is deleted each night but not overwritten, with its moment, and devices hold nothing back",
	"issuer_key_per_member": "every member's rights are signed by a key of her own",
	"vault_changes":         "the vault is written anew and grows, without any time, when its owner's mask speaks, devices hold nothing back, and the pace is hourly",
	"push_row":              "a mask's notices go to its owner's device by a row that names both",
	"address_in_log":        "the log has the address of each request",
}

// bounds are what must hold; worlds that are not in it are only reported.
func bound(w world, level string) (most float64, bounded bool) {
	if w.pace != "careful" || w.control != "" {
		return 0, false
	}
	switch {
	case level == "E3":
		return 0.05, w.members == 50 && w.separate && w.letters
	case w.separate || w.letters:
		return 0, false
	case w.members == 50 && w.apart:
		return 0.02, true
	case w.members == 50:
		return 0.05, true
	case w.members == 200:
		return 0.02, true
	}
	return 0, false
}

// label names a world in a line.
func (w world) label() string {
	s := fmt.Sprintf("N=%d", w.members)
	if w.pace != "careful" {
		s += " " + w.pace
	}
	if w.apart {
		s += " apart"
	}
	if w.separate || w.letters {
		s += " " + w.kind()
	}
	return s
}

// folds is into how many parts the halls of a world are laid: each is attacked with
// what was learnt from the others.
const folds = 4

// report prints a world's figures and tells whether its bounds hold.
func report(w world, halls []hall, levels []string, pairs int, why io.Writer) (ok bool) {
	if w.control != "" {
		levels = []string{"E2r"}
	}
	v := newVocabulary(levels...)
	if pairs > 0 {
		v.narrow(halls, pairs)
	}
	sheets := v.readAll(halls)
	ok = true
	for _, level := range levels {
		r := rand.New(rand.NewPCG(uint64(len(halls)), 7))
		vs := attackAll(v, sheets, level, why)
		if w.control != "" {
			adv := advantage(vs)
			fmt.Printf("control %s advantage %.3f (%s)\n", w.control, adv, switchesOff[w.control])
			return adv >= 0.5
		}
		ok = figures(w, level, halls, vs, r) && ok
		ok = unlucky(w, level, halls, vs, r, why) && ok
	}
	if w.control == "" {
		masks, deeds := 0, map[string]int{}
		for _, h := range halls {
			masks += len(h.culprits)
			for what, n := range h.counts {
				if name, ok := strings.CutPrefix(what, openDeed); ok {
					deeds[name] += n
				}
			}
		}
		fmt.Printf("retaliation %s masks %d halls %d\n", w.label(), masks, len(halls))
		for _, what := range slices.Sorted(maps.Keys(deeds)) {
			fmt.Printf("retaliation %s open deeds: %s %d\n", w.label(), what, deeds[what])
		}
	}
	return ok
}

// figures prints the advantage over those who are no newcomers, which is bounded, then
// that over newcomers and over all, and tells whether the bound holds.
func figures(w world, level string, halls []hall, vs []verdicts, r *rand.Rand) (ok bool) {
	settled, newcomers := apartFrom(halls, vs)
	label, up := w.label()+" "+level, upper(settled, r)
	most, bounded := bound(w, level)
	fmt.Printf("retaliation %s advantage %.4f\n", label, advantage(settled))
	fmt.Printf("retaliation %s advantage_upper %.4f%s\n", label, up, remark(up, most, bounded))
	fmt.Printf("retaliation %s effective_set %.1f\n", label, effectiveSet(settled))
	if a := advantage(newcomers); !math.IsNaN(a) {
		fmt.Printf("retaliation %s newcomers advantage %.4f\n", label, a)
	}
	fmt.Printf("retaliation %s all advantage %.4f advantage_upper %.4f\n", label, advantage(vs), upper(vs, r))
	return !bounded || up <= most
}

// reportVoices prints how well answers to consultations of masks are told, which bounds
// nothing.
func reportVoices(w world, halls []hall, levels []string, why io.Writer) {
	accounts, masks := make([][]docket, 0, len(halls)), make([][]docket, 0, len(halls))
	for _, h := range halls {
		if len(h.voices.culprits) > 0 {
			accounts = append(accounts, []docket{h.voices})
		}
		if len(h.whose) > 0 {
			masks = append(masks, h.whose)
		}
	}
	reportAnswers(w.label()+" answers, whose account", accounts, levels, why)
	reportAnswers(w.label()+" answers, whose mask", masks, levels, why)
}

// reportAnswers prints how well answers are told, of the dockets of several halls.
func reportAnswers(label string, halls [][]docket, levels []string, why io.Writer) {
	if len(halls) < 2 {
		return
	}
	var list []hall
	answers := 0
	for _, ds := range halls {
		for _, d := range ds {
			list = append(list, hall{docket: d})
			answers += len(d.culprits)
		}
	}
	v := newVocabulary(levels...)
	sheets := v.readAll(list)
	for _, level := range levels {
		fmt.Fprintln(why, label)
		vs := attackAll(v, sheets, level, why)
		up := upper(vs, rand.New(rand.NewPCG(uint64(len(list)), 9)))
		fmt.Printf("retaliation %s %s advantage %.4f advantage_upper %.4f effective_set %.1f\n", label, level, advantage(vs), up, effectiveSet(vs))
	}
	fmt.Printf("retaliation %s: %d in %d halls\n", label, answers, len(halls))
}

// readAll reads halls, some at the same time.
func (v *vocabulary) readAll(halls []hall) []sheet {
	sheets := make([]sheet, len(halls))
	var all sync.WaitGroup
	for part := range folds {
		all.Go(func() {
			for i := part; i < len(halls); i += folds {
				sheets[i] = v.read(halls[i].docket)
			}
		})
	}
	all.Wait()
	return sheets
}

// attackAll attacks every hall by what was learnt from those of other folds. Into why
// goes on what the adversary relied.
func attackAll(v *vocabulary, halls []sheet, level string, why io.Writer) []verdicts {
	vs := make([]verdicts, len(halls))
	n := min(folds, len(halls))
	schooled := make([]adversary, n)
	var all sync.WaitGroup
	for fold := range n {
		var known []sheet
		for i, h := range halls {
			if i%n != fold {
				known = append(known, h)
			}
		}
		if len(known) == 0 {
			known = halls
		}
		all.Go(func() {
			schooled[fold] = school(v, known, level)
			draw := rand.New(rand.NewPCG(uint64(len(halls)), uint64(fold)))
			for i := fold; i < len(halls); i += n {
				vs[i] = schooled[fold].judge(halls[i], draw)
			}
		})
	}
	all.Wait()
	for _, a := range schooled {
		a.tell(level, why)
	}
	return vs
}

// tell says on what the adversary relies.
func (a adversary) tell(level string, to io.Writer) {
	fmt.Fprintf(to, "%s: %d features, each account once: %v\n", level, len(a.features), a.alone)
	for i, f := range a.features[:min(8, len(a.features))] {
		fmt.Fprintf(to, "  %5.1f %6.2f %s\n", f.z, a.trust[i], f.name)
	}
}

func remark(up, most float64, bounded bool) string {
	switch {
	case !bounded:
		return ""
	case up <= most:
		return fmt.Sprintf(" (at most %.2f: holds)", most)
	}
	return fmt.Sprintf(" (at most %.2f: DOES NOT HOLD)", most)
}

// nameOf is how files may call a mask.
func nameOf(pub crypto.PublicKey, owner int) maskName {
	key := pub.(ed25519.PublicKey)
	return maskName{ID: wire.MaskID(key), Key: token.Encode(key), Owner: owner}
}
