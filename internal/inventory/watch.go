package inventory

import (
	"maps"
	"slices"
)

// Watch is what the settings have watched. The zero value is one that nobody said anything of.
type Watch struct {
	Regions map[string][]string // by account
	Lister  string              // the account that lists the organisation's accounts where its management account is not watched; may be empty
}

// Told reports whether anybody said what is watched.
func (w Watch) Told() bool { return w.Regions != nil }

// Accounts gives the accounts that are watched, in order.
func (w Watch) Accounts() []string { return slices.Sorted(maps.Keys(w.Regions)) }

// Has reports whether an account is watched.
func (w Watch) Has(account string) bool {
	_, ok := w.Regions[account]
	return ok
}

// Watcher is a reader that says of what it reads whether it is watched.
type Watcher interface {
	Reader
	Watching(w Watch) Reader
}

// Watching gives the readers, with those told what is watched that want to know.
func Watching(readers []Reader, w Watch) []Reader {
	out := slices.Clone(readers)
	for i, r := range out {
		if watcher, ok := r.(Watcher); ok {
			out[i] = watcher.Watching(w)
		}
	}
	return out
}
