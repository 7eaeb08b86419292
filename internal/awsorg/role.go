package awsorg

import (
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"

	"jobzero/internal/fault"
)

const (
	maxPolicy   = 2048            // characters that STS takes as a session policy
	maxNarrowed = 512             // narrowed sessions kept; the oldest goes first
	renewBefore = 2 * time.Minute // before expiry
)

// Permission is one IAM action on one resource.
type Permission struct {
	Action   string // such as s3:PutBucketPolicy
	Resource string // ARN
}

// role is one role to assume; an empty policy leaves it as wide as it is.
type role struct {
	name    string
	session string // its name, which CloudTrail shows
	policy  string
	lasts   time.Duration
}

// key tells sessions apart: also those of two tickets that make the same calls, so that each call is shown for its own.
func (r role) key(account string) string {
	return account + "|" + r.name + "|" + r.session + "|" + r.policy
}

// sessionPolicy allows exactly the permissions. What STS grants is the intersection with the role's own policy, so this can
// only narrow.
func sessionPolicy(may []Permission) (string, error) {
	if len(may) == 0 {
		return "", fault.New(fault.Invalid, "a responder session needs at least one permission")
	}
	type statement struct{ Effect, Action, Resource string }
	doc := struct {
		Version   string
		Statement []statement
	}{Version: "2012-10-17"}
	seen := map[Permission]bool{}
	for _, p := range may {
		if p.Action == "" || p.Resource == "" {
			return "", fault.New(fault.Invalid, "permission %q on %q: want both an action and a resource", p.Action, p.Resource)
		}
		if !seen[p] {
			seen[p] = true
			doc.Statement = append(doc.Statement, statement{"Allow", p.Action, p.Resource})
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "write a session policy")
	}
	if len(text) > maxPolicy {
		return "", fault.New(fault.Invalid, "the session policy for %d permissions has %d characters, STS takes %d: split the plan", len(seen), len(text), maxPolicy)
	}
	return string(text), nil
}

// provider gives the cached credentials of a role in an account. The SDK's cache renews them shortly before they expire and
// lets one caller do it for all.
func (o *Org) provider(account string, r role) *aws.CredentialsCache {
	key := r.key(account)
	o.mu.Lock()
	defer o.mu.Unlock()
	if p, ok := o.roles[key]; ok {
		return p
	}
	arn := "arn:" + o.conf.Partition + ":iam::" + account + ":role/" + r.name
	p := aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(o.sts, arn, func(a *stscreds.AssumeRoleOptions) {
		a.RoleSessionName, a.Duration = r.session, r.lasts
		if o.conf.ExternalID != "" {
			a.ExternalID = aws.String(o.conf.ExternalID)
		}
		if r.policy != "" {
			a.Policy = aws.String(r.policy)
		}
	}), func(c *aws.CredentialsCacheOptions) { c.ExpiryWindow = renewBefore })
	o.roles[key] = p
	if r.policy == "" { // readers: one an account, kept
		return p
	}
	o.order = append(o.order, key)
	if len(o.order) > maxNarrowed {
		delete(o.roles, o.order[0])
		o.order = o.order[1:]
	}
	return p
}

// forget drops a reader that could not be entered, so that events which name made-up accounts take no memory. Narrowed
// sessions are limited in number anyway.
func (o *Org) forget(account string, r role, p *aws.CredentialsCache) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if key := r.key(account); r.policy == "" && o.roles[key] == p {
		delete(o.roles, key)
	}
}
