// Package quota says "later, please" to whoever asks too often.
//
// It promises that what it counts lives in memory only and dies with the
// process: nothing is stored, nothing is logged, nothing is a metric. Network
// addresses are never kept, not even in memory: a counter is found by a keyed
// hash of the address, and the key is drawn anew by every process. Its size is
// bounded; when it is full, newcomers share one counter, so that a flood can
// neither fill the memory nor wash older counts away.
//
// Counts slide: a limit of 10 an hour is never exceeded by more than the
// rounding of two neighbouring windows, whatever the moment of asking.
//
// It refuses to know who asks: keys are opaque, and it never tells them back.
package quota
