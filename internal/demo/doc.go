// Package demo holds the story that fills the demonstration hall: its members,
// topics, articles and discussions, in English, Spanish and Arabic.
//
// It is data and a loader. It promises that everything in the Hall refers to
// something that is there (authors, topics, articles, quoted posts) and that
// times only go forward inside a discussion. It knows no database and no room;
// whoever opens the hall writes the story in through the rooms.
//
// Everybody in the story is invented, and so is the platform Gigharbour.
// Real companies appear only with dated, public facts.
//
// The files under story/ are plain text. A discussion is a TOML head between
// two lines "+++", then posts, each after a line such as
//
//	--- @quiet-heron +2h15m quote=3 recommend=7
//
// where the time counts from the post before; "held" at the end says that the
// post waits for a steward. A post that quotes may open with "> words" from the
// quoted post; they become Post.Quote. After the posts come optional parts "=== summary @steward +1d" and "=== lock @steward +2d". An
// article is a TOML head and Markdown. Texts may link to "article:slug" and
// "discussion:key", and a summary to "#12"; Link turns them into addresses.
package demo
