package organizations

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"jobzero/internal/action"
	"jobzero/internal/action/setting"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/principal"
	"jobzero/internal/resource"
)

// arnOf reads the ARN of an account or a unit.
func arnOf(ctx context.Context, cfg aws.Config, ref resource.Ref) (string, error) {
	client := organizations.NewFromConfig(cfg)
	var arn *string
	if ref.Type == resource.OrgUnit {
		out, err := client.DescribeOrganizationalUnit(ctx, &organizations.DescribeOrganizationalUnitInput{OrganizationalUnitId: &ref.ID})
		if _, none := errors.AsType[*types.OrganizationalUnitNotFoundException](err); none {
			return "", setting.Gone("the unit")
		}
		if err != nil {
			return "", awsorg.Fault(err, "read unit %s", ref.ID)
		}
		if out.OrganizationalUnit != nil {
			arn = out.OrganizationalUnit.Arn
		}
	} else {
		out, err := client.DescribeAccount(ctx, &organizations.DescribeAccountInput{AccountId: &ref.ID})
		if _, none := errors.AsType[*types.AccountNotFoundException](err); none {
			return "", setting.Gone("the account")
		}
		if err != nil {
			return "", awsorg.Fault(err, "read account %s", ref.ID)
		}
		if out.Account != nil {
			arn = out.Account.Arn
		}
	}
	if aws.ToString(arn) == "" {
		return "", fault.New(fault.Unavailable, "read %s: the API answered without an ARN", ref)
	}
	return *arn, nil
}

// attachedTo lists the service control policies that are attached to an account or a unit itself.
func attachedTo(ctx context.Context, cfg aws.Config, id string) (out []string, err error) {
	pages := organizations.NewListPoliciesForTargetPaginator(organizations.NewFromConfig(cfg), &organizations.ListPoliciesForTargetInput{
		TargetId: &id, Filter: types.PolicyTypeServiceControlPolicy,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, awsorg.Fault(err, "list the policies of %s", id)
		}
		for _, p := range page.Policies {
			out = append(out, aws.ToString(p.Id))
		}
	}
	return out, nil
}

// effectsOf are the effects of a policy's statements, each once.
func effectsOf(text string) ([]string, error) {
	p, err := principal.ParsePolicy([]byte(text))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range p.Statements {
		if !slices.Contains(out, s.Effect) {
			out = append(out, s.Effect)
		}
	}
	return out, nil
}

// unbound refuses what policies do not bind, and where jobzero itself works from.
func unbound(ctx context.Context, s action.Session, t effect.Target) (string, error) {
	if t.Ref.Type == resource.OrgUnit {
		return "", nil
	}
	if slices.ContainsFunc(s.Own, func(own string) bool { return strings.Contains(own, ":"+t.Ref.ID+":") }) {
		return "jobzero itself works from this account", nil
	}
	out, err := organizations.NewFromConfig(s.Reader).DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil {
		return "", awsorg.Fault(err, "read the organisation")
	}
	if out.Organization == nil || aws.ToString(out.Organization.MasterAccountId) == "" {
		return "", fault.New(fault.Unavailable, "read the organisation: the API did not say which account manages it")
	}
	if *out.Organization.MasterAccountId == t.Ref.ID {
		return "the account manages the organisation: service control policies do not bind it", nil
	}
	return "", nil
}
