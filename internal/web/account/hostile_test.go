package account_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"guildhall/internal/forum"
	"guildhall/internal/moderation"
)

// portrait gives the browser's member a picture, and tells its name.
func (b *browser) portrait(name string) string {
	b.h.t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		b.h.t.Fatal(err)
	}
	b.upload("/account/picture", "image", buf.Bytes()).want(200, "/account/profile")
	f, err := b.h.hall.Faces.Face(context.Background(), b.h.faceOf(name))
	if err != nil || f.Picture == "" {
		b.h.t.Fatalf("no picture: %v", err)
	}
	return f.Picture
}

// Somebody names another's portrait in a text of her own, and leaves with all
// her texts: the portrait is not hers to take along.
func TestErasure_sparesThePortraitsOfOthers(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		victim := h.browser()
		victim.join("Ana Ruiz")
		picture := victim.portrait("Ana Ruiz")
		mallory := h.browser()
		mallory.join("Mal Lory")
		a, _ := h.write(h.faceOf("Mal Lory"))
		who := forum.Actor{Face: h.faceOf("Mal Lory")}
		if _, err := h.hall.Forum.Reply(ctx, who, a.Discussion, forum.NewPost{Text: "See ![her](/blob/" + picture + ")"}); err != nil {
			t.Fatal(err)
		}
		mallory.post("/account/erasure", "texts", "erase", "name", "Mal Lory").want(200, "/account/erased")
		for did := true; did; {
			var err error
			if did, err = h.hall.Jobs.Step(ctx); err != nil {
				t.Fatal(err)
			}
		}
		victim.get("/blob/"+picture).want(200, "/blob/")
	})
}

// What one stranger's cookie says must not stand in the page kept for all.
func TestKeptPages_holdNobodysDraft(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		h.browser().join("Ana Ruiz")
		a, _ := h.write(h.faceOf("Ana Ruiz"))
		r, err := http.NewRequest("GET", h.web.URL+"/articles/"+string(a.ID)+"/"+a.Slug, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "sent", Value: "article"})
		res, err := http.DefaultClient.Do(r) // now the page is kept
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if b := h.browser().get(r.URL.Path).want(200, r.URL.Path); strings.Contains(b.doc, "draft-done") {
			t.Error("a reader is told to forget somebody else's draft")
		}
	})
}

// Rendering is dear: strangers cannot order it.
func TestPreview_isForMembers(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		b := h.browser().post("/articles", "title", "Mine", "text", "some **words**", "preview", "yes")
		if b.ok != 401 || strings.Contains(b.doc, "<strong>") || !strings.Contains(b.doc, "some **words**") {
			t.Errorf("%d: %s", b.ok, main(b.doc))
		}
	})
}

// A steward who undoes a split cannot have something else written down.
func TestUnmove_isWrittenDownAsWhatItWas(t *testing.T) {
	t.Parallel()
	each(t, func(h *house) {
		ctx := context.Background()
		b := h.browser()
		b.join("Ana Ruiz")
		ana := h.faceOf("Ana Ruiz")
		token, err := h.hall.Moderation.Invite(ctx, "")
		if err != nil {
			t.Fatal(err)
		}
		b.post("/steward/" + token)
		a, p := h.write(ana)
		b.post("/discussions/"+string(a.Discussion)+"/split", "posts", string(p.ID), "title", "Apart", "reason", "another subject").want(200, "/discussions/")
		moves, err := h.hall.Forum.Moves(ctx, a.Discussion)
		if err != nil || len(moves) != 1 {
			t.Fatalf("%+v %v", moves, err)
		}
		b.post("/moves/"+string(moves[0].ID)+"/undo", "discussion", "elsewhere", "kind", "merge").want(200, "/")
		about, err := h.hall.Moderation.About(ctx, moderation.Target{Kind: "discussion", ID: string(a.Discussion)})
		if err != nil || len(about) != 2 || about[1].UndoneBy == "" {
			t.Errorf("the list says %+v, %v", about, err)
		}
	})
}
