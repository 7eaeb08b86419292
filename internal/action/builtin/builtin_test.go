package builtin_test

import (
	"fmt"
	"maps"
	"sort"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/action/actiontest"
	"jobzero/internal/action/builtin"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// TestConformance runs the one suite over the one list: an action without a case fails.
func TestConformance(t *testing.T) {
	t.Setenv(testmoto.EnvEndpoint, "") // the recorder is not to be shared
	server := testmoto.Shared(t)
	cases := map[string]actiontest.Case{
		"s3.block-public-access":    {Make: openBucket, State: blockState, Disturb: halfBlock},
		"s3.remove-public-policy":   {Make: openBucket, State: policyState, Disturb: otherPolicy},
		"ec2.revoke-open-ingress":   {Make: openGroup, State: groupState, Disturb: anotherRule},
		"iam.deactivate-access-key": {Make: leakedKey, State: keyState, Disturb: deleteKey},
		"iam.narrow-inline-policy":  {Make: wideRole, State: roleState, Disturb: otherRolePolicy},
		"iam.narrow-managed-policy": {Make: widePolicy, State: managedState, Disturb: otherVersion},
		"iam.grant-break-glass":     {Make: glassRole, State: trustState, Disturb: otherTrust},
		"iam.end-role-sessions":     {Make: endedRole, State: endState, Disturb: otherEnd},

		"iam.delete-login-profile":           {Make: withPassword, State: passwordState, Disturb: anotherUser},
		"iam.shut-out-user":                  {Make: withPassword, State: shutState, Disturb: ownShutOut},
		"iam.deactivate-ssh-key":             {Make: withSSHKey, State: sshState, Disturb: deleteSSHKey},
		"iam.deactivate-signing-certificate": {Make: withCertificate, State: certificateState, Disturb: deleteCertificate},
		"sso.narrow-permission-set":          {Make: wideSet, State: setState, Disturb: otherSet, Beside: carried},
		"sso.deny-user":                      {Make: deniedSet, State: setState, Disturb: otherSet, Beside: carried},
		"organizations.narrow-policy":        {Make: wideControl, State: controlState, Disturb: otherControl},
		"sso.remove-assignment":              {Make: assigned, State: assignmentState},
		"identitystore.remove-from-group":    {Make: inGroup, State: groupOf, Disturb: inAgain},
	}
	var w actiontest.Witness
	maps.Copy(cases, identityCases())
	maps.Copy(cases, detectorCases())
	maps.Copy(cases, openCases())
	maps.Copy(cases, orgCases())
	maps.Copy(cases, storageCases())
	maps.Copy(cases, networkCases())
	maps.Copy(cases, dataCases())
	maps.Copy(cases, firewallCases())
	told, tellers := outside(t)
	for _, a := range builtin.All(told) {
		t.Run(a.Info().ID, func(t *testing.T) {
			if c, ok := tellers[a.Info().ID]; ok {
				c.Witness = &w
				tells(t, server, a, c)
				return
			}
			c, ok := cases[a.Info().ID]
			if !ok {
				t.Fatal("the action has no case here")
			}
			c.Action, c.Witness = a, &w
			if a.Info().Contract != (c.Beside != nil) {
				t.Errorf("the action says of itself that it is held against the contract only: %t", a.Info().Contract)
			}
			at := actiontest.Stand(server)
			switch {
			case c.Beside != nil:
				at = c.Beside(t, server)
			case a.Info().ID == "iam.quarantine-user": // with AWS's own policies, which an emulator has from its start or not
				t.Setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
				own := must[*testmoto.Server](t)(testmoto.Start(t.Context()))
				t.Cleanup(func() { must[*testmoto.Server](t)(own, own.Stop()) })
				at = own
			}
			actiontest.Run(t, at, c)
		})
	}
	t.Run("policies", func(t *testing.T) { heldAgainstPolicies(t, w) })
}

// against gives what answers as the API is documented, where the emulator lacks a call.
func against(answer func() testmoto.Reply) func(*testing.T, *testmoto.Server) actiontest.Stand {
	return func(t *testing.T, s *testmoto.Server) actiontest.Stand { return testmoto.NewStandIn(t, s, answer()) }
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

const openPolicy = `{"Version":"2012-10-17",
  "Statement": [ {"Sid":"Team","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:*","Resource":"arn:aws:s3:::%[1]s/*"},
    {"Sid":"Open","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%[1]s/*"} , {"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::%[1]s/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]
}`

func openBucket(t *testing.T, owner aws.Config, account string) effect.Target {
	c, name := s3.NewFromConfig(owner), "bucket-"+account
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name}))
	must[*s3.PutBucketPolicyOutput](t)(c.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &name, Policy: aws.String(fmt.Sprintf(openPolicy, name))}))
	return effect.Target{Ref: resource.Ref{Type: resource.Bucket, Account: account, ID: name}, Params: map[string]string{"declared": "private"}}
}

