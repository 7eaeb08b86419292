package stack_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/awsorg"
	"jobzero/internal/design/drift"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/inventory/cloudformation"
	"jobzero/internal/resource"
	"jobzero/internal/stack"
	"jobzero/internal/testmoto"
)

const region = "us-east-1"

const shop = `Parameters:
  Team: {Type: String}
  Word: {Type: String, NoEcho: true, Default: none}
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "shop-${AWS::AccountId}"
      VersioningConfiguration:
        Status: Enabled
      Tags:
        - {Key: team, Value: !Ref Team}
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Sub "the web of ${Data}"
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 443
          ToPort: 443
          CidrIp: 10.0.0.0/8
`

func catalogue(t *testing.T, server *testmoto.Server) (*awsorg.Org, *inventory.Catalogue) {
	t.Helper()
	c := awsorg.DefaultConfig()
	c.Endpoint, c.MaxBackoff = server.Endpoint, 50*time.Millisecond
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	org, err := awsorg.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(org.Close)
	cat, err := inventory.New(org, builtin.Native()...)
	if err != nil {
		t.Fatal(err)
	}
	return org, cat
}

func told(h stack.Held) (differences, open []string) {
	for _, c := range h.Compared {
		for _, d := range c.Differences {
			differences = append(differences, strings.Join([]string{c.Name, string(d.Kind), d.Path, stack.Text(d.Said, 99), stack.Text(d.Is, 99), d.Place.String()}, " "))
		}
		for _, o := range c.Open {
			open = append(open, c.Name+" "+o.Path)
		}
	}
	slices.Sort(differences)
	return differences, open
}

// TestChangedByHand is the story: a stack is made, two of its resources are changed by hand, and put back.
func TestChangedByHand(t *testing.T) {
	server := testmoto.Shared(t)
	account := testmoto.Account()
	org, cat := catalogue(t, server)
	cfg, ctx := server.Config(account), t.Context()
	cfg.Region = region
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(sdk.NewFromConfig(cfg).CreateStack(ctx, &sdk.CreateStackInput{
		StackName: aws.String("shop"), TemplateBody: aws.String(shop), Tags: []types.Tag{{Key: aws.String("unit"), Value: aws.String("storefront")}},
		Parameters: []types.Parameter{{ParameterKey: aws.String("Team"), ParameterValue: aws.String("web")}, {ParameterKey: aws.String("Word"), ParameterValue: aws.String("hidden")}},
	}))
	in, err := org.Reader(ctx, account, region)
	must(nil, err)
	s, err := cloudformation.Read(ctx, in, account, "shop")
	must(nil, err)
	var web string
	for _, m := range s.Members {
		if m.Name == "Web" {
			web = m.ID
		}
	}
	look := func() ([]string, []string) {
		t.Helper()
		var last, all int
		h, err := stack.Hold(ctx, cat, s, stack.Source{}, func(done, of int) { last, all = done, of })
		must(nil, err)
		if last != 2 || all != 2 {
			t.Errorf("read %d of %d, want two resources, each once", last, all)
		}
		return told(h)
	}
	bucket, groups := s3.NewFromConfig(cfg), ec2.NewFromConfig(cfg)
	name := aws.String("shop-" + account)
	version := func(status s3types.BucketVersioningStatus) {
		t.Helper()
		must(bucket.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: name, VersioningConfiguration: &s3types.VersioningConfiguration{Status: status}}))
	}
	version(s3types.BucketVersioningStatusEnabled) // the emulator makes buckets without it
	if differences, open := look(); len(differences)+len(open) > 0 {
		t.Errorf("as it was made: %q, %q", differences, open)
	}
	open := []ec2types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}
	version(s3types.BucketVersioningStatusSuspended)
	must(groups.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &web, IpPermissions: open}))
	got, _ := look()
	for i, want := range []string{"Data changed properties.VersioningConfiguration.Status Enabled Suspended shop:10:17", "Web added properties.SecurityGroupIngress "} {
		if len(got) != 2 || !strings.HasPrefix(got[i], want) {
			t.Fatalf("changed by hand: %q", got)
		}
	}
	if !strings.Contains(got[1], `"CidrIp":"0.0.0.0/0"`) || !strings.HasSuffix(got[1], "shop:18:9") {
		t.Errorf("the rule: %s", got[1])
	}
	version(s3types.BucketVersioningStatusEnabled)
	must(groups.RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{GroupId: &web, IpPermissions: open}))
	if differences, open := look(); len(differences)+len(open) > 0 {
		t.Errorf("put back: %q, %q", differences, open)
	}
	must(bucket.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: name}))
	if got, _ := look(); len(got) != 1 || !strings.HasPrefix(got[0], "Data gone ") {
		t.Errorf("deleted by hand: %q", got)
	}
}

// TestAnotherText: a text that is not the stack's own is held against the stack's resources, by their names in it.
func TestAnotherText(t *testing.T) {
	s := cloudformation.Stack{
		Account: "111122223333", Region: region, Name: "shop", State: "UPDATE_COMPLETE",
		Members: []cloudformation.Member{{Name: "Data", ID: "shop-data", Type: resource.Bucket}},
	}
	h, err := stack.Hold(t.Context(), nobody{}, s, stack.Source{File: "new.yaml", Text: []byte("Resources:\n  Data: {Type: AWS::S3::Bucket}\n  More: {Type: AWS::SNS::Topic}\n")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	differences, open := told(h)
	if d := cmp.Diff([]string{"More missing  AWS::SNS::Topic  new.yaml:3:3"}, differences); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Data properties"}, open); d != "" {
		t.Error(d)
	}
	got := h.Resource()
	if len(got.Unknown) != 1 || got.Properties["Different"] != int64(1) || got.Properties["NotCompared"] != int64(1) || h.Compared[1].Differences[0].Kind != drift.Missing {
		t.Errorf("%+v", got)
	}
	s.State = "UPDATE_IN_PROGRESS"
	if _, err := stack.Hold(t.Context(), nobody{}, s, stack.Source{}, nil); err == nil {
		t.Error("a stack that is being changed was compared")
	}
}
