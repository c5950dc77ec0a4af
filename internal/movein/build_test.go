package movein_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"guildhall/internal/movein"
)

// everything is all that a Blog holds, as one text to search.
func everything(t *testing.T, b *movein.Blog) string {
	t.Helper()
	out, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// export writes small WordPress exports, well-formed until told otherwise.
type export struct{ items []string }

const exportHead = `<?xml version="1.0" encoding="UTF-8"?>
<!-- generator="WordPress/6.4" -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Ana's blog</title>
<link>https://ana.example</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://ana.example</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>ana</wp:author_login><wp:author_email>ana@secret.example</wp:author_email><wp:author_display_name><![CDATA[Ana Ruiz]]></wp:author_display_name></wp:author>
`

// post adds one published post and returns its number.
func (e *export) post(title, content string, more ...string) *export {
	return e.item("post", "publish", title, content, more...)
}

func (e *export) item(kind, status, title, content string, more ...string) *export {
	n := len(e.items) + 1
	e.items = append(e.items, fmt.Sprintf(`<item>
<title>%s</title>
<link>https://ana.example/2019/03/p%d/</link>
<dc:creator><![CDATA[ana]]></dc:creator>
<guid isPermaLink="false">https://ana.example/?p=%d</guid>
<content:encoded><![CDATA[%s]]></content:encoded>
<excerpt:encoded><![CDATA[]]></excerpt:encoded>
<wp:post_id>%d</wp:post_id>
<wp:post_date>2019-03-01 11:00:00</wp:post_date>
<wp:post_date_gmt>2019-03-01 10:00:00</wp:post_date_gmt>
<wp:post_name>p%d</wp:post_name>
<wp:status>%s</wp:status>
<wp:post_parent>0</wp:post_parent>
<wp:post_type>%s</wp:post_type>
<wp:post_password></wp:post_password>
<wp:is_sticky>0</wp:is_sticky>
%s</item>
`, title, n, n, content, n, n, status, kind, strings.Join(more, "\n")))
	return e
}

// said is one comment of an item.
func said(id, parent, approved, kind, author, text string) string {
	return fmt.Sprintf(`<wp:comment><wp:comment_id>%s</wp:comment_id><wp:comment_author><![CDATA[%s]]></wp:comment_author>
<wp:comment_author_email>who@secret.example</wp:comment_author_email><wp:comment_author_url>https://secret.example</wp:comment_author_url>
<wp:comment_author_IP>203.0.113.77</wp:comment_author_IP><wp:comment_date>2019-03-02 09:00:00</wp:comment_date>
<wp:comment_date_gmt>2019-03-02 08:%02d:00</wp:comment_date_gmt><wp:comment_content><![CDATA[%s]]></wp:comment_content>
<wp:comment_approved>%s</wp:comment_approved><wp:comment_type>%s</wp:comment_type><wp:comment_parent>%s</wp:comment_parent>
<wp:comment_user_id>0</wp:comment_user_id><wp:commentmeta><wp:meta_key>agent</wp:meta_key><wp:meta_value>Secret/1.0</wp:meta_value></wp:commentmeta></wp:comment>`,
		id, author, len(id)*7%60, text, approved, kind, parent)
}

func (e *export) String() string {
	return exportHead + strings.Join(e.items, "") + "</channel>\n</rss>\n"
}

func read(t *testing.T, source string) *movein.Blog {
	t.Helper()
	b, err := movein.ReadWordPress(t.Context(), strings.NewReader(source), movein.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// text converts one content and gives its Markdown.
func text(t *testing.T, content string) string {
	t.Helper()
	b := read(t, new(export).post("T", content).String())
	if len(b.Items) != 1 {
		t.Fatalf("%d items of one: %+v", len(b.Items), b.Skipped)
	}
	return b.Items[0].Text
}
