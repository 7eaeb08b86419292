package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"
	ssotypes "github.com/aws/aws-sdk-go-v2/service/ssoadmin/types"

	"jobzero/internal/cli"
	"jobzero/internal/testmoto"
)

// TestCollect reads a live account, and asks what it found: an answer changes with the account.
func TestCollect(t *testing.T) {
	server := testmoto.NewBeside(t, testmoto.Shared(t))
	account, ctx, dir := testmoto.Account(), t.Context(), t.TempDir()
	cfg := server.Config(account)
	people, keys, buckets := iam.NewFromConfig(cfg), kms.NewFromConfig(cfg), s3.NewFromConfig(cfg)
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	const reads = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	must(people.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("ana"), Path: aws.String("/shop/")}))
	ana := seated(t, server, account)
	must(people.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("worker"), AssumeRolePolicyDocument: aws.String(trust)}))
	must(people.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("ana"), PolicyName: aws.String("reads"), PolicyDocument: aws.String(reads)}))
	bucket := "payroll-" + account
	must(buckets.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket}))
	key, err := keys.CreateKey(ctx, &kms.CreateKeyInput{})
	must(key, err)
	worker := "arn:aws:iam::" + account + ":role/worker"
	must(keys.CreateGrant(ctx, &kms.CreateGrantInput{
		KeyId: key.KeyMetadata.Arn, GranteePrincipal: &worker, Operations: []kmstypes.GrantOperation{kmstypes.GrantOperationDecrypt},
	}))
	organisation(t, organizations.NewFromConfig(cfg))

	settings := filepath.Join(dir, "settings.yaml")
	text := "aws: {endpoint: \"" + server.Endpoint + "\", max_backoff: 50ms}\nsweep: {cloud_control: false}\n" +
		"accounts: [{id: \"" + account + "\", regions: [us-east-1], organization: true}]\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"CONFIG", "DATABASE", "BUS", "DATA_DIR", "LISTEN"} {
		t.Setenv("JOBZERO_"+k, "")
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "emulator-only")
	run := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := cli.Main(ctx, args, strings.NewReader(""), &out, &errs)
		return code, out.String() + errs.String()
	}
	estate := filepath.Join(dir, "estate")
	collect := func() {
		t.Helper()
		if code, said := run("access", "collect", estate, "--config", settings); code != 0 {
			t.Fatal(code, said)
		}
	}
	collect()
	object := "arn:aws:s3:::" + bucket + "/2026.csv"
	code, said := run("access", "who-can", "s3:GetObject", object, "--from", estate)
	if code != 0 || !strings.Contains(said, "user/shop/ana  Allowed") {
		t.Error(code, said)
	}
	if code, said := run("access", "can", worker, "kms:Decrypt", *key.KeyMetadata.Arn, "--from", estate); code != 0 || !strings.Contains(said, "grant") {
		t.Error(code, said)
	}
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"` + object + `"}]}`
	must(buckets.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &deny}))
	collect()
	if code, said := run("access", "can", "arn:aws:iam::"+account+":user/shop/ana", "s3:GetObject", object, "--from", estate); code != 1 || !strings.HasPrefix(said, "ExplicitlyDenied: resource policy") {
		t.Error(code, said)
	}
	leaves(t, run, dir, estate, settings, ana)
	// The organisation has the last word over accounts that it does not manage from.
	if tree, err := os.ReadFile(filepath.Join(estate, "organisation.json")); err != nil || !strings.Contains(string(tree), `"Name":"no-deleting"`) {
		t.Error(string(tree), err)
	}
}

// organisation makes one with a policy of its own.
func organisation(t *testing.T, client *organizations.Client) {
	t.Helper()
	ctx := t.Context()
	if _, err := client.CreateOrganization(ctx, &organizations.CreateOrganizationInput{FeatureSet: orgtypes.OrganizationFeatureSetAll}); err != nil {
		t.Fatal(err)
	}
	roots, err := client.ListRoots(ctx, &organizations.ListRootsInput{})
	if err != nil {
		t.Fatal(err)
	}
	root := roots.Roots[0].Id
	if _, err := client.EnablePolicyType(ctx, &organizations.EnablePolicyTypeInput{RootId: root, PolicyType: orgtypes.PolicyTypeServiceControlPolicy}); err != nil {
		t.Fatal(err)
	}
	p, err := client.CreatePolicy(ctx, &organizations.CreatePolicyInput{
		Name: aws.String("no-deleting"), Description: aws.String("made up"), Type: orgtypes.PolicyTypeServiceControlPolicy,
		Content: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.AttachPolicy(ctx, &organizations.AttachPolicyInput{PolicyId: p.Policy.PolicySummary.Id, TargetId: root}); err != nil {
		t.Fatal(err)
	}
}

// seat is a user of Identity Center, and the set that is assigned to him through a group.
type seat struct{ user, set string }

// seated gives a user of IAM everything that one can hold, and a user of Identity Center an assignment through a group.
func seated(t *testing.T, server *testmoto.Beside, account string) seat {
	t.Helper()
	ctx, cfg := t.Context(), server.Config(account)
	people, name := iam.NewFromConfig(cfg), aws.String("ana")
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(people.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name}))
	must(people.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: name, Password: aws.String("correct-horse-9")}))
	must(people.UploadSSHPublicKey(ctx, &iam.UploadSSHPublicKeyInput{UserName: name, SSHPublicKeyBody: aws.String("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC made-up")}))
	server.SetService("ana", "ACCAEXAMPLE", "Active")

	admin := ssoadmin.NewFromConfig(cfg)
	at, err := admin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	must(at, err)
	i := at.Instances[0]
	store := identitystore.NewFromConfig(cfg)
	user, err := store.CreateUser(ctx, &identitystore.CreateUserInput{
		IdentityStoreId: i.IdentityStoreId, UserName: aws.String("ana@example.com"), DisplayName: aws.String("Ana Sousa"),
		Name: &storetypes.Name{GivenName: aws.String("Ana"), FamilyName: aws.String("Sousa")},
	})
	must(user, err)
	group, err := store.CreateGroup(ctx, &identitystore.CreateGroupInput{IdentityStoreId: i.IdentityStoreId, DisplayName: aws.String("Admins")})
	must(group, err)
	must(store.CreateGroupMembership(ctx, &identitystore.CreateGroupMembershipInput{
		IdentityStoreId: i.IdentityStoreId, GroupId: group.GroupId, MemberId: &storetypes.MemberIdMemberUserId{Value: *user.UserId},
	}))
	set, err := admin.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: i.InstanceArn, Name: aws.String("Admin"), SessionDuration: aws.String("PT1H")})
	must(set, err)
	must(admin.ProvisionPermissionSet(ctx, &ssoadmin.ProvisionPermissionSetInput{ // which AWS does by itself
		InstanceArn: i.InstanceArn, PermissionSetArn: set.PermissionSet.PermissionSetArn, TargetId: &account, TargetType: ssotypes.ProvisionTargetTypeAwsAccount,
	}))
	must(admin.CreateAccountAssignment(ctx, &ssoadmin.CreateAccountAssignmentInput{
		InstanceArn: i.InstanceArn, PermissionSetArn: set.PermissionSet.PermissionSetArn, PrincipalId: group.GroupId, PrincipalType: ssotypes.PrincipalTypeGroup,
		TargetId: &account, TargetType: ssotypes.TargetTypeAwsAccount,
	}))
	return seat{*user.UserId, *set.PermissionSet.PermissionSetArn}
}

// leaves has the person leave whose user and seat were collected: all of it is found in the folder.
func leaves(t *testing.T, run func(...string) (int, string), dir, estate, settings string, ana seat) {
	t.Helper()
	staff := filepath.Join(dir, "staff.csv")
	if err := os.WriteFile(staff, []byte("email,name\nana@example.com,Ana Sousa\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JOBZERO_DATA_DIR", t.TempDir())
	for _, args := range [][]string{{"import", staff}, {"leave", "ana@example.com", "--reason", "gone"}} {
		if code, said := run(append([]string{"people", "--config", settings, "--as", "mia"}, args...)...); code != 0 {
			t.Fatal(args, code, said)
		}
	}
	code, said := run("people", "leaver", "ana@example.com", "--from", estate, "--config", settings)
	for _, want := range []string{
		"Identity Center user", ana.user, "Admins", ana.set, "access key", "AKIA", "password ", "SSH key", "service-specific credential", "ACCAEXAMPLE",
		"user/shop/ana", "not known: sessions were not read", "may s3:getobject", "Ana Sousa is still there",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in: %s", want, said)
		}
	}
	if code != 1 || strings.Contains(said, "user/shop/ana were not read") {
		t.Error(code, said)
	}
	for _, args := range [][]string{{"joins"}, {"stale", "--days", "0"}, {"movers"}} {
		if code, said := run(append([]string{"people", "--from", estate, "--config", settings}, args...)...); code != 0 {
			t.Error(args, code, said)
		}
	}
}
