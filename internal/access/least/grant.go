package least

import (
	"encoding/json"
	"math/bits"
	"slices"
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/fault"
	"jobzero/internal/policy"
)

// grant is a statement that allows, with the actions there are that it names.
type grant struct {
	*policy.Statement
	held estate.Held
	when when
	acts set
	vars bool // its resources hang on who calls
	res  []about
}

// about is a pattern of resources with how it is written.
type about struct {
	*policy.Pattern
	text string
}

func aboutAll(list []*policy.Pattern) []about {
	out := make([]about, 0, len(list))
	for _, p := range list {
		out = append(out, about{p, p.Written()})
	}
	return out
}

// when is the conditions of a statement as they are written.
type when struct {
	text string // one text for equal conditions; empty: none
	list map[string]map[string]any
}

// set is actions of the catalogue by their indexes.
type set []uint64

func newSet() set { return make(set, (len(open().all)+63)/64) }

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s set) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// each calls with every index in order.
func (s set) each(do func(int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			do(i*64 + bits.TrailingZeros64(w))
		}
	}
}

// statements sorts what somebody has into what allows and what denies.
type statements struct {
	allow  []*grant
	deny   []*grant
	never  set // denied whatever else is so
	memory map[string][]int
}

// read takes the statements of policies. An error is fault.Invalid: AWS takes no such policy.
func read(list []estate.Held) (*statements, error) {
	out := &statements{never: newSet(), memory: map[string][]int{}}
	for _, h := range list {
		for _, s := range h.Document.Statements {
			if s.Who != nil || s.NotWho != nil {
				return nil, fault.New(fault.Invalid, "%s: it has a Principal, which a policy of a user, group or role cannot have: take it out", s.Place)
			}
			g := &grant{Statement: s, held: h, when: conditionsOf(h.Document, s), vars: anyVars(s.Resources) || anyVars(s.NotRes)}
			g.acts, g.res = out.named(s), aboutAll(s.Resources)
			if s.Allow {
				out.allow = append(out.allow, g)
				continue
			}
			out.deny = append(out.deny, g)
			if g.when.text == "" && slices.ContainsFunc(s.Resources, (*policy.Pattern).All) {
				for i, w := range g.acts {
					out.never[i] |= w
				}
			}
		}
	}
	return out, nil
}

// named are the actions that a statement names.
func (st *statements) named(s *policy.Statement) set {
	out := newSet()
	for _, p := range slices.Concat(s.Actions, s.NotActions) {
		list, ok := st.memory[p.String()]
		if !ok {
			list = open().matching(p)
			st.memory[p.String()] = list
		}
		for _, i := range list {
			out.add(i)
		}
	}
	if s.NotActions != nil {
		all := len(open().all)
		for i := range out {
			out[i] = ^out[i]
		}
		if rest := all % 64; rest != 0 {
			out[len(out)-1] &= 1<<rest - 1
		}
	}
	return out
}

// granted are the actions that any of the statements allows on anything, and none denies on everything.
func (st *statements) granted() set {
	out := newSet()
	for _, g := range st.allow {
		for i, w := range g.acts {
			out[i] |= w &^ st.never[i]
		}
	}
	return out
}

func anyVars(list []*policy.Pattern) bool { return slices.ContainsFunc(list, (*policy.Pattern).Vars) }

// conditionsOf writes the conditions of a statement as a policy of version 2012-10-17 has them.
func conditionsOf(d *policy.Document, s *policy.Statement) when {
	if len(s.Conditions) == 0 {
		return when{}
	}
	list := map[string]map[string]any{}
	for _, c := range s.Conditions {
		values := make([]string, 0, len(c.Values))
		for _, v := range c.Values {
			if d.Version != "2012-10-17" {
				v = strings.ReplaceAll(v, "${", "${$}{")
			}
			values = append(values, v)
		}
		slices.Sort(values)
		values = slices.Compact(values)
		if list[c.Operator] == nil {
			list[c.Operator] = map[string]any{}
		}
		list[c.Operator][c.Key] = one(values)
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // texts only
	}
	return when{string(text), list}
}

// one is a list as policies have it: a text where there is one only.
func one(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// covers reports whether the statement is about all that a pattern of resources matches, whoever calls.
func (g *grant) covers(about *policy.Pattern) bool {
	if g.NotRes == nil {
		return slices.ContainsFunc(g.Resources, func(p *policy.Pattern) bool { return p.Covers(about) })
	}
	return !g.vars && !slices.ContainsFunc(g.NotRes, func(p *policy.Pattern) bool { return p.Meets(about) })
}

// names reports whether the statement names all actions that a pattern matches, those that nobody knows yet too.
func (g *grant) names(actions *policy.Pattern) bool {
	if g.NotActions == nil {
		return slices.ContainsFunc(g.Actions, func(p *policy.Pattern) bool { return p.Covers(actions) })
	}
	return !slices.ContainsFunc(g.NotActions, func(p *policy.Pattern) bool { return p.Meets(actions) })
}
