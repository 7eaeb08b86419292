package terraform

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"jobzero/internal/expect"
)

// TestVerdicts judges plans by the expectations that judge the live account.
func TestVerdicts(t *testing.T) {
	set, errs := expect.Load(os.DirFS(filepath.Join("..", "..", "..", "content")), "expectations")
	for _, err := range errs {
		t.Fatal(err)
	}
	const policy = `"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::a/*\"}]}"`
	block := func(on string) string {
		return made("aws_s3_bucket_public_access_block.p", `{"bucket":"a","block_public_acls":`+on+`,"block_public_policy":`+on+
			`,"ignore_public_acls":`+on+`,"restrict_public_buckets":`+on+`}`, `{}`)
	}
	bucket := made("aws_s3_bucket.a", `{"bucket":"a","acl":"private"}`, `{"id":true}`)
	open := made("aws_s3_bucket_policy.o", `{"bucket":"a","policy":`+policy+`}`, `{}`)
	group := func(cidr, unknown string) string {
		return made("aws_security_group.a", `{"name":"a","description":"a","egress":[],"ingress":[{"from_port":22,"to_port":22,"protocol":"tcp","cidr_blocks":`+
			cidr+`}]}`, unknown)
	}
	for name, c := range map[string]struct {
		expectation, resource string
		changes               []string
		want                  expect.Result
	}{
		"a public policy":           {"s3-bucket-no-public-write", "aws_s3_bucket.a", []string{bucket, open}, expect.Fail},
		"restricted":                {"s3-bucket-no-public-write", "aws_s3_bucket.a", []string{bucket, open, block("true")}, expect.Pass},
		"not restricted":            {"s3-bucket-no-public-write", "aws_s3_bucket.a", []string{bucket, open, block("false")}, expect.Fail},
		"no policy":                 {"s3-bucket-no-public-write", "aws_s3_bucket.a", []string{bucket}, expect.Pass},
		"a public list":             {"s3-bucket-no-public-write", "aws_s3_bucket.a", []string{made("aws_s3_bucket.a", `{"bucket":"a","acl":"public-read-write"}`, `{}`)}, expect.Fail},
		"an unknown policy":         {"s3-bucket-no-public-write", "aws_s3_bucket.a", []string{bucket, made("aws_s3_bucket_policy.o", `{"bucket":"a"}`, `{"policy":true}`)}, expect.Unknown},
		"a policy of who knows":     {"s3-bucket-no-public-write", "aws_s3_bucket.a", []string{bucket, made("aws_s3_bucket_policy.o", `{"policy":`+policy+`}`, `{"bucket":true}`)}, expect.Unknown},
		"open":                      {"ec2-no-open-admin-ingress", "aws_security_group.a", []string{group(`["0.0.0.0/0"]`, `{}`)}, expect.Fail},
		"closed":                    {"ec2-no-open-admin-ingress", "aws_security_group.a", []string{group(`["198.51.100.0/24"]`, `{}`)}, expect.Pass},
		"from where is not known":   {"ec2-no-open-admin-ingress", "aws_security_group.a", []string{group(`null`, `{"ingress":[{"cidr_blocks":true}]}`)}, expect.Unknown},
		"a rule of the default one": {"ec2-default-group-closed", "aws_default_security_group.d", []string{made("aws_default_security_group.d", `{"ingress":[{"from_port":0,"to_port":0,"protocol":"-1","self":true}],"egress":[]}`, `{}`)}, expect.Fail},
	} {
		t.Run(name, func(t *testing.T) {
			r := find(t, read(t, planText("", c.changes...)), c.resource)
			for _, v := range set.Check(r.Resource, expect.Facts{Now: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)}) {
				if v.Expectation.ID == c.expectation {
					if v.Result != c.want {
						t.Errorf("%s: %s; %+v unknown %v", v.Result, v.Why, r.Properties, r.Unknown)
					}
					return
				}
			}
			t.Errorf("%s did not judge %s", c.expectation, r.Type)
		})
	}
}
