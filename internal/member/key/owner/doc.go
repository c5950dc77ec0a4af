// Package owner is what a member's own device does with her keys, in Go, for
// programs that have no browser: it draws and reads a phrase, derives from it
// what signs in and what opens the vault, makes and opens a vault, and does the
// work that joining costs. docs/ACCOUNTS.md fixes every byte; the browser's
// side is internal/web/page/account.
//
// It promises that phrases and roots print as dots. It refuses to run in the
// hall: only clients import it, and none of its secrets is ever sent but login.
package owner
