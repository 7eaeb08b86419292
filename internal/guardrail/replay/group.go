package replay

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"jobzero/internal/event"
	"jobzero/internal/policy"
	"jobzero/internal/principal/lineage"
)

// The limits of what is told apart. What is beyond is counted, in groups that name less.
const (
	maxGroups   = 50_000
	maxSessions = 20_000
	maxRaw      = 64 << 20 // bytes of records that say who was behind a session
)

// key is what calls are grouped by while they are read.
type key struct {
	outcome          policy.Outcome
	action           string
	document, by     string
	role, session    string
	account, unknown string
}

func newKey(a answer, session string) key {
	k := key{outcome: a.outcome, action: a.action, role: a.call.Role, session: session, account: a.call.Account}
	k.by = "no Allow"
	if s := a.decision.Statement; s != nil {
		k.document, k.by = a.decision.Document.Name, s.Name()
	}
	if a.outcome == policy.Undecided {
		k.unknown = strings.Join(a.decision.Unknown, ", ")
	}
	return k
}

// Group is calls of one action by one principal that one statement is about.
type Group struct {
	Outcome   policy.Outcome `json:"outcome"`
	Root      string         `json:"root,omitempty"` // who was behind it, as far as it can be traced
	Kind      lineage.Kind   `json:"root_kind,omitempty"`
	Principal string         `json:"principal"` // the ARN of the user or role
	Account   string         `json:"account,omitempty"`
	Action    string         `json:"action"`
	Policy    string         `json:"policy,omitempty"`
	Statement string         `json:"statement"`
	Unknown   []string       `json:"unknown,omitempty"`
	Count     int64          `json:"count"`
	Failed    int64          `json:"failed"` // of these: failed for another reason
	First     time.Time      `json:"first"`
	Last      time.Time      `json:"last"`
	Example   string         `json:"example_event_id"`
}

// Name is who the group is about: the root, else the principal.
func (g Group) Name() string { return cmp.Or(g.Root, g.Principal, g.Account, "unknown") }

// sums are the groups while they are counted.
type sums struct {
	groups map[key]*Group
	raws   map[string][]byte // of one call of a session
	bytes  int
	Merged int64 // calls in groups that name no session
}

func newSums() *sums { return &sums{groups: map[key]*Group{}, raws: map[string][]byte{}} }

func (s *sums) add(h hit) {
	g := s.groups[h.key]
	if g == nil && len(s.groups) >= maxGroups {
		h.key.session, h.key.role = "", ""
		h.key.unknown, h.key.account = "", ""
		s.Merged++
		g = s.groups[h.key]
	}
	if g == nil {
		g = &Group{
			Outcome: h.key.outcome, Principal: h.key.role, Account: h.key.account, Action: h.key.action, Policy: h.key.document,
			Statement: h.key.by, First: h.at, Last: h.at, Example: h.id,
		}
		if h.key.unknown != "" {
			g.Unknown = strings.Split(h.key.unknown, ", ")
		}
		s.groups[h.key] = g
	}
	g.Count++
	if h.failed {
		g.Failed++
	}
	if h.at.Before(g.First) {
		g.First, g.Example = h.at, h.id
	}
	if h.at.After(g.Last) {
		g.Last = h.at
	}
}

// keep keeps a record of a session, to be asked at the end who was behind it.
func (s *sums) keep(session string, raw []byte) {
	if _, there := s.raws[session]; there || len(s.raws) >= maxSessions || s.bytes+len(raw) > maxRaw {
		return
	}
	s.raws[session] = raw
	s.bytes += len(raw)
}

// groups gives the groups with who was behind them; those of one root and role become one. The denied come first, then the most.
func (s *sums) list(graph *lineage.Graph) []Group {
	type person struct {
		key
		root string
	}
	all := map[person]*Group{}
	for k, g := range s.groups {
		if raw := s.raws[k.session]; raw != nil {
			if l, ok := graph.Resolve(&event.Record{Raw: raw}); ok && l.Strength != lineage.Untraced {
				g.Root, g.Kind = l.Root.ID, l.Root.Kind
			}
		}
		k.session = ""
		p := person{k, g.Root}
		if all[p] == nil {
			all[p] = g
			continue
		}
		all[p].join(g)
	}
	var out []Group
	for _, g := range all {
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b Group) int {
		return cmp.Or(cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.Action, b.Action),
			cmp.Compare(a.Statement, b.Statement), cmp.Compare(a.Principal, b.Principal), slices.Compare(a.Unknown, b.Unknown))
	})
	return out
}

func (g *Group) join(o *Group) {
	g.Count += o.Count
	g.Failed += o.Failed
	if o.First.Before(g.First) || o.First.Equal(g.First) && o.Example < g.Example {
		g.First, g.Example = o.First, o.Example
	}
	if o.Last.After(g.Last) {
		g.Last = o.Last
	}
}
