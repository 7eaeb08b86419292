package cases

import (
	"strconv"

	"jobzero/internal/doc"
	"jobzero/internal/policy"
)

// The limits of one case.
const (
	maxBytes = 8 << 20
	maxNodes = 500_000
)

// text is a case in the making.
type text struct {
	out     *Case
	partial bool
}

// read makes the case of its text; name is for errors.
func read(name string, data []byte, partial bool) (*Case, error) {
	nodes, err := doc.Reader{Max: maxBytes + maxBlank, Nodes: maxNodes}.Parse(name, data)
	if err != nil {
		return nil, err
	}
	n := nodes[0]
	if n.Kind != doc.Map {
		return nil, n.Errorf("want a case: an object with request and policies")
	}
	t := &text{out: &Case{}, partial: partial}
	for _, p := range n.Pairs {
		if p.Value.Kind == doc.Null {
			continue
		}
		if err := t.member(p.Key, p.Value); err != nil {
			return nil, err
		}
	}
	if t.out.Call.Action == "" {
		return nil, n.Errorf("request is missing: who calls what")
	}
	return t.out, nil
}

// member reads one member of a case.
func (t *text) member(key, n *doc.Node) (err error) {
	p := &t.out.Policies
	switch key.Text {
	case "request":
		return t.request(n)
	case "identityPolicies":
		p.Identity, err = t.policies(n, policy.Identity)
	case "permissionBoundaries":
		p.Boundaries, err = t.policies(n, policy.Identity)
	case "endpointPolicies":
		p.Endpoint, err = t.policies(n, policy.Endpoint)
	case "sessionPolicy":
		p.Session, err = t.policy(n, policy.Identity)
	case "resourcePolicy":
		var d *policy.Document
		if d, err = t.policy(n, policy.Resource); err == nil {
			p.Resource = []*policy.Document{d}
		}
	case "serviceControlPolicies":
		p.SCPs, err = t.levels(n, policy.SCP)
	case "resourceControlPolicies":
		p.RCPs, err = t.levels(n, policy.RCP)
	default:
		return unknown(key, []string{
			"request", "identityPolicies", "permissionBoundaries", "endpointPolicies", "sessionPolicy", "resourcePolicy", "serviceControlPolicies",
			"resourceControlPolicies",
		})
	}
	return err
}

// policy reads a policy, or an object with its name and the policy.
func (t *text) policy(n *doc.Node, kind policy.Kind) (*policy.Document, error) {
	name := string(kind) + " policy"
	if inner := n.Get("policy"); inner != nil {
		if given := n.Get("name"); given != nil {
			name = given.Text
		}
		n = inner
	}
	d, _, err := policy.Read(name, kind, n)
	return d, err
}

func (t *text) policies(n *doc.Node, kind policy.Kind) (out []*policy.Document, err error) {
	if n.Kind != doc.List {
		return nil, n.Errorf("want a list of policies")
	}
	out = make([]*policy.Document, len(n.Items))
	for i, item := range n.Items {
		if out[i], err = t.policy(item, kind); err != nil {
			return nil, err
		}
		if out[i].Name == string(kind)+" policy" {
			out[i].Name += " " + strconv.Itoa(i+1)
		}
	}
	return out, nil
}

func (t *text) levels(n *doc.Node, kind policy.Kind) (out [][]*policy.Document, err error) {
	if n.Kind != doc.List {
		return nil, n.Errorf("want a list of levels, each a list of policies, from the root of the organisation to the account")
	}
	out = make([][]*policy.Document, len(n.Items))
	for i, level := range n.Items {
		if out[i], err = t.policies(level, kind); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func textOf(n *doc.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

func orAt(n, otherwise *doc.Node) *doc.Node {
	if n == nil {
		return otherwise
	}
	return n
}

// unknown is the error of a member that there is not.
func unknown(key *doc.Node, names []string) error {
	best, far := "", 1+len(key.Text)/3
	for _, n := range names {
		if d := doc.Distance(key.Text, n); d < far || d == far && n < best {
			best, far = n, d
		}
	}
	if best != "" {
		best = ": did you mean " + best + "?"
	}
	return key.Errorf("there is no %q here%s", key.Text, best)
}
