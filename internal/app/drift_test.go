package app

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"jobzero/internal/config"
	"jobzero/internal/event"
	"jobzero/internal/expect"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/inventory"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
)

const webStack = `Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: the web
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}
`

// TestDriftIsARoutineTicket: what somebody has added by hand is found by the sweep of stacks, with who it was, and the ticket closes
// once it is taken back.
func TestDriftIsARoutineTicket(t *testing.T) {
	server := testmoto.Shared(t)
	account, ctx := testmoto.Account(), t.Context()
	cfg := server.Config(account)
	if _, err := cloudformation.NewFromConfig(cfg).CreateStack(ctx, &cloudformation.CreateStackInput{StackName: aws.String("shop"), TemplateBody: aws.String(webStack)}); err != nil {
		t.Fatal(err)
	}
	members, err := cloudformation.NewFromConfig(cfg).ListStackResources(ctx, &cloudformation.ListStackResourcesInput{StackName: aws.String("shop")})
	if err != nil {
		t.Fatal(err)
	}
	web := members.StackResourceSummaries[0].PhysicalResourceId
	s := &stall{t: t, time: flow.NewLeap(), settings: config.Default()}
	s.settings.DataDir, s.settings.Listen, s.settings.Sweep.Every, s.settings.Sweep.CloudControl = t.TempDir(), "127.0.0.1:0", time.Hour, false
	s.settings.AWS.Endpoint, s.settings.AWS.MaxBackoff = server.Endpoint, 50*time.Millisecond
	s.settings.AWS.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	s.settings.Accounts = []config.Account{{ID: account, Regions: []string{"us-east-1"}}}
	if s.House, err = New(ctx, s.settings, Options{Log: slog.New(slog.DiscardHandler), Clock: s.time}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.WithoutCancel(ctx)) })

	place := inventory.Place{Account: account, Region: "us-east-1", Type: resource.StackDrift}
	refs, err := s.inventory.List(ctx, place)
	if err != nil || len(refs) != 1 || refs[0].ID != "shop" || !s.swept(place) {
		t.Fatalf("the sweep finds %v: %v", refs, err)
	}
	fp := expect.Fingerprint("stack-is-as-its-template-says", refs[0])
	look := func() (finding.Finding, ticket.Ticket, string) {
		t.Helper()
		s.time.Advance(time.Second)
		if _, err := s.reread(ctx, refs[0].Key()); err != nil {
			t.Fatal(err)
		}
		worked(t, s.House)
		for range 10 { // first a person has it; once it is over it is looked at again for a while
			f, tk, words := s.found(fp)
			if f.Ticket == "" || tk.State == ticket.Closed {
				return f, tk, words
			}
			s.time.Advance(time.Minute)
			if _, err := s.director.Advance(ctx, f.Ticket); err != nil {
				t.Fatal(err)
			}
		}
		return s.found(fp)
	}
	if f, _, _ := look(); f.Fingerprint != "" {
		t.Fatalf("as it was made: %s", f.Why)
	}
	rule := []ec2types.IpPermission{{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}
	if _, err := ec2.NewFromConfig(cfg).AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: web, IpPermissions: rule}); err != nil {
		t.Fatal(err)
	}
	touched := resource.Ref{Type: resource.SecurityGroup, Account: account, Region: "us-east-1", ID: *web}
	err = s.store.Update(ctx, func(tx storeTx) error {
		return tx.SaveTouch(ctx, event.Touch{Resource: touched.Key(), Event: "e-1", Time: s.clock.Now(), Name: "AuthorizeSecurityGroupIngress", Actor: "anna", Raw: []byte(`{}`)})
	})
	if err != nil {
		t.Fatal(err)
	}
	f, tk, _ := look()
	if f.State != finding.Human || f.Principal != "anna" || !strings.Contains(f.Why, "Web properties.SecurityGroupIngress added (shop:7:9)") {
		t.Errorf("opened by hand: %s of %s: %s", f.State, f.Principal, f.Why)
	}
	if !tk.Routine || tk.State == ticket.Closed {
		t.Errorf("its ticket: %+v", tk)
	}
	if _, err := ec2.NewFromConfig(cfg).RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{GroupId: web, IpPermissions: rule}); err != nil {
		t.Fatal(err)
	}
	if f, tk, words := look(); f.State != finding.Done || tk.State != ticket.Closed {
		t.Errorf("taken back: %s, %s\n%s", f.State, tk.State, words)
	}
}
