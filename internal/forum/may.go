package forum

import (
	"guildhall/internal/face"
	"guildhall/internal/fault"
)

// The functions of this file decide who may do what. They are pure: nil means
// yes, otherwise the fault holds the reason to show.

// MayWrite: members may.
func MayWrite(a Actor) error {
	if a.Face == "" {
		return fault.New(fault.SignIn, "fault.sign_in")
	}
	return nil
}

// MayReply: members may, while the discussion is there for all and open.
func MayReply(a Actor, d Discussion) error {
	if err := MayWrite(a); err != nil {
		return err
	}
	if err := MayReadDiscussion(a, d); err != nil {
		return err
	}
	if d.MergedInto != "" {
		return fault.New(fault.Forbidden, "forum.may.merged")
	}
	if d.Held {
		return fault.New(fault.Forbidden, "forum.may.held")
	}
	if d.Closed {
		return fault.New(fault.Forbidden, "forum.may.closed")
	}
	return nil
}

// MayReadDiscussion: everybody, except while its first post waits: then its
// author and stewards.
func MayReadDiscussion(a Actor, d Discussion) error {
	if d.Held && !a.Steward && (a.Face == "" || a.Face != d.Opener.ID) {
		return fault.New(fault.NotFound, "forum.discussion.none")
	}
	return nil
}

// MayReadArticle: everybody when it is shown; its author and stewards when it
// waits or is hidden. That its author erased it is for everybody to know.
func MayReadArticle(a Actor, t Article) error {
	if maySee(a, t.State, string(t.Author.ID)) || t.State == Erased {
		return nil
	}
	return fault.New(fault.NotFound, "forum.article.none")
}

// maySee tells whether an actor may see a text in this state.
func maySee(a Actor, s State, author string) bool {
	switch s {
	case Shown:
		return true
	case Hushed, Waits:
		return a.Steward || a.Face != "" && string(a.Face) == author
	}
	return false
}

// sees tells whether an actor sees what is hidden of a face.
func (a Actor) sees(f face.ID) bool { return a.Steward || a.Face != "" && a.Face == f }

// MaySeePost: everybody when it is shown; its author and stewards when it waits
// or is hidden.
func MaySeePost(a Actor, p Post) error {
	if maySee(a, p.State, string(p.Author.ID)) {
		return nil
	}
	return fault.New(fault.NotFound, "forum.post.none")
}

// MayEdit: its author, also a hidden one; never what is imported.
func MayEdit(a Actor, p Post) error { return mayEdit(a, string(p.Author.ID), p.State) }

// MayEditArticle: as MayEdit.
func MayEditArticle(a Actor, t Article) error { return mayEdit(a, string(t.Author.ID), t.State) }

func mayEdit(a Actor, author string, s State) error {
	if err := MayWrite(a); err != nil {
		return err
	}
	if string(a.Face) != author {
		return fault.New(fault.Forbidden, "forum.may.author")
	}
	if s == Erased || s == Moved {
		return fault.New(fault.Forbidden, "forum.may.gone")
	}
	return nil
}

// MayRetitle: who opened the discussion, and stewards; the title of an article's
// discussion is the article's.
func MayRetitle(a Actor, d Discussion) error {
	if err := MayWrite(a); err != nil {
		return err
	}
	if d.Article != "" {
		return fault.New(fault.Forbidden, "forum.may.article_title")
	}
	if d.MergedInto != "" {
		return fault.New(fault.Forbidden, "forum.may.merged")
	}
	if !a.Steward && a.Face != d.Opener.ID {
		return fault.New(fault.Forbidden, "forum.may.author")
	}
	if a.Held != "" {
		return fault.New(fault.Forbidden, "forum.may.newcomer_title")
	}
	return nil
}

// MayRecommend: members, what is shown and not their own.
func MayRecommend(a Actor, author string, s State) error {
	if err := MayWrite(a); err != nil {
		return err
	}
	if s != Shown {
		return fault.New(fault.NotFound, "forum.post.none")
	}
	if string(a.Face) == author {
		return fault.New(fault.Forbidden, "forum.may.own")
	}
	return nil
}

// MaySteward: stewards summarise, hide, release, close, split, merge and keep
// the topics.
func MaySteward(a Actor) error {
	if err := MayWrite(a); err != nil {
		return err
	}
	if !a.Steward {
		return fault.New(fault.Forbidden, "forum.may.steward")
	}
	return nil
}

// mayImport: stewards may write in the name of others, at other times.
func mayImport(a Actor, imported bool) error {
	if !imported {
		return nil
	}
	return MaySteward(a)
}
