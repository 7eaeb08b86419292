package reach

import (
	"slices"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/policy"
)

// Change is a policy that is supposed to be another.
type Change struct {
	// Holder is the ARN of the user, role or group into which it is written, or of the resource whose policy it is; empty: a managed policy, of all
	// who have it.
	Holder string
	From   *policy.Document // nil: there is none so far
	To     *policy.Document // nil: it is taken away
}

// change are all that are supposed.
type change struct {
	list  []Change
	doors []int32 // roles whose trust is another: whom it names is not indexed
}

// Changed is the graph as it would be. It shares what does not change.
func (g *Graph) Changed(list ...Change) *Graph {
	out := *g
	c := &change{}
	if g.change != nil {
		c.list = slices.Clone(g.change.list)
		c.doors = slices.Clone(g.change.doors)
	}
	c.list = append(c.list, list...)
	for _, x := range list {
		if i, ok := g.place[x.Holder]; ok && x.From == g.holders[i].Trust {
			c.doors = append(c.doors, i)
		}
	}
	out.change, out.asked, out.all = c, 0, nil
	out.kinds = map[string]*kin{}
	return &out
}

// Without is a change that takes one statement out of a policy.
func Without(h string, d *policy.Document, s *policy.Statement) Change {
	small := *d
	small.Statements = slices.DeleteFunc(slices.Clone(d.Statements), func(x *policy.Statement) bool { return x == s })
	return Change{Holder: h, From: d, To: &small}
}

// policies are those of somebody as they are supposed to be.
func (c *change) policies(h *estate.Holder, p access.Policies) access.Policies {
	if c == nil {
		return p
	}
	for _, x := range c.list {
		if !x.of(h) {
			continue
		}
		p.Identity = swapped(p.Identity, x)
		p.Boundaries = swapped(p.Boundaries, x)
		if x.From == nil && x.To != nil && x.To.Kind == policy.Identity && x.Holder == h.ARN {
			p.Identity = append(p.Identity[:len(p.Identity):len(p.Identity)], x.To)
		}
	}
	return p
}

// of reports whether a change may be about somebody.
func (x Change) of(h *estate.Holder) bool {
	if x.Holder == "" || x.Holder == h.ARN {
		return true
	}
	return slices.ContainsFunc(h.Groups, func(name string) bool { return name == accountOf(x.Holder)+" "+lastOf(x.Holder) })
}

func swapped(docs []*policy.Document, x Change) []*policy.Document {
	at := slices.Index(docs, x.From)
	if at < 0 || x.From == nil {
		return docs
	}
	out := slices.Clone(docs)
	if x.To == nil {
		return slices.Delete(out, at, at+1)
	}
	out[at] = x.To
	return out
}

// resource is the policy of a resource as it is supposed to be.
func (c *change) resource(arn string, docs []*policy.Document) []*policy.Document {
	for _, x := range c.list {
		if x.Holder != arn {
			continue
		}
		if x.From == nil && x.To != nil && x.To.Kind == policy.Resource {
			docs = append(docs[:len(docs):len(docs)], x.To)
			continue
		}
		docs = swapped(docs, x)
	}
	return docs
}
