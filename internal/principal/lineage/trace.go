package lineage

import (
	"slices"
	"sort"
	"strings"
	"unique"

	"jobzero/internal/event"
)

// The limits of one trace. Whoever makes a chain longer than this on purpose is told as unknown.
const (
	maxHops    = 32
	maxSteps   = 256  // identities that are looked at
	maxCallers = 16   // of one session's name
	maxWindow  = 4096 // grants of one session's name that are looked at
)

// slack is how many seconds two records of one moment may differ.
const slack = 5

// Resolve gives who is behind a record, by what is known now; false when the record does not say who made the call. More may
// be known later.
func (g *Graph) Resolve(r *event.Record) (Lineage, bool) {
	id, ok := readIdentity(r)
	if !ok {
		return Lineage{}, false
	}
	at := instant(text(r.Part(event.EventTime)))
	g.mu.RLock()
	defer g.mu.RUnlock()
	t := tracer{graph: g, left: maxSteps}
	return t.trace(&id, at, 0).lineage(&id, at), true
}

// tracer is one walk to a root.
type tracer struct {
	graph *Graph
	left  int
	open  []visit
}

// visit is an identity that is being traced: to come back to it is a cycle.
type visit struct {
	id unique.Handle[Identity]
	at int64
}

// way is what a trace found.
type way struct {
	root  Root
	key   string // long-term access key at the root
	chain []Hop  // root first
	proof Strength
	why   string // of an unknown root
	cycle bool   // it came to an identity that is being traced already, and so says nothing about a root
}

func lost(id *Identity, why string) way {
	account := id.Account
	name := id.session()
	root := Root{Unknown, id.ARN, name, account}
	for _, s := range []string{id.PrincipalID, id.UserName, id.InvokedBy, account, id.Type} {
		if root.ID == "" {
			root.ID = s
		}
	}
	if root.Name == "" {
		root.Name = root.ID[strings.LastIndexByte(root.ID, '/')+1:]
	}
	return way{root: root, proof: Untraced, why: why}
}

// trace goes from an identity to its root. at is when it was used.
func (t *tracer) trace(id *Identity, at int64, depth int) way {
	if t.left--; t.left < 0 || depth > maxHops {
		return lost(id, "the way is longer than can be followed")
	}
	v := visit{unique.Make(*id), at}
	if slices.Contains(t.open, v) {
		w := lost(id, "the way leads back to where it began")
		w.cycle = true
		return w
	}
	t.open = append(t.open, v)
	defer func() { t.open = t.open[:len(t.open)-1] }()
	w := t.from(id, at, depth)
	if w.root.Kind == Unknown && w.proof == Untraced && id.Source != "" {
		w.root, w.proof, w.why = claimed(id.Source), Claimed, ""
	}
	return w
}

// from is trace without its guards.
func (t *tracer) from(id *Identity, at int64, depth int) way {
	var grant *Grant
	if id.Key != "" {
		grant = t.graph.grants[id.Key]
	}
	if root, ok := id.own(); ok {
		return t.owned(id, grant, root, depth)
	}
	if grant != nil {
		w := t.through(grant, id, Proved, depth)
		if w.cycle {
			return lost(id, w.why)
		}
		return w
	}
	switch id.Type {
	case "AssumedRole", "FederatedUser", "Root": // Root only after AssumeRoot
		w := t.named(id, id.ARN, at, depth)
		if session := id.session(); w.proof == Untraced && session != "" && strings.Contains(id.ARN, ":assumed-role/"+ssoRole) {
			return way{root: Root{Person, session, session, ""}, proof: Claimed, chain: []Hop{hop(id, nil, Claimed)}}
		}
		return w
	case "AWSAccount":
		if w := t.named(id, id.PrincipalID, at, depth); w.proof != Untraced {
			return w
		}
		return lost(id, "the records of its account were not seen")
	}
	return lost(id, "the record does not say")
}

// ssoRole is how Identity Center begins the names of its roles.
const ssoRole = "AWSReservedSSO_"

