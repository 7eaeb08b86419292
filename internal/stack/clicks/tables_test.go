package clicks_test

import (
	"strings"
	"testing"

	"jobzero/internal/policy/names"
	"jobzero/internal/resource"
	"jobzero/internal/resource/schema"
	"jobzero/internal/stack/clicks"
)

// TestTables holds every line against the actions, the types and the properties that there are.
func TestTables(t *testing.T) {
	for action, x := range clicks.Changes() {
		if _, ok := names.Find(action); !ok && !strings.HasPrefix(action, "signin:") {
			t.Errorf("%s: there is no such action", action)
		}
		if x == nil {
			continue
		}
		typ, ok := schema.Of(x.Type)
		if !ok {
			t.Errorf("%s: there is no type %s", action, x.Type)
			continue
		}
		if x.Property != "" {
			if _, ok := typ.Member(x.Property); !ok {
				t.Errorf("%s: %s has no property %s", action, x.Type, x.Property)
			}
		}
		if !strings.HasPrefix(x.Terraform, "aws_") {
			t.Errorf("%s: Terraform %q", action, x.Terraform)
		}
	}
	for _, kind := range clicks.Kinds() {
		if _, ok := schema.Of(resource.Type(kind)); !ok {
			t.Errorf("there is no type %s", kind)
		}
	}
}

func TestRefs(t *testing.T) {
	for arn, want := range map[string]string{
		"arn:aws:s3:::shop":                                                                  "AWS::S3::Bucket shop in 1",
		"arn:aws:iam::111122223333:role/ci/deploy":                                           "AWS::IAM::Role deploy in 1",
		"arn:aws:iam::111122223333:role/*deploy":                                             "AWS::IAM::Role deploy in 1",
		"arn:aws:iam::111122223333:policy/work":                                              "AWS::IAM::ManagedPolicy arn:aws:iam::111122223333:policy/work in 1",
		"arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1":                             "AWS::EC2::SecurityGroup sg-1 in 1",
		"arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/x:*":                      "AWS::Logs::LogGroup /aws/lambda/x in 1",
		"arn:aws:sqs:eu-west-1:111122223333:q":                                               "AWS::SQS::Queue q in 1",
		"arn:aws:ssm:eu-west-1:111122223333:parameter/a/b":                                   "AWS::SSM::Parameter a/b in 1",
		"arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c49": "AWS::ElasticLoadBalancingV2::LoadBalancer arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c49 in 1",
		"arn:aws:quantum:eu-west-1:111122223333:thing/x":                                     " thing/x in 1",
		"*": "  in 1",
	} {
		if got := clicks.RefOf("1", arn).String(); got != want {
			t.Errorf("%s: %q, want %q", arn, got, want)
		}
	}
}
