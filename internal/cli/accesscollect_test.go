package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"jobzero/internal/cli"
	"jobzero/internal/testmoto"
)

// TestCollect reads a live account, and asks what it found: an answer changes with the account.
func TestCollect(t *testing.T) {
	server := testmoto.Shared(t)
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
	must(people.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("ana")}))
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
	if code != 0 || !strings.Contains(said, "user/ana  Allowed") {
		t.Error(code, said)
	}
	if code, said := run("access", "can", worker, "kms:Decrypt", *key.KeyMetadata.Arn, "--from", estate); code != 0 || !strings.Contains(said, "grant") {
		t.Error(code, said)
	}
	deny := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"` + object + `"}]}`
	must(buckets.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &deny}))
	collect()
	if code, said := run("access", "can", "arn:aws:iam::"+account+":user/ana", "s3:GetObject", object, "--from", estate); code != 1 || !strings.HasPrefix(said, "ExplicitlyDenied: resource policy") {
		t.Error(code, said)
	}
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
