package builtin_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	s3controltypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/awsorg"
	"jobzero/internal/fault"
	"jobzero/internal/inventory"
	"jobzero/internal/inventory/builtin"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

func catalogue(t *testing.T) (*inventory.Catalogue, *testmoto.Server) {
	t.Helper()
	server := testmoto.Shared(t)
	c := awsorg.DefaultConfig()
	c.Endpoint, c.MaxBackoff = server.Endpoint, 50*time.Millisecond
	c.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	org, err := awsorg.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(org.Close)
	return must[*inventory.Catalogue](t)(inventory.New(org, builtin.Native()...)), server
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

type object = map[string]any

func TestBucket(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	c := s3.NewFromConfig(server.Config(account))
	name := aws.String("bucket-" + account)
	ref := resource.Ref{Type: resource.Bucket, Account: account, ID: *name}
	if got := must[resource.Resource](t)(cat.Read(t.Context(), ref)); !got.Gone {
		t.Errorf("before it was made: %+v", got)
	}
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-central-1"}}))
	open := object{"BlockPublicAcls": false, "BlockPublicPolicy": false, "IgnorePublicAcls": false, "RestrictPublicBuckets": false}
	bare := must[resource.Resource](t)(cat.Read(t.Context(), ref))
	if bare.Region != "eu-central-1" || bare.ARN != "arn:aws:s3:::"+*name || bare.Gone || len(missed(bare)) != 0 || time.Since(bare.ReadAt) > time.Minute {
		t.Errorf("bare bucket: %+v", bare)
	}
	if d := cmp.Diff(open, bare.Properties["PublicAccessBlockConfiguration"]); d != "" {
		t.Error(d)
	}
	if p, there := bare.Related["policy"]; p != nil || !there {
		t.Errorf("no policy: got %v, %t; want nil that is there", p, there)
	}
	if d := cmp.Diff(any(open), bare.Related["account_public_access"]); d != "" {
		t.Error(d)
	}
	dress(t, c, name)
	got := must[resource.Resource](t)(cat.Read(t.Context(), ref))
	want := object{
		"BucketName":                     *name,
		"PublicAccessBlockConfiguration": object{"BlockPublicAcls": true, "BlockPublicPolicy": false, "IgnorePublicAcls": true, "RestrictPublicBuckets": false},
		"OwnershipControls":              object{"Rules": []any{object{"ObjectOwnership": "BucketOwnerPreferred"}}},
		"BucketEncryption":               object{"ServerSideEncryptionConfiguration": []any{object{"BucketKeyEnabled": false, "ServerSideEncryptionByDefault": object{"SSEAlgorithm": "AES256"}}}},
		"VersioningConfiguration":        object{"Status": "Enabled"},
		"WebsiteConfiguration":           object{"IndexDocument": "index.html", "ErrorDocument": "error.html"},
		"Tags":                           []any{object{"Key": "a", "Value": "1"}, object{"Key": "team", "Value": "web"}},
	}
	if d := cmp.Diff(want, got.Properties); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]string{"a": "1", "team": "web"}, got.Tags); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(any(object{"PolicyDocument": object{"Version": "2012-10-17", "Statement": []any{}}, "PolicyText": policy}), got.Related["policy"]); d != "" {
		t.Error(d)
	}
	acl, _ := got.Related["acl"].(object)
	grants, _ := acl["Grants"].([]any)
	everybody := object{"Grantee": object{"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}
	if !slices.ContainsFunc(grants, func(g any) bool { return cmp.Equal(g, any(everybody)) }) {
		t.Errorf("access list: %v", acl)
	}
	if u := missed(got); len(u) != 0 {
		t.Errorf("unknown: %v", u)
	}
}

// missed is what is not known of a resource, but for what nobody looks for.
func missed(r resource.Resource) (out []resource.Unknown) {
	for _, u := range r.Unknown {
		if u.Cause != resource.NotRead {
			out = append(out, u)
		}
	}
	return out
}

const policy = `{ "Version":"2012-10-17",  "Statement":[] }`

// dress gives the bucket all settings that are read.
func dress(t *testing.T, c *s3.Client, name *string) {
	t.Helper()
	yes, no, ctx := aws.Bool(true), aws.Bool(false), t.Context()
	for what, err := range map[string]error{
		"block": second(c.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: name, PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{
			BlockPublicAcls: yes, BlockPublicPolicy: no, IgnorePublicAcls: yes, RestrictPublicBuckets: no,
		}})),
		"ownership": second(c.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{Bucket: name, OwnershipControls: &s3types.OwnershipControls{
			Rules: []s3types.OwnershipControlsRule{{ObjectOwnership: s3types.ObjectOwnershipBucketOwnerPreferred}},
		}})),
		"encryption": second(c.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: name, ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{
			Rules: []s3types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{SSEAlgorithm: s3types.ServerSideEncryptionAes256}}},
		}})),
		"versioning": second(c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: name, VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}})),
		"website": second(c.PutBucketWebsite(ctx, &s3.PutBucketWebsiteInput{Bucket: name, WebsiteConfiguration: &s3types.WebsiteConfiguration{
			IndexDocument: &s3types.IndexDocument{Suffix: aws.String("index.html")}, ErrorDocument: &s3types.ErrorDocument{Key: aws.String("error.html")},
		}})),
		"tags": second(c.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: name, Tagging: &s3types.Tagging{TagSet: []s3types.Tag{
			{Key: aws.String("team"), Value: aws.String("web")}, {Key: aws.String("a"), Value: aws.String("1")},
		}}})),
		"acl":    second(c.PutBucketAcl(ctx, &s3.PutBucketAclInput{Bucket: name, ACL: s3types.BucketCannedACLPublicRead})),
		"policy": second(c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: name, Policy: aws.String(policy)})),
	} {
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestAccountBlock(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	ref := resource.Ref{Type: resource.AccountPublicAccess, Account: account, ID: account}
	want := object{"BlockPublicAcls": false, "BlockPublicPolicy": false, "IgnorePublicAcls": false, "RestrictPublicBuckets": false}
	if d := cmp.Diff(want, must[resource.Resource](t)(cat.Read(t.Context(), ref)).Properties); d != "" {
		t.Error(d)
	}
	yes := aws.Bool(true)
	must[*s3control.PutPublicAccessBlockOutput](t)(s3control.NewFromConfig(server.Config(account)).PutPublicAccessBlock(t.Context(), &s3control.PutPublicAccessBlockInput{
		AccountId: &account, PublicAccessBlockConfiguration: &s3controltypes.PublicAccessBlockConfiguration{BlockPublicAcls: yes, BlockPublicPolicy: yes, IgnorePublicAcls: yes, RestrictPublicBuckets: aws.Bool(false)},
	}))
	want = object{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": false}
	if d := cmp.Diff(want, must[resource.Resource](t)(cat.Read(t.Context(), ref)).Properties); d != "" {
		t.Error(d)
	}
}

func TestSecurityGroup(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	c := ec2.NewFromConfig(server.Config(account))
	id := must[*ec2.CreateSecurityGroupOutput](t)(c.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{
		GroupName: aws.String("web"), Description: aws.String("the web"),
		TagSpecifications: []ec2types.TagSpecification{{ResourceType: ec2types.ResourceTypeSecurityGroup, Tags: []ec2types.Tag{{Key: aws.String("team"), Value: aws.String("web")}}}},
	})).GroupId
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(c.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{GroupId: id, IpPermissions: []ec2types.IpPermission{
		{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(25), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0"), Description: aws.String("open")}}, Ipv6Ranges: []ec2types.Ipv6Range{{CidrIpv6: aws.String("::/0")}}},
		{IpProtocol: aws.String("-1"), UserIdGroupPairs: []ec2types.UserIdGroupPair{{GroupId: id}}},
	}}))
	subnet := must[*ec2.DescribeSubnetsOutput](t)(c.DescribeSubnets(t.Context(), nil)).Subnets[0].SubnetId
	eni := must[*ec2.CreateNetworkInterfaceOutput](t)(c.CreateNetworkInterface(t.Context(), &ec2.CreateNetworkInterfaceInput{SubnetId: subnet, Groups: []string{*id}, Description: aws.String("ELB app/shop")})).NetworkInterface
	ref := resource.Ref{Type: resource.SecurityGroup, Account: account, Region: "us-east-1", ID: *id}
	got := must[resource.Resource](t)(cat.Read(t.Context(), ref))
	for key, want := range map[string]any{"GroupId": *id, "GroupName": "web", "GroupDescription": "the web", "Tags": []any{object{"Key": "team", "Value": "web"}}} {
		if d := cmp.Diff(want, got.Properties[key]); d != "" {
			t.Errorf("%s: %s", key, d)
		}
	}
	rules := map[string]object{}
	for _, r := range got.Properties["SecurityGroupIngress"].([]any) {
		m := r.(object)
		ruleID, _ := m["SecurityGroupRuleId"].(string)
		if !strings.HasPrefix(ruleID, "sgr-") {
			t.Errorf("rule without its ID: %v", m)
		}
		delete(m, "SecurityGroupRuleId")
		for _, key := range []string{"CidrIp", "CidrIpv6", "SourceSecurityGroupId"} {
			if v, ok := m[key].(string); ok {
				rules[v] = m
			}
		}
	}
	want := map[string]object{
		"0.0.0.0/0": {"IpProtocol": "tcp", "FromPort": int64(22), "ToPort": int64(25), "CidrIp": "0.0.0.0/0", "Description": "open"},
		"::/0":      {"IpProtocol": "tcp", "FromPort": int64(22), "ToPort": int64(25), "CidrIpv6": "::/0"},
		*id:         {"IpProtocol": "-1", "FromPort": int64(-1), "ToPort": int64(-1), "SourceSecurityGroupId": *id, "SourceSecurityGroupOwnerId": account},
	}
	if d := cmp.Diff(want, rules); d != "" {
		t.Error(d)
	}
	if egress := got.Properties["SecurityGroupEgress"].([]any); len(egress) != 1 {
		t.Errorf("egress: %v", egress)
	}
	interfaces, _ := got.Related["interfaces"].([]any)
	if len(interfaces) != 1 || interfaces[0].(object)["NetworkInterfaceId"] != *eni.NetworkInterfaceId || interfaces[0].(object)["Description"] != "ELB app/shop" {
		t.Errorf("interfaces: %v", interfaces)
	}
	if len(missed(got)) != 0 || got.Tags["team"] != "web" || got.ARN == "" {
		t.Errorf("got %+v", got)
	}
	ref.ID = "sg-0a1b2c3d4e5f60718"
	if got := must[resource.Resource](t)(cat.Read(t.Context(), ref)); !got.Gone {
		t.Errorf("no such group: %+v", got)
	}
}

func TestAccessKey(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	c, user := iam.NewFromConfig(server.Config(account)), aws.String("anna")
	must[*iam.CreateUserOutput](t)(c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: user, Path: aws.String("/team/"), Tags: []iamtypes.Tag{{Key: aws.String("team"), Value: aws.String("web")}}}))
	must[*iam.PutUserPolicyOutput](t)(c.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: user, PolicyName: aws.String("own"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}`)}))
	key := must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: user})).AccessKey
	ref := resource.Ref{Type: resource.AccessKey, Account: account, ID: *key.AccessKeyId}
	got := must[resource.Resource](t)(cat.Read(t.Context(), ref))
	if created, err := time.Parse(time.RFC3339, got.Properties["CreateDate"].(string)); err != nil || time.Since(created) > time.Hour {
		t.Errorf("created %v, %v", created, err)
	}
	delete(got.Properties, "CreateDate")
	if d := cmp.Diff(object{"Id": ref.ID, "UserName": "anna", "Status": "Active"}, got.Properties); d != "" {
		t.Error(d)
	}
	owner := object{
		"UserName": "anna", "Arn": "arn:aws:iam::" + account + ":user/team/anna", "Path": "/team/", "Tags": object{"team": "web"},
		"AttachedPolicies": []any{}, "InlinePolicyNames": []any{"own"},
	}
	if d := cmp.Diff(any(owner), got.Related["user"]); d != "" {
		t.Error(d)
	}
	if len(got.Unknown) != 0 {
		t.Errorf("unknown: %v", got.Unknown)
	}
	ref.ID = "AKIAIOSFODNN7EXAMPLX"
	if got := must[resource.Resource](t)(cat.Read(t.Context(), ref)); !got.Gone {
		t.Errorf("no such key: %+v", got)
	}
}

// known leaves out what the emulator has no API for.
func known(types []resource.Type) []resource.Type {
	return slices.DeleteFunc(types, func(t resource.Type) bool {
		return t == resource.AccessAnalyzerCoverage || t == resource.InspectorCoverage
	})
}

func TestSweep(t *testing.T) {
	cat, server := catalogue(t)
	account := testmoto.Account()
	cfg := server.Config(account)
	name := "bucket-" + account
	must[*s3.CreateBucketOutput](t)(s3.NewFromConfig(cfg).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}))
	must[*iam.CreateUserOutput](t)(iam.NewFromConfig(cfg).CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("anna")}))
	must[*iam.CreateAccessKeyOutput](t)(iam.NewFromConfig(cfg).CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: aws.String("anna")}))
	seen := map[resource.Type][]string{}
	err := cat.Sweep(t.Context(), []string{account}, []string{"us-east-1", "eu-central-1"}, known(cat.Types()), func(r resource.Resource) error {
		seen[r.Type] = append(seen[r.Type], r.Region+" "+r.ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	groups := seen[resource.SecurityGroup]
	slices.Sort(groups)
	if len(groups) != 2 || !strings.HasPrefix(groups[0], "eu-central-1 sg-") || !strings.HasPrefix(groups[1], "us-east-1 sg-") {
		t.Errorf("groups: %v", groups)
	}
	if !slices.Contains(seen[resource.Bucket], "us-east-1 "+name) || len(seen[resource.AccessKey]) != 1 || len(seen[resource.AccountPublicAccess]) != 1 {
		t.Errorf("seen: %v", seen)
	}
	stop := errors.New("enough")
	n := 0
	err = cat.Sweep(t.Context(), []string{account}, nil, []resource.Type{resource.Bucket, resource.AccountPublicAccess}, func(resource.Resource) error { n++; return stop })
	if !errors.Is(err, stop) || n != 1 {
		t.Errorf("stopped after %d with %v", n, err)
	}
	if err := cat.Sweep(t.Context(), []string{account}, nil, []resource.Type{"AWS::Moon::Base"}, nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("unknown type: %v", err)
	}
}
