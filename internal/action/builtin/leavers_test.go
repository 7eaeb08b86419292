package builtin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

const leaver = "ana"

func withPassword(t *testing.T, owner aws.Config, account string) effect.Target {
	c := iam.NewFromConfig(owner)
	must[*iam.CreateUserOutput](t)(c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String(leaver), Path: aws.String("/shop/")}))
	must[*iam.CreateLoginProfileOutput](t)(c.CreateLoginProfile(t.Context(), &iam.CreateLoginProfileInput{UserName: aws.String(leaver), Password: aws.String("correct-horse-9")}))
	return effect.Target{Ref: resource.Ref{Type: resource.User, Account: account, ID: leaver}}
}

func passwordState(t *testing.T, owner aws.Config, _ effect.Target) string {
	_, err := iam.NewFromConfig(owner).GetLoginProfile(t.Context(), &iam.GetLoginProfileInput{UserName: aws.String(leaver)})
	return fmt.Sprint(err == nil)
}

// anotherUser of the same name has a password of his own.
func anotherUser(t *testing.T, owner aws.Config, _ effect.Target) {
	c := iam.NewFromConfig(owner)
	must[*iam.DeleteLoginProfileOutput](t)(c.DeleteLoginProfile(t.Context(), &iam.DeleteLoginProfileInput{UserName: aws.String(leaver)}))
	must[*iam.DeleteUserOutput](t)(c.DeleteUser(t.Context(), &iam.DeleteUserInput{UserName: aws.String(leaver)}))
	withPassword(t, owner, "")
}

func shutState(t *testing.T, owner aws.Config, _ effect.Target) string {
	out := must[*iam.ListUserPoliciesOutput](t)(iam.NewFromConfig(owner).ListUserPolicies(t.Context(), &iam.ListUserPoliciesInput{UserName: aws.String(leaver)}))
	text := fmt.Sprint(out.PolicyNames)
	for _, name := range out.PolicyNames {
		p := must[*iam.GetUserPolicyOutput](t)(iam.NewFromConfig(owner).GetUserPolicy(t.Context(), &iam.GetUserPolicyInput{UserName: aws.String(leaver), PolicyName: &name}))
		text += *p.PolicyDocument
	}
	return text
}

