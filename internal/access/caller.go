package access

import (
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/principal"
)

// Kind is what sort of caller it is.
type Kind string

// The kinds.
const (
	IAM       Kind = "IAM"       // a user, a role, a session or the root of an account
	Service   Kind = "Service"   // of AWS, such as logging.s3.amazonaws.com
	Anonymous Kind = "Anonymous" // unsigned
	Federated Kind = "Federated" // whom a provider of identities vouches for, such as arn:aws:iam::111122223333:oidc-provider/example.com
)

// Caller is who calls. The zero value is anonymous.
type Caller struct {
	who     policy.Principal
	kind    Kind
	account string
	arn     string
	session bool // of a role, or of a federated user
	root    bool // of an account
	linked  bool // a service-linked role: policies of the organisation do not bind it
}

// NewCaller reads a caller: of IAM its ARN; of a service its name; of one that is federated the provider's ARN, or its name where the provider
// is not the account's own, such as accounts.google.com; of an anonymous one nothing. The account is that of the ARN where
// it is empty. An error is fault.Invalid.
func NewCaller(kind Kind, name, account string) (Caller, error) {
	switch kind {
	case Anonymous:
		return Caller{kind: kind, who: policy.Principal{Kind: "Anonymous"}}, nil
	case Service:
		return Caller{kind: kind, account: account, who: policy.Principal{Kind: "Service", Service: name, Account: account}}, nil
	case Federated:
		return Caller{kind: kind, account: account, arn: name, who: policy.Principal{Kind: "Federated", ARNs: []string{name}}}, nil
	case IAM:
	}
	arn, err := principal.ParseARN(name)
	if err != nil {
		return Caller{}, err
	}
	if account == "" {
		account = arn.Account
	}
	c := Caller{kind: IAM, account: account, arn: name, who: policy.Principal{Kind: "AWS", ARNs: []string{name}, Account: account}}
	if role, session := roleOf(arn); session {
		c.who.ARNs = append(c.who.ARNs, role)
	}
	c.session = arn.Service == "sts"
	c.root = arn.Service == "iam" && arn.Resource == "root"
	c.linked = arn.Service == "iam" && strings.HasPrefix(arn.Resource, "role/aws-service-role/") ||
		arn.Service == "sts" && strings.HasPrefix(arn.Resource, "assumed-role/AWSServiceRoleFor")
	return c, nil
}

// Who is the caller as policies of resources name it.
func (c *Caller) Who() policy.Principal { return c.who }

// Account is that of the caller; empty where it has none.
func (c *Caller) Account() string { return c.account }

// roleOf gives the role of a session. Its path is not in the ARN of the session; names of roles are unique in an account.
func roleOf(a principal.ARN) (string, bool) {
	rest, ok := strings.CutPrefix(a.Resource, "assumed-role/")
	if a.Service != "sts" || !ok {
		return "", false
	}
	name, _, _ := strings.Cut(rest, "/")
	return "arn:" + a.Partition + ":iam::" + a.Account + ":role/" + name, true
}
