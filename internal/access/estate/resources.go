package estate

import (
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// The types that are taken in a way of their own, besides those of package resource.
const (
	group    resource.Type = "AWS::IAM::Group"
	function resource.Type = "AWS::Lambda::Function"
)

// ClassTag is the tag by which an owner says of which class the data of a resource is.
const ClassTag = "data-classification"

// nowhere is the account of what a text makes that does not say in which.
const nowhere = "000000000000"

// Add takes a resource, from wherever it was read: a user, a group, a role or a managed policy says who may do what; anything else is an
// asset. Of what stands in a text alone the account is 000000000000 where it does not say one. A policy of which a part is not known is
// not known as a whole, unless the part is one of its resources. An error is fault.Invalid: a policy that is none.
func (e *Estate) Add(r resource.Resource) error {
	if r.Gone {
		return nil
	}
	if r.Account == "" {
		r.Account = nowhere
	}
	r = e.words.shorten(r)
	switch r.Type {
	case resource.Role, resource.User, group:
		return e.addHolder(r)
	case resource.ManagedPolicy:
		return e.addText(r)
	case resource.AccountPublicAccess:
		e.block(r)
		return nil
	default:
		return e.addResource(r)
	}
}

// addResource takes anything else. What has no ARN that is known is left out: nothing can be asked about it.
func (e *Estate) addResource(r resource.Resource) error {
	if r.Type == resource.InstanceProfile {
		e.profiles[profileOf(r.Account, r.ID)] = roleOf(r)
	}
	a := Asset{ARN: arnOf(r), Account: r.Account, Type: r.Type, Class: r.Tags[ClassTag], Tags: r.Tags}
	if a.ARN == "" {
		return nil
	}
	f := forms()[r.Type]
	for _, path := range f.runs {
		if a.Runs == "" {
			a.Runs = e.runs(r, path)
		}
	}
	var t thing
	for _, path := range f.policies {
		found, err := e.written(r, path, policy.Resource)
		if err != nil {
			return err
		}
		t.take(found)
	}
	if r.Type == resource.Bucket {
		a.blocks = restricts(r, "properties.PublicAccessBlockConfiguration."+restricting)
		a.abac = attributed(r)
	}
	if r.Type == function {
		found, err := e.permissions(r, a.ARN)
		if err != nil {
			return err
		}
		t.take(found)
	}
	t.account, a.Policies, a.Unread = r.Account, t.policies, t.unread
	e.assets[a.ARN] = &a
	if len(t.policies) > 0 || len(t.unread) > 0 || r.Type == resource.Bucket { // the ARN of a bucket does not say whose it is
		e.things[a.ARN] = t
	}
	return nil
}

// runs is the role that code on a resource has, or a profile, whose role is looked up when everything is read.
func (e *Estate) runs(r resource.Resource, path string) string {
	if name, ok := at(r, path).(string); ok && name != "" {
		if !strings.HasPrefix(name, "arn:") && strings.Contains(path, "nstanceProfile") {
			return profileOf(r.Account, name)
		}
		return name
	}
	if _, open := opened(r, path); !open {
		return ""
	}
	for _, beside := range []string{"role", "profile"} { // of a text, where the ARN is not known and what it is is
		if m, ok := r.Related[beside].(map[string]any); ok {
			if name, _ := m["RoleName"].(string); name != "" {
				return holderARN(resource.Resource{Ref: resource.Ref{Type: resource.Role, Account: r.Account}, Properties: m})
			}
		}
	}
	return ""
}
