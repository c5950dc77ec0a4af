// Package viewer says who reads a page: the language, clock and colours to show
// it in, and the face that would speak if something were written.
//
// It promises to be small and comparable in its parts, so that a page of an
// anonymous reader can be kept by (thing, version, language, theme). It refuses
// to know accounts: what it holds of a person is the face everybody may see.
package viewer
