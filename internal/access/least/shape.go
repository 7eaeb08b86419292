package least

import (
	"maps"
	"slices"
	"strings"

	"jobzero/internal/policy"
)

// shape is how much a policy is allowed to say in general. What it says was allowed before, whichever shape it has.
type shape struct {
	levels   bool // a statement for each access level
	services bool // a statement for each service; else for all that have the same resources
	sids     bool // statements have names
	prefixes bool // patterns of actions that the policies did not have, where all actions there are under them stay
	objects  int  // more objects of a bucket than that become a pattern
	others   int  // likewise of other resources of one type; both 0: even one
	said     string
}

// shapes go from the most exact to the shortest.
var shapes = []shape{
	{levels: true, services: true, sids: true, objects: 8, others: 20},
	{services: true, sids: true, objects: 8, others: 20, said: "access levels of a service share a statement"},
	{prefixes: true, objects: 8, others: 20, said: "services share statements, and actions that all stay are written as patterns"},
	{prefixes: true, objects: 3, others: 8, said: "more than 8 resources of a type are written as a pattern"},
	{prefixes: true, said: "all resources are written as patterns that were allowed before"},
}

// general gives the resources of an action of a part, with many of a kind as a pattern that a statement allowed, and without those that others
// cover.
func (p *narrowed) general(action string, s shape) []*policy.Pattern {
	all := p.acts[action]
	if _, ok := all["*"]; ok {
		return []*policy.Pattern{anything}
	}
	kinds := map[string][]string{}
	for text := range all {
		if k, _ := kindOf(text); k != "" {
			kinds[k] = append(kinds[k], text)
		}
	}
	out := maps.Clone(all)
	for _, k := range slices.Sorted(maps.Keys(kinds)) { // kinds are apart from one another
		_, object := kindOf(k + "x")
		if object && len(kinds[k]) > s.objects || !object && len(kinds[k]) > s.others {
			p.join(action, k, kinds[k], out)
		}
	}
	return bare(out)
}

// kindOf is how the ARNs of a type of resource begin, and whether it is that of the objects of a bucket. Empty: it is a pattern already.
func kindOf(text string) (kind string, object bool) {
	if strings.ContainsAny(text, "*?$") {
		return "", false
	}
	f := strings.SplitN(text, ":", 6)
	if len(f) != 6 {
		return "", false
	}
	at := strings.IndexAny(f[5], ":/")
	if at < 0 {
		return strings.TrimSuffix(text, f[5]), false
	}
	return text[:len(text)-len(f[5])+at+1], f[2] == "s3" && f[5][at] == '/'
}

// join puts one pattern in place of many resources: that of the type, or of the folder they all lie in; else those of the statements.
func (p *narrowed) join(action, kind string, texts []string, out resources) {
	act := policy.Literal(action)
	for _, start := range []string{folder(kind, texts), kind} {
		g := policy.ReadPattern(start + "*")
		if start != "" && p.licensed(act, []*policy.Pattern{g}) {
			for _, t := range texts {
				delete(out, t)
			}
			out[g.Written()] = g
			return
		}
	}
	for _, g := range p.from {
		if g.NotRes != nil || !g.Names(action) {
			continue
		}
		for _, r := range g.res {
			n := 0
			for _, t := range texts {
				if !r.Vars() && r.Fits(t) && r.text != t {
					delete(out, t)
					n++
				}
			}
			if n > 0 {
				out[r.text] = r.Pattern
			}
		}
	}
}

// folder is the first folder below a kind that all lie in. One with digits is likely that of a day, and tomorrow's is another.
func folder(kind string, texts []string) string {
	name, _, ok := strings.Cut(strings.TrimPrefix(texts[0], kind), "/")
	if !ok || name == "" || strings.ContainsAny(name, "0123456789") {
		return ""
	}
	start := kind + name + "/"
	if slices.ContainsFunc(texts, func(t string) bool { return !strings.HasPrefix(t, start) }) {
		return ""
	}
	return start
}

// maxPairs bounds the search for resources that others cover.
const maxPairs = 1 << 18

// bare leaves out what another covers, and sorts.
func bare(in resources) []*policy.Pattern {
	var wide []*policy.Pattern
	for _, text := range slices.Sorted(maps.Keys(in)) {
		if strings.ContainsAny(text, "*?") {
			wide = append(wide, in[text])
		}
	}
	var out []*policy.Pattern
	for _, text := range slices.Sorted(maps.Keys(in)) {
		p := in[text]
		covered := len(wide)*len(in) <= maxPairs && slices.ContainsFunc(wide, func(w *policy.Pattern) bool {
			return w != p && w.Covers(p) && (!p.Covers(w) || w.Written() < text)
		})
		if !covered {
			out = append(out, p)
		}
	}
	return out
}
