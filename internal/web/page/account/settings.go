package accountpage

import "guildhall/internal/face"

// HubPage leads to everything of one's own.
type HubPage struct {
	RecoveryLeft int
	Device       string
}

// ProfilePage is the open profile as its owner changes it; lists are one text.
type ProfilePage struct {
	Name, Handle, Picture          string
	About, Skills, Languages, Zone string
	Links                          string
	As                             string // face that sent it, when signed out meanwhile
	Listed                         bool   // in the directory
	Saved                          bool
	Err                            error
}

// LookPage is how a member likes pages.
type LookPage struct {
	Lang, Zone, Theme string
	Saved             bool
	Err               error
}

// Device is a browser that is signed in.
type Device struct {
	ID, Label string
	Here      bool // it is this one
}

// Passkey is one of the member's.
type Passkey struct {
	ID, Label    string
	Synchronised bool // it may live in its maker's cloud
}

// KeysPage is how one proves to be the same person again, and where one is
// signed in.
type KeysPage struct {
	Device             string
	HasPhrase, HasCode bool
	HasRequest         bool // the key that signs requests for passes
	RecoveryLeft       int
	Fresh              bool // she has just shown a key, so she may add one
	Offered            bool // passkeys can be had on this hall's address
	Devices            []Device
	Passkeys           []Passkey
	Said               string // what has just happened
	Err                error
}

// said are the things that have just happened on the page of keys.
var said = map[string]string{
	"keys":           "account.keys.said.keys",
	"passkey":        "account.keys.said.passkey",
	"passkey-closed": "account.keys.said.passkey_closed",
}

func personHref(f face.Face) string { return "/people/" + f.Handle }

// ticked is the value of a box that is.
func ticked(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}
