package forum

import "guildhall/internal/lang"

type topicShelf struct{}

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
