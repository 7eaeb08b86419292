package cfn_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jobzero/internal/design/cfn"
	"jobzero/internal/expr"
)

// TestJudged: expressions find the gaps exactly where they are, and judge what stands beside them.
func TestJudged(t *testing.T) {
	r, _ := one(t, `
Parameters: {Open: {Type: String}, Where: {Type: String}}
Conditions: {Maybe: !Equals [!Ref Open, a]}
Resources:
  Data: {Type: "AWS::S3::Bucket"}
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Resource: [!Sub "${Data.Arn}/*", "arn:aws:s3:::other"]
            Condition: {StringEquals: {"aws:SourceVpc": !Ref Open, "123": !Ref Where}}
          - !If [Maybe, {Effect: Deny, Principal: "*"}, !Ref "AWS::NoValue"]
`, "P", cfn.Options{})
	env, err := expr.NewEnv([]expr.Var{{Name: "properties", Kind: expr.Map}})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, u := range r.Unknown {
		paths = append(paths, u.Path)
	}
	in := expr.NewInput(map[string]any{"properties": expr.Value(r.Properties)}, expr.Holes(paths...))
	const statement = "properties.PolicyDocument.Statement"
	for source, want := range map[string][]string{
		statement + ".exists(s, s.Effect == 'Allow' && s.Principal == '*')":  {"true"},
		statement + "[0].Resource.exists(r, r == 'arn:aws:s3:::other')":      {"true"},
		statement + "[0].Resource.exists(r, r == '*')":                       {"unknown", statement + "[0].Resource[0]"},
		statement + "[0].Condition.StringEquals['aws:SourceVpc'] == 'vpc-1'": {"unknown", statement + `[0].Condition.StringEquals["aws:SourceVpc"]`},
		statement + "[0].Condition.StringEquals['123'] == 'vpc-1'":           {"unknown", statement + `[0].Condition.StringEquals["123"]`},
		statement + ".exists(s, s.Effect == 'Deny')":                         {"unknown", statement + "[1]"},
		"properties.Bucket == 'x'":                                           {"unknown", "properties.Bucket"},
		statement + "[0].Effect == 'Deny'":                                   {"false"},
	} {
		p, err := env.Compile("x", source)
		if err != nil {
			t.Fatal(err)
		}
		verdict, blame, err := p.EvalOn(in)
		if diff := cmp.Diff(want, append([]string{verdict.String()}, blame...)); diff != "" || err != nil {
			t.Errorf("%s: %v %s", source, err, diff)
		}
	}
	for i, want := range []bool{true, true, true, true, false} {
		if r.Unknown[i].Present != want {
			t.Errorf("%+v: present is not %t", r.Unknown[i], want)
		}
	}
}
