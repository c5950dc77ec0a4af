// Package browser drives the real program in real browsers, for the paths that
// scripts exist for: keys, drafts, pages kept for later, what the eye and the
// hand meet. Everything that works without scripts is told by the stories
// next door.
//
// The tests need Chromium and a built bin/guildhall, and run with the build tag
// "browser": make test-browser. Every visitor fails its test by itself when a
// page throws, complains in the console, breaks the content policy, or asks
// anybody but the hall for anything. Conditions are waited for by name; nothing
// sleeps.
//
// What this suite cannot reach: a screen reader's voice, a real phone's
// keyboard, a real authenticator, Safari on a real device (WebKitGTK stands in
// for it), and the install prompt of a browser with a window.
package browser
