package builtin_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/testmoto"
)

// TestWorldMovesOnAfterPlan: what a plan must refuse, its doing refuses too when it came up in between.
func TestWorldMovesOnAfterPlan(t *testing.T) {
	cat, org, server := catalogue(t)
	for name, c := range map[string]struct {
		id   string
		make func(t *testing.T, owner aws.Config, account string) effect.Target
		turn func(t *testing.T, owner aws.Config, to *effect.Target)
	}{
		"a website":       {"s3.block-public-access", undeclared, website},
		"a website too":   {"s3.remove-public-policy", undeclared, website},
		"a load balancer": {"ec2.revoke-open-ingress", openGroup, balance},
		"a cluster":       {"ec2.revoke-open-ingress", openGroup, cluster},
	} {
		t.Run(name, func(t *testing.T) {
			account := testmoto.Account()
			owner := server.Config(account)
			to := c.make(t, owner, account)
			p := must[effect.Plan](t)(cat.Plan(t.Context(), c.id, to))
			c.turn(t, owner, &to)
			org.asked = nil
			if r, err := cat.Do(t.Context(), p); !fault.Is(err, fault.Conflict) {
				t.Errorf("got %+v, %v; want a conflict", r, err)
			}
			if q := must[effect.Plan](t)(cat.Plan(t.Context(), c.id, to)); q.Refused == "" {
				t.Errorf("planned again: %s", said(q))
			}
		})
	}
}

func undeclared(t *testing.T, owner aws.Config, account string) effect.Target {
	to := openBucket(t, owner, account)
	to.Params = nil
	return to
}

func balance(t *testing.T, owner aws.Config, to *effect.Target) {
	attach("ELB app/shop/50dc6c495c0c9188")(t, ec2.NewFromConfig(owner), to)
}

func cluster(t *testing.T, owner aws.Config, to *effect.Target) {
	tag("aws:eks:cluster-name", "shop")(t, ec2.NewFromConfig(owner), to)
}

// TestChangedPlans: a plan that was changed in its journal is not carried out, even where its call names the right target.
func TestChangedPlans(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	bucket, group, key := openBucket(t, owner, account), openGroup(t, owner, account), leakedKey(t, owner, account)
	name := `{"Bucket":"` + bucket.Ref.ID + `","ExpectedBucketOwner":"` + account + `"`
	for _, c := range []struct {
		what, id, input string
		to              effect.Target
		state           func(*testing.T, aws.Config, effect.Target) string
	}{
		{"take the block away", "s3.block-public-access", name + `}`, bucket, blockState},
		{"half a block", "s3.block-public-access", name + `,"PublicAccessBlockConfiguration":{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":false}}`, bucket, blockState},
		{"delete the policy", "s3.remove-public-policy", name + `}`, bucket, policyState},
		{"another policy", "s3.remove-public-policy", name + `,"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}`, bucket, policyState},
		{"another rule", "ec2.revoke-open-ingress", `{"GroupId":"` + group.Ref.ID + `","IpPermissions":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`, group, groupState},
		{"keep the key", "iam.deactivate-access-key", `{"UserName":"anna","AccessKeyId":"` + key.Ref.ID + `","Status":"Active"}`, key, keyState},
	} {
		t.Run(c.what, func(t *testing.T) {
			before := c.state(t, owner, c.to)
			p := must[effect.Plan](t)(cat.Plan(t.Context(), c.id, c.to))
			p.Calls[0].Input = []byte(c.input)
			if r, err := cat.Do(t.Context(), p); !fault.Is(err, fault.Invalid) {
				t.Errorf("got %+v, %v; want invalid", r, err)
			}
			if after := c.state(t, owner, c.to); after != before {
				t.Errorf("the world changed from %s to %s", before, after)
			}
		})
	}
}

// TestPolicyWrittenInAnotherWay: AWS may give a policy back with other white space and order than it was put.
func TestPolicyWrittenInAnotherWay(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	to := openBucket(t, owner, account)
	p := must[effect.Plan](t)(cat.Plan(t.Context(), "s3.remove-public-policy", to))
	before := policyState(t, owner, to)
	must[effect.Result](t)(cat.Do(t.Context(), p))
	var rest any
	if err := json.Unmarshal([]byte(policyState(t, owner, to)), &rest); err != nil {
		t.Fatal(err)
	}
	text := must[[]byte](t)(json.Marshal(rest))
	put(t, owner, to, string(text))
	if r := must[effect.Result](t)(cat.Do(t.Context(), p)); !r.Already {
		t.Errorf("do again: %+v", r)
	}
	must[effect.Result](t)(cat.Undo(t.Context(), p))
	if got := policyState(t, owner, to); got != before {
		t.Errorf("got  %s\nwant %s", got, before)
	}
}

// TestUndoBesideAnotherDescription: AWS takes a rule only once, whatever its description; the others have to come back.
func TestUndoBesideAnotherDescription(t *testing.T) {
	cat, _, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	to := openGroup(t, owner, account)
	p := must[effect.Plan](t)(cat.Plan(t.Context(), "ec2.revoke-open-ingress", to))
	must[effect.Result](t)(cat.Do(t.Context(), p))
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(ec2.NewFromConfig(owner).AuthorizeSecurityGroupIngress(t.Context(), &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &to.Ref.ID, IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), CidrIp: aws.String("0.0.0.0/0"),
	}))
	if r := must[effect.Result](t)(cat.Undo(t.Context(), p)); r.Calls != 1 {
		t.Errorf("undo: %+v", r)
	}
	if got := groupState(t, owner, to); !strings.Contains(got, "tcp3000 40000.0.0.0/0") || strings.Count(got, "tcp22 220.0.0.0/0") != 1 {
		t.Error(got)
	}
}
