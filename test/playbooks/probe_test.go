package playbooks_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver"
	dnstypes "github.com/aws/aws-sdk-go-v2/service/route53resolver/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/testmoto"
)

// TestTheEmulatorStillLacks asks the emulator itself for each call that something else answers here: one that it has learnt is to be left to it.
func TestTheEmulatorStillLacks(t *testing.T) {
	owner := testmoto.Shared(t).Config(testmoto.Account())
	ctx, user, list := t.Context(), aws.String("ana"), aws.String(listID)
	did := func(_ any, err error) error { return err }
	if err := did(iam.NewFromConfig(owner).CreateUser(ctx, &iam.CreateUserInput{UserName: user})); err != nil {
		t.Fatal(err)
	}
	dns := route53resolver.NewFromConfig(owner)
	for call, err := range map[string]error{
		"cloudformation:GetResource":         did(cloudcontrol.NewFromConfig(owner).GetResource(ctx, &cloudcontrol.GetResourceInput{TypeName: aws.String("AWS::EC2::Instance"), Identifier: user})),
		"iam:ListServiceSpecificCredentials": did(iam.NewFromConfig(owner).ListServiceSpecificCredentials(ctx, &iam.ListServiceSpecificCredentialsInput{UserName: user})),
		"iam:UpdateServiceSpecificCredential": did(iam.NewFromConfig(owner).UpdateServiceSpecificCredential(ctx, &iam.UpdateServiceSpecificCredentialInput{
			UserName: user, ServiceSpecificCredentialId: aws.String("ACCAEXAMPLEEXAMPLE01"), Status: iamtypes.StatusTypeInactive,
		})),
		"route53resolver:GetFirewallDomainList":  did(dns.GetFirewallDomainList(ctx, &route53resolver.GetFirewallDomainListInput{FirewallDomainListId: list})),
		"route53resolver:ListFirewallDomains":    did(dns.ListFirewallDomains(ctx, &route53resolver.ListFirewallDomainsInput{FirewallDomainListId: list})),
		"route53resolver:ListFirewallRuleGroups": did(dns.ListFirewallRuleGroups(ctx, &route53resolver.ListFirewallRuleGroupsInput{})),
		"route53resolver:ListFirewallRules":      did(dns.ListFirewallRules(ctx, &route53resolver.ListFirewallRulesInput{FirewallRuleGroupId: list})),
		"route53resolver:UpdateFirewallDomains": did(dns.UpdateFirewallDomains(ctx, &route53resolver.UpdateFirewallDomainsInput{
			FirewallDomainListId: list, Operation: dnstypes.FirewallDomainUpdateOperationAdd, Domains: []string{"a.example"},
		})),
	} {
		if !unheardOf(err) {
			t.Errorf("the emulator knows %s now (%v): take it out of notEmulated() and testdata/lacks.txt, and what answers it away", call, err)
		}
	}
	if where := notCarried(t, owner); len(where) == 0 {
		t.Errorf("the emulator says now where a permission set is not as it is (%v): take sso:ListAccountsForProvisionedPermissionSet out of notEmulated()", where)
	}
}

// unheardOf reports whether an error is that of a call that the emulator has no code for.
func unheardOf(err error) bool {
	var res *awshttp.ResponseError
	if !errors.As(err, &res) {
		return false
	}
	return slices.Contains([]int{http.StatusNotFound, http.StatusInternalServerError, http.StatusNotImplemented}, res.HTTPStatusCode())
}

// notCarried are the accounts in which a permission set that is in one account as it is is said not to be so: none, rightly.
func notCarried(t *testing.T, owner aws.Config) []string {
	t.Helper()
	w := &town{T: t, account: testmoto.Account(), owner: owner}
	c, sso := w.center(), ssoadmin.NewFromConfig(owner)
	w.did(sso.CreateAccountAssignment(t.Context(), &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: c.instance, PermissionSetArn: c.set, PrincipalId: c.user, PrincipalType: ssotypes.PrincipalTypeUser, TargetId: &w.account, TargetType: ssotypes.TargetTypeAwsAccount,
	}))
	w.did(sso.PutInlinePolicyToPermissionSet(t.Context(), &ssoadmin.PutInlinePolicyToPermissionSetInput{InstanceArn: c.instance, PermissionSetArn: c.set, InlinePolicy: aws.String(wide)}))
	w.did(sso.ProvisionPermissionSet(t.Context(), &ssoadmin.ProvisionPermissionSetInput{
		InstanceArn: c.instance, PermissionSetArn: c.set, TargetType: ssotypes.ProvisionTargetTypeAllProvisionedAccounts,
	}))
	return must[*ssoadmin.ListAccountsForProvisionedPermissionSetOutput](w)(sso.ListAccountsForProvisionedPermissionSet(t.Context(), &ssoadmin.ListAccountsForProvisionedPermissionSetInput{
		InstanceArn: c.instance, PermissionSetArn: c.set, ProvisioningStatus: ssotypes.ProvisioningStatusLatestPermissionSetNotProvisioned,
	})).AccountIds
}
