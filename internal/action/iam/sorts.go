package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

func sshKeys() sort {
	return sort{
		id: "iam.deactivate-ssh-key", noun: "an SSH key", opens: "git clients that reach CodeCommit with the key",
		target: resource.SSHKey, list: "iam:ListSSHPublicKeys", update: "iam:UpdateSSHPublicKey", key: "SSHPublicKeyId",
		statuses: func(ctx context.Context, c *iam.Client, user string) (map[string]string, error) {
			out := map[string]string{}
			pages := iam.NewListSSHPublicKeysPaginator(c, &iam.ListSSHPublicKeysInput{UserName: &user})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				for _, k := range page.SSHPublicKeys {
					out[aws.ToString(k.SSHPublicKeyId)] = string(k.Status)
				}
			}
			return out, nil
		},
		set: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, iam.NewFromConfig(cfg).UpdateSSHPublicKey)
		},
	}
}

func serviceCredentials() sort {
	return sort{
		id: "iam.deactivate-service-credential", noun: "a service-specific credential", opens: "clients of CodeCommit, Keyspaces or Bedrock that sign in with it",
		target: resource.ServiceCredential, list: "iam:ListServiceSpecificCredentials", update: "iam:UpdateServiceSpecificCredential", key: "ServiceSpecificCredentialId", contract: true,
		statuses: func(ctx context.Context, c *iam.Client, user string) (map[string]string, error) {
			out, in := map[string]string{}, &iam.ListServiceSpecificCredentialsInput{UserName: &user}
			for {
				page, err := c.ListServiceSpecificCredentials(ctx, in)
				if err != nil {
					return nil, err
				}
				for _, k := range page.ServiceSpecificCredentials {
					out[aws.ToString(k.ServiceSpecificCredentialId)] = string(k.Status)
				}
				if in.Marker = page.Marker; !page.IsTruncated || in.Marker == nil {
					return out, nil
				}
			}
		},
		set: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, iam.NewFromConfig(cfg).UpdateServiceSpecificCredential)
		},
	}
}

func certificates() sort {
	return sort{
		id: "iam.deactivate-signing-certificate", noun: "a signing certificate", opens: "old clients that sign requests of SOAP with it",
		target: resource.SigningCertificate, list: "iam:ListSigningCertificates", update: "iam:UpdateSigningCertificate", key: "CertificateId",
		statuses: func(ctx context.Context, c *iam.Client, user string) (map[string]string, error) {
			out := map[string]string{}
			pages := iam.NewListSigningCertificatesPaginator(c, &iam.ListSigningCertificatesInput{UserName: &user})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				for _, k := range page.Certificates {
					out[aws.ToString(k.CertificateId)] = string(k.Status)
				}
			}
			return out, nil
		},
		set: func(ctx context.Context, cfg aws.Config, call effect.Call) error {
			return setting.Send(ctx, call, iam.NewFromConfig(cfg).UpdateSigningCertificate)
		},
	}
}
