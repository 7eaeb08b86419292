package access

import "jobzero/internal/policy"

// Policies are all that have a say in a call. They are immutable and safe for concurrent use.
type Policies struct {
	Identity   []*policy.Document // of the caller: its own, those of its groups, those attached
	Boundaries []*policy.Document // its permissions boundary; each has to allow
	// Unread are policies of the caller, a boundary, and policies of what is called, by their ARNs or by what is said of them, of which the
	// text is not known: they may allow or deny anything.
	Unread         []string
	UnreadBoundary string
	UnreadResource []string
	Session        *policy.Document   // what it took its role on with; nil: nothing
	Resource       []*policy.Document // of what is called, and what stands beside it, such as the grants of a key; none: it has none
	// Service and resource control policies, a list for each level from the root of the organisation down to the account. A level without any
	// that allows denies. None: there is no organisation, or it has none of the kind.
	SCPs, RCPs [][]*policy.Document
	Endpoint   []*policy.Document // of the network endpoint that the call goes through; none: it goes through none
}

// Call is one call, as far as it is known.
type Call struct {
	Caller   Caller
	Action   string // service:Name
	Resource string // ARN, or * of an action that has none
	Account  string // of the resource
	Context  policy.Context
}

// Outcome is a decision in the words of AWS.
type Outcome string

// The outcomes.
const (
	Allowed          Outcome = "Allowed"
	ImplicitlyDenied Outcome = "ImplicitlyDenied" // nothing allows it that has to
	ExplicitlyDenied Outcome = "ExplicitlyDenied" // a statement denies it
	Unknown          Outcome = "Unknown"          // it hangs on what is not known
)

// Reason is a statement that a decision rests on.
type Reason struct {
	Layer     Layer
	Document  *policy.Document
	Statement *policy.Statement
}

// Layer is which of the policies of a call.
type Layer string

// The layers, in the order in which AWS asks them.
const (
	LayerSCP      Layer = "service control policy"
	LayerRCP      Layer = "resource control policy"
	LayerEndpoint Layer = "endpoint policy"
	LayerResource Layer = "resource policy"
	LayerIdentity Layer = "identity policy"
	LayerBoundary Layer = "permissions boundary"
	LayerSession  Layer = "session policy"
)

// Decision is an outcome and why.
type Decision struct {
	Outcome Outcome
	By      []Reason // the statements that it rests on; none where nothing allows it
	Lacks   []Layer  // of ImplicitlyDenied: the layers that should have allowed it, the first that AWS asks
	Unknown []string // of Unknown: the condition keys, or what else is not known, sorted
}
