package awsorg

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"jobzero/internal/fault"
)

// Own is what the program itself works as, so that no action cuts its own hand off: the access key that it calls with, and as ARNs the user
// or role of its own credentials and the two roles of every account, with a star for the account.
func (o *Org) Own(ctx context.Context) ([]string, error) {
	c, err := o.base.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, Fault(err, "read the program's own credentials")
	}
	self, err := o.caller(ctx)
	if err != nil {
		return nil, err
	}
	role := "arn:" + o.conf.Partition + ":iam::*:role/"
	return []string{c.AccessKeyID, self, role + o.conf.ReaderRole, role + o.conf.ResponderRole}, nil
}

// caller asks once whom the program's own credentials are. A session is its role, without its path, which STS leaves out.
func (o *Org) caller(ctx context.Context) (string, error) {
	o.mu.Lock()
	self := o.self
	o.mu.Unlock()
	if self != "" {
		return self, nil
	}
	out, err := o.sts.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", Fault(err, "ask whom the program's own credentials are")
	}
	if self = principalOf(aws.ToString(out.Arn)); self == "" {
		return "", fault.New(fault.Unavailable, "ask whom the program's own credentials are: the API answered without an ARN")
	}
	o.mu.Lock()
	o.self = self
	o.mu.Unlock()
	return self, nil
}

// principalOf is the role of a session's ARN, and any other ARN as it is.
func principalOf(arn string) string {
	head, session, ok := strings.Cut(arn, ":assumed-role/")
	if !ok {
		return arn
	}
	name, _, _ := strings.Cut(session, "/")
	return strings.Replace(head, ":sts:", ":iam:", 1) + ":role/" + name
}

// IsOwn reports whether a user or role, by its ARN, is one of those that Own gives.
func IsOwn(own []string, arn string) bool {
	account, name := apart(arn)
	for _, o := range own {
		a, n := apart(o)
		if n != "" && n == name && (a == account || a == "*") {
			return true
		}
	}
	return false
}

// apart gives the account of an ARN of a user or role, and its kind and name without the path.
func apart(arn string) (account, name string) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[2] != "iam" && part[2] != "sts" {
		return "", ""
	}
	kind, _, _ := strings.Cut(part[5], "/")
	return part[4], kind + "/" + part[5][strings.LastIndexByte(part[5], '/')+1:]
}

// As is another role of an account than those that read and change things, such as one that may only put something away there.
func (o *Org) As(ctx context.Context, account, name, region string) (aws.Config, error) {
	return o.enter(ctx, account, region, role{name: name, lasts: o.conf.RoleDuration, session: o.conf.SessionName})
}
