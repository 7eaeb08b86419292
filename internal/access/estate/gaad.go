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
	userDetail struct {
		holderDetail
		UserPolicyList []inlinePolicy
		GroupList      []string // names
	}
	groupDetail struct {
		holderDetail
		GroupPolicyList []inlinePolicy
	}
	roleDetail struct {
		holderDetail
		RolePolicyList           []inlinePolicy
		AssumeRolePolicyDocument json.RawMessage
	}
	holderDetail struct {
		Arn                     string
		AttachedManagedPolicies []struct{ PolicyArn string }
		PermissionsBoundary     *struct{ PermissionsBoundaryArn string }
		Tags                    []struct{ Key, Value string }
	}
	inlinePolicy struct {
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

// holder makes a holder of what all kinds have.
func (d holderDetail) holder(w *words) (*Holder, error) {
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

func (e *Estate) own(h *Holder, list []inlinePolicy) error {
	for _, p := range list {
		d, err := e.document(p.PolicyName, policy.Identity, p.PolicyDocument)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s", h.ARN)
		}
		h.Own = append(h.Own, d)
	}
	return nil
}

func (e *Estate) addUser(u userDetail) error {
	h, err := u.holder(&e.words)
	if err != nil {
		return err
	}
	for _, name := range u.GroupList {
		h.Groups = append(h.Groups, e.words.one(groupOf(h.Account, name)))
	}
	e.holders[h.ARN] = h
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

func (e *Estate) addRole(r roleDetail) error {
	h, err := r.holder(&e.words)
	if err != nil {
		return err
	}
	e.holders[h.ARN] = h
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
