package forum

import (
	"context"
	"slices"
	"strings"
	"sync"

	"guildhall/internal/db"
	"guildhall/internal/fault"
	"guildhall/internal/ident"
	"guildhall/internal/lang"
	"guildhall/internal/typed"
)

// The limits of a topic, in characters.
const (
	maxTopicName  = 40
	maxTopicAbout = 300
)

// topicShelf keeps all topics in memory: they are few, and every page names some.
type topicShelf struct {
	mu     sync.Mutex
	all    map[TopicKey]*Topic // not changed once here
	change db.Tick             // of the last time they were forgotten
}

// Name is the topic's name in a language; another when it has none in that.
func (t Topic) Name(l lang.Lang) string { return pick(t.Names, l, string(t.Key)) }

// AboutIn says what the topic is about in a language; empty when nothing is said.
func (t Topic) AboutIn(l lang.Lang) string { return pick(t.About, l, "") }

// pick takes the text in l, else the first there is in the order of lang.All.
func pick(texts map[string]string, l lang.Lang, none string) string {
	if s := texts[l.String()]; s != "" {
		return s
	}
	for _, other := range lang.All() {
		if s := texts[other.String()]; s != "" {
			return s
		}
	}
	return none
}

// shelf gives all topics. Inside a write transaction they are read, and not kept.
func (r *Room) shelf(ctx context.Context) (map[TopicKey]*Topic, error) {
	if db.Writing(ctx) {
		return r.topicRows(ctx)
	}
	r.topics.mu.Lock()
	all := r.topics.all
	r.topics.mu.Unlock()
	if all != nil {
		return all, nil
	}
	since := db.Since(ctx)
	all, err := r.topicRows(ctx)
	if err != nil {
		return all, err
	}
	r.topics.mu.Lock()
	if r.topics.change <= since {
		r.topics.all = all
	}
	r.topics.mu.Unlock()
	return all, nil
}

// unshelve forgets the topics once ctx's transaction has committed.
func (r *Room) unshelve(ctx context.Context) {
	db.AfterCommit(ctx, func() {
		r.topics.mu.Lock()
		r.topics.all = nil
		r.topics.change = db.Change()
		r.topics.mu.Unlock()
	})
}

// Topics lists all topics that are not merged away, the fullest first.
func (r *Room) Topics(ctx context.Context) (list []Topic, err error) {
	defer fault.Wrap(&err, "forum.Topics")
	all, err := r.shelf(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		if t.MergedInto == "" {
			list = append(list, *t)
		}
	}
	slices.SortFunc(list, func(a, b Topic) int {
		if n := b.Articles + b.Discussions - a.Articles - a.Discussions; n != 0 {
			return n
		}
		return strings.Compare(string(a.Key), string(b.Key))
	})
	return list, nil
}

// Topic reads one topic; of one that was merged away the one it is in now, with
// its own key, so that readers can be sent on. Faults: NotFound.
func (r *Room) Topic(ctx context.Context, key TopicKey) (t Topic, err error) {
	defer fault.Wrap(&err, "forum.Topic")
	all, err := r.shelf(ctx)
	if err != nil {
		return Topic{}, err
	}
	found := all[key]
	if found != nil && found.MergedInto != "" {
		found = all[found.MergedInto]
	}
	if found == nil {
		return Topic{}, fault.New(fault.NotFound, "forum.topic.none")
	}
	return *found, nil
}

// TopicsOf gives the topics of keys, as they are called now; unknown ones are
// left out.
func (r *Room) TopicsOf(ctx context.Context, keys []TopicKey) (list []Topic, err error) {
	for _, k := range keys {
		t, err := r.Topic(ctx, k)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(list, func(o Topic) bool { return o.Key == t.Key }) {
			list = append(list, t)
		}
	}
	return list, nil
}

// chosen checks the topics of a text. Faults: Invalid on "topics".
func (r *Room) chosen(ctx context.Context, list []TopicKey) (out []TopicKey, err error) {
	for _, k := range list {
		if k == "" {
			continue
		}
		t, err := r.Topic(ctx, k)
		if fault.Is(err, fault.NotFound) {
			return nil, fault.On("topics", fault.Invalid, "forum.topic.unknown")
		}
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, t.Key) {
			out = append(out, t.Key)
		}
	}
	if len(out) > MaxTopics {
		return nil, fault.On("topics", fault.Invalid, "forum.topic.many", MaxTopics)
	}
	return out, nil
}

