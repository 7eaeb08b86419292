package inventory

import (
	"context"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// One is the list of a type of which each account and region has one, whose ID is the account.
func One(t resource.Type, account, region string) []resource.Ref {
	return []resource.Ref{{Type: t, Account: account, Region: region, ID: account}}
}

// Covered makes a resource of what a service says of itself in an account and region. What is denied is unknown, never off.
func Covered(ctx context.Context, ref resource.Ref, ask func(context.Context) (map[string]any, error)) (resource.Resource, error) {
	properties, err := ask(ctx)
	if code, _ := awsorg.Classify(err); err != nil && code == fault.Denied {
		return Unreadable(ref, err), nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	return resource.Resource{Ref: ref, Properties: properties, Related: map[string]any{}}, nil
}
