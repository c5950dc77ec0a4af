package forumpage

import (
	"net/url"
	"strconv"

	"guildhall/internal/face"
	"guildhall/internal/forum"
)

// ArticleHref is an article's address.
func ArticleHref(a forum.Article) string {
	return "/articles/" + string(a.ID) + "/" + url.PathEscape(a.Slug)
}

// DiscussionHref is the address of a page of a discussion.
func DiscussionHref(d forum.Discussion, page int) string {
	href := "/discussions/" + string(d.ID) + "/" + url.PathEscape(d.Slug)
	if page > 1 {
		href += "?page=" + strconv.Itoa(page)
	}
	return href
}

// Where posts and people are found.
const (
	postPath   = "/posts/"
	peoplePath = "/people/"
)

// PostHref is a post's lasting address, wherever it is moved.
func PostHref(id forum.PostID) string { return postPath + string(id) }

// Anchor is the id of a post's element on its page.
func Anchor(seq int) string { return "p" + strconv.Itoa(seq) }

// TopicHref is a topic's address.
func TopicHref(k forum.TopicKey) string { return "/topics/" + url.PathEscape(string(k)) }

// FaceHref is the address of an open profile; empty when there is none to see.
func FaceHref(f face.Face) string {
	if f.Kind != face.Open || f.Handle == "" {
		return ""
	}
	return peoplePath + url.PathEscape(f.Handle)
}

// BlobHref is the address of a stored picture; empty for none.
func BlobHref(name string) string {
	if name == "" {
		return ""
	}
	return "/blob/" + name
}
