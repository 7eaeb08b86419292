package ask

import (
	"strings"

	"jobzero/internal/access"
	"jobzero/internal/access/estate"
	"jobzero/internal/access/reach"
	"jobzero/internal/expr"
	"jobzero/internal/fault"
	"jobzero/internal/policy/names"
)

// Functions are what expressions may ask.
//
//	access.can(principal, action, resource)  bool  whether a user or role can make a call, by all policies that are known
//	access.whoCan(action, resource)          list  ARNs of the users and roles that can
//	access.exposure(resource)                text  the widest circle that the resource lets in by itself: account, organisation, outside,
//	                                               strangers (anybody with an account of AWS) or world
//	access.reach(principal)                  map   how far a credential reaches: see reached
//
// Principals and resources are ARNs. Whoever or whatever was not read is unknown, and so is an answer that hangs on a condition
// key that nobody knows beforehand, on a policy or on an account that was not read.
func Functions() []expr.Func {
	text := expr.Text
	return []expr.Func{
		{Name: "can", Args: []expr.Kind{expr.Asked, text, text, text}, Gives: expr.Bool, OfThing: true, Call: can},
		{Name: "whoCan", Args: []expr.Kind{expr.Asked, text, text}, Gives: expr.List, OfThing: true, Call: whoCan},
		{Name: "exposure", Args: []expr.Kind{expr.Asked, text}, Gives: expr.Text, OfThing: true, Call: exposure},
		{Name: "reach", Args: []expr.Kind{expr.Asked, text}, Gives: expr.Map, OfThing: true, Call: reached},
	}
}

// put takes a question apart: what is asked, and the texts that it is asked with.
func put(args []any) (*Known, []string) {
	k := args[0].(*expr.Thing).Knows.(*Known) //nolint:forcetypeassert // Asked, and there is no other Thing of that name
	texts := make([]string, len(args)-1)
	for i, a := range args[1:] {
		texts[i], _ = a.(string)
	}
	return k, texts
}

// call checks a question about a call.
func call(action, resource string) (estate.Question, error) {
	if _, ok := names.Find(action); !ok {
		return estate.Question{}, fault.New(fault.Invalid, "there is no action %s", action)
	}
	if !strings.HasPrefix(resource, "arn:") && resource != "*" {
		return estate.Question{}, fault.New(fault.Invalid, "%q is no ARN", resource)
	}
	return estate.Question{Action: action, Resource: resource}, nil
}

func can(args []any) (any, error) {
	k, with := put(args)
	q, err := call(with[1], with[2])
	if err != nil {
		return nil, err
	}
	d, err := k.estate.Can(with[0], q)
	if err != nil {
		return nil, missing(err)
	}
	if dark := k.dark(with[2]).policy; dark != "" && d.Outcome != access.ExplicitlyDenied {
		return nil, expr.Undecided(dark)
	}
	switch d.Outcome {
	case access.Allowed:
		return true, nil
	case access.Unknown:
		return nil, expr.Undecided("whether " + with[0] + " can call " + with[1] + ", which hangs on " + strings.Join(d.Unknown, ", "))
	case access.ImplicitlyDenied, access.ExplicitlyDenied:
	}
	return false, nil
}

// missing is the error that something was not read, as expressions have it: unknown.
func missing(err error) error {
	if fault.CodeOf(err) == fault.NotFound {
		return expr.Undecided(err.Error())
	}
	return err
}

// maxNamed is how many of those who perhaps can are named.
const maxNamed = 3

func whoCan(args []any) (any, error) {
	k, with := put(args)
	q, err := call(with[0], with[1])
	if err != nil {
		return nil, err
	}
	dark := k.dark(with[1])
	if dark.policy != "" {
		return nil, expr.Undecided(dark.policy)
	}
	sure, perhaps := k.estate.Who(q)
	out := make([]any, 0, len(sure)+2)
	for _, arn := range sure {
		out = append(out, arn)
	}
	if dark.people != "" {
		out = append(out, expr.More(dark.people))
	}
	if a, err := k.audience(k.estate.Holding(with[1])); err == nil && a.Most >= reach.Outside {
		out = append(out, expr.More("whom "+with[1]+" lets in from accounts that nobody read"))
	}
	if len(perhaps) > 0 {
		some := perhaps[:min(len(perhaps), maxNamed)]
		text := "whether " + strings.Join(some, ", ")
		if len(perhaps) > len(some) {
			text += " and others"
		}
		out = append(out, expr.More(text+" can call "+with[0]))
	}
	return out, nil
}

func exposure(args []any) (any, error) {
	k, with := put(args)
	a, err := k.audience(with[0])
	switch {
	case err != nil:
		return nil, missing(err)
	case a.Sure != a.Most && a.Most != reach.Account:
		return nil, expr.Undecided("whether " + with[0] + " lets in " + a.Most.String() + ", which hangs on " + strings.Join(a.Unknown, ", "))
	}
	return a.Sure.String(), nil
}
