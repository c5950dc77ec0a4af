// Package terms watches platforms' terms of service.
//
// It promises:
//   - Each distinct text is kept once, as it was found; records never change, and
//     the hash of each text is handed out (EventRecorded) so that the log keeps it.
//   - An alarm is raised once a substantive change has lasted (package watch says
//     when), and stands for ever: what is taken back soon after is marked so.
//   - A clause keeps its address through every wording. Flaps and blocked pages
//     leave no trace in its history.
//   - A visit to a platform asks its robots.txt first, says who comes, waits
//     between two pages of one host, and never happens inside a transaction.
//
// It refuses to know who reads, and to run scripts of other sites: a page that
// is empty without them cannot be watched, and neither can a PDF; the document
// says so.
package terms
