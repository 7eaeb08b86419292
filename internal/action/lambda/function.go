package lambda

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"jobzero/internal/action/setting"
	"jobzero/internal/effect"
	"jobzero/internal/resource"
)

// function is what a target names: a function, perhaps a version or alias of it, perhaps one statement of its policy.
type function struct {
	name      string
	qualifier *string // nil: the function itself
	statement string
}

// functionOf reads a target's ID, a name or an ARN, and its parameter.
func functionOf(t effect.Target) (f function) {
	f.name = t.Ref.ID
	if t.Ref.Type == resource.FunctionPermission {
		f.name, f.statement, _ = strings.Cut(t.Ref.ID, "|")
	}
	qualifier := ""
	if _, rest, ok := strings.Cut(f.name, ":function:"); ok {
		f.name, qualifier, _ = strings.Cut(rest, ":")
	}
	if q := t.Params["qualifier"]; q != "" {
		qualifier = q
	}
	if qualifier != "" {
		f.qualifier = &qualifier
	}
	return f
}

// arn names it for IAM.
func (f function) arn(ref resource.Ref) string {
	name := "function:" + f.name
	if f.qualifier != nil {
		name += ":" + *f.qualifier
	}
	return setting.ARN(ref, "lambda", name)
}

// of completes the input of a call by what it is about.
func (f function) of(in setting.In) setting.In {
	in["FunctionName"] = f.name
	if q := aws.ToString(f.qualifier); q != "" {
		in["Qualifier"] = q
	}
	return in
}
