// Package web is the door of the open hall: its pages and feeds, for readers and
// members alike.
//
// It promises that everything can be read without an account and without
// scripts, that every address is lasting, and that a handler only parses, asks
// a room and shows. Where a deed touches two rooms, the handler does both in
// one transaction.
//
// It refuses to know accounts: whoever reads is a viewer with, at most, the face
// everybody sees. Rules live in the rooms; looks live in page.
package web
