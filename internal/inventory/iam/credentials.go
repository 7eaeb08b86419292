package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/awsorg"
)

// CredentialsNeed is what Credentials calls.
var CredentialsNeed = []string{ //nolint:gochecknoglobals // a constant that Go has no constants for
	"iam:GetAccessKeyLastUsed", "iam:GetLoginProfile", "iam:ListAccessKeys", "iam:ListMFADevices", "iam:ListServiceSpecificCredentials",
	"iam:ListSigningCertificates", "iam:ListSSHPublicKeys",
}

// Of says whose an answer is: lists of the API say a name at most, and empty ones not even that.
type Of struct{ UserName, Account string }

// The answers of the calls that list credentials, with whose they are.
type (
	// AccessKeyList is what ListAccessKeys answers, each key with when it was last used.
	AccessKeyList struct {
		Of
		AccessKeyMetadata []UsedKey
	}
	// UsedKey is an access key with what GetAccessKeyLastUsed says of it.
	UsedKey struct {
		types.AccessKeyMetadata
		AccessKeyLastUsed *types.AccessKeyLastUsed `json:",omitempty"`
	}
	// DeviceList is what ListMFADevices answers.
	DeviceList struct {
		Of
		MFADevices []types.MFADevice
	}
	// SSHKeyList is what ListSSHPublicKeys answers.
	SSHKeyList struct {
		Of
		SSHPublicKeys []types.SSHPublicKeyMetadata
	}
	// ServiceCredentialList is what ListServiceSpecificCredentials answers.
	ServiceCredentialList struct {
		Of
		ServiceSpecificCredentials []types.ServiceSpecificCredentialMetadata
	}
	// CertificateList is what ListSigningCertificates answers. The certificates themselves are left out.
	CertificateList struct {
		Of
		Certificates []types.SigningCertificate
	}
	// Login is what GetLoginProfile answers; null when there is none.
	Login struct {
		Of
		LoginProfile *types.LoginProfile
	}
)

// Credentials gives all credentials of one user, one answer for each kind. A kind that cannot be read is handed to miss, and the others
// are read all the same.
func Credentials(ctx context.Context, cfg aws.Config, of Of, take func(answer any) error, miss func(error) error) error {
	c := credentials{iam.NewFromConfig(cfg), of}
	for _, kind := range []struct {
		name string
		read func(context.Context) (any, error)
	}{
		{"password", c.login},
		{"access keys", c.keys},
		{"MFA devices", c.devices},
		{"SSH keys", c.sshKeys},
		{"service-specific credentials", c.services},
		{"signing certificates", c.certificates},
	} {
		answer, err := kind.read(ctx)
		switch {
		case err != nil:
			err = miss(awsorg.Fault(err, "read the %s of user %s in %s", kind.name, of.UserName, of.Account))
		default:
			err = take(answer)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// credentials are those of a user that are being read.
type credentials struct {
	client *iam.Client
	of     Of
}

func (c credentials) login(ctx context.Context) (any, error) {
	out, err := c.client.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &c.of.UserName})
	if noEntity(err) {
		return Login{Of: c.of}, nil
	}
	if err != nil {
		return nil, err
	}
	return Login{c.of, out.LoginProfile}, nil
}

func (c credentials) keys(ctx context.Context) (any, error) {
	all, err := list(ctx, c.client, c.of.UserName)
	if err != nil {
		return nil, err
	}
	out := AccessKeyList{Of: c.of, AccessKeyMetadata: []UsedKey{}}
	for _, k := range all {
		used, err := c.client.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: k.AccessKeyId})
		u := UsedKey{AccessKeyMetadata: k}
		if err == nil { // without it the key is known all the same, and when it was used is not
			u.AccessKeyLastUsed = used.AccessKeyLastUsed
		}
		out.AccessKeyMetadata = append(out.AccessKeyMetadata, u)
	}
	return out, nil
}

func (c credentials) devices(ctx context.Context) (any, error) {
	out := DeviceList{Of: c.of, MFADevices: []types.MFADevice{}}
	pages := iam.NewListMFADevicesPaginator(c.client, &iam.ListMFADevicesInput{UserName: &c.of.UserName})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		out.MFADevices = append(out.MFADevices, page.MFADevices...)
	}
	return out, nil
}

func (c credentials) sshKeys(ctx context.Context) (any, error) {
	out := SSHKeyList{Of: c.of, SSHPublicKeys: []types.SSHPublicKeyMetadata{}}
	pages := iam.NewListSSHPublicKeysPaginator(c.client, &iam.ListSSHPublicKeysInput{UserName: &c.of.UserName})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		out.SSHPublicKeys = append(out.SSHPublicKeys, page.SSHPublicKeys...)
	}
	return out, nil
}

func (c credentials) services(ctx context.Context) (any, error) {
	out := ServiceCredentialList{Of: c.of, ServiceSpecificCredentials: []types.ServiceSpecificCredentialMetadata{}}
	in := &iam.ListServiceSpecificCredentialsInput{UserName: &c.of.UserName}
	for {
		page, err := c.client.ListServiceSpecificCredentials(ctx, in)
		if err != nil {
			return nil, err
		}
		out.ServiceSpecificCredentials = append(out.ServiceSpecificCredentials, page.ServiceSpecificCredentials...)
		if !page.IsTruncated || page.Marker == nil {
			return out, nil
		}
		in.Marker = page.Marker
	}
}

func (c credentials) certificates(ctx context.Context) (any, error) {
	out := CertificateList{Of: c.of, Certificates: []types.SigningCertificate{}}
	pages := iam.NewListSigningCertificatesPaginator(c.client, &iam.ListSigningCertificatesInput{UserName: &c.of.UserName})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, x := range page.Certificates {
			x.CertificateBody = nil
			out.Certificates = append(out.Certificates, x)
		}
	}
	return out, nil
}
