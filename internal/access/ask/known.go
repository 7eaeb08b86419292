package ask

import (
	"sync"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/reach"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
)

// Name is what the variable is called in expressions.
const Name = "access"

// maxRemembered is how many blast radii are kept: the same few roles are asked about for each of many resources.
const maxRemembered = 1000

// Known is an estate as expressions ask it. It is safe for concurrent use.
type Known struct {
	estate *estate.Estate
	thing  *expr.Thing
	// peopled are the accounts of which users or roles were read.
	peopled map[string]bool

	mu    sync.Mutex // a graph is used by one at a time
	graph *reach.Graph
	radii map[string]radius
}

type radius struct {
	of  *reach.Radius
	err error
}

// New takes an estate of which all is read.
func New(e *estate.Estate) *Known {
	k := &Known{estate: e, radii: map[string]radius{}, peopled: map[string]bool{}}
	for _, arn := range e.Holders() {
		if h, ok := e.Holder(arn); ok {
			k.peopled[h.Account] = true
		}
	}
	k.thing = &expr.Thing{Knows: k}
	return k
}

var unread = expr.Cause(Name)

// Value is the variable's; of nobody it is not known.
func (k *Known) Value() any {
	if k == nil {
		return unread
	}
	return k.thing
}

// Variable declares it.
func Variable() expr.Var { return expr.Var{Name: Name, Kind: expr.Asked} }

// walk is the graph, for whoever has the lock: it is dear to make, and most are never asked.
func (k *Known) walk() *reach.Graph {
	if k.graph == nil {
		k.graph = reach.New(k.estate, reach.Options{})
	}
	return k.graph
}

// radius is how far somebody reaches.
func (k *Known) radius(who string) (*reach.Radius, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if r, ok := k.radii[who]; ok {
		return r.of, r.err
	}
	r, err := k.walk().Radius(who)
	if len(k.radii) >= maxRemembered {
		clear(k.radii)
	}
	k.radii[who] = radius{r, err}
	return r, err
}

func (k *Known) audience(arn string) (reach.Audience, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.walk().Audience(arn)
}

// Exposure is access.exposure for callers in Go: whom a resource lets in by itself. An error says what it hangs on.
func (k *Known) Exposure(arn string) (string, error) {
	if k == nil {
		return "", fault.New(fault.NotFound, "nobody has read who may do what")
	}
	out, err := exposure([]any{k.thing, arn})
	text, _ := out.(string)
	return text, err
}

// Reach is access.reach for callers in Go: how far a credential reaches.
func (k *Known) Reach(principal string) (map[string]any, error) {
	if k == nil {
		return nil, fault.New(fault.NotFound, "nobody has read who may do what")
	}
	out, err := reached([]any{k.thing, principal})
	m, _ := out.(map[string]any)
	return m, err
}
