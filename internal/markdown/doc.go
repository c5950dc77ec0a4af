// Package markdown turns what a person wrote into HTML that is safe to send to
// anybody. It is called once, when a text is written; pages only repeat its
// result.
//
// It promises:
//   - Text.HTML holds only the elements and attributes of one short list, checked
//     twice: by a writer that can produce nothing else, and by a sanitiser that
//     does not trust it. Sanitising the result again changes nothing.
//   - Raw HTML is shown as the text it is. No script, style, form, frame or
//     third-party image can be written, and no link other than http, https or
//     one that stays in this hall.
//   - The time is linear in the length of the source, whatever it holds: nesting,
//     marks in one paragraph and cells of a table are limited, and what goes
//     beyond a limit is shown as plain text.
//   - Text.Plain has no markup at all, for search, feeds and excerpts.
//
// It refuses to know who wrote the text and where it will stand.
//
// A quote with a link back is plain Markdown, a block quote whose first line is
// "[Name](/posts/ID):"; no syntax of our own exists.
package markdown