func blockState(t *testing.T, owner aws.Config, to effect.Target) string {
	out, err := s3.NewFromConfig(owner).GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: &to.Ref.ID})
	if err != nil {
		if strings.Contains(err.Error(), "NoSuchPublicAccessBlockConfiguration") {
			return "none"
		}
		t.Fatal(err)
	}
	b := out.PublicAccessBlockConfiguration
	return fmt.Sprint(*b.BlockPublicAcls, *b.BlockPublicPolicy, *b.IgnorePublicAcls, *b.RestrictPublicBuckets) + policyState(t, owner, to)
}

func halfBlock(t *testing.T, owner aws.Config, to effect.Target) {
	must[*s3.PutPublicAccessBlockOutput](t)(s3.NewFromConfig(owner).PutPublicAccessBlock(t.Context(), &s3.PutPublicAccessBlockInput{
		Bucket: &to.Ref.ID, PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{
			BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(false), IgnorePublicAcls: aws.Bool(false), RestrictPublicBuckets: aws.Bool(false),
		},
	}))
}

func policyState(t *testing.T, owner aws.Config, to effect.Target) string {
	return *must[*s3.GetBucketPolicyOutput](t)(s3.NewFromConfig(owner).GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: &to.Ref.ID})).Policy
}

func otherPolicy(t *testing.T, owner aws.Config, to effect.Target) {
	text := strings.ReplaceAll(policyState(t, owner, to), "s3:GetObject", "s3:PutObject")
	must[*s3.PutBucketPolicyOutput](t)(s3.NewFromConfig(owner).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &to.Ref.ID, Policy: &text}))
}

func openGroup(t *testing.T, owner aws.Config, account string) effect.Target {
	c := ec2.NewFromConfig(owner)
	id := *must[*ec2.CreateSecurityGroupOutput](t)(c.CreateSecurityGroup(t.Context(), &ec2.CreateSecurityGroupInput{GroupName: aws.String("web"), Description: aws.String("web")})).GroupId
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(c.AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{GroupId: &id, IpPermissions: []ec2types.IpPermission{
		{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), IpRanges: []ec2types.IpRange{
			{CidrIp: aws.String("0.0.0.0/0"), Description: aws.String("for a moment")}, {CidrIp: aws.String("203.0.113.0/24")},
		}, Ipv6Ranges: []ec2types.Ipv6Range{{CidrIpv6: aws.String("::/0")}}},
		{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(3000), ToPort: aws.Int32(4000), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}},
		{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}},
		{IpProtocol: aws.String("icmp"), FromPort: aws.Int32(-1), ToPort: aws.Int32(-1), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}},
		{IpProtocol: aws.String("-1"), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}, {CidrIp: aws.String("10.0.0.0/8")}}},
	}}))
	return effect.Target{Ref: resource.Ref{Type: resource.SecurityGroup, Account: account, Region: "us-east-1", ID: id}}
}

// groupState is the meaning of the rules: the IDs are left out.
func groupState(t *testing.T, owner aws.Config, to effect.Target) string {
	out := must[*ec2.DescribeSecurityGroupRulesOutput](t)(ec2.NewFromConfig(owner).DescribeSecurityGroupRules(t.Context(), &ec2.DescribeSecurityGroupRulesInput{
		Filters: []ec2types.Filter{{Name: aws.String("group-id"), Values: []string{to.Ref.ID}}},
	}))
	var rows []string
	for _, r := range out.SecurityGroupRules {
		rows = append(rows, fmt.Sprint(*r.IsEgress, *r.IpProtocol, *r.FromPort, *r.ToPort, aws.ToString(r.CidrIpv4), aws.ToString(r.CidrIpv6), aws.ToString(r.Description)))
	}
	sort.Strings(rows)
	return strings.Join(rows, "\n")
}

func anotherRule(t *testing.T, owner aws.Config, to effect.Target) {
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(ec2.NewFromConfig(owner).AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &to.Ref.ID, IpProtocol: aws.String("tcp"), FromPort: aws.Int32(20), ToPort: aws.Int32(25), CidrIp: aws.String("0.0.0.0/0"),
	}))
}

func leakedKey(t *testing.T, owner aws.Config, account string) effect.Target {
	c, name := iam.NewFromConfig(owner), aws.String("anna")
	must[*iam.CreateUserOutput](t)(c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: name, Path: aws.String("/team/")}))
	key := must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: name})).AccessKey
	must[*iam.CreateAccessKeyOutput](t)(c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: name}))
	return effect.Target{Ref: resource.Ref{Type: resource.AccessKey, Account: account, ID: *key.AccessKeyId}}
}

func keyState(t *testing.T, owner aws.Config, _ effect.Target) string {
	var rows []string
	for _, k := range must[*iam.ListAccessKeysOutput](t)(iam.NewFromConfig(owner).ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{UserName: aws.String("anna")})).AccessKeyMetadata {
		rows = append(rows, fmt.Sprint(*k.AccessKeyId, k.Status))
	}
	return strings.Join(rows, "\n")
}

func deleteKey(t *testing.T, owner aws.Config, to effect.Target) {
	must[*iam.DeleteAccessKeyOutput](t)(iam.NewFromConfig(owner).DeleteAccessKey(t.Context(), &iam.DeleteAccessKeyInput{UserName: aws.String("anna"), AccessKeyId: &to.Ref.ID}))
}
