package expect

import (
	"strings"
	"testing"
	"testing/fstest"

	"jobzero/internal/expr"
	"jobzero/internal/resource"
)

// TestGiven: what is certain of a value that is not known decides, and nothing else does.
func TestGiven(t *testing.T) {
	env, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	const at = "resource.properties.Key"
	for name, c := range map[string]struct {
		value          any // nil: absent
		unknown        *resource.Unknown
		given, written expr.Verdict
	}{
		"absent":                           {nil, nil, expr.False, expr.False},
		"empty":                            {"", nil, expr.False, expr.False},
		"a text":                           {"hunter2", nil, expr.True, expr.True},
		"a number":                         {int64(7), nil, expr.False, expr.True},
		"a list":                           {[]any{"a"}, nil, expr.True, expr.True},
		"an empty list":                    {[]any{}, nil, expr.False, expr.True},
		"a secret by its name":             {"{{resolve:secretsmanager:shop:SecretString:password}}", nil, expr.True, expr.False},
		"a secure parameter":               {"{{resolve:ssm-secure:shop}}", nil, expr.True, expr.False},
		"a parameter that everybody reads": {"{{resolve:ssm:shop}}", nil, expr.True, expr.True},
		"a secret and a password":          {"{{resolve:secretsmanager:a}}hunter2{{resolve:secretsmanager:b}}", nil, expr.True, expr.True},
		"nothing is known":                 {nil, &resource.Unknown{Cause: "denied"}, expr.Unknown, expr.Unknown},
		"there is one":                     {nil, &resource.Unknown{Present: true}, expr.Unknown, expr.Unknown},
		"it is filled":                     {nil, &resource.Unknown{Filled: true}, expr.True, expr.Unknown},
		"it is sealed":                     {nil, &resource.Unknown{Seen: resource.Sealed}, expr.Unknown, expr.False},
		"it is shown":                      {nil, &resource.Unknown{Seen: resource.Shown}, expr.Unknown, expr.True},
		"it is filled and sealed":          {nil, &resource.Unknown{Filled: true, Seen: resource.Sealed}, expr.True, expr.False},
	} {
		t.Run(name, func(t *testing.T) {
			properties := map[string]any{}
			if c.value != nil {
				properties["Key"] = c.value
			}
			var holes []expr.Hole
			if c.unknown != nil {
				holes = []expr.Hole{{Path: at, Marks: marks(*c.unknown)}}
			}
			in := expr.NewInput(map[string]any{"resource": map[string]any{"properties": properties}}, holes)
			for call, want := range map[string]expr.Verdict{"given": c.given, "written": c.written} {
				p, err := env.Compile("test", call+"(resource.properties.?Key)")
				if err != nil {
					t.Fatal(err)
				}
				got, blame, err := p.EvalOn(in)
				if err != nil || got != want {
					t.Errorf("%s: %v, blame %v, error %v, want %v", call, got, blame, err, want)
				}
				if got == expr.Unknown && (len(blame) != 1 || blame[0] != at) {
					t.Errorf("%s blames %v", call, blame)
				}
			}
		})
	}
}

// TestNamesARN: a text has to be an ARN; of the others it is as given.
func TestNamesARN(t *testing.T) {
	for _, c := range []struct {
		value any
		want  bool
	}{{"arn:aws:logs:eu-west-1:111122223333:log-group:shop", true}, {"shop", false}, {"", false}, {nil, false}} {
		if got, err := namesARN([]any{c.value}); err != nil || got != c.want {
			t.Errorf("%v: %v, error %v, want %v", c.value, got, err, c.want)
		}
	}
}

// TestGivenOfError: an error in what is asked for stays one.
func TestGivenOfError(t *testing.T) {
	env, err := environment()
	if err != nil {
		t.Fatal(err)
	}
	p, err := env.Compile("test", "given(resource.properties.Key.Deeper)")
	if err != nil {
		t.Fatal(err)
	}
	in := expr.NewInput(map[string]any{"resource": map[string]any{"properties": map[string]any{}}}, nil)
	if got, _, err := p.EvalOn(in); err == nil {
		t.Errorf("%v, want an error", got)
	}
}

// TestGates: where an expectation is asked, and that there are no other gates.
func TestGates(t *testing.T) {
	const text = `id: a
title: a
why: a
severity: low
resource: AWS::S3::Bucket
expression: "true"
`
	load := func(gates string) (*Expectation, error) {
		set, errs := Load(fstest.MapFS{"a.yaml": {Data: []byte(text + gates)}}, ".")
		if len(errs) > 0 {
			return nil, errs[0]
		}
		return set.All()[0], nil
	}
	for gates, want := range map[string][2]bool{"": {true, true}, "gates: design": {true, false}, "gates: [live]": {false, true}, "gates: [design, live]": {true, true}} {
		e, err := load(gates)
		if err != nil || e.At(Design) != want[0] || e.At(Live) != want[1] {
			t.Errorf("%q: %+v, error %v, want %v", gates, e, err, want)
		}
	}
	if _, err := load("gates: [plan]"); err == nil || !strings.HasPrefix(err.Error(), "a.yaml:7:") {
		t.Errorf("%v, want an error at a.yaml:7", err)
	}
}
