package message

import (
	"context"

	"guildhall/internal/face"
)

// LeafID names a device that reads messages; GroupID a conversation; ItemID one thing
// that was sent. All are drawn by chance, the first two by browsers.
type (
	LeafID  string
	GroupID string
	ItemID  string
)

// Connected tells whether somebody may write to another, as far as she can see. It is
// asked inside the transaction.
type Connected func(ctx context.Context, a, b face.ID) (bool, error)

// Blocked tells whether somebody wants to hear nothing of another, who is not to notice.
// Between two it is whether she can be reached; among more, whether she has blocked her.
type Blocked func(ctx context.Context, by, whom face.ID) (bool, error)

// Kind says what was sent. The list is append-only.
type Kind string

// The kinds.
const (
	Change  Kind = "commit"  // who is in the conversation, or its keys
	Welcome Kind = "welcome" // how a new device comes in
	Text    Kind = "text"    // something was written
)

// Limits of what is kept.
const (
	MaxLeaves   = 10       // devices of one person
	MaxPackages = 50       // of a device at once
	MaxMembers  = 120      // devices in a conversation
	MaxPeople   = 50       // in a room
	MaxGroups   = 500      // conversations of a device
	MaxPackage  = 4 << 10  // bytes
	MaxText     = 48 << 10 // bytes, sealed
	MaxChange   = 80 << 10
	MaxWelcome  = 80 << 10
	Days        = 30  // for which what nobody fetches is kept
	AtOnce      = 100 // things in one answer of Box
)

// Leaf is a device.
type Leaf struct {
	ID       LeafID
	Face     face.ID
	Packages int // one-time packages left; told to its owner only

	Left  bool // its owner has left the conversation
	asked bool // its owner, who had left, was brought in again: given the changes only
	shut  bool // in a conversation, and given nothing of it
}

// Package lets a device be added to a conversation.
type Package struct {
	Leaf LeafID
	Body []byte
	Last bool // the last resort, which others were given too
}

// Enrolment is a device that begins.
type Enrolment struct {
	Leaf     LeafID
	Identity []byte // public key of its owner, the same on all her devices
	Last     []byte
	Packages [][]byte
}

// Sealed is what a device sends into a conversation. Of a text the last four are empty.
type Sealed struct {
	Group   GroupID
	Leaf    LeafID
	Epoch   int64  // under which it was sealed
	Once    string // the sender's own name for it, drawn by chance
	Body    []byte
	Welcome []byte
	Add     []LeafID
	Remove  []LeafID
	Room    bool // a conversation of more than two begins
	Quiet   bool // of a text: only pages that are open are told; it is not kept
}

// Item is one thing that waits for a device.
type Item struct {
	ID    ItemID
	Group GroupID
	N     int64
	Kind  Kind
	Epoch int64
	Body  []byte
}

// Group is how a conversation stands.
type Group struct {
	ID      GroupID
	Epoch   int64
	Room    bool    // of more than two
	Keeper  face.ID // who takes others out of a room; empty when she has left
	Asked   bool    // the asker had left and was brought in again: she hears nothing until Enter
	Leaves  []Leaf
	Lacking []Leaf // devices of its people that are not in yet, and that the asker may bring in
}

// Holdings is how much is kept of somebody.
type Holdings struct {
	Leaves        []LeafID
	Conversations int
	Packages      int
	Waiting       int // things that her devices have not fetched
	Files         int // files that they have not fetched
	Left          int // rooms that she has left and that others are in
}
