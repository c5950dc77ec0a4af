package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"guildhall/internal/safedb"
)

// Databases are read below their tables too, as somebody would who has the disk:
// what lies in free pages, in the gaps of pages and in the log of writes, and in
// which order cells were laid down. Offsets as in https://www.sqlite.org/fileformat2.html.

const (
	leafTable, leafIndex   = 0x0d, 0x0a
	innerTable, innerIndex = 0x05, 0x02
	firstHead              = 100 // bytes before the head of page 1
)

// paper is the bytes of a database file.
type paper struct {
	b    []byte
	size int // of a page
}

func newPaper(b []byte) (p paper, ok bool) {
	if len(b) < firstHead || !bytes.HasPrefix(b, []byte("SQLite format 3\x00")) {
		return p, false
	}
	size := int(binary.BigEndian.Uint16(b[16:]))
	if size == 1 {
		size = 1 << 16
	}
	return paper{b, size}, size >= 512
}

func (p paper) pages() int { return len(p.b) / p.size }

// page gives page n, counted from 1, and where its head is.
func (p paper) page(n int) (b []byte, head int) {
	if n < 1 || n > p.pages() {
		return nil, 0
	}
	if n == 1 {
		head = firstHead
	}
	return p.b[(n-1)*p.size : n*p.size], head
}

// free gives the pages that nothing is in.
func (p paper) free() map[int]bool {
	all := map[int]bool{}
	for trunk := int(binary.BigEndian.Uint32(p.b[32:])); trunk > 0 && !all[trunk]; {
		b, _ := p.page(trunk)
		if b == nil {
			break
		}
		all[trunk] = true
		n := min(int(binary.BigEndian.Uint32(b[4:])), p.size/4-2)
		for i := range n {
			all[int(binary.BigEndian.Uint32(b[8+4*i:]))] = true
		}
		trunk = int(binary.BigEndian.Uint32(b))
	}
	return all
}

// slack gives what lies outside of rows: free pages, gaps, and freed blocks.
func (p paper) slack() (parts [][]byte) {
	free := p.free()
	for n := 1; n <= p.pages(); n++ {
		b, head := p.page(n)
		if free[n] {
			parts = append(parts, b)
			continue
		}
		cells, inner, ok := layout(b, head)
		if !ok {
			continue
		}
		from := head + 8 + inner + 2*cells
		if to := contentStart(b, head); from < to && to <= len(b) {
			parts = append(parts, b[from:to])
		}
		for at, hops := int(binary.BigEndian.Uint16(b[head+1:])), 0; at > 0 && at+4 <= len(b) && hops < p.size/4; hops++ {
			parts = append(parts, b[at:min(len(b), at+int(binary.BigEndian.Uint16(b[at+2:])))])
			at = int(binary.BigEndian.Uint16(b[at:]))
		}
	}
	return parts
}

// layout tells how many cells a page of a tree has; inner is the length that the
// head of an inner page has beyond that of a leaf.
func layout(b []byte, head int) (cells, inner int, ok bool) {
	switch b[head] {
	case innerTable, innerIndex:
		inner = 4
	case leafTable, leafIndex:
	default:
		return 0, 0, false
	}
	cells = int(binary.BigEndian.Uint16(b[head+3:]))
	return cells, inner, head+8+inner+2*cells <= len(b)
}

func contentStart(b []byte, head int) int {
	if at := int(binary.BigEndian.Uint16(b[head+5:])); at > 0 {
		return at
	}
	return 1 << 16
}

// cells gives the bytes of a tree's leaves as they were laid down: page by page, and
// within a page from its end, where the first cell goes.
func (p paper) cells(root int) (all [][]byte) {
	var leaves []int
	p.walk(root, 0, &leaves)
	slices.Sort(leaves)
	for _, n := range leaves {
		b, head := p.page(n)
		cells, _, _ := layout(b, head)
		var at []int
		for i := range cells {
			if o := int(binary.BigEndian.Uint16(b[head+8+2*i:])); o > 0 && o < len(b) {
				at = append(at, o)
			}
		}
		slices.Sort(at)
		end := len(b)
		for _, o := range slices.Backward(at) {
			all = append(all, b[o:end])
			end = o
		}
	}
	return all
}

// walk finds the leaves of a tree.
func (p paper) walk(n, depth int, leaves *[]int) {
	b, head := p.page(n)
	if b == nil || depth > 20 {
		return
	}
	cells, inner, ok := layout(b, head)
	if !ok {
		return
	}
	if inner == 0 {
		*leaves = append(*leaves, n)
		return
	}
	for i := range cells {
		if o := int(binary.BigEndian.Uint16(b[head+12+2*i:])); o+4 <= len(b) {
			p.walk(int(binary.BigEndian.Uint32(b[o:])), depth+1, leaves)
		}
	}
	p.walk(int(binary.BigEndian.Uint32(b[head+8:])), depth+1, leaves)
}

