// Package movein moves a blog into the hall.
//
// It reads what another program wrote (a WordPress export, or a directory of
// Markdown) and turns it into a Blog: articles, topics, pictures and comments
// with their thread and their dates, in the hall's own Markdown.
//
// It promises that nothing disappears in silence: each thing of the source is
// either in Blog.Items or named, with its reason, in Blog.Skipped, and whatever
// of a text could not be carried over is a line in Blog.Notes. It promises that
// a broken source costs only its broken part: what is whole is read, and the
// Blog says where reading ended. It promises bounds: bytes, items, comments and
// the growth of anything compressed are limited by Limits.
//
// It refuses to know more of people than the name they signed with: e-mail and
// network addresses, programs and home pages of commenters are dropped by the
// parser and exist nowhere in a Blog.
package movein
