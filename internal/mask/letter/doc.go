// Package letter is the format of letters: visits that are sealed to a hall and go
// through somebody else's letterbox, and the answers that come back by the same way.
// docs/PASSES.md, "Letters", fixes it; docs/letters-vectors.json holds vectors.
//
//	Seal, Key.Open            a visit, closed on the device and opened at the hall
//	SealAnswer, OpenAnswer    what the hall would have answered, closed and opened
//	Join, Split               what a delivery carries: many of either, one after another
//
// It promises that whoever carries a letter learns its length, one of two, and
// nothing else: not the visit, not the answer, not whether two are of one sender. A
// letter that was changed on the way does not open.
//
// It refuses to know who carries letters, when, and what a visit does.
package letter
