package playbooks_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"jobzero/internal/resource"
)

// leavers are the scenes of what is left of somebody who has left.
func leavers() map[string][]scene {
	return map[string][]scene{
		"end-leaver-access-key":          {{name: "active", make: leaversKey}},
		"end-leaver-password":            {{name: "set", make: leaversPassword}},
		"end-leaver-user":                {{name: "not shut out", make: leaversUser}},
		"end-leaver-ssh-key":             {{name: "active", make: leaversSSHKey}},
		"end-leaver-signing-certificate": {{name: "active", make: leaversCertificate}},
		"end-leaver-service-credential":  {{name: "active", make: leaversCredential, beside: true}},
		"end-leaver-session":             {{name: "in a role", make: leaversSession}},
		"end-leaver-assignment":          {{name: "to an account", make: leaversAssignment}},
		"end-leaver-group":               {{name: "of administrators", make: leaversGroup}},
		"end-leaver-sso-session":         {{name: "in a permission set", make: leaversSetSession, beside: true}},
	}
}

const leaver = "ana"

// leaver makes the user, and gives what is his.
func (w *town) leaver(kind resource.Type, id string, left func() bool) met {
	return met{ref: &resource.Ref{Type: kind, Account: w.account, ID: id}, arn: "arn:aws:iam::" + w.account + ":user/" + leaver, left: left}
}

func (w *town) hire() *iam.Client {
	w.Helper()
	c := iam.NewFromConfig(w.owner)
	w.did(c.CreateUser(w.Context(), &iam.CreateUserInput{UserName: aws.String(leaver)}))
	return c
}

func leaversKey(w *town) met {
	c := w.hire()
	id := *must[*iam.CreateAccessKeyOutput](w)(c.CreateAccessKey(w.Context(), &iam.CreateAccessKeyInput{UserName: aws.String(leaver)})).AccessKey.AccessKeyId
	return w.leaver(resource.AccessKey, id, func() bool {
		all := must[*iam.ListAccessKeysOutput](w)(c.ListAccessKeys(w.Context(), &iam.ListAccessKeysInput{UserName: aws.String(leaver)})).AccessKeyMetadata
		return all[0].Status != iamtypes.StatusTypeInactive
	})
}

func leaversPassword(w *town) met {
	c := w.hire()
	w.did(c.CreateLoginProfile(w.Context(), &iam.CreateLoginProfileInput{UserName: aws.String(leaver), Password: aws.String("correct-horse-9")}))
	return w.leaver(resource.User, leaver, func() bool {
		_, err := c.GetLoginProfile(w.Context(), &iam.GetLoginProfileInput{UserName: aws.String(leaver)})
		return err == nil || !strings.Contains(err.Error(), "NoSuchEntity")
	})
}

func leaversUser(w *town) met {
	c := w.hire()
	return w.leaver(resource.User, leaver, func() bool {
		return len(must[*iam.ListUserPoliciesOutput](w)(c.ListUserPolicies(w.Context(), &iam.ListUserPoliciesInput{UserName: aws.String(leaver)})).PolicyNames) == 0
	})
}

func leaversSSHKey(w *town) met {
	c := w.hire()
	key := must[*iam.UploadSSHPublicKeyOutput](w)(c.UploadSSHPublicKey(w.Context(), &iam.UploadSSHPublicKeyInput{
		UserName: aws.String(leaver), SSHPublicKeyBody: aws.String("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC made-up"),
	})).SSHPublicKey
	return w.leaver(resource.SSHKey, leaver+"/"+*key.SSHPublicKeyId, func() bool {
		all := must[*iam.ListSSHPublicKeysOutput](w)(c.ListSSHPublicKeys(w.Context(), &iam.ListSSHPublicKeysInput{UserName: aws.String(leaver)})).SSHPublicKeys
		return all[0].Status != iamtypes.StatusTypeInactive
	})
}

func leaversCertificate(w *town) met {
	c := w.hire()
	key := must[*ecdsa.PrivateKey](w)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	x := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	body := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: must[[]byte](w)(x509.CreateCertificate(rand.Reader, x, x, key.Public(), key))}))
	id := must[*iam.UploadSigningCertificateOutput](w)(c.UploadSigningCertificate(w.Context(), &iam.UploadSigningCertificateInput{
		UserName: aws.String(leaver), CertificateBody: &body,
	})).Certificate.CertificateId
	return w.leaver(resource.SigningCertificate, leaver+"/"+*id, func() bool {
		all := must[*iam.ListSigningCertificatesOutput](w)(c.ListSigningCertificates(w.Context(), &iam.ListSigningCertificatesInput{UserName: aws.String(leaver)})).Certificates
		return all[0].Status != iamtypes.StatusTypeInactive
	})
}

// leaversCredential is one of AWS CodeCommit, which stands beside the emulator.
func leaversCredential(w *town) met {
	const id = "ACCAEXAMPLE1"
	c := w.hire()
	w.behind.SetService(leaver, id, "Active")
	return w.leaver(resource.ServiceCredential, leaver+"/"+id, func() bool {
		all := must[*iam.ListServiceSpecificCredentialsOutput](w)(c.ListServiceSpecificCredentials(w.Context(), &iam.ListServiceSpecificCredentialsInput{UserName: aws.String(leaver)}))
		return all.ServiceSpecificCredentials[0].Status != iamtypes.StatusTypeInactive
	})
}

func leaversSession(w *town) met {
	m := roleFrom(nothing)(w)
	c := iam.NewFromConfig(w.owner)
	m.ref, m.params = &resource.Ref{Type: resource.Role, Account: w.account, ID: "deploy"}, map[string]string{
		"session": "ana@example.com", "issued-before": w.now.Add(time.Minute).Format("2006-01-02T15:04:05Z"),
	}
	m.left = func() bool {
		return len(must[*iam.ListRolePoliciesOutput](w)(c.ListRolePolicies(w.Context(), &iam.ListRolePoliciesInput{RoleName: aws.String("deploy")})).PolicyNames) == 0
	}
	return m
}
