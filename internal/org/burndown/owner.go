package burndown

import (
	"strings"

	"jobzero/internal/access/ledger"
	"jobzero/internal/resource"
)

// team is the team that owns a resource, or the account where none is named.
func (c *counter) team(account, arn string) string {
	at := [2]string{account, arn}
	if t, ok := c.teams[at]; ok {
		return t
	}
	ref := resource.Ref{Account: account}
	if arn != "" && arn != "*" {
		ref = refOf(account, arn)
	}
	w := c.org.OwnerOf(ref, nil, arn)
	t := known(w.Team)
	if w.Team == "" && w.Person != "" {
		t = w.Person // who owns by himself is a team of one
	}
	c.teams[at] = t
	return t
}

// refOf is as much of a resource as its ARN says. Of an object its bucket is meant: buckets are what is owned.
func refOf(account, arn string) resource.Ref {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 {
		return resource.Ref{Account: account}
	}
	ref := resource.Ref{Account: account, Region: part[3], ID: part[5]}
	if part[4] != "" {
		ref.Account = part[4]
	}
	if part[2] == "s3" {
		ref.Type = resource.Bucket
		ref.ID, _, _ = strings.Cut(part[5], "/")
		return ref
	}
	if i := strings.LastIndexAny(ref.ID, "/:"); i >= 0 {
		ref.ID = strings.TrimPrefix(ref.ID[i+1:], "*") // for a path that the record does not say
	}
	return ref
}

func nameOf(r ledger.Root) string {
	if r.ID == "" || r.ID == "*" {
		return string(r.Kind)
	}
	return r.ID
}

func known(name string) string {
	if name == "" {
		return Unknown
	}
	return name
}
