package builtin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// put replaces a bucket's policy; %s is the bucket.
func put(t *testing.T, owner aws.Config, to effect.Target, policy string) {
	t.Helper()
	text := strings.ReplaceAll(policy, "%s", to.Ref.ID)
	must[*s3.PutBucketPolicyOutput](t)(s3.NewFromConfig(owner).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &to.Ref.ID, Policy: &text}))
}

// TestPlanOfBuckets: what a plan refuses, what it finds nothing in, and how it cuts.
func TestPlanOfBuckets(t *testing.T) {
	cat, _, server := catalogue(t)
	const statement = `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"%C}`
	policy := func(condition string) string {
		return `{"Version":"2012-10-17","Statement":[` + strings.ReplaceAll(statement, "%C", condition) + `]}`
	}
	for name, c := range map[string]struct {
		make     func(t *testing.T, owner aws.Config, to *effect.Target)
		id, want string // want stands in Refused, Nothing or the permission of the call
	}{
		"declared public": {func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Params["declared"] = "public" }, "s3.block-public-access", "refused: the bucket is declared public"},
		"declared too":    {func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Params["declared"] = "public" }, "s3.remove-public-policy", "refused: the bucket is declared public"},
		"website":         {website, "s3.block-public-access", "refused: the bucket serves a website"},
		"website too":     {website, "s3.remove-public-policy", "refused: the bucket serves a website"},
		"private website": {privateWebsite, "s3.block-public-access", "call: s3:PutBucketPublicAccessBlock"},
		"and its policy":  {privateWebsite, "s3.remove-public-policy", "call: s3:PutBucketPolicy"},
		"gone":            {func(_ *testing.T, _ aws.Config, to *effect.Target) { to.Ref.ID += "-gone" }, "s3.block-public-access", "nothing: it does not exist any more"},
		"not clear": {
			func(t *testing.T, o aws.Config, to *effect.Target) {
				put(t, o, *to, policy(`,"Condition":{"StringEquals":{"acme:mood":"sunny"}}`))
			}, "s3.remove-public-policy", "nothing: no statement surely lets everybody in, but it is not clear: statement 1: ",
		},
		"a Deny to others": {
			func(t *testing.T, o aws.Config, to *effect.Target) {
				put(t, o, *to, policy(`},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::%s/*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}`))
			}, "s3.remove-public-policy", "nothing: no statement surely lets everybody in",
		},
		"other accounts": {func(*testing.T, aws.Config, *effect.Target) {}, "s3.block-public-access", "arn:aws:iam::111122223333:root, while the policy is public"},
		"limited": {
			func(t *testing.T, o aws.Config, to *effect.Target) {
				put(t, o, *to, policy(`,"Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}}`))
			}, "s3.remove-public-policy", "nothing: no statement",
		},
		"the only statement": {func(t *testing.T, o aws.Config, to *effect.Target) { put(t, o, *to, policy("")) }, "s3.remove-public-policy", "call: s3:DeleteBucketPolicy"},
		"one of three":       {func(*testing.T, aws.Config, *effect.Target) {}, "s3.remove-public-policy", "call: s3:PutBucketPolicy"},
		"by access list":     {publicACL, "s3.block-public-access", "everybody, by the bucket's access list: READ"},
	} {
		t.Run(name, func(t *testing.T) {
			account := testmoto.Account()
			owner := server.Config(account)
			to := openBucket(t, owner, account)
			c.make(t, owner, &to)
			p := must[effect.Plan](t)(cat.Plan(t.Context(), c.id, to))
			if got := said(p); !strings.Contains(got, c.want) {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func said(p effect.Plan) string {
	text := "refused: " + p.Refused + "\nnothing: " + p.Nothing + "\nloses: " + strings.Join(p.Loses, "; ")
	for _, c := range p.Calls {
		text += "\ncall: " + c.Permission + " " + string(c.Input)
	}
	return text
}

func privateWebsite(t *testing.T, owner aws.Config, to *effect.Target) {
	website(t, owner, to)
	to.Params["declared"] = "private"
}

func website(t *testing.T, owner aws.Config, to *effect.Target) {
	delete(to.Params, "declared")
	must[*s3.PutBucketWebsiteOutput](t)(s3.NewFromConfig(owner).PutBucketWebsite(t.Context(), &s3.PutBucketWebsiteInput{
		Bucket: &to.Ref.ID, WebsiteConfiguration: &s3types.WebsiteConfiguration{IndexDocument: &s3types.IndexDocument{Suffix: aws.String("index.html")}},
	}))
}

func publicACL(t *testing.T, owner aws.Config, to *effect.Target) {
	must[*s3.PutBucketAclOutput](t)(s3.NewFromConfig(owner).PutBucketAcl(t.Context(), &s3.PutBucketAclInput{Bucket: &to.Ref.ID, ACL: s3types.BucketCannedACLPublicRead}))
}

// TestSmallestCut: the rest of the policy stays byte for byte, and deleting a whole policy is undone byte for byte too.
func TestSmallestCut(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	to := openBucket(t, owner, account)
	before := policyState(t, owner, to)
	must[effect.Result](t)(cat.Do(t.Context(), must[effect.Plan](t)(cat.Plan(t.Context(), "s3.remove-public-policy", to))))
	from, end := strings.Index(before, `{"Sid":"Open"`), strings.Index(before, ` {"Effect":"Deny"`)
	team := strings.LastIndex(before[:from], ",")
	if got, want := policyState(t, owner, to), before[:team]+" ,"+before[end:]; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	only := `{ "Version":"2012-10-17", "Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:Get*","Resource":"arn:aws:s3:::%s/<&>*"} }`
	put(t, owner, to, only)
	p := must[effect.Plan](t)(cat.Plan(t.Context(), "s3.remove-public-policy", to))
	must[effect.Result](t)(cat.Do(t.Context(), p))
	if k := must[effect.Check](t)(cat.Verify(t.Context(), p)); !k.Holds {
		t.Errorf("verify: %+v", k)
	}
	must[effect.Result](t)(cat.Undo(t.Context(), p))
	if got, want := policyState(t, owner, to), strings.ReplaceAll(only, "%s", to.Ref.ID); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPlanOfGroups(t *testing.T) {
	cat, _, server := catalogue(t)
	for name, c := range map[string]struct {
		ports string
		make  func(t *testing.T, c *ec2.Client, to *effect.Target)
		want  string
	}{
		"admin ports": {"", nil, `"GroupId":"%G","IpPermissions":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]},{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0","Description":"for a moment"}]},{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"Ipv6Ranges":[{"CidrIpv6":"::/0"}]},{"IpProtocol":"tcp","FromPort":3000,"ToPort":4000,`},
		"one port":    {"443", nil, `"IpPermissions":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]},{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`},
		"gone":        {"", func(_ *testing.T, _ *ec2.Client, to *effect.Target) { to.Ref.ID = "sg-0a1b2c3d4e5f60718" }, "nothing: the security group does not exist"},
		"kubernetes":  {"", tag("kubernetes.io/cluster/shop", "owned"), "refused: the group belongs to a service"},
		"EKS":         {"", tag("aws:eks:cluster-name", "shop"), "refused: the group belongs to a service"},
		"our stack":   {"", tag("stack", "shop"), "call: ec2:RevokeSecurityGroupIngress"},
		"balancer":    {"443", attach("ELB app/shop/50dc6c495c0c9188"), "refused: interface eni-"},
		"instance":    {"", attach("primary"), "whoever reaches interface eni-"},
	} {
		t.Run(name, func(t *testing.T) {
			account := testmoto.Account()
			owner := server.Config(account)
			to := openGroup(t, owner, account)
			if c.ports != "" {
				to.Params = map[string]string{"ports": c.ports}
			}
			if c.make != nil {
				c.make(t, ec2.NewFromConfig(owner), &to)
			}
			p := must[effect.Plan](t)(cat.Plan(t.Context(), "ec2.revoke-open-ingress", to))
			if got, want := said(p), strings.ReplaceAll(c.want, "%G", to.Ref.ID); !strings.Contains(got, want) {
				t.Errorf("got %s\nwant %s", got, want)
			}
		})
	}
	for _, ports := range []string{"ssh", "22,", "65536", "30-20", "-1"} {
		to := effect.Target{Ref: resource.Ref{Type: resource.SecurityGroup, Account: "111122223333", Region: "us-east-1", ID: "sg-0a1b2c3d"}, Params: map[string]string{"ports": ports}}
		if _, err := cat.Plan(t.Context(), "ec2.revoke-open-ingress", to); err == nil {
			t.Errorf("ports %q were taken", ports)
		}
	}
}

func tag(key, value string) func(*testing.T, *ec2.Client, *effect.Target) {
	return func(t *testing.T, c *ec2.Client, to *effect.Target) {
		must[*ec2.CreateTagsOutput](t)(c.CreateTags(t.Context(), &ec2.CreateTagsInput{Resources: []string{to.Ref.ID}, Tags: []ec2types.Tag{{Key: &key, Value: &value}}}))
	}
}

// attach puts an interface into the group, with the description that a load balancer's has.
func attach(description string) func(*testing.T, *ec2.Client, *effect.Target) {
	return func(t *testing.T, c *ec2.Client, to *effect.Target) {
		subnet := must[*ec2.DescribeSubnetsOutput](t)(c.DescribeSubnets(t.Context(), nil)).Subnets[0].SubnetId
		must[*ec2.CreateNetworkInterfaceOutput](t)(c.CreateNetworkInterface(t.Context(), &ec2.CreateNetworkInterfaceInput{SubnetId: subnet, Groups: []string{to.Ref.ID}, Description: &description}))
	}
}

func TestPlanOfKeys(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	to := leakedKey(t, owner, account)
	p := must[effect.Plan](t)(cat.Plan(t.Context(), "iam.deactivate-access-key", to))
	if got := said(p); !strings.Contains(got, "user anna with this key: ") || !strings.Contains(got, "1 other active keys") {
		t.Error(got)
	}
	for id, want := range map[string]string{
		"AKIAIOSFODNN7EXAMPLE": "refused: jobzero itself", // what the catalogue calls with
		"ASIAIOSFODNN7EXAMPLE": "refused: the key belongs to a temporary session",
	} {
		q := must[effect.Plan](t)(cat.Plan(t.Context(), "iam.deactivate-access-key", effect.Target{Ref: resource.Ref{Type: resource.AccessKey, Account: account, ID: id}}))
		if got := said(q); !strings.Contains(got, want) {
			t.Errorf("%s: %s", id, got)
		}
		forged := p
		forged.Target.Ref.ID = id
		forged.Calls = []effect.Call{{Permission: "iam:UpdateAccessKey", Resource: "*", Input: fmt.Appendf(nil, `{"UserName":"anna","AccessKeyId":%q,"Status":"Inactive"}`, id)}}
		if r, err := cat.Do(t.Context(), forged); err == nil {
			t.Errorf("%s was deactivated: %+v", id, r)
		}
	}
	must[*iam.DeleteAccessKeyOutput](t)(iam.NewFromConfig(owner).DeleteAccessKey(t.Context(), &iam.DeleteAccessKeyInput{UserName: aws.String("anna"), AccessKeyId: &to.Ref.ID}))
	if got := said(must[effect.Plan](t)(cat.Plan(t.Context(), "iam.deactivate-access-key", to))); !strings.Contains(got, "nothing: the access key does not exist any more") {
		t.Errorf("a deleted key: %s", got)
	}
}
