// Package answer is the one place where the hall answers a browser.
//
// A page is a Handler: it parses, asks a room, and shows. Everything else
// happens here, once: who is reading (Request.Viewer), limits and clean text of
// what was sent (Request.Text), the browser's security headers, refusal of
// cross-origin writes, faults as pages with the right status and in the
// reader's language, panics, counts, compression, and the cache of pages for
// readers who are not signed in.
//
// It promises:
//   - no log line, metric or fault page carries an address, a user agent, a
//     handle, or anything a person typed; panics are logged by their place;
//   - a cached page is never older than the last Touch of what it shows, even
//     when the page was being made while the write was committed;
//   - unknown query parameters, cookies and header values make no cache entry,
//     and the cache's size in bytes is bounded;
//   - a form sent twice (Writer.Once) does its deed once.
//
// It refuses to know rooms, members and sessions: who reads is found by the
// Identify function that package app fills in.
package answer
