// Package asset holds what browsers fetch once and keep: the style sheet, the
// scripts, the type and the icons.
//
// It promises that an address made by URL names exactly these bytes for ever
// (the hash is in the name, so a cache may keep it without asking), that the
// bytes are the same for everybody, and that serving them costs no compression:
// Brotli copies are made when the hall is built, gzip ones when it opens.
//
// It refuses to know who asks. Its handlers read no cookie and set none.
//
// The files are made by `make assets` into dist, which is not committed; a
// build without them compiles, and Built says so.
package asset
