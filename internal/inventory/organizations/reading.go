package organizations

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"

	"jobzero/internal/inventory"
)

// reading is one organisation that is being read.
type reading struct {
	client *organizations.Client
	cfg    aws.Config
}

// outside gives the accounts that are watched and that the organisation does not have: closed for good, gone, or of others.
func (r reading) outside(ctx context.Context, w inventory.Watch) (inventory.Found, error) {
	if !w.Told() {
		return inventory.Found{}, nil
	}
	ids, err := accounts(ctx, r.client)
	if err != nil {
		return inventory.Found{}, err
	}
	slices.Sort(ids)
	out := []any{}
	for _, id := range w.Accounts() {
		if _, found := slices.BinarySearch(ids, id); !found {
			out = append(out, id)
		}
	}
	return inventory.Found{Value: out}, nil
}

// delegated gives the accounts that administer services for the organisation, each with those.
func (r reading) delegated(ctx context.Context) (inventory.Found, error) {
	out := []any{}
	pages := organizations.NewListDelegatedAdministratorsPaginator(r.client, &organizations.ListDelegatedAdministratorsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, a := range page.DelegatedAdministrators {
			services, err := r.servicesOf(ctx, a.Id)
			if err != nil {
				return inventory.Found{}, err
			}
			out = append(out, map[string]any{"Account": aws.ToString(a.Id), "Services": services})
		}
	}
	return inventory.Found{Value: out}, nil
}

func (r reading) servicesOf(ctx context.Context, account *string) ([]any, error) {
	out := []any{}
	pages := organizations.NewListDelegatedServicesForAccountPaginator(r.client, &organizations.ListDelegatedServicesForAccountInput{AccountId: account})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range page.DelegatedServices {
			out = append(out, aws.ToString(s.ServicePrincipal))
		}
	}
	return out, nil
}

// trusted gives the services that may work in all accounts.
func (r reading) trusted(ctx context.Context) (inventory.Found, error) {
	out := []any{}
	pages := organizations.NewListAWSServiceAccessForOrganizationPaginator(r.client, &organizations.ListAWSServiceAccessForOrganizationInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return inventory.Found{}, err
		}
		for _, s := range page.EnabledServicePrincipals {
			out = append(out, aws.ToString(s.ServicePrincipal))
		}
	}
	return inventory.Found{Value: out}, nil
}

// rootFeatures gives what IAM does centrally about the root users of members. Where IAM may not work in the organisation it does
// nothing.
func (r reading) rootFeatures(ctx context.Context) (inventory.Found, error) {
	out, err := iam.NewFromConfig(r.cfg).ListOrganizationsFeatures(ctx, &iam.ListOrganizationsFeaturesInput{})
	if _, off := errors.AsType[*iamtypes.ServiceAccessNotEnabledException](err); off {
		return inventory.Found{Value: []any{}}, nil
	}
	if err != nil {
		return inventory.Found{}, err
	}
	list := []any{}
	for _, f := range out.EnabledFeatures {
		list = append(list, string(f))
	}
	return inventory.Found{Value: list}, nil
}

// trails gives the organisation's trails, as this account and region show them.
func (r reading) trails(ctx context.Context) (inventory.Found, error) {
	client := cloudtrail.NewFromConfig(r.cfg)
	out, err := client.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{})
	if err != nil {
		return inventory.Found{}, err
	}
	list := []any{}
	for _, t := range out.TrailList {
		if !aws.ToBool(t.IsOrganizationTrail) {
			continue
		}
		status, err := client.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: t.TrailARN})
		if err != nil {
			return inventory.Found{}, err
		}
		list = append(list, map[string]any{
			"Arn": aws.ToString(t.TrailARN), "IsMultiRegionTrail": aws.ToBool(t.IsMultiRegionTrail), "IsLogging": aws.ToBool(status.IsLogging),
		})
	}
	return inventory.Found{Value: list}, nil
}
