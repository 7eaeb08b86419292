package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/config"
	"jobzero/internal/effect"
	"jobzero/internal/event"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/resource"
	"jobzero/internal/store"
	"jobzero/internal/testmoto"
)

// lean is a house over an account with a role that may do far more than it does.
type lean struct {
	*House
	t       *testing.T
	account string
	role    resource.Ref
	clock   *flow.Leap
	n       int
}

func newLean(t *testing.T) *lean {
	t.Helper()
	server := testmoto.Shared(t)
	x := &lean{t: t, account: testmoto.Account(), clock: flow.NewLeap()}
	x.role = resource.Ref{Type: resource.Role, Account: x.account, ID: "deploy"}
	c := iam.NewFromConfig(server.Config(x.account))
	trust := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	_, err := c.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("deploy"), AssumeRolePolicyDocument: trust})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"wide":  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:*","s3:ListAllMyBuckets"],"Resource":"*"}]}`,
		"tight": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:ListTopics","Resource":"*"}]}`,
	} {
		if _, err := c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("deploy"), PolicyName: &name, PolicyDocument: &text}); err != nil {
			t.Fatal(err)
		}
	}
	s := config.Default()
	s.DataDir, s.Listen, s.Sweep.Every, s.Sweep.CloudControl = t.TempDir(), "127.0.0.1:0", 0, false
	s.AWS.Endpoint, s.AWS.MaxBackoff = server.Endpoint, 50*time.Millisecond
	s.AWS.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	s.Accounts = []config.Account{{ID: x.account, Regions: []string{"us-east-1"}}}
	if x.House, err = New(t.Context(), s, Options{Log: slog.New(slog.DiscardHandler), Clock: x.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Stop(context.WithoutCancel(t.Context())) })
	return x
}

// calls has the role call something, days ago, and folds it into the ledger.
func (x *lean) calls(days int, service, name, fault string) {
	x.t.Helper()
	x.n++
	at := x.clock.Now().Add(-time.Duration(days) * 24 * time.Hour)
	e := parsed(x.t, fmt.Sprintf(`{"eventID":"e-%d","eventTime":%q,"eventName":%q,"eventSource":"%s.amazonaws.com","awsRegion":"us-east-1","recipientAccountId":%[5]q,"errorCode":%q,"eventType":"AwsApiCall",
"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::%[5]s:assumed-role/deploy/i-1","accountId":%[5]q,"accessKeyId":"ASIA%[1]d","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::%[5]s:role/deploy","userName":"deploy"}}}}`,
		x.n, at.UTC().Format(time.RFC3339), name, service, x.account, fault))
	if err := x.detect(x.t.Context(), "q", []*event.Event{e}); err != nil {
		x.t.Fatal(err)
	}
	folds(x.t, x.House)
}

// asks gathers about the role.
func (x *lean) asks(what string) (words string, data struct {
	Policy, Document string
	Unused, Calls    int
},
) {
	x.t.Helper()
	g, err := x.gather(x.t.Context(), what, finding.Finding{Kind: finding.Asked, Resource: &x.role, Account: x.account})
	if err != nil {
		return err.Error(), data
	}
	if err := json.Unmarshal(g.Data, &data); err != nil {
		x.t.Fatal(err)
	}
	return g.Text, data
}

// TestARoleGetsASmallerPolicyAndAWiderOne: made of what was used, watched for what is refused and was allowed before, taken back to the letter, and
// the next text is wider by what was missed.
func TestARoleGetsASmallerPolicyAndAWiderOne(t *testing.T) {
	x := newLean(t)
	if text, _ := x.asks("least"); !strings.Contains(text, "no ledger") {
		t.Errorf("without a ledger: %s", text)
	}
	x.calls(10, "sqs", "ListQueues", "")
	if text, _ := x.asks("least"); !strings.Contains(text, "watched it for 10 days") {
		t.Errorf("after ten days: %s", text)
	}
	x.calls(40, "s3", "ListBuckets", "")
	text, got := x.asks("least")
	if got.Policy != "wide" || got.Unused < 5 || !strings.Contains(got.Document, "sqs:ListQueues") || !strings.Contains(got.Document, "s3:ListAllMyBuckets") || strings.Contains(got.Document, "sqs:CreateQueue") {
		t.Fatalf("%s: %+v", text, got)
	}
	if text, _ := x.asks("denied"); !strings.Contains(text, "no policy of it was narrowed") {
		t.Errorf("before it was narrowed: %s", text)
	}
	e := x.narrows(got.Policy, got.Document)
	if _, d := x.asks("denied"); d.Calls != 0 {
		t.Errorf("%d refused at once", d.Calls)
	}
	x.calls(0, "sqs", "CreateQueue", "AccessDenied")       // which the text before allowed
	x.calls(0, "ec2", "DescribeInstances", "AccessDenied") // which it did not
	if text, d := x.asks("denied"); d.Calls != 1 || !strings.Contains(text, "sqs:CreateQueue") {
		t.Errorf("one call is missed: %s", text)
	}
	if _, err := x.actions.Undo(t.Context(), e.Plan); err != nil {
		t.Fatal(err)
	}
	e.State = effect.Undone
	x.saves(e)
	_, wider := x.asks("least")
	if wider.Policy != "wide" || !strings.Contains(wider.Document, "sqs:CreateQueue") || !strings.Contains(wider.Document, "sqs:ListQueues") || wider.Unused >= got.Unused {
		t.Errorf("the next text is not wider by what was missed: %+v", wider)
	}
}

// narrows carries the smaller text out.
func (x *lean) narrows(name, text string) effect.Effect {
	x.t.Helper()
	p, err := x.actions.Plan(x.t.Context(), narrowing, effect.Target{Ref: x.role, Params: map[string]string{"policy": name, "document": text}, Ticket: "T1"})
	if err != nil || p.Refused != "" || len(p.Calls) == 0 {
		x.t.Fatalf("%+v, %v", p, err)
	}
	res, err := x.actions.Do(x.t.Context(), p)
	if err != nil {
		x.t.Fatal(err)
	}
	e := effect.Effect{Key: "r/narrow", Run: "r", Step: "narrow", Account: x.account, State: effect.Done, Plan: p, Result: res, Began: x.clock.Now().Add(-time.Second)}
	x.saves(e)
	return e
}

func (x *lean) saves(e effect.Effect) {
	x.t.Helper()
	err := x.store.Update(x.t.Context(), func(tx *store.Tx) error { return tx.SaveEffect(x.t.Context(), e) })
	if err != nil {
		x.t.Fatal(err)
	}
}
