package builtin_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"jobzero/internal/action"
	"jobzero/internal/action/actiontest"
	orgactions "jobzero/internal/action/organizations"
	ssoactions "jobzero/internal/action/sso"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// carried knows where a permission set does not count yet, of which the emulator names every account.
func carried(t *testing.T, emulator *testmoto.Server) actiontest.Stand {
	return testmoto.NewBeside(t, emulator).Server
}

func wideSet(t *testing.T, owner aws.Config, account string) effect.Target {
	c := ssoadmin.NewFromConfig(owner)
	instance := must[*ssoadmin.ListInstancesOutput](t)(c.ListInstances(t.Context(), &ssoadmin.ListInstancesInput{})).Instances[0].InstanceArn
	set := must[*ssoadmin.CreatePermissionSetOutput](t)(c.CreatePermissionSet(t.Context(), &ssoadmin.CreatePermissionSetInput{InstanceArn: instance, Name: aws.String("Ops"), SessionDuration: aws.String("PT1H")})).PermissionSet.PermissionSetArn
	must[*ssoadmin.PutInlinePolicyToPermissionSetOutput](t)(c.PutInlinePolicyToPermissionSet(t.Context(), &ssoadmin.PutInlinePolicyToPermissionSetInput{
		InstanceArn: instance, PermissionSetArn: set, InlinePolicy: aws.String(wide),
	}))
	ref := resource.Ref{Type: resource.PermissionSet, Account: account, Region: "us-east-1", ID: *instance + "|" + *set}
	return effect.Target{Ref: ref, Params: map[string]string{"document": smaller}}
}

func setState(t *testing.T, owner aws.Config, to effect.Target) string {
	instance, set, _ := strings.Cut(to.Ref.ID, "|")
	out := must[*ssoadmin.GetInlinePolicyForPermissionSetOutput](t)(ssoadmin.NewFromConfig(owner).GetInlinePolicyForPermissionSet(t.Context(), &ssoadmin.GetInlinePolicyForPermissionSetInput{
		InstanceArn: &instance, PermissionSetArn: &set,
	}))
	return aws.ToString(out.InlinePolicy)
}

func otherSet(t *testing.T, owner aws.Config, to effect.Target) {
	instance, set, _ := strings.Cut(to.Ref.ID, "|")
	must[*ssoadmin.PutInlinePolicyToPermissionSetOutput](t)(ssoadmin.NewFromConfig(owner).PutInlinePolicyToPermissionSet(t.Context(), &ssoadmin.PutInlinePolicyToPermissionSetInput{
		InstanceArn: &instance, PermissionSetArn: &set, InlinePolicy: aws.String(other),
	}))
}

func wideControl(t *testing.T, owner aws.Config, account string) effect.Target {
	c := organizations.NewFromConfig(owner)
	must[*organizations.CreateOrganizationOutput](t)(c.CreateOrganization(t.Context(), &organizations.CreateOrganizationInput{FeatureSet: orgtypes.OrganizationFeatureSetAll}))
	p := must[*organizations.CreatePolicyOutput](t)(c.CreatePolicy(t.Context(), &organizations.CreatePolicyInput{
		Name: aws.String("work"), Description: aws.String("made up"), Type: orgtypes.PolicyTypeServiceControlPolicy, Content: aws.String(wide),
	})).Policy.PolicySummary
	return effect.Target{Ref: resource.Ref{Type: resource.OrgPolicy, Account: account, ID: *p.Id}, Params: map[string]string{"document": smaller}}
}

func controlState(t *testing.T, owner aws.Config, to effect.Target) string {
	out := must[*organizations.DescribePolicyOutput](t)(organizations.NewFromConfig(owner).DescribePolicy(t.Context(), &organizations.DescribePolicyInput{PolicyId: &to.Ref.ID}))
	return aws.ToString(out.Policy.Content)
}

func otherControl(t *testing.T, owner aws.Config, to effect.Target) {
	must[*organizations.UpdatePolicyOutput](t)(organizations.NewFromConfig(owner).UpdatePolicy(t.Context(), &organizations.UpdatePolicyInput{PolicyId: &to.Ref.ID, Content: aws.String(other)}))
}

// TestOnlySmallerIsPut: a permission set or a service control policy is never made wider by these actions.
func TestOnlySmallerIsPut(t *testing.T) {
	server, account := testmoto.Shared(t), testmoto.Account()
	owner := server.Config(account)
	s := action.Session{Reader: owner, Responder: owner}
	for _, c := range []struct {
		a  action.Action
		to effect.Target
	}{{ssoactions.NarrowPermissionSet{}, wideSet(t, owner, account)}, {orgactions.NarrowPolicy{}, wideControl(t, owner, account)}} {
		for text, refused := range map[string]bool{other: true, wide: false, smaller: false} {
			to := c.to
			to.Params = map[string]string{"document": text}
			p, err := c.a.Plan(t.Context(), s, to)
			if err != nil || (p.Refused != "") != refused || (p.Nothing != "") != (text == wide) {
				t.Errorf("%s: %s: refused %q, nothing %q, %v", c.a.Info().ID, text, p.Refused, p.Nothing, err)
			}
		}
		to := c.to
		to.Params = map[string]string{"document": "{"}
		if _, err := c.a.Plan(t.Context(), s, to); err == nil {
			t.Errorf("%s: a text that is no policy", c.a.Info().ID)
		}
	}
}
