// Package callpage shows a call: who it is with, how far it came, and what one may do. What
// is said and seen goes from browser to browser, sealed under a key that the hall never has:
// its caller makes it, and it travels in their sealed messages.
//
// In a group the key changes when somebody comes in or leaves, between the browsers alone
// (keys.ts); the page shows exactly those who are given it.
//
// It promises that the programs of calls are fetched only when a call begins, that nothing of a
// call is left in the browser but the line in the conversation which its owner may delete, and
// that a page without the key shows and plays nothing.
package callpage