// finder finds known names in bytes, as text and as the bytes that text stands for.
type finder struct {
	names map[[4]byte][]alias
	maybe [1 << 13]uint64 // by a hash of the first four bytes
}

type alias struct{ bytes, name string }

func newFinder(names []string) *finder {
	f := &finder{names: map[[4]byte][]alias{}}
	for _, n := range names {
		f.add(n, n)
		if raw, err := base64.RawURLEncoding.DecodeString(n); err == nil && len(raw) >= 16 {
			f.add(string(raw), n)
			f.add(base64.StdEncoding.EncodeToString(raw), n)
		}
	}
	return f
}

func (f *finder) add(b, name string) {
	if len(b) < minToken {
		return
	}
	k := [4]byte([]byte(b[:4]))
	f.names[k] = append(f.names[k], alias{b, name})
	h := hash4(k[:])
	f.maybe[h>>6] |= 1 << (h & 63)
}

func hash4(b []byte) uint32 { return binary.LittleEndian.Uint32(b) * 2654435761 >> 13 }

// hit is a name at a place.
type hit struct {
	at, end int
	name    string
}

func (f *finder) find(b []byte) (hits []hit) {
	for i := 0; i+minToken <= len(b); i++ {
		if h := hash4(b[i:]); f.maybe[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, a := range f.names[[4]byte(b[i:i+4])] {
			if len(b)-i >= len(a.bytes) && string(b[i:i+len(a.bytes)]) == a.bytes {
				hits = append(hits, hit{i, i + len(a.bytes), a.name})
			}
		}
	}
	return hits
}

// reach is how far from a name something may lie that belongs to it, in bytes.
const reach = 40

// scan reads bytes that are no rows: each name, with the nearest other name and the
// nearest moment before and after it.
func (f *finder) scan(where string, b []byte) (rs []record) {
	hits := f.find(b)
	for i, h := range hits {
		r := record{Where: where, Words: []string{h.name}}
		if i+1 < len(hits) && hits[i+1].at >= h.end && hits[i+1].at-h.end < reach/4 && hits[i+1].name != h.name {
			r.Words = append(r.Words, hits[i+1].name)
		}
		if n, ok := nearest(b[h.end:min(len(b), h.end+reach)], false); ok {
			r.Nums = append(r.Nums, number{"after", n})
		}
		if n, ok := nearest(b[max(0, h.at-reach):h.at], true); ok {
			r.Nums = append(r.Nums, number{"before", n})
		}
		rs = append(rs, r)
	}
	return rs
}

// nearest finds the moment nearest to one end of b: eight bytes of microseconds, six
// of milliseconds, or digits.
func nearest(b []byte, last bool) (n int64, ok bool) {
	for i := range b {
		if last {
			i = len(b) - 1 - i
		}
		if n, ok := momentIn(b[i:]); ok {
			return n, true
		}
	}
	return 0, false
}

func momentIn(b []byte) (int64, bool) {
	var try []int64
	if len(b) >= 8 {
		try = append(try, int64(binary.BigEndian.Uint64(b)))
		try = append(try, int64(binary.BigEndian.Uint64(b)>>16))
	}
	digits := 0
	for digits < len(b) && b[digits] >= '0' && b[digits] <= '9' {
		digits++
	}
	if digits >= 10 && digits < 19 {
		n, _ := strconv.ParseInt(string(b[:digits]), 10, 64)
		try = append(try, n)
	}
	for _, n := range try {
		if t, ok := moment(n); ok && t.to-t.from < 0.001 {
			return n, true
		}
	}
	return 0, false
}

// databases are the files that are read below their tables.
var databases = []string{"hall.db", safedb.File, leakFile}

// leakFile is where a planted leak lies.
const leakFile = "leak.db"

// readSlack reads what lies outside of the rows of all files.
func (f *files) readSlack(dir string, names *finder) error {
	for _, name := range databases {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			if os.IsNotExist(err) {
				continue
			}
			return err
		}
		if p, ok := newPaper(b); ok {
			for _, part := range p.slack() {
				f.Records = append(f.Records, names.scan("slack "+name, part)...)
			}
		}
		for _, suffix := range []string{"-wal", "-journal", "-reserve", "-shm"} {
			if b, err := os.ReadFile(filepath.Join(dir, name+suffix)); err == nil {
				f.Records = append(f.Records, names.scan("bytes "+name+suffix, b)...)
			}
		}
	}
	return nil
}

// readCells reads in which order the rows of each table and index were laid down.
func (f *files) readCells(ctx context.Context, dir string, names *finder) error {
	for _, name := range databases {
		path := filepath.Join(dir, name)
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		p, ok := newPaper(b)
		if !ok {
			continue
		}
		roots, err := readRoots(ctx, path)
		if err != nil {
			return err
		}
		for _, root := range roots {
			for _, cell := range p.cells(root.page) {
				if hits := names.find(cell); len(hits) > 0 {
					f.Records = append(f.Records, record{Where: "cells " + root.name, Words: []string{hits[0].name}})
				}
			}
		}
	}
	return nil
}
