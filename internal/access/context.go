package access

import (
	"maps"
	"strings"

	"jobzero/internal/policy"
)

// Whole is a context that says all there is: what is given, and what follows from the call itself where it is not given
// (reference_policies_condition-keys.html). A key that neither has is not in the call.
func Whole(c *Call, given policy.Keys) policy.Context { return whole(Partial(c, given)) }

// Partial is a context as Whole gives it, but that a key which nothing says may be in the call or not.
func Partial(c *Call, given policy.Keys) policy.Keys {
	out := policy.Keys{}
	if c.Account != "" {
		out["aws:resourceaccount"] = policy.Is(c.Account)
	}
	switch c.Caller.kind {
	case IAM:
		c.Caller.implied(out)
	case Service:
		out["aws:principalisawsservice"] = policy.Is("true")
		out["aws:principalservicename"] = policy.Is(c.Caller.who.Service)
	case Federated:
		out["aws:principaltype"] = policy.Is("Anonymous") // as yet it has no credentials of AWS
		out["aws:federatedprovider"] = policy.Is(c.Caller.arn)
	case Anonymous:
		out["aws:principaltype"] = policy.Is("Anonymous")
	}
	maps.Copy(out, given)
	return out
}

func (c *Caller) implied(out policy.Keys) {
	out["aws:principalisawsservice"] = policy.Is("false")
	out["aws:principalaccount"] = policy.Is(c.account)
	arn := c.who.ARNs[len(c.who.ARNs)-1]
	out["aws:principalarn"] = policy.Is(arn)
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	switch {
	case c.root:
		out["aws:principaltype"] = policy.Is("Account")
	case strings.Contains(c.arn, ":user/"):
		out["aws:principaltype"] = policy.Is("User")
		out["aws:username"] = policy.Is(name)
	case strings.Contains(c.arn, ":federated-user/"):
		out["aws:principaltype"] = policy.Is("FederatedUser")
	default:
		out["aws:principaltype"] = policy.Is("AssumedRole")
	}
}

// whole is a context that says all: what it does not name is not there.
type whole policy.Keys

// Value is the key's.
func (w whole) Value(key string) policy.Value {
	if v, ok := w[key]; ok {
		return v
	}
	return policy.Not()
}
