package policy_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/policy"
)

// TestNamed: a policy under another name is the one that would have been read under it, and the first stays as it was.
func TestNamed(t *testing.T) {
	text := []byte(`{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":["s3:Get*","s3:PutObject"],"Resource":"arn:aws:s3:::${aws:username}/*",
"Condition":{"StringLike":{"aws:SourceVpc":["vpc-1","vpc-?"]}}},{"Effect":"Deny","NotAction":"iam:*","NotResource":"*"}]}`)
	read := func(name string) *policy.Document {
		d, _, err := policy.Parse(name, policy.Identity, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := read("first")
	all := cmp.Options{
		cmp.Exporter(func(reflect.Type) bool { return true }),
		cmp.FilterPath(func(p cmp.Path) bool { return p.Last().Type().Kind() == reflect.Func }, cmp.Ignore()), // made anew by each reading
	}
	if d := cmp.Diff(read("second"), first.Named("second"), all); d != "" {
		t.Errorf("under another name:\n%s", d)
	}
	if d := cmp.Diff(read("first"), first, all); d != "" {
		t.Errorf("the first was changed:\n%s", d)
	}
	if first.Named("first") != first {
		t.Error("under its own name it is another")
	}
}
