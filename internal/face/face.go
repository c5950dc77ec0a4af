package face

import "guildhall/internal/markdown"

// ID names a face. It is public.
type ID string

// Kind says what sort of face it is. The texts stand in the database.
type Kind string

// The kinds.
const (
	Open     Kind = "open"     // the profile of a member
	Former   Kind = "former"   // her account is gone; no name, no handle, no picture
	Imported Kind = "imported" // the author of texts that were moved in; nobody's account
)

// Face is what everybody may see beside a text.
type Face struct {
	ID      ID
	Handle  string // part of an address, "quiet-heron"; empty unless Open
	Name    string // as shown, "Quiet Heron"; empty when Former
	Kind    Kind
	Picture string // name of a stored image; empty when there is none
	Since   int    // year of joining; 0 when Imported
}

// Profile is what a person says of herself, all of it optional.
type Profile struct {
	Face      Face
	About     string        // Markdown as written
	AboutHTML markdown.HTML // rendered when written
	Skills    []string
	Languages []string // BCP 47 tags, "en", "es-MX"
	Zone      string   // IANA name of the time zone, "Africa/Cairo"
	Links     []string // http and https addresses
	Listed    bool     // she wishes to be found in the directory
}

// The limits of a profile.
const (
	MaxAbout     = 4 << 10 // bytes of Markdown
	MaxSkills    = 20
	MaxSkill     = 40 // characters
	MaxLanguages = 10
	MaxLinks     = 8
	MaxLink      = 300 // bytes
	MaxName      = 80  // characters of an imported author's name
)
