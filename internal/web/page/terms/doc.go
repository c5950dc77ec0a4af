// Package termspage shows the watch over platforms' terms: documents, their
// timelines, two versions side by side, and clauses with their histories.
//
// It promises to say of every change why it has its class, and to keep what was
// only noise on the page, but quiet. It decides nothing.
package termspage