// AddTopic adds a topic. Faults: SignIn, Forbidden; Invalid on "name" or "about";
// Conflict when the key is taken.
func (r *Room) AddTopic(ctx context.Context, by Actor, n NewTopic) (t Topic, err error) {
	defer fault.Wrap(&err, "forum.AddTopic")
	if err = MaySteward(by); err != nil {
		return Topic{}, err
	}
	if t, err = topicOf(n); err != nil {
		return Topic{}, err
	}
	err = r.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := r.db.Exec(ctx, qTopicMake, string(t.Key)); db.IsUnique(err) {
			return fault.On("name", fault.Conflict, "forum.topic.taken")
		} else if err != nil {
			return err
		}
		for lang, name := range t.Names {
			if _, err := r.db.Exec(ctx, qTopicNameMake, string(t.Key), lang, name, t.About[lang]); err != nil {
				return err
			}
		}
		r.unshelve(ctx)
		r.touched(ctx, "front", "topics", "topic:"+string(t.Key))
		return r.happened(ctx, EventTopic, string(t.Key), nil)
	})
	return t, err
}

func topicOf(n NewTopic) (t Topic, err error) {
	t = Topic{Key: n.Key, Names: map[string]string{}, About: map[string]string{}}
	for _, l := range lang.All() {
		name, err := typed.Line("name", n.Names[l.String()], 0, maxTopicName)
		if err != nil {
			return t, err
		}
		about, err := typed.Line("about", n.About[l.String()], 0, maxTopicAbout)
		if err != nil {
			return t, err
		}
		if name == "" {
			continue
		}
		t.Names[l.String()] = name
		if about != "" {
			t.About[l.String()] = about
		}
		if t.Key == "" {
			t.Key = TopicKey(ident.Slug(name))
		}
	}
	if len(t.Names) == 0 {
		return t, fault.On("name", fault.Invalid, "fault.empty")
	}
	if slug := ident.Slug(string(t.Key)); slug != string(t.Key) {
		return t, fault.On("name", fault.Invalid, "forum.topic.key")
	}
	return t, nil
}

// MergeTopic makes one topic of two: everything about from is about into, and
// from leads there. Faults: SignIn, Forbidden, NotFound; Invalid for a topic
// with itself.
func (r *Room) MergeTopic(ctx context.Context, by Actor, from, into TopicKey) (err error) {
	defer fault.Wrap(&err, "forum.MergeTopic(%s, %s)", from, into)
	if err = MaySteward(by); err != nil {
		return err
	}
	return r.db.Tx(ctx, func(ctx context.Context) error {
		a, err := r.Topic(ctx, from)
		if err != nil {
			return err
		}
		b, err := r.Topic(ctx, into)
		if err != nil {
			return err
		}
		if a.Key == b.Key {
			return fault.On("into", fault.Invalid, "forum.topic.same")
		}
		if err := r.rekeyTx(ctx, qTopicArticleKeys, qArticleTopics, a.Key, b.Key); err != nil {
			return err
		}
		if err := r.rekeyTx(ctx, qTopicDiscussionKeys, qDiscussionTopics, a.Key, b.Key); err != nil {
			return err
		}
		for _, q := range []*db.Query{qTopicArticles, qTopicDiscussions, qTopicFollows, qTopicMerged} {
			if _, err := r.db.Exec(ctx, q, string(a.Key), string(b.Key)); err != nil {
				return err
			}
		}
		for _, q := range []*db.Query{qTopicArticlesErase, qTopicDiscussionsErase, qTopicFollowsErase} {
			if _, err := r.db.Exec(ctx, q, string(a.Key)); err != nil {
				return err
			}
		}
		for _, k := range []TopicKey{a.Key, b.Key} {
			if _, err := r.db.Exec(ctx, qTopicRecount, string(k)); err != nil {
				return err
			}
		}
		r.unshelve(ctx)
		r.touched(ctx, "front", "topics", "topic:"+string(a.Key), "topic:"+string(b.Key))
		return r.happened(ctx, EventTopic, string(a.Key), nil)
	})
}

// countTx changes the counts of topics.
func (r *Room) countTx(ctx context.Context, topics []TopicKey, articles, discussions int) error {
	if len(topics) == 0 || articles == 0 && discussions == 0 {
		return nil
	}
	for _, k := range topics {
		if _, err := r.db.Exec(ctx, qTopicCount, string(k), articles, discussions); err != nil {
			return err
		}
	}
	r.unshelve(ctx)
	return nil
}
