// Package shell is the frame around every page and the parts that pages share.
//
// It promises valid HTML in the reader's language and direction, no inline
// script or style, no request to anywhere else, and that every part works with
// scripts off. What a part needs to know of the reader it takes from
// viewer.From(ctx). It refuses to know rooms: pages hand it plain words.
//
// A page is written like this:
//
//	templ Topics(p TopicsPage) {
//		@shell.Page(shell.Props{Title: …, Canonical: "/topics", Here: "topics"}) {
//			<h1>…</h1>
//			…
//		}
//	}
//
// Go parts (part.templ, form.templ, and by hand around.go, small.go): Page, Time, Date, Notice(tone),
// Empty(title), Portrait, LargePortrait, Badge(text, tone), Pager(page, pages,
// href), SpeakingAs, As, ErrorSummary(faults), Input, Area, Select, Radios, Check
// (all of a Field), Mark; Hand and Pen for what stands in every post; T and N for texts; FaultsOf(err).At(ctx, field).
//
// A template drops the space between a text or a component and the component on
// the next line: write { " " } where one is wanted. After a change of a template
// run `make generate`, so that everybody generates alike.
//
// Classes (the files of this directory; a subject adds its own css file beside
// its page, in @layer page through app.css):
//
//	main       children keep the measure of 66ch; .wide does not
//	.hall      (Props.Wide) text at the measure and, on a wide screen, <aside class="side"> beside it
//	.flow      children stand at a steady distance; headings and sections further apart
//	.lede      the opening sentence         .meta     small, muted: dates, counts
//	.byline    portrait, a.who, a.when, badges, in one line
//	.portrait  .large; .faces is a row of them
//	.shelf     ul/ol of things to open: li > h2/h3 > a, p, .byline, p.why
//	.brief     ul/ol of short links         .topics   row of topic links, # is added
//	.talk      ol of .post                  .post     article: .byline, .prose, .deeds; .gone when hidden
//	.deeds     quiet row of links and button.plain under a post
//	.prose     rendered Markdown            .summary  the living summary at a discussion's head; with .long,
//	           an id and <a class="more" href="#that-id"> a small screen shows its beginning
//	.since     floating way to what is new  [data-seam] line above the first new post
//	.notice    .good .bad                   .empty    nothing here yet
//	.badge     .new .good .bad              .card     a box, sparingly
//	.pager     pages                        .table    div around a table that may be wide; td.number
//	.timeline  ol: li > time, …             .diff     with ins and del
//	.words     ol of phrase words           .code     one code to copy; .codes ul of them
//	.facts     dl of label and value        .unseen   for screen readers only
//	.form      form; .field; .hint; .error; .pick (radio, checkbox with label); .short input
//	.acts      row of buttons: button, a.button; .quiet secondary, .grave cannot be undone, .plain like a link
//	.errors    error summary                .speaking who speaks (.masked is reserved for masks)
//	.seek      search box with its button   .kept     line under a textarea that says the draft is kept
//	.preview   rendered draft
//
// Parts that a script makes nicer (element.templ; without scripts they are their
// children): DraftKeeper(key) keeps what is typed on this device; Preview shows
// POST /preview's fragment under the box; a pen's SinceHere(id, last, href,
// inside) marks posts newer than the last visit, its QuoteInto(textarea id, inside)
// quotes selected words.
// Offline is the page at /offline. Every form is guarded against a second press,
// and <form data-forget> (signing out) empties what the device keeps.
//
// A module for one page only is a file NAME.entry.ts beside it; the page asks
// for it by Props.Scripts "NAME.js".
package shell
