package reach_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"jobzero/internal/access/estate"
	"jobzero/internal/access/reach"
	"jobzero/internal/fault"
	"jobzero/internal/resource"
)

// bucketOf is a bucket with a statement in its policy.
func bucketOf(statement string) resource.Resource {
	policy := map[string]any{"Version": "2012-10-17"}
	if statement != "" {
		policy["Statement"] = []any{parsed(statement)}
	}
	r := resource.Resource{
		Ref:        resource.Ref{Type: resource.Bucket, Account: shop, ID: "papers"},
		Properties: map[string]any{"PublicAccessBlockConfiguration": map[string]any{"RestrictPublicBuckets": false}},
	}
	if statement != "" {
		r.Related = map[string]any{"policy": policy}
	}
	return r
}

func blockOf(on bool) resource.Resource {
	return resource.Resource{
		Ref: resource.Ref{Type: resource.AccountPublicAccess, Account: shop, ID: shop}, Properties: map[string]any{"RestrictPublicBuckets": on},
	}
}

const tree = `{"Id":"r-a","Arn":"arn:aws:organizations::999988887777:root/o-a/r-a","Children":[
{"Id":"111122223333","Arn":"arn:aws:organizations::999988887777:account/o-a/111122223333"},
{"Id":"444455556666","Arn":"arn:aws:organizations::999988887777:account/o-a/444455556666"}]}`

func TestAudience(t *testing.T) {
	const get = `"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::papers/*"`
	for _, c := range []struct {
		name, statement string
		sure, most      reach.Circle
		hangs           string
	}{
		{"no policy", "", reach.Account, reach.Account, ""},
		{"its own account", `{` + get + `,"Principal":{"AWS":"111122223333"}}`, reach.Account, reach.Account, ""},
		{"everybody", `{` + get + `,"Principal":"*"}`, reach.World, reach.World, ""},
		{"everybody, and denied what nobody asks", `{"Effect":"Deny","Action":"s3:GetObject","Resource":"*","Principal":"*"}`, reach.Account, reach.Account, ""},
		{"another of the organisation", `{` + get + `,"Principal":{"AWS":"arn:aws:iam::444455556666:root"}}`, reach.Organisation, reach.Organisation, ""},
		{"a role of another of the organisation", `{` + get + `,"Principal":{"AWS":"arn:aws:iam::444455556666:role/app"}}`, reach.Organisation, reach.Organisation, ""},
		{"one from outside", `{` + get + `,"Principal":{"AWS":"222233334444"}}`, reach.Outside, reach.Outside, ""},
		{"the organisation", `{` + get + `,"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a"}}}`, reach.Organisation, reach.Organisation, ""},
		{"another organisation", `{` + get + `,"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-b"}}}`, reach.Account, reach.Organisation, "aws:PrincipalOrgID"},
		{"an account by condition", `{` + get + `,"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"222233334444"}}}`, reach.Outside, reach.Outside, ""},
		{"a network", `{` + get + `,"Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"198.51.100.0/24"}}}`, reach.Account, reach.Account, ""},
		{"all networks", `{` + get + `,"Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}}`, reach.World, reach.World, ""},
		{"a private endpoint", `{` + get + `,"Principal":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`, reach.Account, reach.Account, ""},
		{"a page that one says one comes from", `{` + get + `,"Principal":"*","Condition":{"StringLike":{"aws:Referer":"https://papers.example/*"}}}`, reach.Account, reach.World, "aws:Referer"},
		{"a tag that strangers give themselves", `{` + get + `,"Principal":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"a"}}}`, reach.Account, reach.World, "aws:PrincipalTag/team"},
		{"all but one", `{` + get + `,"NotPrincipal":{"AWS":"arn:aws:iam::444455556666:root"}}`, reach.Strangers, reach.World, "principal"},
		{"a service", `{` + get + `,"Principal":{"Service":"logging.s3.amazonaws.com"}}`, reach.Account, reach.Account, ""},
		{"only to see it", `{"Effect":"Allow","Action":"s3:GetBucketTagging","Resource":"arn:aws:s3:::papers","Principal":"*"}`, reach.Account, reach.Account, ""},
	} {
		g := around(t, bucketOf(c.statement), blockOf(false))
		got, err := g.Audience("arn:aws:s3:::papers")
		if err != nil || got.Sure != c.sure || got.Most != c.most {
			t.Errorf("%s: for certain %s, at most %s, which hangs on %q, %v: want %s and %s", c.name, got.Sure, got.Most, got.Unknown, err, c.sure, c.most)
		}
		if hangs := strings.Join(got.Unknown, " "); !strings.Contains(hangs, c.hangs) || (hangs == "") != (got.Sure == got.Most) {
			t.Errorf("%s: it hangs on %q: want %q", c.name, hangs, c.hangs)
		}
	}
}

