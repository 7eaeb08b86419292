package estate

import (
	"encoding/json"

	"jobzero/internal/fault"
	"jobzero/internal/policy"
	"jobzero/internal/principal"
)

// The lists of GetAccountAuthorizationDetails (docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html), as far as
// they say who may do what.
type (
	// UserDetail is a user.
	UserDetail struct {
		HolderDetail
		UserId         string
		UserPolicyList []InlinePolicy
		GroupList      []string // names
	}
	groupDetail struct {
		HolderDetail
		GroupPolicyList []InlinePolicy
	}
	// RoleDetail is a role.
	RoleDetail struct {
		HolderDetail
		RoleId                   string
		RolePolicyList           []InlinePolicy
		AssumeRolePolicyDocument json.RawMessage
		RoleLastUsed             *struct{ LastUsedDate, Region string } // an empty one: never in the time that IAM looks back
		InstanceProfileList      []struct{ Arn, InstanceProfileName string }
	}
	// HolderDetail is what users, groups and roles have in common.
	HolderDetail struct {
		Arn, CreateDate         string
		AttachedManagedPolicies []struct{ PolicyArn string }
		PermissionsBoundary     *struct{ PermissionsBoundaryArn string }
		Tags                    []struct{ Key, Value string }
	}
	// InlinePolicy is a policy that is written into its holder.
	InlinePolicy struct {
		PolicyName     string
		PolicyDocument json.RawMessage
	}
	managedPolicy struct {
		Arn               string
		PolicyName        string
		DefaultVersionId  string
		PolicyVersionList []struct {
			Document         json.RawMessage
			VersionId        string
			IsDefaultVersion bool
		}
	}
)

// Listener is told of what the answers of GetAccountAuthorizationDetails say besides policies, so that nobody has to read them again.
type Listener interface {
	User(UserDetail)
	Role(RoleDetail)
	Page(truncated bool) // the end of one answer
}

// Tell has somebody told of all that is read from now on.
func (e *Estate) Tell(l Listener) { e.listener = l }

// holder makes a holder of what all kinds have.
func (d HolderDetail) holder(w *words) (*Holder, error) {
	a, err := principal.ParseARN(d.Arn)
	if err != nil {
		return nil, err
	}
	h := &Holder{ARN: d.Arn, Account: w.one(a.Account)}
	for _, p := range d.AttachedManagedPolicies {
		h.Attached = append(h.Attached, w.one(p.PolicyArn))
	}
	if d.Tags != nil {
		h.Tags = map[string]string{}
	}
	for _, t := range d.Tags {
		h.Tags[t.Key] = t.Value
	}
	h.Tags = w.set(h.Tags)
	if d.PermissionsBoundary != nil {
		h.Boundary = d.PermissionsBoundary.PermissionsBoundaryArn
	}
	return h, nil
}

func (e *Estate) own(h *Holder, list []InlinePolicy) error {
	for _, p := range list {
		d, err := e.document(p.PolicyName, policy.Identity, p.PolicyDocument)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s", h.ARN)
		}
		h.Own = append(h.Own, d)
	}
	return nil
}

func (e *Estate) addUser(u UserDetail) error {
	h, err := u.holder(&e.words)
	if err != nil {
		return err
	}
	for _, name := range u.GroupList {
		h.Groups = append(h.Groups, e.words.one(groupOf(h.Account, name)))
	}
	e.holders[h.ARN] = h
	if e.listener != nil {
		e.listener.User(u)
	}
	return e.own(h, u.UserPolicyList)
}

// groupOf is how a group is known: by its name, which is all that a user says of it; the ARN has its path too.
func groupOf(account, name string) string { return account + " " + name }

func (e *Estate) addGroup(g groupDetail) error {
	h, err := g.holder(&e.words)
	if err != nil {
		return err
	}
	e.groups[groupOf(h.Account, lastOf(h.ARN))] = h
	return e.own(h, g.GroupPolicyList)
}

func (e *Estate) addRole(r RoleDetail) error {
	h, err := r.holder(&e.words)
	if err != nil {
		return err
	}
	e.holders[h.ARN] = h
	if e.listener != nil {
		e.listener.Role(r)
	}
	if len(r.AssumeRolePolicyDocument) > 0 {
		if h.Trust, err = e.document("trust policy", policy.Resource, r.AssumeRolePolicyDocument); err != nil {
			return fault.Wrap(fault.Invalid, err, "%s", h.ARN)
		}
		e.things[h.ARN] = thing{account: h.Account, policies: []*policy.Document{h.Trust}}
	}
	return e.own(h, r.RolePolicyList)
}

// addManaged takes the version of a managed policy that counts.
func (e *Estate) addManaged(p managedPolicy) error {
	for _, v := range p.PolicyVersionList {
		if v.IsDefaultVersion || v.VersionId == p.DefaultVersionId {
			d, err := e.document(p.PolicyName, policy.Identity, v.Document)
			if err != nil {
				return fault.Wrap(fault.Invalid, err, "%s", p.Arn)
			}
			e.documents[p.Arn] = d
		}
	}
	return nil
}
