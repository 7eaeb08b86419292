package builtin_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"jobzero/internal/action/actiontest"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

// orgCases are those of an organisation, and of what is shared with other accounts.
func orgCases() map[string]actiontest.Case {
	return map[string]actiontest.Case{
		"organizations.attach-policy":      {Make: memberWithout, State: policiesOf, Disturb: fullTarget},
		"organizations.quarantine-account": {Make: memberOutside, State: parentOf, Disturb: movedElsewhere},
		"ssm.unshare-document":             {Make: sharedDocument, State: sharedWith},
	}
}

const denying = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`

// member makes an organisation, an account in it, and a policy that denies everything.
func member(t *testing.T, owner aws.Config) (account, policy, root string) {
	c := organizations.NewFromConfig(owner)
	must[*organizations.CreateOrganizationOutput](t)(c.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{FeatureSet: orgtypes.OrganizationFeatureSetAll}))
	account = *must[*organizations.CreateAccountOutput](t)(c.CreateAccount(t.Context(), &organizations.CreateAccountInput{AccountName: aws.String("shop"), Email: aws.String("shop@example.com")})).CreateAccountStatus.AccountId
	policy = control(t, owner, "deny", denying)
	root = *must[*organizations.ListRootsOutput](t)(c.ListRoots(t.Context(), &organizations.ListRootsInput{})).Roots[0].Id
	return account, policy, root
}

func control(t *testing.T, owner aws.Config, name, text string) string {
	return *must[*organizations.CreatePolicyOutput](t)(organizations.NewFromConfig(owner).CreatePolicy(t.Context(), &organizations.CreatePolicyInput{
		Name: &name, Description: aws.String("made up"), Type: orgtypes.PolicyTypeServiceControlPolicy, Content: &text,
	})).Policy.PolicySummary.Id
}

func attachControl(t *testing.T, owner aws.Config, policy, to string) {
	must[*organizations.AttachPolicyOutput](t)(organizations.NewFromConfig(owner).AttachPolicy(t.Context(), &organizations.AttachPolicyInput{PolicyId: &policy, TargetId: &to}))
}

func memberWithout(t *testing.T, owner aws.Config, account string) effect.Target {
	id, policy, _ := member(t, owner)
	return effect.Target{Ref: resource.Ref{Type: resource.OrgAccount, Account: account, ID: id}, Params: map[string]string{"policy": policy}}
}

func policiesOf(t *testing.T, owner aws.Config, to effect.Target) string {
	var out []string
	for _, p := range must[*organizations.ListPoliciesForTargetOutput](t)(organizations.NewFromConfig(owner).ListPoliciesForTarget(t.Context(), &organizations.ListPoliciesForTargetInput{
		TargetId: &to.Ref.ID, Filter: orgtypes.PolicyTypeServiceControlPolicy,
	})).Policies {
		out = append(out, *p.Id)
	}
	slices.Sort(out)
	return fmt.Sprint(out)
}

// fullTarget has as many policies by now as it takes.
func fullTarget(t *testing.T, owner aws.Config, to effect.Target) {
	for i := range 4 {
		attachControl(t, owner, control(t, owner, fmt.Sprint("more", i), denying), to.Ref.ID)
	}
}

func unit(t *testing.T, owner aws.Config, root, name string) string {
	return *must[*organizations.CreateOrganizationalUnitOutput](t)(organizations.NewFromConfig(owner).CreateOrganizationalUnit(t.Context(), &organizations.CreateOrganizationalUnitInput{ParentId: &root, Name: &name})).OrganizationalUnit.Id
}

func memberOutside(t *testing.T, owner aws.Config, account string) effect.Target {
	id, policy, root := member(t, owner)
	quarantine := unit(t, owner, root, "Quarantine")
	attachControl(t, owner, policy, quarantine)
	return effect.Target{Ref: resource.Ref{Type: resource.OrgAccount, Account: account, ID: id}, Params: map[string]string{"unit": quarantine}}
}

func parentOf(t *testing.T, owner aws.Config, to effect.Target) string {
	return *must[*organizations.ListParentsOutput](t)(organizations.NewFromConfig(owner).ListParents(t.Context(), &organizations.ListParentsInput{ChildId: &to.Ref.ID})).Parents[0].Id
}

func movedElsewhere(t *testing.T, owner aws.Config, to effect.Target) {
	root := parentOf(t, owner, to)
	must[*organizations.MoveAccountOutput](t)(organizations.NewFromConfig(owner).MoveAccount(t.Context(), &organizations.MoveAccountInput{
		AccountId: &to.Ref.ID, SourceParentId: &root, DestinationParentId: aws.String(unit(t, owner, root, "Work")),
	}))
}

func sharedDocument(t *testing.T, owner aws.Config, account string) effect.Target {
	c, name := ssm.NewFromConfig(owner), aws.String("run-shop")
	must[*ssm.CreateDocumentOutput](t)(c.CreateDocument(t.Context(), &ssm.CreateDocumentInput{
		Name: name, DocumentType: ssmtypes.DocumentTypeCommand, DocumentFormat: ssmtypes.DocumentFormatJson,
		Content: aws.String(`{"schemaVersion":"2.2","description":"made up","mainSteps":[{"action":"aws:runShellScript","name":"run","inputs":{"runCommand":["true"]}}]}`),
	}))
	must[*ssm.ModifyDocumentPermissionOutput](t)(c.ModifyDocumentPermission(t.Context(), &ssm.ModifyDocumentPermissionInput{Name: name, PermissionType: ssmtypes.DocumentPermissionTypeShare, AccountIdsToAdd: []string{"all"}}))
	return effect.Target{Ref: resource.Ref{Type: resource.Document, Account: account, Region: "us-east-1", ID: *name}}
}

func sharedWith(t *testing.T, owner aws.Config, to effect.Target) string {
	return fmt.Sprint(must[*ssm.DescribeDocumentPermissionOutput](t)(ssm.NewFromConfig(owner).DescribeDocumentPermission(t.Context(), &ssm.DescribeDocumentPermissionInput{
		Name: &to.Ref.ID, PermissionType: ssmtypes.DocumentPermissionTypeShare,
	})).AccountIds)
}
