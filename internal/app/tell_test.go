package app

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"guildhall/internal/consultation"
	"guildhall/internal/demo"
	"guildhall/internal/forum"
	"guildhall/internal/member/key"
	"guildhall/internal/member/key/owner"
	"guildhall/internal/reply"
	"guildhall/internal/representative"
)

func TestTell_isTheStory(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	begun := time.Now()
	if err := tell(ctx, dir, defaults(), streams{out: io.Discard, err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 60*time.Second {
		t.Errorf("telling took %s", took)
	}
	h, err := Open(ctx, dir, defaults(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	story, err := demo.Story()
	if err != nil {
		t.Fatal(err)
	}
	newest, letters := story.Articles[len(story.Articles)-1], 0
	for _, a := range story.Asked {
		if a.Letter != nil {
			letters++
		}
	}
	list, err := h.Forum.Articles(ctx, forum.Actor{}, forum.Filter{Limit: 100})
	if err != nil || len(list) != len(story.Articles)+letters {
		t.Fatalf("%d articles of %d and %d letters: %v", len(list), len(story.Articles), letters, err)
	}
	if a := list[letters]; a.Title != newest.Title || !a.At.Equal(newest.At) || a.Recommendations != newest.Recommends || a.Imported {
		t.Errorf("newest article %q of %s, %d times recommended", a.Title, a.At, a.Recommendations)
	}
	decisions, err := h.Moderation.Decisions(ctx, time.Time{}, 100)
	if err != nil || len(decisions) < len(story.Decisions) {
		t.Errorf("%d decisions of %d: %v", len(decisions), len(story.Decisions), err)
	}
	posts := 0
	for _, d := range story.Discussions {
		posts += len(d.Posts)
	}
	all, err := h.Forum.Discussions(ctx, forum.Actor{}, forum.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for _, d := range all {
		got += d.Posts
	}
	if unseen := 3; got != posts-unseen { // two of the three hidden ones stayed hidden, and one waits
		t.Errorf("%d posts of %d", got, posts)
	}
	for _, line := range strings.Split(strings.TrimSpace(readText(t, filepath.Join(dir, visitorsFile))), "\n") {
		_, rest, _ := strings.Cut(line, "name ")
		name, rest, _ := strings.Cut(rest, ", login code ")
		typed, words, _ := strings.Cut(rest, ", seven words: ")
		code, err := key.ParseCode(typed)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		f, err := h.Faces.ByHandle(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		account, err := h.Members.ByFace(ctx, string(f.ID))
		if err != nil {
			t.Fatal(err)
		}
		phrase, err := owner.ParsePhrase(words)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		keys, err := phrase.Keys()
		if err != nil {
			t.Fatal(err)
		}
		vault, err := h.Members.Vault(ctx, account.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := owner.OpenVault(vault, keys); err != nil {
			t.Errorf("the words of %s open nothing: %v", name, err)
		}
		if good, err := h.Gate.Check(ctx, account.CodeHash, code); err != nil || !good {
			t.Errorf("%s cannot sign in: %v", name, err)
		}
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The story's platform has somebody who speaks for it, and the hall asks nobody outside.
func TestTell_whoSpeaks(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	if err := tell(ctx, dir, defaults(), streams{out: io.Discard, err: io.Discard}); err != nil {
		t.Fatal(err)
	}
	h, err := Open(ctx, dir, defaults(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	list, err := h.Representatives.OfPlatform(ctx, representative.Actor{}, gigharbour)
	if err != nil || len(list) != 1 || list[0].State(time.Now()) != representative.Proven || list[0].Role != demo.SpeakerRole || list[0].Face.ID != "" {
		t.Fatalf("%+v %v", list, err)
	}
	article := ""
	all, err := h.Forum.Articles(ctx, forum.Actor{}, forum.Filter{Limit: 100})
	for _, a := range all {
		if a.Slug == demo.Replied[0].Article {
			article = string(a.ID)
		}
	}
	x, found, err2 := h.Replies.Below(ctx, reply.Actor{}, reply.Target{Kind: reply.Article, ID: article}, gigharbour)
	if err != nil || err2 != nil || !found || x.Source != demo.Replied[0].Words {
		t.Error(article, x, err, err2)
	}
	letterLeadsOn(t, h, all)
	days, err := h.Questions.Delays(ctx, gigharbour)
	if err != nil || len(days) == 0 || days[len(days)-1] < 2000 {
		t.Error(days, err)
	}
}

// A letter was written from what a consultation came to; it leads there, the result leads
// to it, and the platform has written under it.
func letterLeadsOn(t *testing.T, h *Hall, all []forum.Article) {
	t.Helper()
	ctx := context.Background()
	i := slices.IndexFunc(all, func(a forum.Article) bool { return a.Slug == demo.Replied[1].Article })
	if i < 0 {
		t.Fatal("no letter")
	}
	letter, err := h.Forum.Article(ctx, forum.Actor{}, all[i].ID)
	if err != nil || strings.Contains(string(letter.HTML), "{") || !strings.Contains(string(letter.HTML), "Clients should be told about the rule before they post a job. (") {
		t.Fatal(string(letter.HTML), err)
	}
	id := regexp.MustCompile("/consultations/([0-9a-z]{26})").FindStringSubmatch(string(letter.HTML))
	if id == nil {
		t.Fatal("the letter does not lead to the result")
	}
	wrote, err := h.Opinions.Letters(ctx, consultation.ID(id[1]))
	if err != nil || len(wrote) != 1 || wrote[0] != string(letter.ID) {
		t.Error(wrote, err)
	}
	x, found, err := h.Replies.Below(ctx, reply.Actor{}, reply.Target{Kind: reply.Article, ID: wrote[0]}, gigharbour)
	if err != nil || !found || x.Source != demo.Replied[1].Words {
		t.Error(x, found, err)
	}
}
