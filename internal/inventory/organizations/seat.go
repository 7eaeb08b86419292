package organizations

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
)

// seat is how an account stands to its organisation.
type seat struct {
	org        *types.Organization // nil: it is in none
	management string              // the account that the organisation belongs to
	lists      bool                // the list of accounts is read here
	speaks     bool                // nobody reads the list, and it is said here
}

// seatOf asks which organisation the account is in, which every member may, and works out who lists its accounts: the management
// account; where that is not watched, the one that the settings name. So each account of the organisation is listed once. Where
// nobody can, the first account that is watched says so.
func seatOf(ctx context.Context, client *organizations.Client, account string, w inventory.Watch) (seat, error) {
	out, err := client.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if _, none := errors.AsType[*types.AWSOrganizationsNotInUseException](err); none {
		return seat{}, nil
	}
	if err != nil {
		return seat{}, awsorg.Fault(err, "ask for the organisation of %s", account)
	}
	if out.Organization == nil || aws.ToString(out.Organization.MasterAccountId) == "" {
		return seat{}, fault.New(fault.Unavailable, "ask for the organisation of %s: the API answered without one", account)
	}
	s := seat{org: out.Organization, management: *out.Organization.MasterAccountId}
	switch watched := w.Accounts(); {
	case account == s.management:
		s.lists = true
	case w.Has(s.management):
	case w.Lister != "":
		s.lists = account == w.Lister
	default:
		s.speaks = slices.Index(watched, account) == 0
	}
	return s, nil
}
