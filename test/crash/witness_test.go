package crash

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// witness is the world outside: it makes changes by their key, and remembers each call.
type witness struct {
	url string

	mu    sync.Mutex
	seen  map[string]*seen
	order map[string][]string // by what is changed: the changes in the order in which they were first made
	told  map[string]int      // how often a message came, by its name

	hooked []int64 // places in the chain of changes of pages, as they were told
}

// seen is what became of one key.
type seen struct {
	on       bool // it is done, and not undone
	refused  int
	changes  int // calls that changed something
	repeated int // calls that asked for what was so already
	found    int // looks that found it so, so that nothing was called
}

// told begins the paths of messages to people.
const told = "/told/"

// flaky is refused so often, and broken always.
const flaky = 2

func newWitness(t *testing.T) *witness {
	w := &witness{seen: map[string]*seen{}, order: map[string][]string{}, told: map[string]int{}}
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	w.url = s.URL
	return w
}

// ServeHTTP answers GET, which looks, POST, which makes a change, and DELETE, which takes it back. The path is /ref/action, or /told/message.
func (w *witness) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if r.URL.Path == hooked {
		w.hook(r)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if id, ok := strings.CutPrefix(r.URL.Path, told); ok {
		w.told[id]++
		return
	}
	key := strings.TrimPrefix(r.URL.Path, "/")
	ref, action, _ := strings.Cut(key, "/")
	s := w.seen[key]
	if s == nil {
		s = &seen{}
		w.seen[key] = s
	}
	switch wish := r.Method == http.MethodPost; {
	case r.Method == http.MethodGet:
		if before := r.URL.Query().Get("before"); before == "do" && s.on || before == "undo" && !s.on {
			s.found++
		}
	case wish && (strings.HasPrefix(action, "broken") || strings.HasPrefix(action, "flaky") && s.refused < flaky):
		s.refused++
		out.WriteHeader(http.StatusForbidden)
		return
	case s.on == wish:
		s.repeated++
	default:
		s.on = wish
		s.changes++
		if !wish {
			action = "undo " + action
		}
		w.order[ref] = append(w.order[ref], action)
	}
	if !s.on {
		out.WriteHeader(http.StatusNotFound)
	}
}
