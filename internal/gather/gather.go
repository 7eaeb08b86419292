package gather

import (
	"context"
	"encoding/json"
	"io"
	"slices"

	"jobzero/internal/inventory"
	"jobzero/internal/inventory/iam"
	"jobzero/internal/inventory/identitystore"
	"jobzero/internal/inventory/kms"
	"jobzero/internal/inventory/organizations"
	"jobzero/internal/inventory/sso"
	"jobzero/internal/resource"
)

// Gatherer reads. Miss is told what could not be read; when it gives an error back, the reading ends with it.
type Gatherer struct {
	Entry inventory.Entry
	Watch inventory.Watch
	Miss  func(error) error
}

// Needs lists what reading calls for besides the readers of resources, sorted; the reader role's policy is made from it.
func Needs() []string {
	all := slices.Concat(iam.DetailsNeed, iam.CredentialsNeed, iam.ReportNeed, identitystore.Need, kms.GrantsNeed, organizations.TreeNeeds, sso.Assignments{}.Needs())
	slices.Sort(all)
	return slices.Compact(all)
}

// Details writes everybody of an account with all that they may do, and gives the names of its users.
func (g Gatherer) Details(ctx context.Context, account string, w io.Writer) (users []string, err error) {
	cfg, err := g.Entry.Reader(ctx, account, "")
	if err != nil {
		return nil, err
	}
	err = iam.Details(ctx, cfg, account, func(p iam.Page) error {
		users = append(users, p.Users()...)
		return json.NewEncoder(w).Encode(p)
	})
	return users, err // half a list must not stand for all of it
}

// Credentials writes all credentials of users of an account.
func (g Gatherer) Credentials(ctx context.Context, account string, users []string, w io.Writer) error {
	if len(users) == 0 {
		return nil
	}
	cfg, err := g.Entry.Reader(ctx, account, "")
	if err != nil {
		return g.Miss(err)
	}
	out := json.NewEncoder(w)
	for _, name := range users {
		if err := iam.Credentials(ctx, cfg, iam.Of{UserName: name, Account: account}, out.Encode, g.Miss); err != nil {
			return err
		}
	}
	return nil
}

// Report writes the credential report of an account: when passwords and keys were used. It may be hours old.
func (g Gatherer) Report(ctx context.Context, account string, w io.Writer) error {
	cfg, err := g.Entry.Reader(ctx, account, "")
	if err != nil {
		return g.Miss(err)
	}
	r, err := iam.Report(ctx, cfg, account)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(r)
}

// Instances gives the instances of Identity Center in some regions of an account.
func (g Gatherer) Instances(ctx context.Context, account string, regions []string) (all []identitystore.Instance, err error) {
	for _, region := range regions {
		cfg, err := g.Entry.Reader(ctx, account, region)
		var found []identitystore.Instance
		if err == nil {
			found, err = identitystore.Instances(ctx, cfg, account, region, g.Watch)
		}
		if err != nil {
			if err := g.Miss(err); err != nil {
				return all, err
			}
		}
		all = append(all, found...)
	}
	return all, nil
}

// Directory writes the users, groups, memberships and assignments of an instance of Identity Center. It is all of them or an error: half a
// list must not stand for all of it.
func (g Gatherer) Directory(ctx context.Context, at identitystore.Instance, w io.Writer) error {
	cfg, err := g.Entry.Reader(ctx, at.Account, at.Region)
	if err != nil {
		return err
	}
	out, store := json.NewEncoder(w), identitystore.Open(cfg, at)
	if err := store.Users(ctx, func(u identitystore.Users) error { return out.Encode(u) }); err != nil {
		return err
	}
	if err := g.groups(ctx, store, out); err != nil {
		return err
	}
	place := inventory.Place{Account: at.Account, Region: at.Region, Type: resource.SSOAssignment}
	answer := identitystore.Assignments{AccountAssignments: []identitystore.Assignment{}}
	err = sso.Assignments{}.Watching(g.Watch).(inventory.Pager).Pages(ctx, cfg, place, "", func(part []resource.Ref, _ string) error {
		for _, ref := range part {
			if a, err := sso.Part(ref); err == nil && a.Instance == at.ARN {
				answer.AccountAssignments = append(answer.AccountAssignments, identitystore.Assignment{
					AccountId: a.Account, PermissionSetArn: a.Set, PrincipalId: a.Principal, PrincipalType: a.Kind, InstanceArn: a.Instance,
				})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Encode(answer) // also when it is empty: it was read
}

// groups writes the groups of a directory with who is in each.
func (g Gatherer) groups(ctx context.Context, store identitystore.Store, out *json.Encoder) error {
	var ids []string
	err := store.Groups(ctx, func(part identitystore.Groups) error {
		for _, x := range part.Groups {
			ids = append(ids, x.GroupId)
		}
		return out.Encode(part)
	})
	if err != nil {
		return err
	}
	if len(ids) == 0 { // nobody is in any: that was read too
		return out.Encode(identitystore.Memberships{GroupMemberships: []identitystore.Membership{}})
	}
	for _, id := range ids {
		m, err := store.Members(ctx, id)
		if err == nil {
			err = out.Encode(m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
