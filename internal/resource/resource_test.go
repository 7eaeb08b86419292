package resource_test

import (
	"testing"

	"jobzero/internal/resource"
)

func TestKeys(t *testing.T) {
	for ref, want := range map[resource.Ref]string{
		{Type: resource.Bucket, Account: "111122223333", Region: "eu-west-1", ID: "orders"}:    "AWS::S3::Bucket|111122223333||orders",
		{Type: resource.SecurityGroup, Account: "111122223333", Region: "eu-west-1", ID: "sg"}: "AWS::EC2::SecurityGroup|111122223333|eu-west-1|sg",
		{Type: resource.AccessKey, Account: "111122223333", Region: "us-east-1", ID: "AKIA"}:   "AWS::IAM::AccessKey|111122223333||AKIA",
		{Type: "AWS::X::Y", Account: "111122223333", Region: "r", ID: "a|b"}:                   "AWS::X::Y|111122223333|r|a|b",
	} {
		if got := ref.Key(); got != want {
			t.Errorf("key of %v: %s, want %s", ref, got, want)
		}
		back, err := resource.ParseKey(want)
		if err != nil || back.Key() != want || back.ID != ref.ID {
			t.Errorf("%s reads as %+v, %v", want, back, err)
		}
	}
}

func FuzzParseKey(f *testing.F) {
	f.Add("AWS::S3::Bucket|111122223333||orders")
	f.Add("|||")
	f.Fuzz(func(t *testing.T, key string) {
		ref, err := resource.ParseKey(key)
		if err != nil {
			return
		}
		again, err := resource.ParseKey(ref.Key())
		if err != nil || again.Key() != ref.Key() {
			t.Errorf("%q reads as %+v, which does not read again: %v", key, ref, err)
		}
	})
}
