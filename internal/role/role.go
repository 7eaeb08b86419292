package role

import (
	"cmp"
	"slices"

	"jobzero/internal/action"
	"jobzero/internal/awsorg"
)

// Name is one of our roles.
type Name string

// The roles.
const (
	Reader       Name = "reader"       // in every account
	Responder    Name = "responder"    // where something is enforced
	Organization Name = "organization" // where the organisation and Identity Center are administered
	Hub          Name = "hub"          // what the program itself runs as
)

// Names are all roles.
func Names() []Name { return []Name{Reader, Responder, Organization, Hub} }

// Of is the role that an action takes.
func Of(r awsorg.Role) Name {
	if r == awsorg.Organization {
		return Organization
	}
	return Responder
}

// Options say for whom the policies are.
type Options struct {
	Partition string          // aws
	Account   string          // in which the role stands; * when it is not known
	Roles     map[Name]string // what the roles are called
	Actions   []action.Info   // that may be done
	Planned   []action.Info   // that may be planned; the reader reads for these
	// CloudControl has the reader read the types that have no reader of their own.
	CloudControl bool
	Queues       []string // ARNs of the hub's queues, with wildcards
	Objects      []string // ARNs of the objects that the hub reads: logs in buckets
	Checkpoint   Checkpoint
	Pulse        string // namespace of the metric that says that the hub is well; empty: there is none
	Phones       Phones
}

// Grant is one action that a role may take.
type Grant struct {
	Action    string   `json:"action"`
	Resources []string `json:"resources"` // ARNs with wildcards, or *
	// Condition is by operator and key, as in a policy.
	Condition map[string]map[string]any `json:"condition,omitempty"`
	For       []string                  `json:"for"` // who needs it
	Deny      bool                      `json:"deny,omitempty"`
	part      int                       // of the policies: what belongs to a second part stands in documents of its own
}

// Grants are all that a role may do, sorted.
func Grants(n Name, o Options) []Grant {
	var out []Grant
	switch n {
	case Reader:
		out = reads(o)
	case Responder:
		out = writes(o, awsorg.Responder)
	case Organization:
		out = writes(o, awsorg.Organization)
	case Hub:
		out = hub(o)
	}
	slices.SortStableFunc(out, func(a, b Grant) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.Action, b.Action), slices.Compare(a.Resources, b.Resources))
	})
	return out
}
