// Package e2e tells stories about the whole hall: scripts in testdata/*.txtar
// that a non-programmer can read, each run in-process against the real program
// on a real SQLite and on a real PostgreSQL database, over HTTP, without a
// browser and without JavaScript.
//
// A form is found by the text of its button and its fields by their labels, as
// they stand on the rendered page; hidden fields are kept, and what is sent is
// what a browser with scripts off would send. So a story proves the page, the
// form, the rule and the SQL together.
//
// # Commands
//
// A value that begins with @ is read from that file of the story. A failing
// answer (status 400 and above) fails the story unless the command has a "!"
// before it; a status of 500 and above always does.
//
// People and browsers:
//
//	person NAME             joins in a new browser, through the form, as NAME;
//	                        $NAME_code and $NAME_recovery1… hold the codes
//	steward NAME            joins and takes the one-time steward link
//	browser NAME            opens another browser, signed in as nobody
//	as NAME                 goes on in the browser of that name; "nobody" is
//	                        always there
//	elsewhere ORIGIN        forms are sent by a page of that site; '' ends that
//	cookie NAME VALUE       puts a cookie into the browser
//	lang es                 what the browser asks for in Accept-Language
//
// Pages:
//
//	visit PATH              "here" reads the page again, "back" the one before
//	link TEXT [WITHIN]      follows the link with this text
//	fill LABEL VALUE [WITHIN]   types, chooses in a list, or picks an option
//	check LABEL, uncheck LABEL
//	attach LABEL FILE       chooses a file to upload
//	press TEXT [WITHIN]     presses the button and follows where it leads
//	twice TEXT [WITHIN]     presses it twice before the first answer is there
//	send METHOD PATH [FILE|TEXT [TYPE]]  sends what no form of ours sends; a
//	                        text holds = or begins with {
//	crawl                   follows every link of the page, and of theirs
//
// Looking:
//
//	see SELECTOR [TEXT]     an element matches and holds the text
//	says TEXT               the page's words hold the text
//	title TEXT              the page's title holds it
//	button TEXT [WITHIN], linked TEXT [WITHIN], field LABEL
//	value LABEL TEXT        what stands in the field
//	count SELECTOR N
//	code N                  status of the last answer
//	at PATH                 where the browser stands
//	header NAME TEXT        header of the last answer; "! header NAME" none
//	body TEXT               the bytes of the last answer
//	save FILE               keeps the bytes of the last answer
//	keep VAR SELECTOR [ATTRIBUTE]  keeps an element's text or attribute in $VAR
//	cut VAR REGEXP          keeps what the first group matches in the last answer's bytes
//	lynx PATH               reads the page in lynx; then: stdout REGEXP
//	atom PATH, jsonfeed PATH  reads a feed and checks it
//	fresh PATH              wants a tag that answers 304 while nothing changed
//
// The hall:
//
//	jobs                    does the tick and all due jobs, lets everybody read
//	                        the events
//	clock +31d              moves the clock
//	letterbox               opens a letterbox beside the hall, and the hall again
//	                        with it; jobs brings its letters when it is time
//	restart [LINE…]         closes the hall and opens it again on the same
//	                        data, with these lines of configuration added
//	move                    moves the hall to the other database engine, as an
//	                        operator would, and opens it there
//	rows TABLE N            counts rows
//	phrase                  makes what a browser's script makes of seven words:
//	                        $VAULT, $LOGIN and $VERIFIER
//	topic NAME              adds a topic
//	posts N                 writes N posts into the discussion that is shown,
//	                        one each hour, and moves the clock with them
//	picture FILE WxH        makes a JPEG with a camera's notes inside
//	bytes FILE N            writes N random bytes; cuts N off the end if negative
//	unzip FILE DIR          unpacks what was exported
//	guildhall ARGS…         runs the command line on the story's hall; of
//	                        "guildhall mask", each --home is a directory of the
//	                        story
//	company N               N more people join, as "guildhall mask" does
//	vouched                 everybody is vouched for, from branches of their own
//	judged SPACE CASE VERDICT WORDS  whoever was drawn for a case says so
//	take VAR REGEXP         keeps a part of what a command line said in $VAR
//	enrolled SPACE          the company takes the next step towards masks there
//	platform                makes a platform that signs its mails; $PLATFORM is the
//	                        line of configuration by which a hall knows it
//	letter FILE KIND [TO]   writes a mail of the platform: good, or altered,
//	                        forwarded, expired, unsigned
//	pushed NAME TEXT        the last message to the device whose address ends in NAME
//	                        says TEXT; its words are kept as NAME_token, NAME_notice; an address that
//	                        says "gone" has no device, one that says "away" no service
//	mailserver              opens a mail server; $MAILSERVER and $MAILFROM are the lines of
//	                        configuration by which a hall sends through it
//	mailed NAME TEXT        the last letter to the address that begins with NAME says
//	                        TEXT; its links are kept as NAME_prove, NAME_seen, NAME_stop
//	nameserver              opens a name server; $RESOLVER is the line of
//	                        configuration by which a hall asks it
//	record NAME TEXT        what it says of a name; '' for nothing
//	page ADDRESS FILE [TYPE]  what lies at an address of the web, where the hall fetches
//	                        terms; '' for nothing. Of a host of which no page is said,
//	                        the hall asks the world
//	forget                  what was answered so far does not count for anywhere
//	anywhere TEXT           greps all answers, the log, metrics, events, files
//	                        and the database
//
// A line that begins with [source] counts only in a program that was built with
// its source inside, [!source] only in one without.
//
// # Checked in every story, asked for or not
//
// Every page nests properly, has one h1, a language and a direction, labels on
// every field, names on buttons, alternatives for pictures, unique ids, targets
// for links into itself, no word that is a key of a text, nothing from
// elsewhere, and a strict policy; a sample of its links answers. Reading changes
// no row. Nothing is logged as an error. At the end of every story no address,
// user agent, referrer, code or cookie of anybody stands in the log, the
// metrics, the events, the database or the files.
package e2e
