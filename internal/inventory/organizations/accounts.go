package organizations

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Accounts reads jobzero::Organizations::Account: an account as the organisation has it. The ID is the account's; Account of its
// reference is the one that listed it.
type Accounts struct{ watch inventory.Watch }

// Watching gives the reader that knows what is watched. One that does not says that it is unknown.
func (Accounts) Watching(w inventory.Watch) inventory.Reader { return Accounts{w} }

// Type is the type of ours.
func (Accounts) Type() resource.Type { return resource.OrgAccount }

// Needs lists what the reader calls.
func (Accounts) Needs() []string {
	return []string{
		"account:GetAlternateContact", "organizations:DescribeAccount", "organizations:DescribeOrganization",
		"organizations:DescribeOrganizationalUnit", "organizations:ListAccounts", "organizations:ListParents",
		"organizations:ListRoots", "organizations:ListTagsForResource",
	}
}

// Read reads an account, where it stands and whom to call. One that was closed goes from the list after 90 days, and is gone then.
func (a Accounts) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := organizations.NewFromConfig(cfg)
	out, err := client.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &ref.ID})
	if _, none := errors.AsType[*types.AccountNotFoundException](err); none {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if code, _ := awsorg.Classify(err); err != nil && code == fault.Denied && a.elsewhere(ctx, client, ref.Account) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	if out.Account == nil {
		return resource.Resource{}, fault.New(fault.Unavailable, "read %s: the API answered without an account", ref)
	}
	res := resource.Resource{Ref: ref, ARN: aws.ToString(out.Account.Arn), Properties: a.properties(out.Account), Related: map[string]any{}}
	if !a.watch.Told() {
		res.Unknown = append(res.Unknown, resource.Unknown{Path: "properties.Watched", Cause: "nobody said which accounts are watched"})
	}
	inventory.Together(ctx, &res, []inventory.Part{
		{Path: "properties.Units", Read: func(ctx context.Context) (inventory.Found, error) { return units(ctx, client, ref.ID) }},
		{Path: "properties.SecurityContact", Read: func(ctx context.Context) (inventory.Found, error) { return contact(ctx, cfg, ref) }},
		{Path: "tags", Read: func(ctx context.Context) (inventory.Found, error) { return tags(ctx, client, ref.ID) }},
	}, func(error) bool { return false }) // a part that is not found says nothing about the account
	return res, nil
}

// elsewhere reports whether the list is not read in an account any more, so that being denied there says nothing.
func (a Accounts) elsewhere(ctx context.Context, client *organizations.Client, in string) bool {
	s, err := seatOf(ctx, client, in, a.watch)
	return err == nil && !s.lists
}

// properties are what the list itself says. State is the newer word for Status, with more values; some answers have only the old.
func (a Accounts) properties(x *types.Account) map[string]any {
	p := map[string]any{"State": cmp.Or(string(x.State), string(x.Status)), "JoinedMethod": string(x.JoinedMethod)}
	if p["State"] == "" {
		delete(p, "State") // whoever asks gets unknown
	}
	if x.Name != nil {
		p["Name"] = *x.Name
	}
	if x.JoinedTimestamp != nil {
		p["JoinedTimestamp"] = x.JoinedTimestamp.UTC().Format(time.RFC3339)
	}
	if a.watch.Told() {
		p["Watched"] = a.watch.Has(aws.ToString(x.Id))
	}
	return p
}

// List gives the accounts of the organisation, in whatever state, where it is the account's turn to list them.
func (a Accounts) List(ctx context.Context, cfg aws.Config, in, _ string) ([]resource.Ref, error) {
	client := organizations.NewFromConfig(cfg)
	s, err := seatOf(ctx, client, in, a.watch)
	if err != nil || !s.lists {
		return nil, err
	}
	ids, err := accounts(ctx, client)
	if err != nil {
		return nil, awsorg.Fault(err, "list the organisation's accounts in %s", in)
	}
	var out []resource.Ref
	for _, id := range ids {
		out = append(out, resource.Ref{Type: resource.OrgAccount, Account: in, ID: id})
	}
	return out, nil
}

func accounts(ctx context.Context, client *organizations.Client) ([]string, error) {
	var out []string
	pages := organizations.NewListAccountsPaginator(client, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, a := range page.Accounts {
			out = append(out, aws.ToString(a.Id))
		}
	}
	return out, nil
}

// contact asks whether AWS has somebody to call about security. Of the account that asks it wants no number.
func contact(ctx context.Context, cfg aws.Config, ref resource.Ref) (inventory.Found, error) {
	in := &account.GetAlternateContactInput{AlternateContactType: accounttypes.AlternateContactTypeSecurity}
	if ref.ID != ref.Account {
		in.AccountId = &ref.ID
	}
	out, err := account.NewFromConfig(cfg).GetAlternateContact(ctx, in)
	if _, none := errors.AsType[*accounttypes.ResourceNotFoundException](err); none {
		return inventory.Found{Value: false}, nil
	}
	if err != nil {
		return inventory.Found{}, err
	}
	return inventory.Found{Value: out.AlternateContact != nil && aws.ToString(out.AlternateContact.EmailAddress) != ""}, nil
}

func tags(ctx context.Context, client *organizations.Client, id string) (inventory.Found, error) {
	out := map[string]string{}
	pages := organizations.NewListTagsForResourcePaginator(client, &organizations.ListTagsForResourceInput{ResourceId: &id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, t := range page.Tags {
			out[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
	}
	return inventory.Found{Value: out}, nil
}
