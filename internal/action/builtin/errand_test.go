package builtin_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/action"
	"jobzero/internal/action/builtin"
	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// TestWhoseRole: what the whole organisation has is changed by a role of its own, and nothing else is.
func TestWhoseRole(t *testing.T) {
	for _, a := range builtin.All(builtin.Options{}) {
		i := a.Info()
		want := awsorg.Responder
		for _, w := range i.Writes {
			if service, _, _ := strings.Cut(w, ":"); service == "organizations" || service == "sso" || service == "identitystore" {
				want = awsorg.Organization
			}
		}
		if i.Role != want {
			t.Errorf("%s takes the role %q, want %q", i.ID, i.Role, want)
		}
		for name := range i.Within {
			if !strings.Contains(strings.Join(i.Writes, " "), name) {
				t.Errorf("%s narrows %s, which it does not declare", i.ID, name)
			}
		}
	}
}

// TestErrandsNameTheTicket: what the catalogue is told of the ticket is what the session is made for, and AWS is asked for all that a call
// is about.
func TestErrandsNameTheTicket(t *testing.T) {
	cat, org, server := catalogue(t)
	account := testmoto.Account()
	owner := server.Config(account)
	to := inGroup(t, owner, account)
	p := must[effect.Plan](t)(cat.Plan(t.Context(), "identitystore.remove-from-group", to))
	p.Target.Ticket = "01JD7ZC6P4ZQX5V8KJ0N3M2R1T"
	must[effect.Result](t)(cat.Do(t.Context(), p))
	if e := org.last; e.Ticket != p.Target.Ticket || e.Role != awsorg.Organization || e.Account != account || e.Region != "us-east-1" {
		t.Errorf("%+v", e)
	}
	part := strings.Split(to.Ref.ID, "|")
	store, group, user := part[0], part[1], part[2]
	var input struct{ MembershipId string }
	if err := json.Unmarshal(p.Calls[0].Input, &input); err != nil {
		t.Fatal(err)
	}
	want := []awsorg.Permission{
		{Action: "identitystore:DeleteGroupMembership", Resource: "arn:aws:identitystore::" + account + ":identitystore/" + store},
		{Action: "identitystore:DeleteGroupMembership", Resource: "arn:aws:identitystore:::group/" + group},
		{Action: "identitystore:DeleteGroupMembership", Resource: "arn:aws:identitystore:::user/" + user},
		{Action: "identitystore:DeleteGroupMembership", Resource: "arn:aws:identitystore:::membership/" + input.MembershipId},
	}
	if d := cmp.Diff(want, org.last.May); d != "" {
		t.Error(d)
	}
}

// TestPartitions: what a call is narrowed to lies in the partition of what it changes.
func TestPartitions(t *testing.T) {
	server := testmoto.Shared(t)
	for region, partition := range map[string]string{"us-gov-west-1": "aws-us-gov", "cn-north-1": "aws-cn", "eu-central-1": "aws"} {
		for id, make := range map[string]func(*testing.T, aws.Config, string) effect.Target{
			"identitystore.remove-from-group": inGroup, "sso.remove-assignment": assigned, "ec2.revoke-open-ingress": openGroup,
			"iam.deactivate-access-key": leakedKey, "s3.block-public-access": bucketIn,
		} {
			account := testmoto.Account()
			owner := server.Config(account)
			owner.Region = region
			s, to := action.Session{Reader: owner, Responder: owner}, make(t, owner, account)
			if !to.Ref.Type.Global() {
				to.Ref.Region = region
			}
			a := called(t, id)
			p := must[effect.Plan](t)(a.Plan(t.Context(), s, to))
			calls := append(p.Calls, must[[]effect.Call](t)(a.(action.Inverter).Inverse(p))...)
			if len(p.Calls) == 0 {
				t.Errorf("%s in %s has no calls: %+v", id, region, p)
			}
			for _, c := range calls {
				if !strings.HasPrefix(c.Resource, "arn:"+partition+":") {
					t.Errorf("%s in %s is narrowed to %s", id, region, c.Resource)
				}
			}
		}
	}
}

func called(t *testing.T, id string) action.Action {
	t.Helper()
	for _, a := range builtin.All(builtin.Options{}) {
		if a.Info().ID == id {
			return a
		}
	}
	t.Fatalf("no action %s", id)
	return nil
}

func bucketIn(t *testing.T, owner aws.Config, account string) effect.Target {
	name := "bucket-" + account
	must[*s3.CreateBucketOutput](t)(s3.NewFromConfig(owner).CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(owner.Region)},
	}))
	return effect.Target{Ref: resource.Ref{Type: resource.Bucket, Account: account, ID: name}, Params: map[string]string{"declared": "private"}}
}
