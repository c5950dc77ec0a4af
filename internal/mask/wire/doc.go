// Package wire is what travels between a mask and the hall, as docs/PASSES.md
// fixes it: the frame of a visit, signed and padded, the acts in it, the answer
// with its results and the bundle, and the names of masks.
//
// It promises that a visit is opened only when the key in it signed it, byte for
// byte; that bodies and answers have lengths in steps of 4,096, whatever they
// hold; that every field has a limit which is looked at before anything is done;
// and that whatever a stranger sends is refused with a fault and never with a
// panic.
//
// It refuses to know who a mask is, which passes are good and what the acts do.
package wire