// TestAudienceOfWhatIsBlocked: S3 ignores what a public policy gives, to those from outside whom it names too.
func TestAudienceOfWhatIsBlocked(t *testing.T) {
	public := `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::papers/*"}`
	named := `{"Effect":"Allow","Principal":{"AWS":"222233334444"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::papers/*"}`
	own := func(statement string, v any) resource.Resource {
		r := bucketOf(statement)
		r.Properties = map[string]any{"PublicAccessBlockConfiguration": map[string]any{"RestrictPublicBuckets": v}}
		return r
	}
	dark := bucketOf(public)
	dark.Unknown = []resource.Unknown{{Path: "properties.PublicAccessBlockConfiguration", Cause: "denied"}}
	for _, c := range []struct {
		name       string
		all        []resource.Resource
		sure, most reach.Circle
	}{
		{"by the account", []resource.Resource{bucketOf(public), blockOf(true)}, reach.Account, reach.Account},
		{"by itself", []resource.Resource{own(public, true)}, reach.Account, reach.Account},
		{"by nobody", []resource.Resource{own(public, false), blockOf(false)}, reach.World, reach.World},
		{"the account was not read", []resource.Resource{own(public, false)}, reach.Account, reach.World},
		{"the bucket was not read", []resource.Resource{dark, blockOf(false)}, reach.Account, reach.World},
		{"what is not public", []resource.Resource{own(named, true), blockOf(true)}, reach.Outside, reach.Outside},
	} {
		got, err := around(t, c.all...).Audience("arn:aws:s3:::papers")
		if err != nil || got.Sure != c.sure || got.Most != c.most {
			t.Errorf("%s: for certain %s, at most %s, which hangs on %q, %v: want %s and %s", c.name, got.Sure, got.Most, got.Unknown, err, c.sure, c.most)
		}
	}
}

func TestAudienceOfOthers(t *testing.T) {
	queue := resource.Resource{Ref: resource.Ref{Type: "AWS::SQS::Queue", Account: shop, Region: "eu-west-1", ID: "q"}, ARN: "arn:aws:sqs:eu-west-1:111122223333:q", Related: map[string]any{"policies": []any{
		map[string]any{"Version": "2012-10-17", "Statement": []any{parsed(`{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}`)}},
	}}}
	dark := resource.Resource{Ref: resource.Ref{Type: "AWS::SNS::Topic", Account: shop, ID: "arn:aws:sns:eu-west-1:111122223333:t"}, Unknown: []resource.Unknown{{Path: "related.policies", Cause: "denied"}}}
	g := around(t, queue, dark)
	if got, err := g.Audience(queue.ARN); err != nil || got.Sure != reach.World {
		t.Errorf("a queue that everybody may write to: %v, %v", got, err)
	}
	if got, err := g.Audience(dark.ID); err != nil || got.Sure != reach.Account || got.Most != reach.World || len(got.Unknown) == 0 {
		t.Errorf("a topic of which the policy was not read: %v, %v", got, err)
	}
	if _, err := g.Audience("arn:aws:s3:::nobody"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("what nobody read: %v", err)
	}
}

// around is a graph of the organisation of two accounts and what is in it.
func around(t *testing.T, all ...resource.Resource) *reach.Graph {
	t.Helper()
	e := estate.New()
	if err := e.Read("tree", strings.NewReader(tree)); err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if err := e.Add(r); err != nil {
			t.Fatal(fmt.Errorf("%s: %w", r, err))
		}
	}
	if err := e.Done(); err != nil {
		t.Fatal(err)
	}
	return reach.New(e, reach.Options{})
}

func parsed(text string) (out map[string]any) {
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		panic(err)
	}
	return out
}
