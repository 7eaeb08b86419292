package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/awsorg"
)

// DetailsNeed is what Details calls.
var DetailsNeed = []string{"iam:GetAccountAuthorizationDetails"} //nolint:gochecknoglobals // a constant that Go has no constants for

// Page is a part of what GetAccountAuthorizationDetails answers, as its JSON is
// (docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html).
type Page struct {
	UserDetailList  []types.UserDetail
	GroupDetailList []types.GroupDetail
	RoleDetailList  []types.RoleDetail
	Policies        []types.ManagedPolicyDetail
}

// Users gives the names of the users.
func (p Page) Users() []string {
	out := make([]string, len(p.UserDetailList))
	for i, u := range p.UserDetailList {
		out[i] = aws.ToString(u.UserName)
	}
	return out
}

// Details gives everybody of an account with all that they may do, page by page: a few calls for what would take thousands one by one.
func Details(ctx context.Context, cfg aws.Config, account string, take func(Page) error) error {
	pages := iam.NewGetAccountAuthorizationDetailsPaginator(iam.NewFromConfig(cfg), &iam.GetAccountAuthorizationDetailsInput{})
	for pages.HasMorePages() {
		p, err := pages.NextPage(ctx)
		if err != nil {
			return awsorg.Fault(err, "read who there is in %s", account)
		}
		if err := take(Page{p.UserDetailList, p.GroupDetailList, p.RoleDetailList, p.Policies}); err != nil {
			return err
		}
	}
	return nil
}