// ownShutOut is a policy of our name that somebody else has written.
func ownShutOut(t *testing.T, owner aws.Config, _ effect.Target) {
	must[*iam.PutUserPolicyOutput](t)(iam.NewFromConfig(owner).PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{
		UserName: aws.String(leaver), PolicyName: aws.String("jobzero-shut-out"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}`),
	}))
}

func withSSHKey(t *testing.T, owner aws.Config, account string) effect.Target {
	withPassword(t, owner, account)
	out := must[*iam.UploadSSHPublicKeyOutput](t)(iam.NewFromConfig(owner).UploadSSHPublicKey(t.Context(), &iam.UploadSSHPublicKeyInput{
		UserName: aws.String(leaver), SSHPublicKeyBody: aws.String("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC made-up"),
	}))
	return effect.Target{Ref: resource.Ref{Type: resource.SSHKey, Account: account, ID: leaver + "/" + *out.SSHPublicKey.SSHPublicKeyId}}
}

func sshState(t *testing.T, owner aws.Config, _ effect.Target) string {
	out := must[*iam.ListSSHPublicKeysOutput](t)(iam.NewFromConfig(owner).ListSSHPublicKeys(t.Context(), &iam.ListSSHPublicKeysInput{UserName: aws.String(leaver)}))
	text := ""
	for _, k := range out.SSHPublicKeys {
		text += *k.SSHPublicKeyId + string(k.Status)
	}
	return text
}

func deleteSSHKey(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.DeleteSSHPublicKeyOutput](t)(iam.NewFromConfig(owner).DeleteSSHPublicKey(t.Context(), &iam.DeleteSSHPublicKeyInput{UserName: aws.String(leaver), SSHPublicKeyId: last(to)}))
}

func last(to effect.Target) *string {
	_, id, _ := strings.Cut(to.Ref.ID, "/")
	return &id
}

func withCertificate(t *testing.T, owner aws.Config, account string) effect.Target {
	withPassword(t, owner, account)
	key := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	x := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der := must[[]byte](t)(x509.CreateCertificate(rand.Reader, x, x, key.Public(), key))
	body := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	out := must[*iam.UploadSigningCertificateOutput](t)(iam.NewFromConfig(owner).UploadSigningCertificate(t.Context(), &iam.UploadSigningCertificateInput{UserName: aws.String(leaver), CertificateBody: &body}))
	return effect.Target{Ref: resource.Ref{Type: resource.SigningCertificate, Account: account, ID: leaver + "/" + *out.Certificate.CertificateId}}
}

func certificateState(t *testing.T, owner aws.Config, _ effect.Target) string {
	out := must[*iam.ListSigningCertificatesOutput](t)(iam.NewFromConfig(owner).ListSigningCertificates(t.Context(), &iam.ListSigningCertificatesInput{UserName: aws.String(leaver)}))
	text := ""
	for _, c := range out.Certificates {
		text += *c.CertificateId + string(c.Status)
	}
	return text
}

func deleteCertificate(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.DeleteSigningCertificateOutput](t)(iam.NewFromConfig(owner).DeleteSigningCertificate(t.Context(), &iam.DeleteSigningCertificateInput{UserName: aws.String(leaver), CertificateId: last(to)}))
}

// directory is an Identity Center with a user in a group.
type directory struct {
	instance, store, user, group string
}

func directoryOf(t *testing.T, owner aws.Config) (d directory) {
	t.Helper()
	at := must[*ssoadmin.ListInstancesOutput](t)(ssoadmin.NewFromConfig(owner).ListInstances(t.Context(), &ssoadmin.ListInstancesInput{})).Instances[0]
	d.instance, d.store = *at.InstanceArn, *at.IdentityStoreId
	c := identitystore.NewFromConfig(owner)
	d.user = *must[*identitystore.CreateUserOutput](t)(c.CreateUser(t.Context(), &identitystore.CreateUserInput{
		IdentityStoreId: &d.store, UserName: aws.String("ana@example.com"), DisplayName: aws.String("Ana Sousa"),
		Name: &storetypes.Name{GivenName: aws.String("Ana"), FamilyName: aws.String("Sousa")},
	})).UserId
	d.group = *must[*identitystore.CreateGroupOutput](t)(c.CreateGroup(t.Context(), &identitystore.CreateGroupInput{IdentityStoreId: &d.store, DisplayName: aws.String("Admins")})).GroupId
	must[*identitystore.CreateGroupMembershipOutput](t)(c.CreateGroupMembership(t.Context(), &identitystore.CreateGroupMembershipInput{
		IdentityStoreId: &d.store, GroupId: &d.group, MemberId: &storetypes.MemberIdMemberUserId{Value: d.user},
	}))
	return d
}

func assigned(t *testing.T, owner aws.Config, account string) effect.Target {
	d, c := directoryOf(t, owner), ssoadmin.NewFromConfig(owner)
	set := must[*ssoadmin.CreatePermissionSetOutput](t)(c.CreatePermissionSet(t.Context(), &ssoadmin.CreatePermissionSetInput{
		InstanceArn: &d.instance, Name: aws.String("Admin"), SessionDuration: aws.String("PT1H"),
	})).PermissionSet.PermissionSetArn
	must[*ssoadmin.CreateAccountAssignmentOutput](t)(c.CreateAccountAssignment(t.Context(), &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: &d.instance, PermissionSetArn: set, PrincipalId: &d.user, PrincipalType: ssotypes.PrincipalTypeUser, TargetId: &account, TargetType: ssotypes.TargetTypeAwsAccount,
	}))
	id := strings.Join([]string{d.instance, account, "AWS_ACCOUNT", *set, "USER", d.user}, "|")
	return effect.Target{Ref: resource.Ref{Type: resource.SSOAssignment, Account: account, Region: "us-east-1", ID: id}}
}

func assignmentState(t *testing.T, owner aws.Config, to effect.Target) string {
	p := strings.Split(to.Ref.ID, "|")
	out := must[*ssoadmin.ListAccountAssignmentsOutput](t)(ssoadmin.NewFromConfig(owner).ListAccountAssignments(t.Context(), &ssoadmin.ListAccountAssignmentsInput{
		InstanceArn: &p[0], AccountId: &p[1], PermissionSetArn: &p[3],
	}))
	text := ""
	for _, a := range out.AccountAssignments {
		text += *a.AccountId + *a.PermissionSetArn + string(a.PrincipalType) + *a.PrincipalId
	}
	return text
}

func inGroup(t *testing.T, owner aws.Config, account string) effect.Target {
	d := directoryOf(t, owner)
	return effect.Target{Ref: resource.Ref{Type: resource.GroupMembership, Account: account, Region: "us-east-1", ID: d.store + "|" + d.group + "|" + d.user}}
}

func groupOf(t *testing.T, owner aws.Config, to effect.Target) string {
	store, _, _ := strings.Cut(to.Ref.ID, "|")
	c, text := identitystore.NewFromConfig(owner), ""
	for _, g := range must[*identitystore.ListGroupsOutput](t)(c.ListGroups(t.Context(), &identitystore.ListGroupsInput{IdentityStoreId: &store})).Groups {
		for _, m := range must[*identitystore.ListGroupMembershipsOutput](t)(c.ListGroupMemberships(t.Context(), &identitystore.ListGroupMembershipsInput{IdentityStoreId: &store, GroupId: g.GroupId})).GroupMemberships {
			text += *g.GroupId + m.MemberId.(*storetypes.MemberIdMemberUserId).Value
		}
	}
	return text
}

// inAgain is out and in again, by somebody who means it.
func inAgain(t *testing.T, owner aws.Config, to effect.Target) {
	p, c := strings.Split(to.Ref.ID, "|"), identitystore.NewFromConfig(owner)
	member := &storetypes.MemberIdMemberUserId{Value: p[2]}
	id := must[*identitystore.ListGroupMembershipsOutput](t)(c.ListGroupMemberships(t.Context(), &identitystore.ListGroupMembershipsInput{IdentityStoreId: &p[0], GroupId: &p[1]})).GroupMemberships[0].MembershipId
	must[*identitystore.DeleteGroupMembershipOutput](t)(c.DeleteGroupMembership(t.Context(), &identitystore.DeleteGroupMembershipInput{IdentityStoreId: &p[0], MembershipId: id}))
	must[*identitystore.CreateGroupMembershipOutput](t)(c.CreateGroupMembership(t.Context(), &identitystore.CreateGroupMembershipInput{IdentityStoreId: &p[0], GroupId: &p[1], MemberId: member}))
}
