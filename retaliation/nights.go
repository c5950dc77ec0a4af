package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"guildhall/internal/safedb"
)

// night keeps what changed in the files since the night before, and of the first
// hall the files.
func (p *play) night() error {
	p.clocks()
	f, err := readFiles(p.ctx, p.s.dir, newFinder(p.names()))
	if err != nil {
		return err
	}
	n := night{At: p.s.clock().Sub(zero).Hours(), New: files{Times: f.Times}}
	now := make(map[string]record, len(f.Records))
	for _, r := range f.Records {
		k := r.text()
		if _, known := now[k]; !known && p.before != nil {
			if _, known = p.before[k]; !known {
				n.New.Records = append(n.New.Records, r)
			}
		}
		now[k] = r
	}
	n.Gone = gone(p.before, now)
	p.before = now
	p.Nights = append(p.Nights, n)
	if p.keeps == "" {
		return nil
	}
	return copyFiles(p.s.dir, filepath.Join(p.keeps, fmt.Sprintf("%02.0f", n.At/hoursOfDay)), "hall.db", "hall.db-wal", safedb.File)
}

// gone are the rows that were there the night before and are no more; what has only
// changed is among the new ones.
func gone(before, now map[string]record) (list []record) {
	there := map[string]bool{}
	for _, r := range now {
		there[r.key()] = true
	}
	for _, k := range slices.Sorted(maps.Keys(before)) {
		r := before[k]
		if _, same := now[k]; !same && !r.loose() && !there[r.key()] {
			list = append(list, r)
		}
	}
	return list
}

// names are what files could call people, masks and posts by now.
func (p *play) names() (all []string) {
	for _, who := range p.people {
		all = append(all, who.face, who.handle, who.slug())
		if who.desk.leaf != "" {
			all = append(all, who.desk.leaf)
		}
		for _, t := range who.desk.talks {
			all = append(all, t.id)
		}
		all = append(all, who.voters...)
		for _, v := range who.voices {
			all = append(all, v.ID)
		}
		all = append(all, who.sent...)
		for _, m := range who.chain {
			all = append(all, m.ID, m.Key)
		}
	}
	return all
}

// clocks notes which moment of this machine was which of the world, so that the
// times of files can be read.
func (p *play) clocks() {
	p.Clocks = append(p.Clocks, p.s.marks...)
	p.s.marks = p.s.marks[:0]
}

// copyTree copies a directory.
func copyTree(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}

// copyFiles copies those of some files that are there.
func copyFiles(from, to string, names ...string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(from, name))
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), b, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
