package lineage

import (
	"iter"
	"slices"
	"strings"
	"time"
)

// Session is a credential that was issued and whose time has not run out.
type Session struct {
	ARN     string // of the session; empty of what GetSessionToken gave, which is the user's own
	Account string // in which it is; of an empty ARN that of nobody
	Role    string // the role's name, without its path; empty when it is of no role
	Name    string // of the session
	ID      string // the principal ID, AROA…:name, where a record says it
	How     string // the event by which it was issued
	Key     string // the access key ID that was issued; empty of the console, which fetches such by itself
	Issued  time.Time
	Until   time.Time // the end of its life, at the latest
	Root    Root
	// Strength is how sure it is who stands at the root of whoever asked for it. That it was issued, and under this name, is what AWS wrote.
	Strength Strength
	Why      string // why no more is known, of an unknown root
}

// traceAtOnce is how many sessions are traced before others may learn again.
const traceAtOnce = 512

// Alive gives the sessions that were issued before a time and end after it, the first issued first: those of the ARNs that are wanted, or
// all. What is learnt meanwhile may be missing; what was forgotten is: see Counts.
func (g *Graph) Alive(at time.Time, want func(arn string) bool) iter.Seq[Session] {
	return func(yield func(Session) bool) {
		g.mu.RLock()
		var alive []*Grant
		for _, n := range g.ends {
			if n.alive(at.Unix()) && (want == nil || want(n.Session)) {
				alive = append(alive, n)
			}
		}
		g.mu.RUnlock()
		slices.SortFunc(alive, (*Grant).order)
		for part := range slices.Chunk(alive, traceAtOnce) {
			for _, s := range g.traced(part) {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// Called gives the sessions of one ARN that Alive gives.
func (g *Graph) Called(arn string, at time.Time) []Session {
	g.mu.RLock()
	var alive []*Grant
	for _, n := range g.sessions[arn] {
		if n.Session == arn && n.alive(at.Unix()) {
			alive = append(alive, n)
		}
	}
	g.mu.RUnlock()
	return g.traced(alive)
}

func (g *Grant) alive(at int64) bool { return g.At <= at+slack && g.Until > at }

func (g *Graph) traced(part []*Grant) []Session {
	g.mu.RLock()
	defer g.mu.RUnlock()
	out := make([]Session, 0, len(part))
	for _, n := range part {
		out = append(out, g.session(n))
	}
	return out
}

// session traces one grant, as Resolve does a call that was signed with its credential.
func (g *Graph) session(n *Grant) Session {
	id := identityOf(n.Session)
	id.Key, id.AssumedRoot = n.Key, id.Type == "Root"
	t := tracer{graph: g, left: maxSteps}
	w := t.through(n, &id, Proved, 0)
	if w.cycle {
		w = lost(&id, w.why)
	}
	s := Session{
		ARN: n.Session, Account: id.Account, ID: n.User, How: n.How, Key: n.Key, Issued: moment(n.At), Until: moment(n.Until),
		Root: w.root, Strength: w.proof, Why: w.why,
	}
	if _, rest, ok := strings.Cut(n.Session, ":assumed-role/"); ok {
		s.Role, s.Name, _ = strings.Cut(rest, "/")
	}
	return s
}
