// Package epoch is the calendar of passes and masks, as docs/PASSES.md fixes it:
// days, weeks, epochs of four weeks and ticks of an hour, all in UTC and all
// computed from the Unix seconds alone.
//
// It promises that every program which reads the same time finds the same day,
// week, epoch and tick, so that nobody can be put into an odd epoch and be told
// apart by it. It is pure: it reads no clock and keeps nothing.
//
// It refuses to know about leap seconds, time zones and the length of months.
package epoch
