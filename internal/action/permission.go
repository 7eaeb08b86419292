package action

import (
	"slices"
	"strings"

	"jobzero/internal/awsorg"
	"jobzero/internal/effect"
	"jobzero/internal/policy"
	"jobzero/internal/policy/names"
)

// permissions are what calls need, and nothing else. Some actions are asked of several things at once: of putting a user into a group, the
// group, the user and the directory. A call names the one that matters; of the others AWS asks too, so that they are there as a kind.
func permissions(calls []effect.Call) []awsorg.Permission {
	var may []awsorg.Permission
	for _, call := range calls {
		may = append(may, awsorg.Permission{Action: call.Permission, Resource: call.Resource})
	}
	for _, call := range calls {
		for _, form := range besides(call, may) {
			if p := (awsorg.Permission{Action: call.Permission, Resource: form}); !slices.Contains(may, p) {
				may = append(may, p)
			}
		}
	}
	return may
}

// besides are the forms of what every call of an action is asked of, where none of the permissions is about it.
func besides(call effect.Call, may []awsorg.Permission) (out []string) {
	a, ok := names.Find(call.Permission)
	if !ok {
		return nil
	}
	for _, about := range a.About {
		if !about.Always {
			continue
		}
		form := about.In(partitionOf(call.Resource), "*")
		if !slices.ContainsFunc(may, func(p awsorg.Permission) bool { return p.Action == call.Permission && meets(form, p.Resource) }) {
			out = append(out, form)
		}
	}
	return out
}

func meets(form, resource string) bool {
	f, r := policy.ReadPattern(form), policy.ReadPattern(resource)
	return f.Covers(r) || r.Covers(f)
}

// partitionOf is the partition that an ARN names.
func partitionOf(arn string) string {
	_, rest, _ := strings.Cut(arn, ":")
	partition, _, _ := strings.Cut(rest, ":")
	return partition
}
