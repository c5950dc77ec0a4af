package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// evidence is what an adversary has of one hall. It is kept beside the truth, so
// that another attack can be tried on it without playing.
type evidence struct {
	Seen    map[string]hours `json:"seen"`  // the tick before which a post appeared
	Gone    map[string]hours `json:"gone"`  // and before which its words went
	Last    files            `json:"last"`  // the files at the end
	Cells   []record         `json:"cells"` // in the order in which they were laid down
	Nights  []night          `json:"nights"`
	Account []request        `json:"account"`          // every request with a cookie
	Mask    []request        `json:"mask"`             // every request of a mask, its address hidden
	Looks   []request        `json:"looks,omitempty"`  // of who looked in by a read pass, whose key is of one day; with a letterbox
	Admits  []request        `json:"admits,omitempty"` // of those of masks: which asked for a pass to a consultation
	Voices  []request        `json:"voices,omitempty"` // with a pass to a consultation; by how files call whoever answers
	Opens   []request        `json:"opens,omitempty"`  // of those of accounts: which opened the page of a consultation of masks
	Clocks  []mark           `json:"clocks"`
	Counts  map[string]int   `json:"counts"` // how often each act was done, for those who judge the test
}

// night is what changed in the files from one night to the next.
type night struct {
	At   hours    `json:"at"`
	New  files    `json:"new"`            // records that were not there the night before
	Gone []record `json:"gone,omitempty"` // rows that were
}

// request is one request: of those with a cookie whose it is, of the others which
// key signed.
type request struct {
	Who string `json:"who"`
	At  hours  `json:"at"`
}

// mark says which moment of this machine, in µs, was which of the world.
type mark struct {
	Real int64 `json:"real"`
	At   hours `json:"at"`
}

// truth is what the adversary does not have: whose mask is whose. With it goes what
// names each of them in files.
type truth struct {
	Suspects []names    `json:"suspects"`
	Culprits []maskName `json:"culprits"`
	Voices   []voice    `json:"voices"`
}

type names struct {
	Face   string   `json:"face"`
	Handle string   `json:"handle"`
	Late   bool     `json:"late"`   // came when the first window had closed
	Open   []hours  `json:"open"`   // when she spoke openly; every reader sees it
	Told   []hours  `json:"told"`   // and when she asked, added her case or judged an answer
	Voters []string `json:"voters"` // how consultations call her, which files tell while they are open
}

type maskName struct {
	ID    string   `json:"id"`
	Key   string   `json:"key"`
	Posts []string `json:"posts"`
	Owner int      `json:"owner"`
	Asked int      `json:"-"` // of answers to a consultation of masks: the how many-th that is
	born  int      // the day; 0 until that is known
}

const (
	evidenceFile = "-evidence.json.gz"
	truthFile    = "-truth.json"
)

// keep writes the evidence of so many days, and the truth apart from it; letters says
// that masks wrote by letter.
func (e evidence) keep(dir string, t truth, days int, letters bool) error {
	if err := e.check(t, days, letters); err != nil {
		return err
	}
	b, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(dir+truthFile, b, 0o600); err != nil {
		return err
	}
	f, err := os.Create(dir + evidenceFile + ".part")
	if err != nil {
		return err
	}
	defer f.Close()
	z, _ := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err := json.NewEncoder(z).Encode(e); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), dir+evidenceFile) // there is all of it or nothing
}

// readEvidence reads what keep wrote; fs.ErrNotExist when there is none.
func readEvidence(dir string) (e evidence, t truth, err error) {
	f, err := os.Open(dir + evidenceFile)
	if err != nil {
		return e, t, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return e, t, err
	}
	if err := json.NewDecoder(z).Decode(&e); err != nil {
		return e, t, err
	}
	b, err := os.ReadFile(dir + truthFile)
	if err != nil {
		return e, t, err
	}
	return e, t, json.Unmarshal(b, &t)
}

// check refuses evidence in which a part is missing: an adversary who finds nothing
// in nothing proves nothing. days is how long the hall was lived in.
func (e evidence) check(t truth, days int, letters bool) error {
	found := map[string]int{
		"posts that were seen": len(e.Seen), "rows at the end": len(e.Last.Records), "cells": len(e.Cells), "nights": len(e.Nights) - days + 1,
		"requests of accounts": len(e.Account), "requests of masks": len(e.Mask), "clocks": len(e.Clocks), "masks that spoke": len(t.Culprits),
		"requests for passes": len(e.Admits), "requests with passes": len(e.Voices), "openings of a consultation's page": len(e.Opens),
	}
	b, voices := newBook(t), newBook(t.ofVoices())
	for _, r := range e.Last.Records {
		found["rows of "+r.Where]++
		if s, _ := b.who(r); s >= 0 && r.Where == "consultation_answers" {
			found["answers of somebody"]++
		}
		if _, c := voices.who(r); c >= 0 && r.Where == "consultation_answers" {
			found["answers of masks"]++
		}
	}
	for _, n := range e.Nights {
		for _, r := range n.New.Records {
			found["nightly "+r.Where]++
		}
	}
	wanted := []string{"posts that were seen", "rows at the end", "cells", "nights", "requests of accounts", "requests of masks", "clocks", "masks that spoke", "answers of somebody"}
	if e.Counts[askedMasks] > 0 && len(t.Suspects) > membersOfControls { // in smaller halls it may be that nobody answers
		if !letters { // where masks write by letter it may be as well
			wanted = append(wanted, "answers of masks")
		}
		wanted = append(wanted, "rows of admitted", "nightly admitted", "requests for passes", "requests with passes", "openings of a consultation's page")
	}
	for _, table := range []string{"face", "member_account", "pass_seat", "space_seat", "forum_post", "mask", "post",
		"question_variant", "question_judgement", "consultation_answers", "news", "news_follow", "representative_mandate", "reply_revision",
		"notice_device", "connection", "connection_ask", "message_leaf", "message_group", "message_member", "message_once"} {
		wanted = append(wanted, "rows of "+table)
	}
	for _, table := range []string{"forum_post", "mask", "post", "pass_seat", "question_variant", "consultation_answers", "news", "news_follow", "notice_device", "connection", "message_leaf"} {
		wanted = append(wanted, "nightly "+table)
	}
	for _, what := range wanted {
		if found[what] <= 0 {
			return fmt.Errorf("the evidence has no %s", what)
		}
	}
	return nil
}

func evidenceDir(base string, w world, seed int) string {
	return filepath.Join(base, fmt.Sprintf("n%d-%s-%s-%d", w.members, w.pace, w.kind(), seed))
}
