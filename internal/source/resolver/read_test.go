package resolver_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"jobzero/internal/event"
	"jobzero/internal/resource"
	"jobzero/internal/source/line"
	"jobzero/internal/source/line/linetest"
	"jobzero/internal/source/resolver"
)

const asked = `{"version":"1.100000","account_id":"111122223333","region":"eu-central-1","vpc_id":"vpc-0a1b2c3d","query_timestamp":"2026-03-02T09:00:00Z","query_name":"pool.example.com.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[{"Rdata":"198.51.100.7","Type":"A","Class":"IN"}],"srcaddr":"10.0.0.5","srcport":"49152","transport":"UDP","srcids":{"instance":"i-0a1b2c3d4e5f60718"}}`

func open() line.Reader { return resolver.New(line.Place{}) }

func TestRead(t *testing.T) {
	blocked := strings.Replace(strings.Replace(asked, `"srcids"`, `"firewall_rule_action":"BLOCK","srcids"`, 1), `"instance":"i-0a1b2c3d4e5f60718"`, "", 1)
	failed := strings.Replace(strings.Replace(asked, "NOERROR", "NXDOMAIN", 1), "instance", "resolver_endpoint", 1)
	got, errs := linetest.Read(t, open, asked+"\n"+blocked+"\n"+failed)
	if len(errs) > 0 || len(got) != 3 {
		t.Fatalf("%d events, %v", len(got), errs)
	}
	e := got[0]
	want := event.Event{Time: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Account: "111122223333", Region: "eu-central-1", Name: "Query", SourceIP: "10.0.0.5", Log: event.Resolver}
	if !e.Time.Equal(want.Time) || e.Account != want.Account || e.Region != want.Region || e.Name != want.Name || e.SourceIP != want.SourceIP || e.Log != want.Log {
		t.Errorf("%+v", e)
	}
	var codes, about []string
	for _, e := range got {
		codes, about = append(codes, e.ErrorCode), append(about, e.About.Key())
	}
	if d := cmp.Diff([]string{"", "BLOCK", "NXDOMAIN"}, codes); d != "" {
		t.Error(d)
	}
	key := func(typ resource.Type, id string) string {
		return resource.Ref{Type: typ, Account: "111122223333", Region: "eu-central-1", ID: id}.Key()
	}
	if d := cmp.Diff([]string{
		key("AWS::EC2::Instance", "i-0a1b2c3d4e5f60718"), key("AWS::EC2::VPC", "vpc-0a1b2c3d"), key("AWS::Route53Resolver::ResolverEndpoint", "i-0a1b2c3d4e5f60718"),
	}, about); d != "" {
		t.Error(d)
	}
}

func TestRefuses(t *testing.T) {
	for text, want := range map[string]string{
		strings.Replace(asked, "2026-03-02T", "", 1):        "query_timestamp",
		strings.Replace(asked, `"111122223333"`, `"12"`, 1): "account_id",
		asked[:40]: "broken record",
		`[]`:       "want an object",
	} {
		if _, errs := linetest.Read(t, open, text); len(errs) != 1 || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("%s: %v, want %q", text, errs, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{asked, strings.Replace(asked, `"srcids"`, `"srcids":7,"x"`, 1), `{}`, `{"query_timestamp":"2026-03-02 09:00:00"}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { linetest.Read(t, open, text) })
}
