// Package demopage is the one page that only a demonstration hall has: its clock,
// with a button that lets a week pass. It refuses to know anything else.
package demopage
