package estate

import (
	"maps"
	"slices"

	"jobzero/internal/resource"
)

// maxWords is how many words, and sets of tags, are remembered; beyond it, it begins anew.
const maxWords = 1 << 14

// words gives one text, and one set of tags, for all that are equal: a million resources have few types, accounts and teams.
type words struct {
	texts map[string]string
	tags  map[string]map[string]string
	key   []byte
}

func (w *words) one(t string) string {
	if known, ok := w.texts[t]; ok {
		return known
	}
	if w.texts == nil || len(w.texts) >= maxWords {
		w.texts = map[string]string{}
	}
	w.texts[t] = t
	return t
}

// set gives a set of tags that is never written to.
func (w *words) set(tags map[string]string) map[string]string {
	if len(tags) == 0 {
		return tags
	}
	w.key = w.key[:0]
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		w.key = append(append(append(append(w.key, name...), 0), tags[name]...), 0)
	}
	if known, ok := w.tags[string(w.key)]; ok {
		return known
	}
	if w.tags == nil || len(w.tags) >= maxWords {
		w.tags = map[string]map[string]string{}
	}
	w.tags[string(w.key)] = tags
	return tags
}

// shorten has a resource use texts that others have too, so that its own can be forgotten.
func (w *words) shorten(r resource.Resource) resource.Resource {
	r.Type, r.Account, r.Region = resource.Type(w.one(string(r.Type))), w.one(r.Account), w.one(r.Region)
	r.Tags = w.set(r.Tags)
	return r
}
