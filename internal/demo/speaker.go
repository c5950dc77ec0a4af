package demo

// Who speaks for the story's platform, and what is said in its name.
const (
	SpeakerName   = "Harbour Desk"
	SpeakerHandle = "harbour-desk"
	SpeakerRole   = "Freelancer relations"
)

// Replied is what is replied to, by the slug of the article, and what is said.
var Replied = []struct {
	Article string
	Words   string // Markdown
}{
	{"two-weeks-with-the-built-in-calls", `The findings are right about the telephones: a call that came while the program was closed did not ring on an iPhone, and on many Android ones it rang late.

What has changed since: the Android program keeps its line open, and a missed call is now shown at once in the message room. What has not: nothing rings on a closed iPhone. We should have said so on the page that announces the calls, and it says so now.`},
	{"an-open-letter-to-gigharbour-about-clause-7-2", `We have read this letter and the answers under it, also those of the people who want the rule kept.

From 1 February a suspension names the sentence that broke the rule, and a client sees the rule before a job is posted; both are being built. Whether a page with contact details in a portfolio counts is being looked at, and the question about it will be answered by the day promised there. The rule itself stays for now. The next draft of clause 7 will be shown to this hall a month before it holds.`},
}

// Spoken is what is said to questions: an answer, or with Days the promise of one.
var Spoken = []struct {
	Question string // key of the discussion it was made of
	Words    string // Markdown
	Days     int
}{
	{"question-why-not-asked", "Because nobody thought of it in time, and that was wrong. The rule was written in two weeks, by people who had never found work through us. For the next change of clause 7 there will be a draft, a month to read it, and an answer to what is asked.", 0},
	{"question-take-over-a-screen", "We are asking the people who build the calls, and will say here whether it comes and when.", 16},
}
