package app

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/identitystore"
	storetypes "github.com/aws/aws-sdk-go-v2/service/identitystore/types"
	"github.com/aws/aws-sdk-go-v2/service/ssoadmin"

	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/playbook/book"
)

// center is Identity Center in an office, with a permission set Ops_Team and the role of it.
type center struct {
	*office
	admin              *ssoadmin.Client
	store              *identitystore.Client
	instance, set, dir string
	role               string
}

func newCenter(t *testing.T, enforce ...string) *center {
	t.Helper()
	c := &center{office: newOffice(t, enforce...), role: "AWSReservedSSO_Ops_Team_0123456789abcdef"}
	ctx := t.Context()
	c.admin, c.store = ssoadmin.NewFromConfig(c.aws), identitystore.NewFromConfig(c.aws)
	at, err := c.admin.ListInstances(ctx, &ssoadmin.ListInstancesInput{})
	if err != nil {
		t.Fatal(err)
	}
	c.instance, c.dir = *at.Instances[0].InstanceArn, *at.Instances[0].IdentityStoreId
	set, err := c.admin.CreatePermissionSet(ctx, &ssoadmin.CreatePermissionSetInput{InstanceArn: &c.instance, Name: aws.String("Ops_Team"), SessionDuration: aws.String("PT12H")})
	if err != nil {
		t.Fatal(err)
	}
	c.set = *set.PermissionSet.PermissionSetArn
	_, err = c.iam.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: &c.role, Path: aws.String("/aws-reserved/sso.amazonaws.com/"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:saml-provider/x"},"Action":"sts:AssumeRoleWithSAML"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// seat makes a user of Identity Center and gives his number.
func (c *center) seat(name string) string {
	c.t.Helper()
	out, err := c.store.CreateUser(c.t.Context(), &identitystore.CreateUserInput{
		IdentityStoreId: &c.dir, UserName: &name, DisplayName: &name, Name: &storetypes.Name{GivenName: &name, FamilyName: &name},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return *out.UserId
}

// signsIn has the trail tell that somebody came in by Identity Center.
func (c *center) signsIn(name string) {
	c.t.Helper()
	c.number++
	now := c.clock.Now()
	e := parsed(c.test, fmt.Sprintf(`{"eventID":"%[1]s-%[2]d","eventTime":%[3]q,"eventName":"AssumeRoleWithSAML","eventSource":"sts.amazonaws.com","recipientAccountId":%[1]q,
"userIdentity":{"type":"SAMLUser","principalId":"x:%[4]s","userName":%[4]q,"identityProvider":"x"},
"responseElements":{"credentials":{"accessKeyId":"ASIA%[1]s%[2]d","expiration":%[5]q},"subject":%[4]q,"subjectType":"persistent","issuer":"https://portal.sso.us-east-1.amazonaws.com/saml/assertion/x",
"assumedRoleUser":{"arn":"arn:aws:sts::%[1]s:assumed-role/%[6]s/%[4]s"}}}`,
		c.account, c.number, now.Format(time.RFC3339), name, now.Add(12*time.Hour).Format("Jan 2, 2006, 3:04:05 PM"), c.role))
	in := Intake{Store: c.House.store, Know: c.knowledge.Load(), Triager: c.triager, Sessions: c.sessions, Known: c.config.Knows}
	if _, err := in.Take(c.t.Context(), []*event.Event{e}, now, nil); err != nil {
		c.t.Fatal(err)
	}
}

// written is the policy of the permission set.
func (c *center) written() string {
	c.t.Helper()
	out, err := c.admin.GetInlinePolicyForPermissionSet(c.t.Context(), &ssoadmin.GetInlinePolicyForPermissionSetInput{InstanceArn: &c.instance, PermissionSetArn: &c.set})
	if err != nil {
		c.t.Fatal(err)
	}
	return aws.ToString(out.InlinePolicy)
}

// carries does what AWS does, and the emulator does not: it writes the policy of the permission set into its role.
func (c *center) carries() {
	c.t.Helper()
	text := c.written()
	_, err := c.iam.PutRolePolicy(c.t.Context(), &iam.PutRolePolicyInput{RoleName: &c.role, PolicyName: aws.String("AwsSSOInlinePolicy"), PolicyDocument: &text})
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *center) session(id string, name string) finding.Finding {
	ref := "AWS::SSO::PermissionSet|" + c.account + "|us-east-1|" + c.instance + "|" + c.set
	f, _, _ := c.found(finding.Print(finding.Leaver, book.LeaverBy+heldInSet, id, ref+name))
	return f
}

// TestSessionsByAPermissionSet: a session in a role of Identity Center is ended through its permission set, by the user's number, or by his
// name and the time where he has no number any more; it is over when the role itself denies it, and not before.
func TestSessionsByAPermissionSet(t *testing.T) {
	for name, there := range map[string]bool{"the user is there": true, "the user is gone": false} {
		t.Run(name, func(t *testing.T) {
			c := newCenter(t, "end-leaver-sso-session")
			want := `"*:ana@example.com"`
			if there {
				want = `"identitystore:UserId":"` + c.seat("ana@example.com") + `"`
			}
			c.signsIn("ana@example.com")
			c.signsIn("bo@example.com")
			p := c.leaves(departing("01ANA", "ana@example.com"))
			c.time.Advance(time.Minute)
			_, _, words := c.round(p)
			f := c.session("01ANA", "ana@example.com")
			if text := c.written(); !strings.Contains(text, want) || strings.Contains(text, "bo@example.com") || f.State == finding.Done {
				t.Fatalf("%s: %q, %+v\n%s", want, text, f, words)
			}
			c.carries()
			c.time.Advance(10 * time.Minute)
			if _, _, words = c.round(p); c.session("01ANA", "ana@example.com").State != finding.Done {
				t.Errorf("the role denies it: %s", words)
			}
		})
	}
}
