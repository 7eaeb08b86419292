package inventory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/event"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
)

func TestSwept(t *testing.T) {
	buckets := []inventory.Place{{Account: acct, Type: resource.Bucket}}
	keys := []inventory.Place{{Account: acct, Type: resource.AccessKey}}
	groups := []inventory.Place{{Account: acct, Region: "eu-central-1", Type: resource.SecurityGroup}}
	accounts := []inventory.Place{{Account: acct, Type: resource.OrgAccount}}
	all := []inventory.Place{{Account: acct, Type: resource.Organization}}
	const s3, ec2, iam, organizations = "s3.amazonaws.com", "ec2.amazonaws.com", "iam.amazonaws.com", "organizations.amazonaws.com"
	for name, c := range map[string]struct {
		source, call, raw string
		want              []inventory.Place
	}{
		"account block":         {s3, "DeleteAccountPublicAccessBlock", `{"requestParameters":{"accountId":"111122223333"}}`, buckets},
		"account block 2":       {s3, "PutPublicAccessBlock", `{"requestParameters":{"accountId":"111122223333"}}`, buckets},
		"account block 3":       {"s3-control.amazonaws.com", "PutPublicAccessBlock", `{}`, buckets},
		"block of one bucket":   {s3, "DeletePublicAccessBlock", `{"requestParameters":{"bucketName":"shop-logs"}}`, nil},
		"block of one bucket 2": {s3, "DeleteBucketPublicAccessBlock", `{"requestParameters":{"bucketName":"shop-logs"}}`, nil},
		"quarantine":            {iam, "AttachUserPolicy", `{"requestParameters":{"userName":"anna"}}`, keys},
		"its end":               {iam, "DetachUserPolicy", `{}`, keys},
		"a role's policy":       {iam, "AttachRolePolicy", `{}`, nil},
		"a new network":         {ec2, "CreateVpc", `{}`, groups},
		"the default network":   {ec2, "CreateDefaultVpc", `{}`, groups},
		"an endpoint":           {ec2, "CreateVpcEndpoint", `{}`, nil},
		"wrong source":          {iam, "CreateVpc", `{}`, nil},
		"an account is made":    {organizations, "CreateAccountResult", `{}`, accounts},
		"an account joins":      {organizations, "AcceptHandshake", `{}`, accounts},
		"an account leaves":     {organizations, "LeaveOrganization", `{}`, append(accounts[:1:1], all...)},
		"a policy is taken off": {organizations, "DetachPolicy", `{}`, all},
		"an invitation":         {organizations, "InviteAccountToOrganization", `{}`, nil},
		"central root access":   {iam, "DisableOrganizationsRootSessions", `{}`, all},
		"a trail is stopped":    {"cloudtrail.amazonaws.com", "StopLogging", `{}`, all},
		"Inspector goes off":    {"inspector2.amazonaws.com", "Disable", `{}`, []inventory.Place{{Account: acct, Region: "eu-central-1", Type: resource.InstanceScan}}},
	} {
		t.Run(name, func(t *testing.T) {
			e := func() *event.Event {
				return &event.Event{Account: acct, Region: "eu-central-1", Source: c.source, Name: c.call, Raw: []byte(c.raw)}
			}
			if d := cmp.Diff(c.want, inventory.Swept(e())); d != "" {
				t.Error(d)
			}
			reading, refused, nowhere := e(), e(), e()
			reading.ReadOnly, refused.ErrorCode, nowhere.Account = true, "AccessDenied", "us"
			for _, e := range []*event.Event{reading, refused, nowhere, nil} {
				if got := inventory.Swept(e); got != nil {
					t.Errorf("%+v: %v", e, got)
				}
			}
		})
	}
}
