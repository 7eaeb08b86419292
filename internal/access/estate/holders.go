package estate

import (
	"slices"
	"strconv"
	"strings"

	"jobzero/internal/policy"
	"jobzero/internal/resource"
)

// addHolder takes a user, group or role with all that is attached to it, which stands beside it as related policies.
func (e *Estate) addHolder(r resource.Resource) error {
	h := &Holder{ARN: holderARN(r), Account: r.Account, Tags: r.Tags}
	if err := e.holds(h, r); err != nil {
		return err
	}
	if b, ok := r.Properties["PermissionsBoundary"].(string); ok {
		h.Boundary = b
	} else if why, open := opened(r, "properties.PermissionsBoundary"); open {
		h.Boundary = why
	}
	name := lastOf(h.ARN)
	switch r.Type {
	case group:
		e.groups[groupOf(h.Account, name)] = h
		return nil
	case resource.User:
		e.member(h, r)
	default:
		trust, err := e.written(r, "properties.AssumeRolePolicyDocument", policy.Resource)
		if err != nil {
			return err
		}
		t := thing{account: h.Account}
		t.take(trust)
		if len(t.policies) > 0 {
			h.Trust = t.policies[0]
		}
		e.things[h.ARN] = t
	}
	e.holders[h.ARN] = h
	return nil
}

// holds reads the policies of a holder: those written into it, which have names, and all that stand beside it. A reader of the live account
// gives the former twice.
func (e *Estate) holds(h *Holder, r resource.Resource) error {
	var all found
	list, _ := r.Properties["Policies"].([]any)
	if why, open := opened(r, "properties.Policies"); open {
		all.unread = append(all.unread, "policies written into "+r.String()+": "+why)
	}
	for i, v := range list {
		m, _ := v.(map[string]any)
		name, _ := m["PolicyName"].(string)
		if err := e.inline(&all, r, "properties.Policies["+strconv.Itoa(i)+"]", name, m); err != nil {
			return err
		}
	}
	beside, err := e.written(r, "related.policies", policy.Identity)
	if err != nil {
		return err
	}
	for _, d := range beside.docs {
		if !slices.ContainsFunc(all.docs, func(o *policy.Document) bool { return e.shelf.same(o, d) }) {
			all.docs = append(all.docs, d)
		}
	}
	h.Own, h.Unread = all.docs, append(all.unread, beside.unread...)
	return nil
}

// inline reads one policy that is written into a holder.
func (e *Estate) inline(all *found, r resource.Resource, path, name string, m map[string]any) error {
	if name == "" {
		name = "policy of " + r.ID
	}
	one, err := e.one(r, path+".PolicyDocument", name, policy.Identity, m["PolicyDocument"])
	all.docs, all.unread = append(all.docs, one.docs...), append(all.unread, one.unread...)
	return err
}

// member notes the groups of a user.
func (e *Estate) member(h *Holder, r resource.Resource) {
	list, _ := r.Related["groups"].([]any)
	for _, g := range list {
		name, _ := g.(string)
		if m, ok := g.(map[string]any); ok {
			name, _ = m["GroupName"].(string)
		}
		if name != "" {
			h.Groups = append(h.Groups, groupOf(h.Account, name))
		}
	}
	for _, path := range []string{"related.groups", "properties.Groups"} {
		if why, open := opened(r, path); open && (path == "related.groups" || len(list) == 0) {
			h.Unread = append(h.Unread, "groups of "+h.ARN+": "+why)
			return
		}
	}
}

// holderARN is the ARN of a user, group or role; a text has only its name and path.
func holderARN(r resource.Resource) string {
	if r.ARN != "" {
		return r.ARN
	}
	if arn, _ := r.Properties["Arn"].(string); strings.HasPrefix(arn, "arn:") {
		return arn
	}
	kind := map[resource.Type]string{resource.Role: "role", resource.User: "user", group: "group"}[r.Type]
	name, _ := r.Properties[map[string]string{"role": "RoleName", "user": "UserName", "group": "GroupName"}[kind]].(string)
	if name == "" {
		name = r.ID
	}
	path, _ := r.Properties["Path"].(string)
	if !strings.HasPrefix(path, "/") || !strings.HasSuffix(path, "/") {
		path = "/"
	}
	return "arn:aws:iam::" + r.Account + ":" + kind + path + name
}

// addText takes a managed policy.
func (e *Estate) addText(r resource.Resource) error {
	found, err := e.written(r, "properties.PolicyDocument", policy.Identity)
	if err != nil || len(found.docs) == 0 {
		return err
	}
	e.documents[policyARN(r)] = found.docs[0]
	return nil
}

func policyARN(r resource.Resource) string {
	for _, arn := range []any{r.ARN, r.Properties["PolicyArn"], r.Properties["Arn"], r.ID} {
		if s, _ := arn.(string); strings.HasPrefix(s, "arn:") {
			return s
		}
	}
	name, _ := r.Properties["ManagedPolicyName"].(string)
	if name == "" {
		name = r.ID
	}
	return "arn:aws:iam::" + r.Account + ":policy/" + name
}
