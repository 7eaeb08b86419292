package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/cli"
	"jobzero/internal/testmoto"
)

const driftTemplate = `Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "shop-${AWS::AccountId}"
      AccessControl: Private
      PublicAccessBlockConfiguration:
        BlockPublicAcls: %s
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
`

const driftPlan = `{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[
{"address":"aws_s3_bucket.data","mode":"managed","type":"aws_s3_bucket","name":"data","provider_name":"registry.terraform.io/hashicorp/aws",
 "change":{"actions":["no-op"],"after":{"bucket":%[1]q,"id":%[1]q},"after_unknown":{}}},
{"address":"aws_s3_bucket_public_access_block.data","mode":"managed","type":"aws_s3_bucket_public_access_block","name":"data","provider_name":"registry.terraform.io/hashicorp/aws",
 "change":{"actions":["no-op"],"after":{"bucket":%[1]q,"block_public_acls":true,"block_public_policy":true,"ignore_public_acls":true,"restrict_public_buckets":true},"after_unknown":{}}}]}`

// TestDrift has a person ask before and after somebody changed a bucket by hand.
func TestDrift(t *testing.T) {
	server := testmoto.Shared(t)
	account, ctx, dir := testmoto.Account(), t.Context(), t.TempDir()
	cfg := server.Config(account)
	text := fmt.Sprintf(driftTemplate, "true")
	if _, err := cloudformation.NewFromConfig(cfg).CreateStack(ctx, &cloudformation.CreateStackInput{StackName: aws.String("shop"), TemplateBody: &text}); err != nil {
		t.Fatal(err)
	}
	block := func(acls bool) {
		t.Helper()
		if _, err := s3.NewFromConfig(cfg).PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
			Bucket: aws.String("shop-" + account), PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{
				BlockPublicAcls: &acls, BlockPublicPolicy: aws.Bool(true), IgnorePublicAcls: aws.Bool(true), RestrictPublicBuckets: aws.Bool(true),
			},
		}); err != nil {
			t.Fatal(err)
		}
	}
	file := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	settings := file("jobzero.yaml", "aws: {endpoint: \""+server.Endpoint+"\", max_backoff: 50ms}\nsweep: {cloud_control: false}\n")
	for _, k := range []string{"CONFIG", "DATABASE", "BUS", "DATA_DIR", "LISTEN"} {
		t.Setenv("JOBZERO_"+k, "")
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "emulator-only")
	drift := func(want int, more ...string) (string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		args := append([]string{"drift", "--config", settings, "--account", account, "--region", "us-east-1"}, more...)
		if code := cli.Main(ctx, args, strings.NewReader(""), &out, &errs); code != want {
			t.Errorf("%v: exit code %d, want %d:\n%s%s", more, code, want, out.String(), errs.String())
		}
		return out.String(), errs.String()
	}
	block(true)
	if out, errs := drift(0); out != "" || !strings.Contains(errs, "1 resource in 1 text: 0 differences in 0 resources, 5 values the same, 1 not compared") {
		t.Errorf("as it was made:\n%s%s", out, errs)
	}
	if out, _ := drift(0, "--all"); !strings.Contains(out, "AccessControl") || !strings.Contains(out, "never gives it back") {
		t.Errorf("what was not compared is not named:\n%s", out)
	}
	block(false)
	out, _ := drift(1, "--stack", "shop")
	if want := strings.Fields("shop Data changed PublicAccessBlockConfiguration.BlockPublicAcls true false shop:8:26"); !strings.Contains(strings.Join(strings.Fields(out), " "), strings.Join(want, " ")) {
		t.Errorf("changed by hand:\n%s", out)
	}
	out, _ = drift(1, "--format", "json")
	var row struct {
		Stack, Resource, Kind, Path, File string
		Said, Is                          bool
		Line                              int
	}
	if err := json.Unmarshal([]byte(out), &row); err != nil || row.Stack != "shop" || row.Kind != "changed" || !row.Said || row.Is || row.Line != 8 {
		t.Errorf("%v: %s", err, out)
	}
	local := file("shop.yaml", fmt.Sprintf(driftTemplate, "false")) // what the repository says by now
	drift(0, "--stack", "shop", "--template", local)
	drift(0, "--template", local) // by the name alone
	if out, _ := drift(1, "--template", file("old.yaml", text)); !strings.Contains(out, "old.yaml:8:26") {
		t.Errorf("a text without a stack:\n%s", out)
	}
	plan := file("plan.json", fmt.Sprintf(driftPlan, "shop-"+account))
	if out, errs := drift(1, "--template", plan); !strings.Contains(out, "aws_s3_bucket.data  changed  PublicAccessBlockConfiguration.BlockPublicAcls  true  false  plan.json") {
		t.Errorf("a plan:\n%s%s", out, errs)
	}
	block(true)
	drift(0)
	drift(0, "--template", plan)
	if _, errs := drift(2, "--stack", "none"); !strings.Contains(errs, "there is no stack none") {
		t.Errorf("a stack that does not exist: %s", errs)
	}
	drift(2, "--template", file("note.txt", "hello"))
	drift(2, "--param", "A=b")
}
