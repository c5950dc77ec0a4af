package forum

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"guildhall/internal/face"
	"guildhall/internal/markdown"
)

func bindable() []Post {
	posts := make([]Post, PageSize)
	for i := range posts {
		posts[i] = Post{
			ID: PostID(fmt.Sprint("post", i)), Discussion: "d", Seq: PageSize + 1 + i, Author: face.Face{ID: "ana"},
			At: time.Date(1969+i, 6, 26, 9, 0, 0, 1000, time.UTC), Revision: i, HTML: markdown.HTML(fmt.Sprint("<p>", i)),
			State: State(i % 5), Recommendations: 3 * i, Imported: i%2 == 0,
		}
		if i%3 == 0 {
			posts[i].EditedAt, posts[i].ReplyTo, posts[i].HTML = posts[i].At.Add(time.Hour), "post0", ""
		}
		if posts[i].State == Moved {
			posts[i].MovedTo, posts[i].Author.ID = "elsewhere", ""
		}
	}
	return posts
}

func TestUnbind(t *testing.T) {
	t.Parallel()
	posts := bindable()
	if got := unbind(pageID{"d", 2}, bind(posts)); !reflect.DeepEqual(got, posts) {
		t.Errorf("got %+v", got)
	}
}

// What is no bound page is none, and no more.
func FuzzUnbind(f *testing.F) {
	b := bind(bindable())
	f.Add(b)
	f.Add(b[:len(b)-1])
	f.Add(b[:40])
	f.Add(append([]byte{2}, b[1:]...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if posts := unbind(pageID{"d", 1}, b); posts != nil && len(posts) != PageSize {
			t.Errorf("%d posts", len(posts))
		}
	})
}
