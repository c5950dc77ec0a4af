// Package babble writes text that looks like people talking and means nothing,
// to fill a hall for measuring: words as frequent as Zipf's law has them, in
// sentences, paragraphs, quotes, lists and links.
//
// It promises: the same seed gives the same text on every machine and in every
// release of this major version; the vocabulary has at least 40,000 words and
// is the same for every seed; a Writer never waits and never fails.
package babble
