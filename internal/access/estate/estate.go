package estate

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/policy"
	"jobzero/internal/principal"
)

// Estate is who there is and what is known of policies. It is built by one goroutine; once it is built it is safe for concurrent use.
type Estate struct {
	holders   map[string]*Holder              // by ARN
	roles     map[string]*Holder              // by account and name, which is unique in an account, once everything is read
	order     []string                        // of the holders, sorted, once everything is read
	groups    map[string]*Holder              // by account and name, as users name them; nobody calls as a group
	documents map[string]*policy.Document     // managed policies by ARN
	things    map[string]thing                // by ARN
	levels    map[string][][]*policy.Document // service control policies by account, from the root down
	controls  map[string][][]*policy.Document // resource control policies, likewise
	seats     map[string]seat                 // by account
	managers  map[string]bool                 // accounts that manage an organisation
	assets    map[string]*Asset               // by ARN
	keyGrants map[string][]*policy.Document   // by the ARN of the key
	blocks    map[string]policy.Truth         // whether S3 restricts public buckets, by account
	profiles  map[string]string               // instance profiles by account and name: the role
	shelf     *shelf                          // of policies
	words     words
	listener  Listener // or nil
}

// Holder is a user, a group or a role.
type Holder struct {
	ARN, Account string
	Own          []*policy.Document // written into it
	Attached     []string           // ARNs of managed policies
	Groups       []string           // of a user: accounts and names
	Unread       []string           // what is said of policies of it that are not known
	Boundary     string             // ARN; empty: none
	Trust        *policy.Document   // of a role: who may take it on
	Tags         map[string]string

	caller   access.Caller
	policies access.Policies // settled
}

// thing is a resource with a policy.
type thing struct {
	account  string
	policies []*policy.Document // its own, and what stands beside it, such as the grants of a key
	unread   []string           // what is said of policies of it that are not known
}

// New is an estate without anybody.
func New() *Estate {
	return &Estate{
		holders: map[string]*Holder{}, roles: map[string]*Holder{}, groups: map[string]*Holder{}, documents: map[string]*policy.Document{}, things: map[string]thing{},
		assets: map[string]*Asset{}, keyGrants: map[string][]*policy.Document{}, profiles: map[string]string{}, blocks: map[string]policy.Truth{}, levels: map[string][][]*policy.Document{}, controls: map[string][][]*policy.Document{}, seats: map[string]seat{}, managers: map[string]bool{}, shelf: newShelf(),
	}
}

// Holders are users and roles by their ARNs, sorted.
func (e *Estate) Holders() []string { return slices.Clone(e.sorted()) }

// sorted has them as they were when everything was read.
func (e *Estate) sorted() []string {
	if len(e.order) == len(e.holders) {
		return e.order
	}
	return slices.Sorted(maps.Keys(e.holders))
}

// settle joins the policies of everybody. It is called once, when all is read.
func (e *Estate) settle() error {
	for key, list := range e.keyGrants {
		t := e.things[key]
		t.take(found{docs: list})
		e.things[key] = t
	}
	clear(e.keyGrants)
	for arn, h := range e.holders {
		c, err := access.NewCaller(access.IAM, arn, h.Account)
		if err != nil {
			return err
		}
		h.caller = c
		p := access.Policies{SCPs: e.levels[h.Account]}
		e.give(&p, h)
		for _, g := range h.Groups {
			if group, ok := e.groups[g]; ok {
				e.give(&p, group)
			} else {
				p.Unread = append(p.Unread, "the group "+g)
			}
		}
		if h.Boundary != "" {
			if d, ok := e.documents[h.Boundary]; ok {
				p.Boundaries = []*policy.Document{d}
			} else {
				p.UnreadBoundary = h.Boundary
			}
		}
		h.policies = p
		if strings.Contains(arn, ":role/") {
			e.roles[groupOf(h.Account, lastOf(arn))] = h
		}
	}
	e.order = slices.Sorted(maps.Keys(e.holders))
	e.shelf, e.words = newShelf(), words{} // they were for reading
	e.settleRuns()
	return nil
}

// give adds the policies of a holder.
func (e *Estate) give(p *access.Policies, h *Holder) {
	p.Identity, p.Unread = append(p.Identity, h.Own...), append(p.Unread, h.Unread...)
	for _, arn := range h.Attached {
		if d, ok := e.documents[arn]; ok {
			p.Identity = append(p.Identity, d)
		} else {
			p.Unread = append(p.Unread, arn)
		}
	}
}

// holder finds who calls: a user, a role, or the role of a session. A session, and so a log, does not say the path of its role.
func (e *Estate) holder(arn string) (*Holder, bool) {
	if h, ok := e.holders[arn]; ok {
		return h, true
	}
	a, err := principal.ParseARN(arn)
	rest, session := strings.CutPrefix(a.Resource, "assumed-role/")
	if err != nil || session != (a.Service == "sts") {
		return nil, false
	}
	if name, role := strings.CutPrefix(a.Resource, "role/"); role {
		rest = name
	} else if !session {
		return nil, false
	}
	name, _, inside := strings.Cut(rest, "/")
	if inside && !session { // it has a path, and another than that of the role
		return nil, false
	}
	h, ok := e.roles[groupOf(a.Account, name)]
	return h, ok
}
