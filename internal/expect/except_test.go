package expect

import (
	"testing"

	"jobzero/internal/expr"
	"jobzero/internal/resource"
)

// TestExcept: what is allowed by exception, and what is allowed as a whole service, also where a part is not known.
func TestExcept(t *testing.T) {
	env, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	of := func(parts map[string]any) map[string]any {
		return map[string]any{"Statement": []any{parts}}
	}
	const first = "resource.properties.Policy.Statement[0]"
	for name, c := range map[string]struct {
		policy        any
		unknown       string
		except, whole expr.Verdict
	}{
		"no policy":              {nil, "", expr.False, expr.False},
		"what is listed":         {of(map[string]any{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}), "", expr.False, expr.False},
		"all but some actions":   {of(map[string]any{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}), "", expr.True, expr.False},
		"all but some resources": {of(map[string]any{"effect": "Allow", "Action": "s3:GetObject", "notresource": []any{"a"}}), "", expr.True, expr.False},
		"all but some people":    {of(map[string]any{"Effect": "Allow", "Action": "s3:GetObject", "NotPrincipal": map[string]any{"AWS": "a"}}), "", expr.True, expr.False},
		"refused to all but":     {of(map[string]any{"Effect": "Deny", "NotPrincipal": map[string]any{"AWS": "a"}, "Action": "*"}), "", expr.False, expr.False},
		"a whole service":        {of(map[string]any{"Effect": "Allow", "Action": []any{"s3:GetObject", "sqs:*"}}), "", expr.False, expr.True},
		"everything":             {of(map[string]any{"Effect": "Allow", "Action": "*"}), "", expr.False, expr.True},
		"a group of actions":     {of(map[string]any{"Effect": "Allow", "Action": "s3:Get*"}), "", expr.False, expr.False},
		"nothing is known":       {nil, "resource.properties.Policy", expr.Unknown, expr.Unknown},
		"the effect is not":      {of(map[string]any{"NotAction": "iam:*"}), first + ".Effect", expr.Unknown, expr.False},
		"an exception may be":    {of(map[string]any{"Effect": "Allow", "Action": "s3:GetObject"}), first + ".NotResource", expr.Unknown, expr.False},
		"the action is not":      {of(map[string]any{"Effect": "Allow"}), first + ".Action", expr.False, expr.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			properties := map[string]any{}
			if c.policy != nil {
				properties["Policy"] = c.policy
			}
			var unknown []expr.Hole
			if c.unknown != "" {
				unknown = []expr.Hole{{Path: c.unknown}}
			}
			in := expr.NewInput(map[string]any{"resource": map[string]any{"properties": properties}}, unknown)
			for call, want := range map[string]expr.Verdict{"exceptStatements": c.except, "wholeActions": c.whole} {
				p, err := env.Compile("test", call+"(resource.properties.?Policy).size() > 0")
				if err != nil {
					t.Fatal(err)
				}
				if got, blame, err := p.EvalOn(in); err != nil || got != want {
					t.Errorf("%s: %v, blame %v, error %v, want %v", call, got, blame, err, want)
				}
			}
		})
	}
}

// TestOwnKey: a key of AWS's is none of one's own, and what a parameter names may be one.
func TestOwnKey(t *testing.T) {
	env, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	p, err := env.Compile("test", "ownKey(resource.properties.?Key)")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		value   any
		unknown *resource.Unknown
		want    expr.Verdict
	}{
		"absent":           {nil, nil, expr.False},
		"empty":            {"", nil, expr.False},
		"an alias":         {"alias/shop", nil, expr.True},
		"an ARN":           {"arn:aws:kms:eu-west-1:111122223333:key/1", nil, expr.True},
		"AWS's":            {"alias/aws/sqs", nil, expr.False},
		"AWS's by ARN":     {"arn:aws:kms:eu-west-1:111122223333:alias/aws/ebs", nil, expr.False},
		"not known":        {nil, &resource.Unknown{}, expr.Unknown},
		"made beside it":   {nil, &resource.Unknown{Filled: true}, expr.True},
		"by a parameter":   {nil, &resource.Unknown{Filled: true, Seen: resource.Shown}, expr.Unknown},
		"by one of NoEcho": {nil, &resource.Unknown{Filled: true, Seen: resource.Sealed}, expr.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			properties := map[string]any{}
			if c.value != nil {
				properties["Key"] = c.value
			}
			var holes []expr.Hole
			if c.unknown != nil {
				holes = []expr.Hole{{Path: "resource.properties.Key", Marks: marks(*c.unknown)}}
			}
			in := expr.NewInput(map[string]any{"resource": map[string]any{"properties": properties}}, holes)
			if got, blame, err := p.EvalOn(in); err != nil || got != c.want {
				t.Errorf("%v, blame %v, error %v, want %v", got, blame, err, c.want)
			}
		})
	}
}
