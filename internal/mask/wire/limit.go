package wire

// Limits, in bytes unless another unit is named.
const (
	Step       = 4_096    // bodies and the parts of answers are padded to multiples of it
	MaxBody    = 2 << 20  // a visit
	MaxAnswer  = 64 << 20 // an answer, and a bundle unpacked, for clients
	MaxActs    = 64       // acts in one visit
	MaxTitle   = 140      // characters
	MaxText    = 32 << 10 // a post's Markdown
	MaxReason  = 2_000    // characters of a report's, an appeal's or a verdict's text
	MaxAnswers = 500      // statements of a consultation
	MaxCount   = 1 << 20  // changes of one's mind
	IDSize     = 16       // an id that a client chooses: 22 characters of base64url
	DayLeeway  = 1        // days by which a visit's day may differ from the hall's
	// LetterLeeway is by how many days that of a visit that comes in a letter may be
	// earlier: three in the letterbox by lot, and one for a hall that was away or a
	// device whose clock is slow.
	LetterLeeway = 4
)
