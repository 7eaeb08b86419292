package policy

import "fmt"

// Kind is what a policy is attached to.
type Kind string

// The kinds.
const (
	SCP      Kind = "scp"      // service control policy: what principals of an organisation may do at most
	RCP      Kind = "rcp"      // resource control policy: what may be done to resources of an organisation at most
	Identity Kind = "identity" // of a user, group or role
	Resource Kind = "resource" // of a bucket, key, queue …
	Grant    Kind = "grant"    // of a key, as KMS grants one: it is read as one of a resource
	Endpoint Kind = "endpoint" // of an endpoint in a network: who may call what through it
)

// MaxOrganisation is how many characters an SCP or RCP may have, white space outside of its texts not counted
// (docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html).
const MaxOrganisation = 5120

// Document is one policy. It is immutable and safe for concurrent use.
type Document struct {
	Name       string // of the file it was read from
	Kind       Kind
	Version    string
	Size       int // characters without white space between its tokens
	Statements []*Statement
}

// Statement is one statement of a policy.
type Statement struct {
	Sid        string
	Number     int // from 1
	Allow      bool
	Place      Place
	Actions    []*Pattern // in small letters
	NotActions []*Pattern
	Resources  []*Pattern
	NotRes     []*Pattern
	Who        []Grantee
	NotWho     []Grantee
	Conditions []*Condition

	whoAsked bool // it has Principal or NotPrincipal
}

// Name is the Sid, or the number where there is none.
func (s *Statement) Name() string {
	if s.Sid != "" {
		return s.Sid
	}
	return fmt.Sprintf("statement %d", s.Number)
}

// Grantee is a principal as a statement names it: the kind is AWS, Service, Federated or CanonicalUser, or empty for the plain "*".
type Grantee struct{ Kind, Name string }

// Place is where something stands; lines and columns count from 1.
type Place struct {
	File      string
	Line, Col int
}

// String is file:line:col.
func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// Problem is something about a policy that is not an error: it can be judged, and may mean something else than was meant.
type Problem struct {
	Place Place
	Text  string
}

// String is file:line:col and what.
func (p Problem) String() string { return p.Place.String() + ": " + p.Text }

// Truth has three values; the order is that of "and": the least counts.
type Truth int

// The values.
const (
	No Truth = iota
	Maybe
	Yes
)

func (t Truth) not() Truth { return Yes - t }

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}
