// Package bundle is what a closed consultation publishes: one file of JSON with
// its statements, everybody's answers without names, what they came to, and the
// proof that all of it stands in the hall's log. Whoever has the file can work the
// result out again, anywhere, without a network.
//
// It promises: the same bundle has the same hashes however it is spaced and
// indented; Check names the part that was changed; no file makes it panic or
// compute for long.
//
// It refuses to know faces: people are numbers, drawn by chance at closing.
package bundle
