// Package fault is the hall's one vocabulary of failure.
//
// It promises that what a person is shown and what the log is told never mix:
// a fault carries a Kind (which decides the HTTP status), a Key (the name of a
// sentence in package lang, with Args that are safe to show) and a private
// cause. Only the Key and the Args may reach a page; only Kind and operation
// names may reach a log at info level; neither may hold an address, a handle or
// text that a person wrote.
//
// It refuses to know about HTTP, languages and storage.
package fault
