package lineage

import (
	"cmp"
	"container/heap"
	"slices"
	"sync"
	"time"
	"unique"

	"jobzero/internal/event"
)

// Options are the limits of a graph. The zero value is usable.
type Options struct {
	MaxGrants int           // how many credentials are remembered, 100,000 when zero; about a kilobyte each
	Keep      time.Duration // how long a grant is remembered after its end, in the time of events; for ever when zero
	Rows      bool          // Dirty shall give what is new
}

// Counts are what became of the records that issue credentials.
type Counts struct {
	Grants  int // remembered now
	Expired int // forgotten after their end, or too old when they came
	Evicted int // forgotten early, because there were more than may be remembered
	Unsaved int // known here, and not to be had from Dirty, because too many wait to be saved
}

// Graph remembers which credential came from whom. It is safe for concurrent use.
type Graph struct {
	mu       sync.RWMutex
	o        Options
	grants   map[string]*Grant   // by id
	sessions map[string][]*Grant // by session ARN and by principal ID, sorted by time and id
	shared   map[string][]*Grant // by sharedEventID
	ends     ends                // the first to end first
	newest   int64
	version  uint64
	counts   Counts
	dirty    map[string]*Grant // by the ID of the row
}

// New makes an empty graph.
func New(o Options) *Graph {
	if o.MaxGrants <= 0 {
		o.MaxGrants = 100_000
	}
	return &Graph{o: o, grants: map[string]*Grant{}, sessions: map[string][]*Grant{}, shared: map[string][]*Grant{}, dirty: map[string]*Grant{}}
}

// Learn takes what a record says of a credential; false when it says nothing. A record may be learnt many times.
func (g *Graph) Learn(r *event.Record) bool {
	n, ok := readGrant(r)
	if ok {
		g.Take(n)
	}
	return ok
}

// Read gives what a record says of a credential, for a Take by somebody else; nil when it says nothing.
func Read(r *event.Record) *Grant {
	n, ok := readGrant(r)
	if !ok {
		return nil
	}
	return n
}

// Take remembers a grant. It belongs to the graph from then on.
func (g *Graph) Take(n *Grant) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.o.Keep > 0 {
		g.newest = max(g.newest, n.At)
		g.expire()
		if g.stale(n) {
			g.counts.Expired++
			return
		}
	}
	if old := g.grants[n.id()]; old != nil {
		joined := join(*old, *n)
		joined.place = old.place
		if joined == *old {
			return
		}
		g.drop(old)
		g.note(n)
		n = &joined
	} else {
		g.note(n)
	}
	g.put(n)
	g.version++
	for len(g.grants) > g.o.MaxGrants {
		g.drop(g.ends[0])
		g.counts.Evicted++
	}
}

// Counts gives the counts.
func (g *Graph) Counts() Counts {
	g.mu.RLock()
	defer g.mu.RUnlock()
	c := g.counts
	c.Grants = len(g.grants)
	return c
}

// Version grows whenever the graph has learnt something new. It begins at 1.
func (g *Graph) Version() uint64 {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.version + 1
}

func (g *Graph) stale(n *Grant) bool { return n.Until < g.newest-int64(g.o.Keep/time.Second) }

func (g *Graph) expire() {
	for len(g.ends) > 0 && g.stale(g.ends[0]) {
		g.drop(g.ends[0])
		g.counts.Expired++
	}
}

// join makes one grant of what two records say of one credential, the same whichever comes first: the fuller caller counts, of
// equals the event whose ID is smaller, and of each other field the greater value.
func join(a, b Grant) Grant {
	if order := cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(a.Event, b.Event), cmp.Compare(a.How, b.How), cmp.Compare(a.At, b.At), compareCallers(&a, &b)); order > 0 {
		a, b = b, a
	}
	a.Session, a.User, a.Shared = max(a.Session, b.Session), max(a.User, b.User), max(a.Shared, b.Shared)
	a.Until = max(a.Until, b.Until)
	return a
}

// rank says how much a record tells of the caller. The record of the account in which a role was assumed names the caller of
// another account by number only.
func rank(g Grant) int {
	switch id := g.caller.Value(); {
	case id.ARN != "" || id.Type == "AWSService":
		return 2
	case id.Type != "AWSAccount":
		return 1
	}
	return 0
}

// compareCallers orders grants that only differ in their callers, which one event never does.
func compareCallers(a, b *Grant) int {
	if a.caller == b.caller {
		return 0
	}
	x, y := a.caller.Value(), b.caller.Value()
	flag := func(id Identity) (n int) {
		for i, f := range []bool{id.EC2, id.Console, id.AssumedRoot} {
			if f {
				n |= 1 << i
			}
		}
		return n
	}
	return cmp.Or(slices.Compare(x.texts(), y.texts()), cmp.Compare(x.Created, y.Created), cmp.Compare(flag(x), flag(y)))
}

func (id Identity) texts() []string {
	return []string{
		id.Type, id.ARN, id.Account, id.PrincipalID, id.UserName, id.Key, id.InvokedBy, id.IssuerType, id.IssuerARN, id.Source,
		id.Provider, id.IssuedTo, id.IssuedType, id.OnBehalfOf,
	}
}

func (g *Graph) put(n *Grant) {
	n.Session, n.User, n.How = shareText(n.Session), shareText(n.User), shareText(n.How)
	g.grants[n.id()] = n
	for _, name := range n.names() {
		g.sessions[name] = insert(g.sessions[name], n)
	}
	if n.Shared != "" {
		g.shared[n.Shared] = insert(g.shared[n.Shared], n)
	}
	heap.Push(&g.ends, n)
}

// shareText gives one text for all that are equal.
func shareText(s string) string { return unique.Make(s).Value() }

func (g *Graph) drop(n *Grant) {
	delete(g.grants, n.id())
	for _, name := range n.names() {
		remove(g.sessions, name, n)
	}
	remove(g.shared, n.Shared, n)
	heap.Remove(&g.ends, n.place)
}

// names are what a session is known by.
func (g *Grant) names() []string {
	var out []string
	for _, s := range []string{g.Session, g.User} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (g *Grant) order(b *Grant) int {
	return cmp.Or(cmp.Compare(g.At, b.At), cmp.Compare(g.id(), b.id()))
}

func insert(list []*Grant, n *Grant) []*Grant {
	i, _ := slices.BinarySearchFunc(list, n, (*Grant).order)
	return slices.Insert(list, i, n)
}

func remove(m map[string][]*Grant, key string, n *Grant) {
	list := m[key]
	i, found := slices.BinarySearchFunc(list, n, (*Grant).order)
	if !found {
		return
	}
	if len(list) == 1 {
		delete(m, key)
		return
	}
	m[key] = slices.Delete(list, i, i+1)
}
