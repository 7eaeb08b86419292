package builtin_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// TestFederation reads what outsiders and machines come in by.
func TestFederation(t *testing.T) {
	cat, server := catalogue(t)
	account, ctx := testmoto.Account(), t.Context()
	c := iam.NewFromConfig(server.Config(account))
	oidc := must[*iam.CreateOpenIDConnectProviderOutput](t)(c.CreateOpenIDConnectProvider(ctx, &iam.CreateOpenIDConnectProviderInput{
		Url: aws.String("https://token.example.com"), ClientIDList: []string{"sts.amazonaws.com"}, ThumbprintList: []string{"6938fd4d98bab03faadb97b34396831e3780aea1"},
	}))
	const metadata = `<EntityDescriptor entityID="https://idp.example.com">` + "made up " + `</EntityDescriptor>`
	saml := must[*iam.CreateSAMLProviderOutput](t)(c.CreateSAMLProvider(ctx, &iam.CreateSAMLProviderInput{Name: aws.String("idp"), SAMLMetadataDocument: aws.String(metadata)}))
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("web"), AssumeRolePolicyDocument: aws.String(trust)}))
	must[*iam.CreateInstanceProfileOutput](t)(c.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("web"), Path: aws.String("/shop/")}))
	must[*iam.AddRoleToInstanceProfileOutput](t)(c.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: aws.String("web"), RoleName: aws.String("web")}))

	got := map[resource.Type]resource.Resource{}
	types := []resource.Type{resource.OIDCProvider, resource.SAMLProvider, resource.InstanceProfile}
	if err := cat.Sweep(ctx, []string{account}, []string{"us-east-1"}, types, func(r resource.Resource) error { got[r.Type] = r; return nil }); err != nil {
		t.Fatal(err)
	}
	if r := got[resource.OIDCProvider]; r.ID != *oidc.OpenIDConnectProviderArn || !cmp.Equal(r.Properties["ClientIdList"], []any{"sts.amazonaws.com"}) || len(r.Unknown) > 0 {
		t.Errorf("%v %v", r.Properties, r.Unknown)
	}
	if r := got[resource.SAMLProvider]; r.ARN != *saml.SAMLProviderArn || r.Properties["SamlMetadataDocument"] != metadata || len(r.Unknown) != 2 { // what is written only
		t.Errorf("%v %v", r.Properties, r.Unknown)
	}
	if r := got[resource.InstanceProfile]; r.ID != "web" || r.ARN != "arn:aws:iam::"+account+":instance-profile/shop/web" || !cmp.Equal(r.Properties["Roles"], []any{"web"}) {
		t.Errorf("%v %v", r.Properties, r.Unknown)
	}
	must[*iam.DeleteOpenIDConnectProviderOutput](t)(c.DeleteOpenIDConnectProvider(ctx, &iam.DeleteOpenIDConnectProviderInput{OpenIDConnectProviderArn: oidc.OpenIDConnectProviderArn}))
	must[*iam.DeleteSAMLProviderOutput](t)(c.DeleteSAMLProvider(ctx, &iam.DeleteSAMLProviderInput{SAMLProviderArn: saml.SAMLProviderArn}))
	for _, ref := range []resource.Ref{got[resource.OIDCProvider].Ref, got[resource.SAMLProvider].Ref, {Type: resource.InstanceProfile, Account: account, ID: "none"}} {
		if r := must[resource.Resource](t)(cat.Read(ctx, ref)); !r.Gone {
			t.Errorf("%s is not gone: %+v", ref, r)
		}
	}
}
