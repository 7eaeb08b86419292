package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/config"
	"jobzero/internal/expect"
	"jobzero/internal/expr"
	"jobzero/internal/flow"
	"jobzero/internal/resource"
	"jobzero/internal/testmoto"
)

// TestTheHouseReadsWhoMayDoWhat: from the live account, again when it is due, and expectations see what has changed.
func TestTheHouseReadsWhoMayDoWhat(t *testing.T) {
	server := testmoto.NewBeside(t, testmoto.Shared(t)) // which answers for service-specific credentials
	account, ctx := testmoto.Account(), t.Context()
	people := iam.NewFromConfig(server.Config(account))
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(people.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("ana")}))
	s := &stall{t: t, time: flow.NewLeap(), settings: config.Default()}
	s.settings.DataDir, s.settings.Listen, s.settings.Sweep.Every, s.settings.Sweep.CloudControl = t.TempDir(), "127.0.0.1:0", time.Hour, false
	s.settings.AWS.Endpoint, s.settings.AWS.MaxBackoff = server.Endpoint, 50*time.Millisecond
	s.settings.AWS.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	s.settings.Accounts = []config.Account{{ID: account, Regions: []string{"us-east-1"}}}
	s.settings.Access.Every = time.Hour
	var err error
	if s.House, err = New(ctx, s.settings, Options{Log: slog.New(slog.DiscardHandler), Clock: s.time}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.WithoutCancel(ctx)) })

	asks, err := expect.Compile(expr.Place{File: "condition", Line: 1, Col: 1}, `access.whoCan("ec2:StopInstances", "arn:aws:ec2:us-east-1:`+account+`:instance/i-1").size() == 0`)
	if err != nil {
		t.Fatal(err)
	}
	said := func() expr.Verdict {
		v, _ := asks.Holds(resource.Resource{Ref: resource.Ref{Type: resource.Bucket, Account: account, ID: "any"}}, s.facts())
		return v
	}
	look := func() {
		t.Helper()
		must(0, s.collectRights(ctx))
		must(0, s.refreshRights(ctx))
	}
	if got := said(); got != expr.Unknown {
		t.Errorf("before anything was read: %s", got)
	}
	look()
	if got := said(); got != expr.True {
		t.Errorf("of an account in which nobody may: %s", got)
	}
	const stops = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:StopInstances","Resource":"*"}]}`
	must(people.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("ana"), PolicyName: aws.String("stops"), PolicyDocument: aws.String(stops)}))
	look()
	if got := said(); got != expr.True {
		t.Errorf("it is not due, and was read: %s", got)
	}
	mark := filepath.Join(s.rightsFolder(), collected)
	must(0, os.Chtimes(mark, time.Now(), time.Now().Add(-2*time.Hour)))
	look()
	if got := said(); got != expr.False {
		t.Errorf("now that somebody may: %s", got)
	}
}