// owned is the way to a root that the identity names itself. What is known of its credential is added.
func (t *tracer) owned(id *Identity, grant *Grant, root Root, depth int) way {
	w := way{root: root, proof: Proved}
	if strings.HasPrefix(id.Key, "AKIA") {
		w.key = id.Key
	}
	if grant != nil && id.Type != "AssumedRole" {
		if more := t.through(grant, id, Proved, depth); more.proof == Proved {
			return more
		}
	}
	if grant != nil || id.Type == "AssumedRole" || id.Type == "FederatedUser" {
		w.chain = []Hop{hop(id, grant, Proved)}
	}
	return w
}

// through goes on with who asked for a grant.
func (t *tracer) through(g *Grant, id *Identity, proof Strength, depth int) way {
	caller := t.caller(g)
	if id.ARN == "" {
		id = &Identity{Type: id.Type, ARN: g.Session, Account: id.Account}
	}
	session := id.session()
	if caller.Type == "AWSService" && caller.InvokedBy != "" {
		return way{root: served(caller.InvokedBy, id.Account, session), proof: proof, chain: []Hop{hop(id, g, proof)}}
	}
	if caller.Type == "SAMLUser" && caller.UserName == "" {
		caller.UserName = session
	}
	w := t.trace(&caller, g.At, depth+1)
	if w.cycle {
		return w
	}
	if w.proof == Proved {
		w.proof = proof
	}
	if n := len(w.chain); n > 0 && w.chain[n-1].Principal == id.ARN {
		return w // the console's sign-in of the session that stands there already
	}
	w.chain = append(w.chain, hop(id, g, proof))
	return w
}

// caller is who asked for a grant. Where this record only has the account's number, the other account's record of the same
// call says it.
func (t *tracer) caller(g *Grant) Identity {
	id := g.caller.Value()
	if g.Shared == "" || rank(*g) > 0 {
		return id
	}
	for _, other := range t.graph.shared[g.Shared] {
		if rank(*other) > 1 {
			return other.caller.Value()
		}
	}
	return id
}

// named looks for the grants of a session by its name: those who could have had it at the time must lead to one root.
func (t *tracer) named(id *Identity, name string, at int64, depth int) way {
	unseen := lost(id, "who took it on was not seen")
	if name == "" {
		return unseen
	}
	grants, complete := t.graph.window(name, id.Created, at)
	if !complete {
		return lost(id, "too many took on a session of this name")
	}
	var (
		found *way
		seen  []unique.Handle[Identity]
	)
	for _, g := range grants {
		c := g.caller.Value()
		if slices.Contains(seen, g.caller) && g.Shared == "" || c.ARN == id.ARN && c.Key == id.Key {
			continue
		}
		if seen = append(seen, g.caller); len(seen) > maxCallers {
			return lost(id, "too many callers used this session's name")
		}
		w := t.through(g, id, Claimed, depth)
		switch {
		case w.cycle:
		case found == nil:
			found = &w
		case found.root != w.root:
			return lost(id, "callers with different roots used this session's name at the time")
		}
	}
	if found == nil {
		return unseen
	}
	if found.proof == Untraced { // the way is claimed, its end is not known
		found.why = "what lies before " + found.root.ID + " was not seen"
	}
	return *found
}

// window gives the grants of a session's name that may be the one of a call: of those that began when the session did, else all
// that were alive. The first of them is first.
func (g *Graph) window(name string, created, at int64) (found []*Grant, complete bool) {
	all := g.sessions[name]
	if created > 0 {
		var exact []*Grant
		for i := sort.Search(len(all), func(i int) bool { return all[i].At >= created-slack }); i < len(all) && all[i].At <= created+slack; i++ {
			if exact = append(exact, all[i]); len(exact) > maxWindow {
				return nil, false
			}
		}
		if len(exact) > 0 {
			return exact, true
		}
		at = min(at, created)
	}
	for i := sort.Search(len(all), func(i int) bool { return all[i].At >= at-maxUser }); i < len(all) && all[i].At <= at; i++ {
		if all[i].Until < at {
			continue
		}
		if found = append(found, all[i]); len(found) > maxWindow {
			return nil, false
		}
	}
	return found, true
}
