// Package messagepage is the frame of messages: the list of conversations and one of them.
//
// It promises that the hall puts no message into a page: what stands in the frame is made
// by the browser, of what it keeps itself; that without scripts the page says plainly
// what messages need; and that every page says that nobody independent has audited the
// sealing yet, and what the hall still learns.
//
// It refuses to know what anybody writes, and with whom, but for the page that a profile
// leads to.
package messagepage
