package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// Accounts reads jobzero::IAM::Account: what holds for the whole account. The ID is the account. RootAccessKeys and RootMFA are
// of its root user, whom no other call shows; PasswordPolicy is absent where nobody set one.
type Accounts struct{}

// Type is jobzero::IAM::Account.
func (Accounts) Type() resource.Type { return resource.IAMAccount }

// Needs lists what the reader calls.
func (Accounts) Needs() []string {
	return []string{"iam:GetAccountPasswordPolicy", "iam:GetAccountSummary"}
}

// Read reads the summary and the password policy.
func (Accounts) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	client := iam.NewFromConfig(cfg)
	res := resource.Resource{Ref: ref, Properties: map[string]any{}, Related: map[string]any{}}
	inventory.Together(ctx, &res, []inventory.Part{
		{Path: "properties.RootAccessKeys", Read: summary(client, "AccountAccessKeysPresent")},
		{Path: "properties.RootMFA", Read: summary(client, "AccountMFAEnabled")},
		{Path: "properties.PasswordPolicy", Read: func(ctx context.Context) (inventory.Found, error) { return passwords(ctx, client) }},
	}, func(error) bool { return false })
	return res, nil
}

// List gives the one that there is.
func (Accounts) List(_ context.Context, _ aws.Config, account, _ string) ([]resource.Ref, error) {
	return []resource.Ref{{Type: resource.IAMAccount, Account: account, ID: account}}, nil
}

// summary reads a number of the account's summary as whether it is not zero.
func summary(client *iam.Client, name string) func(context.Context) (inventory.Found, error) {
	return func(ctx context.Context) (inventory.Found, error) {
		out, err := client.GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
		if err != nil {
			return inventory.Found{}, err
		}
		n, ok := out.SummaryMap[name]
		if !ok {
			return inventory.Found{}, fault.New(fault.Unavailable, "the API answered without %s", name)
		}
		return inventory.Found{Value: n != 0}, nil
	}
}

func passwords(ctx context.Context, client *iam.Client) (inventory.Found, error) {
	out, err := client.GetAccountPasswordPolicy(ctx, &iam.GetAccountPasswordPolicyInput{})
	if noEntity(err) {
		return inventory.Found{Absent: true}, nil
	}
	if err != nil || out.PasswordPolicy == nil {
		return inventory.Found{}, err
	}
	p := out.PasswordPolicy
	m := map[string]any{
		"RequireSymbols": p.RequireSymbols, "RequireNumbers": p.RequireNumbers, "RequireUppercaseCharacters": p.RequireUppercaseCharacters,
		"RequireLowercaseCharacters": p.RequireLowercaseCharacters, "AllowUsersToChangePassword": p.AllowUsersToChangePassword,
	}
	for name, v := range map[string]*int32{
		"MinimumPasswordLength": p.MinimumPasswordLength, "MaxPasswordAge": p.MaxPasswordAge, "PasswordReusePrevention": p.PasswordReusePrevention,
	} {
		if v != nil {
			m[name] = int64(*v)
		}
	}
	return inventory.Found{Value: m}, nil
}
