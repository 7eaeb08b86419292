package access

import (
	"strings"

	"jobzero/internal/policy"
)

// Whole is a context that says all there is: what is given, and what follows from the call itself where it is not given
// (reference_policies_condition-keys.html). A key that neither has is not in the call.
func Whole(c *Call, given policy.Keys) policy.Context {
	return &told{c, given, policy.Not()}
}

// Partial is a context as Whole gives it, but that a key which nothing says may be in the call or not.
func Partial(c *Call, given policy.Keys) policy.Context {
	return &told{c, given, policy.Value{}}
}

// told is what is known of a call. Few keys of it are ever asked for, so that they are made then.
type told struct {
	call  *Call
	given policy.Keys
	other policy.Value // of keys of which nothing is said
}

// Value is the key's.
func (t *told) Value(key string) policy.Value {
	if v, ok := t.given[key]; ok {
		return v
	}
	if key == "aws:resourceaccount" && t.call.Account != "" {
		return policy.Is(t.call.Account)
	}
	if text, ok := t.call.Caller.implied(key); ok {
		return policy.Is(text)
	}
	return t.other
}

// implied is the value of a key that who calls implies.
func (c *Caller) implied(key string) (string, bool) {
	switch key {
	case "aws:principaltype":
		return c.sort()
	case "aws:principalisawsservice":
		switch c.kind {
		case IAM:
			return "false", true
		case Service:
			return "true", true
		case Federated, Anonymous:
		}
	case "aws:principalservicename":
		return c.who.Service, c.kind == Service
	case "aws:federatedprovider":
		return c.arn, c.kind == Federated
	}
	if c.kind != IAM {
		return "", false
	}
	arn := c.who.ARNs[len(c.who.ARNs)-1]
	switch key {
	case "aws:principalaccount":
		return c.account, true
	case "aws:principalarn":
		return arn, true
	case "aws:username":
		return arn[strings.LastIndexByte(arn, '/')+1:], !c.root && strings.Contains(c.arn, ":user/")
	}
	return "", false
}

// sort is the value of aws:PrincipalType. Who is federated has no credentials of AWS as yet.
func (c *Caller) sort() (string, bool) {
	switch {
	case c.kind == Federated, c.kind == Anonymous:
		return "Anonymous", true
	case c.kind != IAM:
		return "", false
	case c.root:
		return "Account", true
	case strings.Contains(c.arn, ":user/"):
		return "User", true
	case strings.Contains(c.arn, ":federated-user/"):
		return "FederatedUser", true
	}
	return "AssumedRole", true
}
