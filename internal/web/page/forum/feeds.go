package forumpage

import (
	"context"

	"guildhall/internal/forum"
	"guildhall/internal/web/page/shell"
	"guildhall/internal/web/viewer"
)

// siteFeeds are the feeds of the whole hall.
func siteFeeds(ctx context.Context) []shell.Feed {
	return feeds(viewer.From(ctx).HallName(), "")
}

func topicFeeds(ctx context.Context, p TopicPage) []shell.Feed {
	return feeds(p.Name, TopicHref(p.Topic.Key))
}

func discussionFeeds(d forum.Discussion) []shell.Feed {
	if d.Held { // nobody but its author and stewards can read it yet
		return nil
	}
	return feeds(d.Title, "/discussions/"+string(d.ID))
}

func feeds(title, under string) []shell.Feed {
	return []shell.Feed{
		{Title: title, URL: under + "/feed.atom", Type: shell.Atom},
		{Title: title, URL: under + "/feed.json", Type: shell.JSON},
	}
}
