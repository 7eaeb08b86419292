package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/awsorg"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

// OIDCProviders reads AWS::IAM::OIDCProvider: outside issuers whose tokens roles may trust. The ID is the ARN.
type OIDCProviders struct{}

// Type is AWS::IAM::OIDCProvider.
func (OIDCProviders) Type() resource.Type { return resource.OIDCProvider }

// Needs lists what the reader calls.
func (OIDCProviders) Needs() []string {
	return []string{"iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"}
}

// Read reads a provider.
func (OIDCProviders) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	out, err := iam.NewFromConfig(cfg).GetOpenIDConnectProvider(ctx, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: &ref.ID})
	if noEntity(err) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	res := resource.Resource{Ref: ref, ARN: ref.ID, Properties: map[string]any{"Arn": ref.ID}, Related: map[string]any{}}
	set(res.Properties, "Url", out.Url)
	res.Properties["ClientIdList"], res.Properties["ThumbprintList"] = texts(out.ClientIDList), texts(out.ThumbprintList)
	var list []any
	res.Tags, list = tagged(out.Tags)
	res.Properties["Tags"] = list
	inventory.Complete(&res)
	return res, nil
}

// List gives the account's providers.
func (OIDCProviders) List(ctx context.Context, cfg aws.Config, account, _ string) ([]resource.Ref, error) {
	out, err := iam.NewFromConfig(cfg).ListOpenIDConnectProviders(ctx, &iam.ListOpenIDConnectProvidersInput{})
	if err != nil {
		return nil, awsorg.Fault(err, "list OIDC providers of %s", account)
	}
	var refs []resource.Ref
	for _, p := range out.OpenIDConnectProviderList {
		refs = append(refs, resource.Ref{Type: resource.OIDCProvider, Account: account, ID: aws.ToString(p.Arn)})
	}
	return refs, nil
}

// SAMLProviders reads AWS::IAM::SAMLProvider: directories whose assertions roles may trust. The ID is the ARN.
type SAMLProviders struct{}

// Type is AWS::IAM::SAMLProvider.
func (SAMLProviders) Type() resource.Type { return resource.SAMLProvider }

// Needs lists what the reader calls.
func (SAMLProviders) Needs() []string {
	return []string{"iam:GetSAMLProvider", "iam:ListSAMLProviders"}
}

// Read reads a provider with its metadata.
func (SAMLProviders) Read(ctx context.Context, cfg aws.Config, ref resource.Ref) (resource.Resource, error) {
	out, err := iam.NewFromConfig(cfg).GetSAMLProvider(ctx, &iam.GetSAMLProviderInput{SAMLProviderArn: &ref.ID})
	if noEntity(err) {
		return resource.Resource{Ref: ref, Gone: true}, nil
	}
	if err != nil {
		return resource.Resource{}, awsorg.Fault(err, "read %s", ref)
	}
	res := resource.Resource{Ref: ref, ARN: ref.ID, Properties: map[string]any{"Arn": ref.ID}, Related: map[string]any{}}
	set(res.Properties, "SamlMetadataDocument", out.SAMLMetadataDocument)
	var list []any
	res.Tags, list = tagged(out.Tags)
	res.Properties["Tags"] = list
	inventory.Complete(&res)
	return res, nil
}

// List gives the account's providers.
func (SAMLProviders) List(ctx context.Context, cfg aws.Config, account, _ string) ([]resource.Ref, error) {
	out, err := iam.NewFromConfig(cfg).ListSAMLProviders(ctx, &iam.ListSAMLProvidersInput{})
	if err != nil {
		return nil, awsorg.Fault(err, "list SAML providers of %s", account)
	}
	var refs []resource.Ref
	for _, p := range out.SAMLProviderList {
		refs = append(refs, resource.Ref{Type: resource.SAMLProvider, Account: account, ID: aws.ToString(p.Arn)})
	}
	return refs, nil
}

// texts gives a list of the API as one of properties.
func texts(all []string) []any {
	out := make([]any, len(all))
	for i, t := range all {
		out[i] = t
	}
	return out
}
