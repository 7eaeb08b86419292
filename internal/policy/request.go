package policy

import "strings"

// Request is one call, as far as it is known.
type Request struct {
	Action    string // service:Name
	Resources []Thing
	Context   Context
	Who       Principal // for policies with a Principal
}

// Thing is a resource that a call touches. What a policy says is asked for each of them.
type Thing struct {
	ARN  string
	Open bool // ARN is only how it begins
	// Sure is set when the call touches it for certain. A call of which it is not known whether it does is undecided where the answer
	// depends on it.
	Sure bool
	Keys Context // what is said of this resource; nil: nothing but the request's
}

// Anything is the resource of an action that has none: only * matches it.
var Anything = Thing{ARN: "*", Sure: true}

// State says whether a condition key is there.
type State uint8

// The states.
const (
	Unknown State = iota // whether it is there, and what its value is
	Absent               // the request does not have it
	Present
)

// Value is what a request has for a condition key.
type Value struct {
	State   State
	Texts   []string // of a Present key
	More    bool     // there may be further texts
	Perhaps bool     // it may be absent instead
}

// Is is a key with one value.
func Is(text string) Value { return Value{State: Present, Texts: []string{text}} }

// Not is a key that is not there.
func Not() Value { return Value{State: Absent} }

// Context gives the values of condition keys.
type Context interface {
	// Value of a key in small letters.
	Value(key string) Value
}

// Keys is a context that was written down, by keys in small letters. What it does not name is not known.
type Keys map[string]Value

// Value is the key's.
func (k Keys) Value(key string) Value { return k[key] }

// both asks what is said of one resource before what is said of the whole request.
type both struct{ own, all Context }

// Value is the resource's own where something is known of it.
func (b both) Value(key string) Value {
	if v := b.own.Value(key); v.State != Unknown {
		return v
	}
	return b.all.Value(key)
}

// Principal is who calls.
type Principal struct {
	Kind    string   // AWS, Service, Federated; empty when it is not known
	ARNs    []string // all that it goes by: the session, the role
	Account string
	Service string
	Bounded bool // it has a permissions boundary, and a Deny with NotPrincipal is about it whomever that names
}

// Is says whether the principal is the one that a statement names.
func (p *Principal) Is(g Grantee) Truth {
	switch {
	case g.Name == "*" && (g.Kind == "" || g.Kind == "AWS"):
		return Yes
	case p.Kind == "" || g.Kind == "CanonicalUser":
		return Maybe
	case g.Kind != p.Kind:
		return No
	case g.Kind == "Service":
		return truth(g.Name == p.Service)
	}
	for _, arn := range p.ARNs {
		if g.Name == arn || sameRole(g.Name, arn) {
			return Yes
		}
	}
	return truth(p.Account != "" && (g.Name == p.Account || isRootOf(g.Name, p.Account)))
}

// sameRole: a session does not say the path of its role, and an account has no two roles of one name.
func sameRole(named, bare string) bool {
	const role = ":role/"
	if len(named) <= len(bare) {
		return false
	}
	at := strings.Index(bare, role)
	return at >= 0 && strings.HasPrefix(named, bare[:at+len(role)]) && strings.HasSuffix(named, "/"+bare[at+len(role):])
}
