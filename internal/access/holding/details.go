package holding

import (
	"strings"

	"jobzero/internal/access/estate"
	"jobzero/internal/resource"
)

// A World listens to an estate that reads the answers of GetAccountAuthorizationDetails.
var _ estate.Listener = (*World)(nil)

// User takes a user.
func (w *World) User(x estate.UserDetail) {
	u := w.user(x.Arn)
	u.ID, u.Groups, u.Tags, u.Created = x.UserId, x.GroupList, tagged(x.HolderDetail), moment(x.CreateDate)
	u.Policies = nil
	for _, p := range x.AttachedManagedPolicies {
		u.Policies = append(u.Policies, p.PolicyArn)
	}
	for _, p := range x.UserPolicyList {
		u.Policies = append(u.Policies, p.PolicyName)
	}
	w.page[u.Account] = true
}

// Role takes a role.
func (w *World) Role(x estate.RoleDetail) {
	r := &Role{ARN: x.Arn, ID: x.RoleId, Name: x.Arn[strings.LastIndexAny(x.Arn, "/:")+1:], Tags: tagged(x.HolderDetail), Created: moment(x.CreateDate)}
	if p := strings.SplitN(x.Arn, ":", 6); len(p) == 6 {
		r.Account = p[4]
	}
	if x.RoleLastUsed != nil {
		r.Told, r.Used = true, moment(x.RoleLastUsed.LastUsedDate)
	}
	for _, p := range x.InstanceProfileList {
		r.Profiles = append(r.Profiles, p.Arn)
	}
	w.Roles[r.ARN] = r
	w.page[r.Account] = true
}

// Page ends an answer. The last page ends the list.
func (w *World) Page(truncated bool) {
	for a := range w.page {
		w.Accounts[a] = w.Accounts[a] || !truncated
	}
	clear(w.page)
}

// Mention takes a user or role that a text such as an item of AWS Config speaks of. Of its credentials and its use nothing is known by that,
// nor whether the account has others.
func (w *World) Mention(r resource.Resource) {
	if r.Gone || !strings.HasPrefix(r.ARN, "arn:") {
		return
	}
	switch r.Type {
	case resource.User:
		if u := w.user(r.ARN); len(r.Tags) > 0 {
			u.Tags = r.Tags
		}
	case resource.Role:
		if _, ok := w.Roles[r.ARN]; !ok {
			id, _ := r.Properties["RoleId"].(string)
			w.Roles[r.ARN] = &Role{ARN: r.ARN, Account: r.Account, Name: r.ARN[strings.LastIndexAny(r.ARN, "/:")+1:], ID: id, Tags: r.Tags}
		}
	default: // nobody acts as any other
	}
}

func tagged(d estate.HolderDetail) map[string]string {
	out := make(map[string]string, len(d.Tags))
	for _, t := range d.Tags {
		out[t.Key] = t.Value
	}
	return out
}
