// Package trusted is the one place where text goes into a page as it is.
//
// It promises that whatever it lets through was made by package markdown, which
// checks it twice, or is an address of this hall or a plain link to the web. It
// is small so that it can be reviewed in a minute; nobody else calls templ.Raw
// or makes a templ.SafeURL from a variable of people's making.
package trusted
