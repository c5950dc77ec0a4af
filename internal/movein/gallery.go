package movein

import (
	"html"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// gallery lists the pictures of a [gallery]: those it names, else all that
// were uploaded to the article.
func (c *conversion) gallery(a map[string]string) string {
	var b strings.Builder
	for _, r := range c.chosen(a) {
		src := attachmentURL(r)
		if src == "" || !isPicture(src) {
			continue
		}
		b.WriteString(`<figure><img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(pictureAlt(r)) + `">`)
		if t := r.get("excerpt:encoded"); t != "" {
			b.WriteString("<figcaption>" + t + "</figcaption>")
		}
		b.WriteString("</figure>\n")
	}
	if b.Len() == 0 {
		c.note("a gallery whose pictures are not in the file")
	}
	return b.String()
}

// playlist links the recordings of a [playlist].
func (c *conversion) playlist(a map[string]string) string {
	var b strings.Builder
	for _, r := range c.chosen(a) {
		if src := attachmentURL(r); src != "" && !isPicture(src) {
			b.WriteString(`<li><a href="` + html.EscapeString(src) + `">` + html.EscapeString(first(plain(r.get("title")), path.Base(src))) + "</a></li>")
		}
	}
	if b.Len() == 0 {
		c.note("a playlist whose recordings are not in the file")
		return ""
	}
	return "<ul>" + b.String() + "</ul>"
}

var notDigits = regexp.MustCompile(`[^0-9]+`)

func (c *conversion) chosen(a map[string]string) []*raw {
	var out []*raw
	ids := first(a["ids"], a["include"])
	if ids != "" {
		for _, id := range notDigits.Split(ids, -1) {
			if r := c.wxr.byID[id]; r != nil {
				out = append(out, r)
			}
		}
		return out
	}
	of := first(a["id"], c.raw.get("wp:post_id"))
	left := "," + strings.Join(notDigits.Split(a["exclude"], -1), ",") + ","
	for _, r := range c.wxr.children[of] {
		if !strings.Contains(left, ","+r.get("wp:post_id")+",") {
			out = append(out, r)
		}
	}
	return out
}

func attachmentURL(r *raw) string {
	return strings.TrimSpace(first(r.get("wp:attachment_url"), r.get("guid")))
}

func pictureAlt(r *raw) string {
	return first(strings.TrimSpace(r.meta["_wp_attachment_image_alt"]), plain(r.get("title")))
}

func isPicture(link string) bool {
	if u, err := url.Parse(link); err == nil {
		link = u.Path
	}
	switch strings.ToLower(path.Ext(link)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif", ".heic", ".svg", ".jpe", ".jfif":
		return true
	}
	return false
}

var sized = regexp.MustCompile(`(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,})+(\.[A-Za-z0-9]+)$`)

var edited = regexp.MustCompile(`(?:-scaled|-rotated|-e\d{10,})+(\.[A-Za-z0-9]+)$`)

// attachment finds the uploaded file of which link is a copy, or nil.
func (w *wxr) attachment(link string) *raw {
	if r := w.byFile[bare(link)]; r != nil {
		return r
	}
	return w.byFile[original(link)]
}

// remember keeps an uploaded file for attachment: by its address, and by the
// one it had before WordPress made a lighter copy of it.
func (w *wxr) remember(r *raw) {
	at := bare(attachmentURL(r))
	w.byFile[at] = r
	if before := edited.ReplaceAllString(at, "$1"); w.byFile[before] == nil {
		w.byFile[before] = r
	}
}

// bare is an address without its query.
func bare(link string) string {
	if i := strings.IndexAny(link, "?#"); i >= 0 {
		link = link[:i]
	}
	return strings.Replace(link, "http://", "https://", 1)
}

// original is the address of the picture as uploaded: without the size that
// WordPress writes into the names of its smaller copies, and without a query.
func original(link string) string {
	return sized.ReplaceAllString(bare(link), "$1")
}
