package main

import (
	"crypto"
	"crypto/ed25519"
	"fmt"
	"math/rand/v2"

	"guildhall/internal/mask/wire"
	"guildhall/internal/pass/token"
)

// controls are the leaks that can be planted, as the program's test build knows
// them.
func controls() []string {
	return []string{
		"exact_post_times", "session_rows", "ordered_ids", "undeleted_rows", "issuer_key_per_member",
		"vault_changes", "push_row", "address_in_log",
	}
}

// switchesOff says what each control takes away.
var switchesOff = map[string]string{
	"exact_post_times":      "a post keeps the microsecond at which it arrived, and devices hold nothing back",
	"session_rows":          "each visit leaves a row with its time, of the account and of the mask",
	"ordered_ids":           "seats and masks are numbered as they come, and a right is registered in the visit that fetched it",
	"undeleted_rows":        "what waited stays in the file with its moment when it has appeared, and devices hold nothing back",
	"issuer_key_per_member": "every member's rights are signed by a key of her own",
	"vault_changes":         "the vault is written, with the time, when its owner's mask speaks, and devices hold nothing back",
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
		return 0.05, w.members == 50 && w.separate
	case w.separate:
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
	if w.separate {
		s += " separate"
	}
	return s
}

// report prints a world's figures and tells whether its bounds hold. Of two halves
// of the halls, each is attacked with what was learnt from the other.
func report(w world, ds []docket, ts []truth) (ok bool) {
	r := rand.New(rand.NewPCG(uint64(len(ds)), 7))
	half := len(ds) / 2
	ok = true
	for _, level := range []string{"E1", "E2", "E2r", "E3"} {
		if w.control != "" && level != "E2r" {
			continue
		}
		schooled := [2]adversary{school(ds[:half], upTo(level), level != "E1"), school(ds[half:], upTo(level), level != "E1")}
		vs := make([]verdicts, len(ds))
		for i, d := range ds {
			vs[i] = schooled[1-side(i, half)].judge(d, r)
		}
		if w.control != "" {
			adv := advantage(vs)
			fmt.Printf("control %s advantage %.3f (%s)\n", w.control, adv, switchesOff[w.control])
			return adv >= 0.5
		}
		up := upper(vs, r)
		most, bounded := bound(w, level)
		fmt.Printf("retaliation %s %s advantage %.4f\n", w.label(), level, advantage(vs))
		fmt.Printf("retaliation %s %s advantage_upper %.4f%s\n", w.label(), level, up, verdict(up, most, bounded))
		fmt.Printf("retaliation %s %s effective_set %.1f\n", w.label(), level, effectiveSet(vs))
		ok = ok && (!bounded || up <= most)
		if level == "E2r" {
			unlucky(w, ds, ts, vs, r)
		}
	}
	if w.control == "" {
		masks := 0
		for _, d := range ds {
			masks += len(d.culprits)
		}
		fmt.Printf("retaliation %s masks %d halls %d\n", w.label(), masks, len(ds))
	}
	return ok
}

func side(i, half int) int {
	if i < half {
		return 0
	}
	return 1
}

func verdict(up, most float64, bounded bool) string {
	switch {
	case !bounded:
		return ""
	case up <= most:
		return fmt.Sprintf(" (at most %.2f: holds)", most)
	}
	return fmt.Sprintf(" (at most %.2f: DOES NOT HOLD)", most)
}

// unlucky prints the worst member, and newcomers apart.
func unlucky(w world, ds []docket, ts []truth, vs []verdicts, r *rand.Rand) {
	tries := make([][]bool, w.members)
	var late []verdicts
	for i, d := range ds {
		l := verdicts{candidates: vs[i].candidates}
		for j, c := range d.culprits {
			tries[c.truth] = append(tries[c.truth], vs[i].hits[j])
			if ts[i].Suspects[c.truth].Late {
				l.hits = append(l.hits, vs[i].hits[j])
			}
		}
		late = append(late, l)
	}
	kept := tries[:0]
	for _, t := range tries {
		if len(t) > 0 {
			kept = append(kept, t)
		}
	}
	found, guessed := worst(kept, w.members, r)
	fmt.Printf("retaliation %s worst_member %.3f guessing_99 %.3f\n", w.label(), found, guessed)
	fmt.Printf("retaliation %s newcomers E2r advantage %.4f\n", w.label(), advantage(late))
}

// nameOf is how files may call a mask.
func nameOf(pub crypto.PublicKey, owner int) maskName {
	key := pub.(ed25519.PublicKey)
	return maskName{ID: wire.MaskID(key), Key: token.Encode(key), Owner: owner}
}
